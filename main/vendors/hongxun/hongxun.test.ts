import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobCall } from '../../domain/job.ts';
import type { HttpOutcome, HttpRequest } from '../../ports.ts';
import { answerOf, scriptedPorts, testCall, testNow } from '../kit/testing.ts';
import { canonicalText } from './canonical.ts';
import { createHongxun } from './client.ts';
import envelopeSample from './fixtures/sign-images-envelope.json' with { type: 'json' };
import requestSample from './fixtures/sign-images-request.json' with { type: 'json' };
import { hongxun } from './module.ts';
import { operationNames } from './operations.ts';
import { settings } from './settings.ts';
import { sealEnvelope, signOf } from './sign.ts';
import { nodeCodes, nodeName, orderTypeName } from './tables.ts';

const identity = {
  baseUrl: 'http://hx.test',
  createBy: 'PB',
  dataSource: 'WMS',
  sk: 's-k',
  warehouseCode: 'WH01',
  customerFlag: 'CUST01',
};
const good = { code: 200, message: '响应成功', flag: true };
const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');
const textOf = (request: HttpRequest | undefined): string =>
  new TextDecoder().decode(request?.body ?? new Uint8Array());

function vendorOver(respond: (request: HttpRequest) => HttpOutcome = () => answerOf(good), change: object = {}) {
  const ports = scriptedPorts(respond);
  return { ports, vendor: createHongxun(settings.parse({ ...identity, ...change }), ports) };
}

const delivery = {
  event: { at: testNow, status: 'delivered', vendorStatus: 'POD', place: '上海', text: '已签收' },
  signedBy: '李四',
};
const withPayload = (operation: JobCall['operation'], payload: unknown): JobCall => ({
  ...testCall(operation),
  payload,
});

describe('the signed text', () => {
  test.each([
    [{ b: 1, a: { d: [2, 1], c: '中文' } }, '{"a":{"c":"中文","d":[2,1]},"b":1}'],
    [[{ b: 1, a: 2 }, { a: 1 }], '[{"a":2,"b":1},{"a":1}]'],
    [{ 10: 'x', 9: 'y', B: 1, a: 2 }, '{"10":"x","9":"y","B":1,"a":2}'],
    [{ a: '"\\/\n' }, '{"a":"\\"\\\\/\\n"}'],
    [{ a: 0.1, b: -0, c: 12.5, d: true, e: {}, f: [] }, '{"a":0.1,"b":0,"c":12.5,"d":true,"e":{},"f":[]}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalText(value, 'drop')).toBe(text);
  });

  test('nulls are dropped or kept by setting, in arrays always kept', () => {
    const value = { a: null, b: [null, { c: null }], d: undefined };
    expect(canonicalText(value, 'drop')).toBe('{"b":[null,{}]}');
    expect(canonicalText(value, 'keep')).toBe('{"a":null,"b":[null,{"c":null}]}');
  });

  test.each([1e21, 1e-7, Number.NaN, Infinity, 1234567890123456, '\ud800', 1n, () => 1])('refuses %s', (value) => {
    expect(() => canonicalText({ a: value }, 'drop')).toThrow(/request\.a/);
  });

  test('does not depend on the order of keys, and says the same value', () => {
    const shuffle = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffle);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, member]) => [key, shuffle(member)]),
      );
    };
    const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
    const key = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__');
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(key, tie('node'), { maxKeys: 6 }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        const text = canonicalText(value, 'keep');
        expect(canonicalText(shuffle(value), 'keep')).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
        let from = 0;
        for (const name of keys.toSorted()) {
          const at = text.indexOf(`${JSON.stringify(name)}:`, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at;
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is hashed with its neighbours, and is exactly what is sent', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null))), (request) => {
        for (const nulls of ['drop', 'keep'] as const) {
          const bytes = sealEnvelope(request, testNow, identity, { signCase: 'lower', nulls });
          const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
          const requestText = canonicalText(request, nulls);
          expect(text.endsWith(`,"request":${requestText}}`)).toBe(true);
          const { sign, timestamp } = JSON.parse(text) as { sign: string; timestamp: string };
          expect(timestamp).toBe('2026-01-05 08:00:00');
          expect(sign).toBe(md5(`PB&WMS&${requestText}&s-k&2026-01-05 08:00:00`));
        }
      }),
    );
  });

  test('a vector over nesting, Chinese text and nulls', () => {
    expect(signOf(identity, '{"a":"签收","b":[1,{"c":"001"}]}', '2026-01-05 08:00:00')).toBe(
      md5('PB&WMS&{"a":"签收","b":[1,{"c":"001"}]}&s-k&2026-01-05 08:00:00'),
    );
  });
});

