import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createVendor } from './create-vendor.ts';
import { createExchange } from './exchange.ts';
import { callByName, jobOverCall, namedCall } from './named-calls.ts';
import { dayParam, minuteParam, needsOneOf, numericParam, textParam, wordParam } from './params.ts';
import { answerOf, scriptedPorts, testCall, testNow } from './testing.ts';

const rename = namedCall({
  params: z
    .strictObject({ id: textParam(4).optional(), no: textParam(8).optional(), to: textParam(5) })
    .superRefine(needsOneOf('id', 'no')),
  sample: { id: '1', to: 'x' },
  question: false,
  build: (params, _at, requestId) => ({
    method: 'POST',
    url: `http://v.test/rename/${requestId}`,
    headers: {},
    body: new TextEncoder().encode(JSON.stringify(params)),
    timeoutMs: 1_000,
    maxAnswerBytes: 1_000,
  }),
  parse: (params) => ({ kind: 'done', result: params.to }),
});
const manifest = { id: 'v', name: { zh: 'v', en: 'v' }, operations: [] };

function vendorOver(question: boolean) {
  const ports = scriptedPorts(() => answerOf('', { status: 401 }));
  const exchange = createExchange({
    vendor: 'v',
    ports,
    tokens: { get: () => Promise.resolve({ kind: 'done', result: 'token' }), drop() {} },
    secrets: [],
  });
  const calls = { rename: { ...rename, question } };
  const vendor = createVendor({
    manifest,
    exchange,
    secrets: [],
    operations: {},
    questions: {},
    signedText: () => '',
    calls,
    ids: ports.ids,
  });
  return { ports, vendor, exchange };
}

describe('a call by name', () => {
  test.each([
    [{ id: '1', to: 'too long' }, 'rename: to: has 8 characters, at most 5 are allowed'],
    [{ to: 'x' }, 'rename: id: one of id, no is required'],
    [{ id: '1', to: 'x', more: 'secret\nvalue' }, 'rename: Unrecognized key: "more"'],
    [null, 'rename: Invalid input: expected object, received null'],
  ])('with %j is rejected in one line, and nothing is sent', async (params, message) => {
    const { ports, vendor } = vendorOver(false);
    expect(await vendor.call?.('rename', params)).toEqual({ kind: 'rejected', code: 'params', message });
    expect(ports.sent).toEqual([]);
  });

  test('that does not exist is rejected', async () => {
    expect(await vendorOver(false).vendor.call?.('valueOf', {})).toMatchObject({ code: 'unsupported' });
  });

  test('with an effect repeats under one id, a question under a new one', async () => {
    for (const question of [false, true]) {
      const { ports, vendor } = vendorOver(question);
      await vendor.call?.('rename', { id: '1', to: 'x' });
      expect(ports.sent.length).toBe(2);
      expect(new Set(ports.sent.map((request) => request.url)).size).toBe(question ? 2 : 1);
    }
    const { ports, vendor } = vendorOver(false);
    await vendor.call?.('rename', { id: '1', to: 'x' }, 'given');
    expect(ports.sent[0]?.url).toBe('http://v.test/rename/given');
  });

  test('is shown with its parameters, or with its sample', () => {
    const { vendor } = vendorOver(false);
    const at = { vendorNow: testNow, token: null };
    expect(vendor.describe?.({ operation: 'rename', params: { no: '7', to: 'y' }, requestId: 'r' }, at)).toMatchObject({
      body: '{"no":"7","to":"y"}',
    });
    expect(vendor.describe?.({ operation: 'rename', params: { to: 'y', no: '7' }, requestId: 'r' }, at)).toMatchObject({
      body: '{"to":"y","no":"7"}',
    });
    expect(vendor.describe?.({ operation: 'rename', requestId: 'r' }, at)).toMatchObject({
      body: '{"id":"1","to":"x"}',
    });
    expect(vendor.describe?.({ operation: 'rename', params: {}, requestId: 'r' }, at)).toMatchObject({ refused: true });
  });

  test('a job over it has the same bytes and limits', async () => {
    const { exchange, ports } = vendorOver(false);
    const job = jobOverCall('rename', rename, {
      params: (call) => ({ id: '1', to: call.facts.orderNumber }),
      result: (_call, result) => ({ kind: 'done', result: { named: result } }),
    });
    const at = { vendorNow: testNow, token: null };
    const short = testCall('uploadTracking', { facts: { orderNumber: 'DD' } });
    expect(job.build(short, at)).toEqual(rename.build({ id: '1', to: 'DD' }, at, short.requestId));
    expect(job.parse(short, answerOf('{}'))).toEqual({ kind: 'done', result: { named: 'DD' } });
    expect(job.build(testCall('uploadTracking'), at)).toMatchObject({ refused: true, code: 'params' });
    await callByName(exchange, ports.ids, { name: 'rename', named: rename, params: {} });
    expect(ports.sent).toEqual([]);
  });
});

describe('parameter types', () => {
  test.each([
    [numericParam(6, 2), '1234.50', '1234.50'],
    [numericParam(6, 2), 12.5, '12.5'],
    [numericParam(20, 8), '0012.10000000', '0012.10000000'],
    [wordParam(['0', '1']), 1, '1'],
    [dayParam(), '2024-02-29', '2024-02-29'],
    [minuteParam(), '2016-12-09 12:12', '2016-12-09 12:12'],
    [textParam(2), '单单', '单单'],
  ])('%# takes %j', (schema, value, expected) => {
    expect(schema.parse(value)).toBe(expected);
  });

  test.each([
    [numericParam(6, 2), '12345'],
    [numericParam(6, 2), '1.234'],
    [numericParam(6, 2), '-1'],
    [numericParam(6, 2), '1e3'],
    [numericParam(6, 2), Number.NaN],
    [numericParam(20, 8), 123456789.1234567],
    [wordParam(['0', '1']), '2'],
    [dayParam(), '2023-02-29'],
    [dayParam(), '2023-2-9'],
    [minuteParam(), '2016-12-09 12:12:00'],
    [minuteParam(), '2016-12-09 25:00'],
    [textParam(2), '单单单'],
    [textParam(2), ''],
    [textParam(2), 'a\u0000'],
  ])('%# refuses %j', (schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});
