import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { HttpOutcome, HttpRequest } from '../../ports.ts';
import { answerOf, scriptedPorts, testCall, testNow } from '../kit/testing.ts';
import { createAsiabill } from './client.ts';
import queryAnswer from './fixtures/query-answer.json' with { type: 'json' };
import { judgeTracked, waybillOf, parseTracked, uploadBody } from './map.ts';
import { settings } from './settings.ts';

const identity = { baseUrl: 'http://ab.test', gatewayNo: '12345001', signKey: 'k-e-y' };
const upload = testCall('uploadTracking');
const tradeNo = '2021092810011380477264';

function vendorOver(respond: (request: HttpRequest) => HttpOutcome, change: object = {}) {
  const ports = scriptedPorts(respond);
  return { ports, vendor: createAsiabill(settings.parse({ ...identity, ...change }), ports) };
}
const uploaded = (data: object) => answerOf({ code: '00000', data: { status: 'success', ...data }, message: '' });

describe('uploading', () => {
  test('sends the documented fields under signed headers; H.B over the exact bytes', async () => {
    const { ports, vendor } = vendorOver(() => uploaded({ description: 'uploadSuccess' }));
    expect(await vendor.send(upload)).toEqual({ kind: 'done', result: { confirmation: 'uploadSuccess' } });
    const request = ports.sent[0];
    const body = new TextDecoder().decode(request?.body ?? new Uint8Array());
    expect(request?.url).toBe('http://ab.test/openApi/V2022-03/logistics');
    expect(JSON.parse(body)).toEqual({
      orderNo: 'DD201612090000001',
      trackingNo: '9261290100000000000012',
      trackingWeb: 'https://t.17track.net/en#nums=9261290100000000000012',
    });
    const text = `12345001${upload.requestId}${testNow}.${body}`;
    expect(request?.headers).toMatchObject({
      'gateway-no': '12345001',
      'request-id': upload.requestId,
      'request-time': String(testNow),
      'sign-info': createHmac('sha256', 'k-e-y').update(text).digest('hex'),
    });
  });

  test('a repeat carries the same request id and body, signed for its own time', async () => {
    const { ports, vendor } = vendorOver(() => ({ kind: 'no-answer', reason: 'reset', message: 'm' }));
    await vendor.send(upload);
    ports.pass(60_000);
    await vendor.send({ ...upload, attempt: 2 });
    const [first, second] = ports.sent;
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers['request-id']).toBe(first?.headers['request-id']);
    expect(second?.headers['sign-info']).not.toBe(first?.headers['sign-info']);
  });

  test('settings choose trade numbers, carrier code, tracking page and case', async () => {
    const { ports, vendor } = vendorOver(() => uploaded({}), {
      orderNumberIs: 'tradeNo',
      lcCode: 'TWTH',
      trackingWeb: 'https://abc.com/?n={waybill}',
      hexCase: 'upper',
    });
    await vendor.send(
      testCall('uploadTracking', { facts: { orderNumber: tradeNo }, earlier: { confirm: { waybill: 'A B' } } }),
    );
    expect(JSON.parse(new TextDecoder().decode(ports.sent[0]?.body ?? new Uint8Array()))).toEqual({
      lcCode: 'TWTH',
      tradeNo,
      trackingNo: 'A B',
      trackingWeb: 'https://abc.com/?n=A%20B',
    });
    expect(ports.sent[0]?.headers['sign-info']).toMatch(/^[0-9A-F]{64}$/);
  });

  test('the label’s waybill goes before the confirmation’s and the order’s', () => {
    const given = settings.parse(identity);
    const earlier = {
      placeOrder: { vendorOrderNumber: 'x', waybill: 'W1' },
      confirm: { waybill: 'W2' },
      fetchLabel: { waybill: 'W3', artwork: { type: 'application/zpl', base64: '' } },
    } as const;
    expect(uploadBody(testCall('uploadTracking', { earlier }), given)).toMatchObject({ trackingNo: 'W3' });
  });

  test.each([
    [{ status: 'fail' }, 'unknown'],
    [{ status: 'Success ' }, 'unknown'],
    [{ status: undefined }, 'unknown'],
  ])('the success code with %j is %s', async (data, kind) => {
    expect((await vendorOver(() => uploaded(data)).vendor.send(upload)).kind).toBe(kind);
  });

  test('a numeric 0 is not the success code', async () => {
    const { vendor } = vendorOver(() => answerOf({ code: 0, data: { status: 'success' } }));
    expect((await vendor.send(upload)).kind).toBe('unknown');
  });

  test('an answer about another order is not ours', async () => {
    const { vendor } = vendorOver(() => uploaded({ tradeNo }));
    expect((await vendor.send(upload)).kind).toBe('done');
    const other = testCall('uploadTracking', { facts: { orderNumber: 'DD2' } });
    expect(await vendor.send(other)).toMatchObject({ kind: 'unknown', code: 'other-order' });
    expect((await vendor.send(upload)).kind).toBe('done');
  });

  test('another call’s answer is found out by asking what the trade number stands for', async () => {
    const held = (trackingNo: string) => answerOf({ code: '00000', data: [{ tradeNo, trackingNo }], message: '' });
    const sendOver = (asked: () => ReturnType<typeof answerOf>) =>
      vendorOver((request) => (request.method === 'GET' ? asked() : uploaded({ tradeNo }))).vendor.send(upload);
    const waybill = waybillOf(upload) ?? '';
    expect(await sendOver(() => held('ANOTHER'))).toMatchObject({ kind: 'unknown', code: 'other-order' });
    expect((await sendOver(() => held(waybill))).kind).toBe('done');
    // The query may lag behind, or fail: the upload was acknowledged all the same.
    expect((await sendOver(() => answerOf({ code: '00000', data: [], message: '' }))).kind).toBe('done');
    expect((await sendOver(() => answerOf({ code: '10001', message: 'busy' }))).kind).toBe('done');
  });
});