describe('sending', () => {
  test('a route: exact bytes, upper case if the profile says so, on the vendor’s clock', async () => {
    const call = withPayload('pushRoute', delivery);
    for (const signCase of ['lower', 'upper'] as const) {
      const { ports, vendor } = vendorOver(undefined, { signCase });
      expect(await vendor.send(call)).toEqual({ kind: 'done', result: { confirmation: '响应成功' } });
      const request = ports.sent[0];
      expect(request).toMatchObject({ method: 'POST', url: 'http://hx.test/dtc/tms/carrierRoutingPush' });
      const requestText =
        '[{"mailno":"9261290100000000000012","memo":"已签收","operator":"李四","scanTypeCode":"103",' +
        '"time":"2026-01-05 08:00:00","transferAddress":"上海"}]';
      const hex = md5(`PB&WMS&${requestText}&s-k&2026-01-05 08:00:00`);
      const sign = signCase === 'upper' ? hex.toUpperCase() : hex;
      expect(textOf(request)).toBe(
        `{"createBy":"PB","dataSource":"WMS","sign":"${sign}","timestamp":"2026-01-05 08:00:00","request":${requestText}}`,
      );
      expect(vendor.describe?.(call, { vendorNow: testNow, token: null })).toMatchObject({
        signature: sign,
        signedText: `PB&WMS&${requestText}&‹sk›&2026-01-05 08:00:00`,
      });
    }
  });

  test('a signature goes as node "001" or "002", text to the last', async () => {
    for (const [status, node] of [
      ['delivered', '001'],
      ['delivery-failed', '002'],
    ]) {
      const { ports, vendor } = vendorOver();
      await vendor.send(withPayload('pushSignInfo', { ...delivery, event: { ...delivery.event, status } }));
      expect(textOf(ports.sent[0])).toContain(`"scanTypeCode":"${node}"`);
    }
    const { ports, vendor } = vendorOver();
    const route = vendor.calls?.['pushRoute']?.sample as [object];
    expect(await vendor.call?.('pushRoute', [{ ...route[0], scanTypeCode: 1 }])).toMatchObject({ code: 'params' });
    expect(await vendor.call?.('pushRoute', [{ ...route[0], scanTypeCode: '88' }])).toMatchObject({ code: 'params' });
    expect(await vendor.call?.('pushRoute', [{ ...route[0], vinCode: 'LSV1' }])).toMatchObject({ code: 'params' });
    expect(ports.sent).toEqual([]);
  });

  test('a node of the profile goes before ours; null sends nothing', async () => {
    const { ports, vendor } = vendorOver(undefined, { nodes: { route: { delivered: '001', exception: null } } });
    await vendor.send(withPayload('pushRoute', delivery));
    expect(textOf(ports.sent[0])).toContain('"scanTypeCode":"001"');
    const odd = { ...delivery, event: { ...delivery.event, status: 'exception' } };
    expect(await vendor.send(withPayload('pushRoute', odd))).toMatchObject({ kind: 'rejected', code: 'no-node' });
  });

  test('a parcel report is not signed: grams, centimetres, cubic centimetres', async () => {
    const { ports, vendor } = vendorOver();
    const facts = { lengthMm: 305, widthMm: 200, heightMm: 151, weightG: 1234, remark: '' };
    expect((await vendor.send(testCall('reportParcel', { facts }))).kind).toBe('done');
    expect(textOf(ports.sent[0])).toBe(
      '{"warehouseCode":"WH01","timestamp":"2026-01-05 08:00:00","request":{"heights":15.1,"longs":30.5,' +
        '"mailno":"9261290100000000000012","volume":9211,"weight":1234,"widths":20}}',
    );
    const described = vendor.describe?.(testCall('reportParcel', { facts }), { vendorNow: testNow, token: null });
    expect(described).toMatchObject({
      signedText: expect.stringContaining('nothing is signed') as string,
      signature: null,
    });
  });

  test('a parcel nobody measured is reported only with the carton of the profile', async () => {
    const bare = vendorOver();
    expect(await bare.vendor.send(testCall('reportParcel'))).toMatchObject({ kind: 'rejected', code: 'size-missing' });
    const { ports, vendor } = vendorOver(undefined, { cartonMm: { length: 300, width: 200, height: 100 } });
    expect((await vendor.send(testCall('reportParcel'))).kind).toBe('done');
    expect(textOf(ports.sent[0])).toContain('"longs":30,');
  });

  test('pictures go by the documented interface, or by the carrier’s', async () => {
    const images = { ...delivery, images: [{ url: null, base64: '/9j/', postfix: 'jpg' }] };
    const byAddress = { ...delivery, images: [{ url: 'https://a.test/1.jpg', base64: null, postfix: 'jpg' }] };
    const documented = vendorOver();
    await documented.vendor.send(withPayload('pushSignImages', byAddress));
    expect(documented.ports.sent[0]?.url).toBe('http://hx.test');
    expect((JSON.parse(textOf(documented.ports.sent[0])) as { request: unknown }).request).toEqual([
      {
        customerFlag: 'CUST01',
        customerOrderCode: 'DD201612090000001',
        signList: [
          {
            trackingNumber: '9261290100000000000012',
            mailno: '9261290100000000000012',
            signBy: '李四',
            signDate: '2026-01-05 08:00:00',
            imgList: [{ imgUrl: 'https://a.test/1.jpg', postfix: 'jpg' }],
          },
        ],
      },
    ]);
    const carrier = vendorOver(undefined, { signImagesVia: 'carrier' });
    await carrier.vendor.send(withPayload('pushSignImages', images));
    expect(carrier.ports.sent[0]?.url).toBe('http://hx.test/dtc/tms/carrierSignImagePush');
    expect(textOf(carrier.ports.sent[0])).toContain('"imageType":"imageBase64"');
  });

  test('the sample of the document is accepted as it stands', async () => {
    const { ports, vendor } = vendorOver();
    expect((await vendor.call?.('pushSignImages', requestSample))?.kind).toBe('done');
    const sent = JSON.parse(textOf(ports.sent[0])) as typeof envelopeSample;
    expect(Object.keys(sent).toSorted()).toEqual(Object.keys(envelopeSample).toSorted());
    expect(sent.request).toEqual(envelopeSample.request);
  });

  test('every interface of the document is callable by name with its sample', async () => {
    const { ports, vendor } = vendorOver();
    for (const name of operationNames) {
      const call = vendor.calls?.[name];
      if (call === undefined) throw new Error(`${name} is not callable`);
      expect([name, await vendor.call?.(name, call.sample)]).toMatchObject([name, { kind: 'done' }]);
    }
    expect(ports.sent.length).toBe(operationNames.length);
  });

  test.each([
    ['createOutboundOrder', { documentType: '110' }],
    ['createOutboundOrder', { customerNumber: '' }],
    ['cancelOrder', { cancelType: '30' }],
    ['cancelOrder', { cancelType: '20', item: [] }],
    ['queryStock', { pageNum: 0 }],
    ['queryRoute', { surprise: 1 }],
    ['reportParcel', { weight: 0 }],
    ['reportParcel', { longs: '30' }],
  ])('%s with %j is refused before anything is sent', async (name, change) => {
    const { ports, vendor } = vendorOver();
    const sample = vendor.calls?.[name]?.sample as object;
    expect(await vendor.call?.(name, { ...sample, ...change })).toMatchObject({ kind: 'rejected', code: 'params' });
    expect(ports.sent).toEqual([]);
  });
});

