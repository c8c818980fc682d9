import { describe, expect, test } from 'vitest';
import type { Address } from '../../domain/shipping.ts';
import { answerOf, scriptedPorts, testCall, testNow } from '../kit/testing.ts';
import type { Vendor } from '../kit/vendor.ts';
import { conformanceCase, receiver } from './conformance-case.ts';
import { ane } from './module.ts';
import refusedAnswer from './fixtures/refused-answer.json' with { type: 'json' };
import { aneDigest } from './sign.ts';
import { readTrackingWord } from './tracking-words.ts';
import { orderParams } from './params.ts';
import { sampleOrder } from './sample.ts';

function open(reply: unknown = {}, change: Record<string, unknown> = {}) {
  const ports = scriptedPorts((_request, index) =>
    answerOf(typeof reply === 'function' ? (reply as (index: number) => unknown)(index) : reply),
  );
  const vendor: Vendor = ane.create(ane.settings.parse({ ...conformanceCase.settings, ...change }), ports);
  return { ports, vendor };
}

const orderFor = (to: Partial<Address> = {}, facts: object = {}) =>
  testCall('placeOrder', { earlier: {}, facts: { service: null, receiver: { ...receiver, ...to }, ...facts } });
const bodyOf = (request: { body: Uint8Array | null } | undefined): string =>
  new TextDecoder().decode(request?.body ?? new Uint8Array());
const done = (resultInfo: unknown) => ({ result: true, resultCode: '1000', resultInfo, reason: '' });

/** `params` of the one request sent. */
async function sentParams(call = orderFor(), change: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const { ports, vendor } = open(done('ok'), change);
  expect((await vendor.send(call)).kind).toBe('done');
  const body = JSON.parse(bodyOf(ports.sent[0])) as Record<string, string>;
  return JSON.parse(body['params'] ?? '') as Record<string, unknown>;
}

test('the digest is base64 over the hexadecimal text, as in the public vector', () => {
  expect(aneDigest('1', '', '')).toBe('YzRjYTQyMzhhMGI5MjM4MjBkY2M1MDlhNmY3NTg0OWI=');
});

test('the digest covers params, code and secret, and always has 44 characters', () => {
  expect(aneDigest('{"a":"中"}', 'PACK', 's')).toHaveLength(44);
  expect(aneDigest('1P', '', '')).toBe(aneDigest('1', 'P', ''));
  expect(aneDigest('1', 'P', 's')).not.toBe(aneDigest('1', 'P', 't'));
});

test('params travel as the very text that was signed, with code and millisecond timestamp', async () => {
  const { ports, vendor } = open(done('ok'));
  await vendor.send(orderFor());
  const body = JSON.parse(bodyOf(ports.sent[0])) as Record<string, string>;
  expect(Object.keys(body).sort()).toEqual(['code', 'digest', 'params', 'timestamp']);
  expect(body).toMatchObject({ code: 'PACK', timestamp: String(testNow) });
  expect(body['digest']).toBe(aneDigest(body['params'] ?? '', 'PACK', 'secret-of-the-test'));
  expect(ports.sent[0]?.url).toBe('http://127.0.0.1:1/aneop/op/order/new');
});

