import { expect, test } from 'vitest';
import { answerOf, scriptedPorts } from '../kit/testing.ts';
import { documentCall, sampleBag, sampleHandover, sampleMention } from './document-samples.ts';
import { readHandover, scanFormParams } from './documents.ts';
import { assumedFields } from './assumed.ts';
import { hge } from './module.ts';
import { scanFormSample } from './samples.ts';
import type { DocumentOperation } from '../../domain/shipping.ts';

const done = (data: unknown) => answerOf({ code: 200, success: true, detail: '', data });
const settings = hge.settings.parse({ baseUrl: 'http://127.0.0.1:1', token: 't0ken-of-the-test' });
const ask = (operation: DocumentOperation, payload: unknown, data: unknown) => {
  const ports = scriptedPorts(() => done(data));
  const document = hge.create(settings, ports).documents?.[operation];
  return document?.reconcile?.(documentCall(operation, payload));
};
const read = (data: unknown) => readHandover(data, sampleHandover.parcels, assumedFields.status);

test('a scan form is the documented sample, field for field and in its order', () => {
  const sent = scanFormParams(sampleHandover);
  expect(sent).toEqual(scanFormSample);
  expect(JSON.stringify(sent)).toBe(JSON.stringify(scanFormSample));
});

test('a result that is through for all is through for each', () => {
  const outcome = read({ reference_num: 'TR', status: 'success' });
  expect(outcome).toMatchObject({ kind: 'done', result: { parcels: [{ ok: true }, { ok: true }] } });
});

test('a result still in work is asked for again and is no failure', () => {
  expect(read({ status: 'processing' })).toMatchObject({ kind: 'throttled', code: 'processing' });
});

test('a partial result says which parcel failed and why; one it does not name has not passed', () => {
  const failed = { order_num: 'HGE2507080000527', status: 'failed', message: 'address not serviceable' };
  const passed = { order_num: 'HGE2507080000516', status: 'success' };
  expect(read({ status: 'partial', orders: [passed, failed] })).toEqual({
    kind: 'done',
    result: {
      parcels: [
        { parcelId: 'p0', ok: true, reason: '' },
        { parcelId: 'p1', ok: false, reason: 'address not serviceable' },
      ],
    },
  });
  expect(read({ status: 'partial', orders: [failed] })).toMatchObject({
    result: { parcels: [{ ok: false }, { ok: false }] },
  });
});

test('a status word nobody knows is not success', () => {
  expect(read({ status: 'looking good' }).kind).toBe('unknown');
  expect(read({ reference_num: 'TR' }).kind).toBe('unknown');
});

test('a big bag is found by an order that names it; an order without the field leaves it open', async () => {
  const order = { customer_order_num: 'PBD01X0', order_num: 'HGE2507080000516' };
  expect(await ask('createBag', sampleBag, { ...order, bag_num: 'BG1' })).toEqual({
    kind: 'found',
    result: { bagNumber: 'BG1' },
  });
  expect(await ask('createBag', sampleBag, { ...order, bag_num: '' })).toEqual({ kind: 'not-found' });
  expect(await ask('createBag', sampleBag, order)).toMatchObject({ kind: 'unsure', code: 'bag-unknown' });
});

test('a pushed document is found by its result, whatever the result says', async () => {
  expect(await ask('scanForm', sampleHandover, { status: 'processing' })).toMatchObject({ kind: 'found' });
});

test('a void is sure once the label of the bag is not given out any more', async () => {
  expect(await ask('voidBag', sampleMention, { label: '^XA^FO1,1^FDx^FS^XZ' })).toEqual({ kind: 'not-found' });
});