describe('answers', () => {
  test.each([
    [{ code: 200, message: '', flag: true }, 'done'],
    [{ code: 200, message: '', flag: false }, 'unknown'],
    [{ code: 200, message: '' }, 'unknown'],
    [{ code: 200, flag: 'true' }, 'unknown'],
    [{ code: 0, flag: true }, 'unknown'],
    [{ code: 400, message: '参数错误', flag: false }, 'rejected'],
    [{ code: 500, message: '系统异常', flag: false }, 'unknown'],
    [{ code: 401, message: '签名错误', flag: false }, 'auth'],
    [{ code: 401, message: '时间戳已过期', flag: false }, 'skew'],
  ])('%j is %s', async (body, kind) => {
    const { vendor } = vendorOver(() => answerOf(body));
    expect((await vendor.send(withPayload('pushRoute', delivery))).kind).toBe(kind);
  });

  test('asking whether the vendor answers takes "no such order" for an answer', async () => {
    const { vendor } = vendorOver(() => answerOf({ code: 400, message: '订单不存在', flag: false }));
    await expect(vendor.check?.()).resolves.toBeUndefined();
    const wrong = vendorOver(() => answerOf({ code: 401, message: '签名错误', flag: false }));
    await expect(wrong.vendor.check?.()).rejects.toMatchObject({ kind: 'auth' });
    const gone = vendorOver(() => answerOf('', { status: 404 }));
    await expect(gone.vendor.check?.()).rejects.toMatchObject({ code: 'http-404' });
  });
});

