import { expect, test } from 'vitest';
import { aJob } from '../../test/kit/store.ts';
import { stageOf } from './stage.ts';
import { vendorQuestion } from './vendor-question.ts';

const doubted = aJob({
  ...{ state: 'dead', doubt: true, effect: 'unsafe', vendor: 'ane' },
  lastError: { kind: 'needs-person', code: 'cannot-tell', message: 'nobody can tell', at: 1 },
});

test('a placed order in doubt asks whether it is there, where to look and for what', () => {
  expect(vendorQuestion(doubted, 'ANE')).toEqual({
    notice: {
      code: 'vendor.ask-order',
      tone: 'ask',
      params: {
        ...{ vendor: 'ANE', operation: 'placeOrder', number: 'SO-0001', reference: 'REF-1' },
        reason: 'nobody can tell',
      },
    },
    ...{ needsWaybill: true, canAskAgain: false, resultInHand: false },
  });
});

test.each([
  ['not in doubt', { ...doubted, doubt: false }],
  ['still being asked about', { ...doubted, state: 'unknown' as const }],
  ['a document, which can only be fetched', { ...doubted, operation: 'fetchLabel' as const }],
])('nothing is asked of a person about a call that is %s', (_why, job) => {
  expect(vendorQuestion(job, 'ANE')).toBeNull();
});

test('on the pack screen both answers are one key away, and trying again blindly is not offered', () => {
  const question = vendorQuestion(doubted, 'ANE');
  const view = stageOf({
    ...{ order: { number: 'SO-0001' }, withdrawn: false, itemsLeft: 0, carrierPrint: null, lpnPrint: null },
    parcel: { lpn: 'LPN-1', waybill: null, carrier: 'ANE', labelHeld: null, verified: false },
    stoppedJob: { vendor: 'ANE', operation: 'placeOrder', state: 'dead', code: 'cannot-tell', message: '', question },
  });
  expect(view.prompt?.kind).toBe('vendor-unknown');
  expect(view.prompt?.options.map(({ command, key }) => `${key} ${command}`)).toEqual([
    'Y vendor-did',
    'N vendor-did-not',
    'F9 release-order',
  ]);
});

test('a big bag in doubt asks for its number; a refused voiding asks whether it is void already', () => {
  const payload = { bagId: 'b', reference: 'BAG-D01-1', reason: '' };
  const common = { ...doubted, facts: null, payload } as const;
  const created = { ...common, operation: 'createBag', effect: 'checkable' } as const;
  expect(vendorQuestion(created, 'HGE')).toMatchObject({
    notice: { code: 'vendor.ask-bag', params: { number: 'BAG-D01-1', reference: 'BAG-D01-1' } },
    ...{ needsWaybill: true, canAskAgain: true },
  });
  const refused = { ...common, operation: 'voidBag', state: 'rejected', doubt: false } as const;
  expect(vendorQuestion(refused, 'HGE')).toMatchObject({ notice: { code: 'vendor.ask-void' }, needsWaybill: false });
  expect(vendorQuestion({ ...created, state: 'rejected' }, 'HGE')).toBeNull();
});