test('as a form every value is URL-encoded: digest and params arrive as they were signed', async () => {
  const { ports, vendor } = open(done('ok'), { encoding: 'form' });
  for (let index = 0; index < 20; index += 1) await vendor.send(orderFor({}, { reference: `PB${index}` }));
  for (const body of ports.sent.map((request) => bodyOf(request))) {
    const form = new URLSearchParams(body);
    expect(form.get('digest')).toBe(aneDigest(form.get('params') ?? '', 'PACK', 'secret-of-the-test'));
    expect(body).toMatch(/&digest=[^&=+]+%3D$/);
  }
  expect(ports.sent[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
});

test('base64 over hexadecimal text can hold no plus, unlike base64 over the bytes', () => {
  for (let index = 0; index < 500; index += 1)
    expect(aneDigest(String(index), 'PACK', 's')).toMatch(/^[A-Za-z0-9]{43}=$/);
});

test('a form keeps plus, ampersand and percent of the text itself', async () => {
  const { ports, vendor } = open(done('ok'), { encoding: 'form' });
  await vendor.send(orderFor({ name: 'A+B & C% 中' }));
  const params = new URLSearchParams(bodyOf(ports.sent[0])).get('params') ?? '';
  expect((JSON.parse(params) as Record<string, unknown>)['dispatchLinkMan']).toBe('A+B & C% 中');
});

test('what is signed can be shown, and for any text, without the secret', () => {
  const { vendor } = open();
  const at = { vendorNow: testNow, token: null };
  for (const encoding of ['json', 'form']) {
    const shown = open({}, { encoding }).vendor.describe?.(
      { operation: 'opwb/lb/new', rawBody: new TextEncoder().encode('1'), requestId: 'r' },
      at,
    );
    expect(shown).toMatchObject({
      signedText: '1PACK‹appSecret›',
      signature: aneDigest('1', 'PACK', 'secret-of-the-test'),
    });
  }
  expect(JSON.stringify(vendor.describe?.({ operation: 'placeOrder', requestId: 'r' }, at))).not.toContain(
    'secret-of-the-test',
  );
});

describe('the order', () => {
  test('splits the address, names the sender, and weighs in kilograms', async () => {
    expect(await sentParams()).toMatchObject({
      orderNo: 'PACKPB0000000000000000000001',
      sendSiteId: '-1',
      goodsType: 8,
      goodsName: '商品1',
      totalPiece: 1,
      totalWeight: 1.234,
      payModeId: 104,
      serviceType: 1,
      receiveFlag: 1,
      paySideId: 0,
      freightCharge: 0,
      freightCharge1: 0,
      sendCompanyName: '江南优选',
      sendProvince: '浙江省',
      dispatchCompanyName: '李四',
      dispatchLinkMan: '李四',
      dispatchPhoneSms: '13912345678',
      dispatchProvince: '江苏省',
      dispatchCity: '南京市',
      dispatchCounty: '建邺区',
      dispatchAddress: '江苏省南京市建邺区云龙山路66号',
    });
  });

  test('takes the service of the route by name', async () => {
    expect(await sentParams(orderFor({}, { service: 'next-morning' }))).toMatchObject({ serviceType: 4 });
  });

  test('a fixed-line number is no mobile number; a volume needs all three sizes', async () => {
    const params = await sentParams(orderFor({ phone: '0571-88888888' }, { heightMm: 100 }));
    expect(params).toMatchObject({ dispatchPhone: '0571-88888888', totalVol: 0.0061 });
    expect(params).not.toHaveProperty('dispatchPhoneSms');
    expect(await sentParams()).not.toHaveProperty('totalVol');
  });

  test('a city without counties stands for its own', async () => {
    expect(await sentParams(orderFor({ line1: '广东省东莞市长安镇振安路1号' }))).toMatchObject({
      dispatchCity: '东莞市',
      dispatchCounty: '东莞市',
    });
  });

  test('an uncertain address is refused with its place, and a corrected one is sent', async () => {
    const { ports, vendor } = open(done('ok'));
    const refused = await vendor.send(orderFor({ line1: '鼓楼区中山路1号' }));
    expect(refused).toMatchObject({ kind: 'rejected', code: 'address-unsure' });
    expect(refused).toHaveProperty('message', expect.stringMatching(/鼓楼区.*南京市.*徐州市/));
    expect(ports.sent).toEqual([]);
    const corrected = { state: '江苏省', city: '徐州市', county: '鼓楼区', line1: '中山路1号' };
    expect(await sentParams(orderFor(corrected))).toMatchObject({ dispatchCity: '徐州市', dispatchCounty: '鼓楼区' });
  });
});

describe('the table of 订单新建', () => {
  const valid = { ...sampleOrder('PACK') };
  const check = (change: Record<string, unknown>) => orderParams.safeParse({ ...valid, ...change }).success;

  test('the sample of the document is taken', () => {
    expect(check({})).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a name in no table', { surprise: 1 }],
    ['orderNo 65', { orderNo: 'x'.repeat(65) }],
    ['dispatchSiteId 9', { dispatchSiteId: '1'.repeat(9) }],
    ['goodsType 9', { goodsType: 9 }],
    ['goodsName 101', { goodsName: 'x'.repeat(101) }],
    ['piece of 6 digits', { piece: 100_000 }],
    ['piece as text', { piece: '1' }],
    ['remark 501', { remark: 'x'.repeat(501) }],
    ['totalPiece of 7 digits', { totalPiece: 1_000_000 }],
    ['totalWeight of 11 characters', { totalWeight: 12345.67891 }],
    ['totalWeight below zero', { totalWeight: -1 }],
    ['totalVol of 9 characters', { totalVol: 1.2345678 }],
    ['payModeId 105', { payModeId: 105 }],
    ['freightCharge of 7 characters', { freightCharge: 1234567 }],
    ['receiveFlag 2', { receiveFlag: 2 }],
    ['serviceType 3', { serviceType: 3 }],
    ['packageDesc 101', { packageDesc: 'x'.repeat(101) }],
    ['sendCompanyName missing', { sendCompanyName: undefined }],
    ['sendPhoneSms 21', { sendPhoneSms: '1'.repeat(21) }],
    ['sendPhone 33', { sendPhone: '1'.repeat(33) }],
    ['no telephone of the receiver', { dispatchPhoneSms: null }],
    ['dispatchAddress 257', { dispatchAddress: 'x'.repeat(257) }],
    ['dispatchPostcode 7', { dispatchPostcode: '1234567' }],
    ['dispatchProvince 33', { dispatchProvince: 'x'.repeat(33) }],
    ['dispatchCounty empty', { dispatchCounty: '' }],
    ['sendStartTime without seconds', { sendStartTime: '2026-01-05 13:20' }],
    ['a date that is none', { dispatchEndTime: '2026-02-30 13:20:00' }],
    ['codCharge without returnTime', { codCharge: 10, returnTarget: 1 }],
    ['codCharge without returnTarget', { codCharge: 10, returnTime: '3' }],
    ['returnTarget 3', { returnTarget: 3 }],
    ['memberType VIP', { memberType: 'VIP' }],
  ])('refuses %s', (_name, change) => {
    expect(check(change)).toBe(false);
  });

  test('takes 代收货款 with both of its fields', () => {
    expect(check({ codCharge: 99.5, returnTime: '3', returnTarget: 1, memberType: 'POW' })).toBe(true);
  });
});

describe('answers', () => {
  const place = (answer: unknown, change: Record<string, unknown> = {}) => open(answer, change).vendor.send(orderFor());
  const own = 'PACKPB0000000000000000000001';

  test('resultInfo as JSON text gives order number and waybill', async () => {
    expect(await place(done(JSON.stringify({ orderNo: own, ewbNo: '300012345678' })))).toEqual({
      kind: 'done',
      result: { vendorOrderNumber: own, waybill: '300012345678' },
    });
  });

  test('the success of the document has no waybill, and is done without one', async () => {
    expect(await place(done('成功获取'))).toEqual({ kind: 'done', result: { vendorOrderNumber: own, waybill: null } });
  });

  test('an answer about another order proves nothing', async () => {
    const other = JSON.stringify({ orderNo: 'PACKOTHER', ewbNo: '300099999999' });
    expect(await place(done(other))).toMatchObject({ kind: 'unknown', code: 'other-order' });
  });

  test.each([
    [refusedAnswer, 'auth'],
    [{ result: false, resultCode: '1001', resultInfo: '该客户没有库存' }, 'rejected'],
    [{ result: false, resultCode: '9999' }, 'unknown'],
    [{ result: false, resultCode: '1000' }, 'unknown'],
    [{ resultCode: '1000' }, 'unknown'],
  ])('%j is %s', async (answer, kind) => {
    expect((await place(answer)).kind).toBe(kind);
  });

  test('the profile tells business from system exceptions', async () => {
    const codes = { business: ['5001'], system: ['6001'] };
    expect((await place({ result: false, resultCode: '5001' }, { codes })).kind).toBe('rejected');
    expect((await place({ result: false, resultCode: 6001 }, { codes })).kind).toBe('transient');
    expect((await place({ result: false, resultCode: '6002' }, { codes })).kind).toBe('unknown');
  });
});

test('cancel names order and waybill with action 10', async () => {
  const { ports, vendor } = open(done('ok'));
  const earlier = { placeOrder: { vendorOrderNumber: 'x', waybill: '300012345678' } };
  expect((await vendor.send(testCall('cancel', { earlier }))).kind).toBe('done');
  const body = JSON.parse(bodyOf(ports.sent[0])) as Record<string, string>;
  expect(JSON.parse(body['params'] ?? '')).toEqual({
    action: '10',
    orderNo: 'PACKPB0000000000000000000001',
    ewbNo: '300012345678',
  });
  expect(ports.sent[0]?.url).toMatch(/\/aneop\/opwb\/lb\/update$/);
});

describe('tracking', () => {
  const question = {
    parcelId: 'p',
    waybill: '300012345678',
    reference: 'r',
    orderNumber: 'o',
    vendorOrderNumber: null,
  };

  test('events come oldest first, in our words, from the public host', async () => {
    const list = [
      { scanTime: '2026-01-06 09:00:00', scanType: '签收', siteName: '南京', desc: '已签收' },
      { scanTime: '2026-01-05 10:00:00', scanType: '揽件', siteName: '杭州', desc: '已揽件' },
    ];
    const { ports, vendor } = open(done(JSON.stringify({ ewbNo: '300012345678', traces: list })), {
      baseUrl: 'https://opc.test.ane56.com',
    });
    const [answer] = (await vendor.track?.([question])) ?? [];
    expect(ports.sent[0]?.url).toBe('https://traceopc.test.ane56.com/api/trace/query/traceQuery');
    expect(answer).toMatchObject({ parcelId: 'p', status: 'delivered', vendorStatus: '签收' });
    expect(answer?.events.map((event) => [event.status, event.place])).toEqual([
      ['in-transit', '杭州'],
      ['delivered', '南京'],
    ]);
    expect(answer?.events[0]?.at).toBe(Date.UTC(2026, 0, 5, 2));
  });

  test('no event is not found; another waybill and a refusal are errors', async () => {
    expect(await open(done('[]')).vendor.track?.([question])).toMatchObject([{ status: 'not-found', events: [] }]);
    await expect(open(done('{"ewbNo":"999","traces":[]}')).vendor.track?.([question])).rejects.toMatchObject({
      code: 'other-waybill',
    });
    await expect(open({ result: false, resultCode: '1001' }).vendor.track?.([question])).rejects.toMatchObject({
      kind: 'rejected',
    });
  });

  test.each([
    ['7', 'delivered'],
    ['8', 'delivery-failed'],
    ['-1', 'exception'],
    ['派件中', 'out-for-delivery'],
    ['派件失败', 'delivery-failed'],
    ['拒签', 'delivery-failed'],
    ['退回', 'returned'],
    ['到达待自提', 'ready-for-pickup'],
    ['到达', 'in-transit'],
    ['XYZ', 'unclear'],
  ] as const)('%s is %s', (word, status) => {
    expect(readTrackingWord(word, '已签收')).toBe(status);
  });
});

test('every call by name takes its own sample', () => {
  const { vendor } = open();
  for (const [name, named] of Object.entries(vendor.calls ?? {})) {
    expect(named.params.safeParse(named.sample).success, name).toBe(true);
    expect(vendor.manifest.operations.map((operation) => operation.name)).toContain(name);
  }
});

test('a code in small letters or a missing sender is refused by name', () => {
  for (const [field, value] of [
    ['code', 'pack'],
    ['sendCounty', undefined],
    ['encoding', 'xml'],
  ] as const) {
    const parsed = ane.settings.safeParse({ ...conformanceCase.settings, [field]: value });
    expect(JSON.stringify(parsed.error?.issues)).toContain(field);
  }
});