test('a type means nothing without its family; nodes are text', () => {
  expect([orderTypeName('inbound', '10'), orderTypeName('outbound', '10')]).toEqual(['采购', '采退']);
  expect([orderTypeName('transport', '30'), orderTypeName('internal', 'toString')]).toEqual([null, null]);
  expect([nodeName('001'), nodeName('1'), nodeName('88')]).toEqual(['签收', null, null]);
  expect(nodeCodes.length).toBe(27);
});

test('nothing is told unless the profile says so, and pushes need a person until it says that repeats are merged', () => {
  const plans = (change: object) => hongxun.plans?.(settings.parse({ ...identity, ...change }));
  expect(plans({})).toEqual([]);
  expect(plans({ report: { parcels: true, images: true } })).toEqual(['reportParcel', 'pushSignImages']);
  const effects = (change: object) =>
    vendorOver(undefined, change)
      .vendor.manifest.operations.filter(({ traits }) => traits !== null)
      .map(({ name, traits }) => `${name} ${traits?.effect ?? ''}`);
  expect(effects({})).toEqual([
    'reportParcel safe',
    'pushRoute unsafe',
    'pushSignInfo unsafe',
    'pushSignImages unsafe',
  ]);
  expect(effects({ pushesMayRepeat: true }).every((each) => each.endsWith(' safe'))).toBe(true);
  const { warehouseCode: _left, ...without } = identity;
  expect(settings.safeParse({ ...without, report: { parcels: true } }).success).toBe(false);
});

test('given text is signed as the vendor would read it: sorted, with its digits as written', () => {
  const { vendor } = vendorOver();
  const at = { vendorNow: testNow, token: null };
  const rawBody = new TextEncoder().encode('{ "b": 1.0, "a": "001" }');
  expect(vendor.describe?.({ operation: 'dtc/x/y', rawBody, requestId: 'r' }, at)).toMatchObject({
    url: 'http://hx.test/dtc/x/y',
    signedText: 'PB&WMS&{"a":"001","b":1.0}&‹sk›&2026-01-05 08:00:00',
    signature: md5('PB&WMS&{"a":"001","b":1.0}&s-k&2026-01-05 08:00:00'),
  });
});