describe('asking', () => {
  const call = testCall('uploadTracking', {
    facts: { orderNumber: tradeNo },
    earlier: { confirm: { waybill: '1223212312' } },
  });

  test('by trade number: the documented sample is found', async () => {
    const { ports, vendor } = vendorOver(() => answerOf(queryAnswer), { orderNumberIs: 'tradeNo' });
    expect((await vendor.reconcile(call)).kind).toBe('found');
    const request = ports.sent[0];
    expect(request).toMatchObject({
      method: 'GET',
      body: null,
      url: `http://ab.test/openApi/V2022-03/logistics/${tradeNo}`,
    });
    const head = `12345001${request?.headers['request-id']}${testNow}`;
    expect(request?.headers['sign-info']).toBe(
      createHmac('sha256', 'k-e-y').update(`${head}.${tradeNo}`).digest('hex'),
    );
  });

  test('an order number of the merchant cannot be asked by', async () => {
    const { ports, vendor } = vendorOver(() => answerOf(queryAnswer));
    expect(await vendor.reconcile(call)).toMatchObject({ kind: 'unsure', code: 'cannot-ask' });
    expect(ports.sent).toEqual([]);
  });

  test.each([
    [[], 'not-found'],
    [[{ tradeNo, trackingNo: '1223212312' }], 'found'],
    [[{ tradeNo, trackingNo: '999' }], 'unsure'],
    [[{ tradeNo: 2.0210928100113805e21, trackingNo: '1223212312' }], 'unsure'],
    [[{ tradeNo, trackingNo: 2.0210928100113805e21 }], 'unsure'],
    [[{ tradeNo: '1', trackingNo: '1223212312' }], 'unsure'],
    [[{}], 'unsure'],
  ])('rows %j are %s', (rows, kind) => {
    const parsed = parseTracked(answerOf({ code: '00000', data: rows, message: '' }));
    if (parsed.kind !== 'done') throw new Error(parsed.message);
    expect(judgeTracked(parsed.result, tradeNo, '1223212312').kind).toBe(kind);
  });
});
