import { describe, expect, test } from 'vitest';
import { stageOf, type StageFacts } from './stage.ts';

const parcel = { lpn: 'LPN-D01-1', waybill: 'W1', carrier: 'hge', labelHeld: null, verified: false };
const sealed: StageFacts = {
  order: { number: 'SO1' },
  withdrawn: false,
  itemsLeft: 0,
  parcel,
  stoppedJob: null,
  carrierPrint: null,
  lpnPrint: null,
};
const print = (state: 'claimed' | 'sending' | 'printed' | 'not-printed' | 'unknown', message = '') => ({
  id: 'p',
  state,
  message,
});

test('an empty desk waits for an order', () => {
  expect(stageOf({ ...sealed, order: null, parcel: null })).toMatchObject({
    stage: 'idle',
    next: { code: 'next.scan-order' },
  });
});

test('items come before the weight', () => {
  expect(stageOf({ ...sealed, parcel: null, itemsLeft: 3 })).toMatchObject({
    stage: 'items',
    next: { params: { left: 3 } },
  });
  expect(stageOf({ ...sealed, parcel: null })).toMatchObject({ stage: 'weigh' });
});

test('an order withdrawn upstream stops the packer before sealing, whatever is left to scan', () => {
  expect(stageOf({ ...sealed, parcel: null, withdrawn: true, itemsLeft: 1 })).toMatchObject({
    stage: 'stopped',
    prompt: { kind: 'order-cancelled' },
  });
});

test('a sealed parcel without a label in print waits for the carrier', () => {
  expect(stageOf(sealed)).toMatchObject({ stage: 'label', labelKind: 'carrier', expects: null });
});

describe('the carrier label', () => {
  test('printed: only its waybill is expected', () => {
    expect(stageOf({ ...sealed, carrierPrint: print('printed') })).toMatchObject({
      stage: 'scan-back',
      expects: 'W1',
      prompt: null,
    });
  });
  test('unknown: may be scanned, and the question is open', () => {
    expect(stageOf({ ...sealed, carrierPrint: print('unknown') })).toMatchObject({
      stage: 'scan-back',
      prompt: { kind: 'print-unknown', options: [{ command: 'no-label' }] },
    });
  });
  test('claimed at a printer that cannot print: says why and goes on by itself', () => {
    expect(stageOf({ ...sealed, carrierPrint: print('claimed', 'printer.paper-out') })).toMatchObject({
      stage: 'label',
      next: { code: 'next.settle' },
      prompt: { kind: 'printer-blocked', notice: { params: { reasons: 'printer.paper-out' } } },
    });
  });
  test('claimed at a printer paused for unknown labels: one key lets it go on', () => {
    expect(stageOf({ ...sealed, carrierPrint: print('claimed', 'printer.paused-unknown') }).prompt?.options).toEqual([
      { command: 'retry', key: 'R' },
      { command: 'release-order', key: 'F9' },
    ]);
    expect(stageOf({ ...sealed, carrierPrint: print('claimed', 'printer.paper-out') }).prompt?.options).toEqual([
      { command: 'release-order', key: 'F9' },
    ]);
  });
  test('comes before the rack label once it is in print', () => {
    expect(stageOf({ ...sealed, carrierPrint: print('printed'), lpnPrint: print('printed') })).toMatchObject({
      labelKind: 'carrier',
    });
  });
});

test('without the carrier label the rack label is scanned', () => {
  expect(stageOf({ ...sealed, lpnPrint: print('printed') })).toMatchObject({
    stage: 'scan-back',
    labelKind: 'lpn',
    expects: 'LPN-D01-1',
  });
});

test('a refusal by the carrier stops the packer, but not when the label is out already', () => {
  const stoppedJob = {
    vendor: 'hge',
    operation: 'placeOrder',
    state: 'rejected',
    code: '400',
    message: 'no postcode',
  } as const;
  expect(stageOf({ ...sealed, stoppedJob })).toMatchObject({ stage: 'stopped', prompt: { kind: 'vendor-rejected' } });
  expect(stageOf({ ...sealed, stoppedJob, carrierPrint: print('printed') })).toMatchObject({ stage: 'scan-back' });
});

test('a held label stops the packer with its reason', () => {
  expect(stageOf({ ...sealed, parcel: { ...parcel, labelHeld: 'another waybill' } })).toMatchObject({
    stage: 'stopped',
    prompt: { kind: 'label-held', notice: { params: { reason: 'another waybill' } } },
  });
});
