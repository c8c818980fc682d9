import { describe, expect, test } from 'vitest';
import type { HttpOutcome, HttpRequest } from '../../ports.ts';
import type { ReconcileOutcome, SendOutcome } from '../../domain/job.ts';
import { md5Hex } from '../kit/signing.ts';
import { answerOf, scriptedPorts, testCall, testFacts, testNow } from '../kit/testing.ts';
import { createHge } from './client.ts';
import { findLabel, readLabelBytes } from './label.ts';
import { orderBody } from './map.ts';
import { settings } from './settings.ts';

const identity = { baseUrl: 'http://hge.test', apiKey: 'abcdefght', apiSecret: '123456789' };
const defaults = settings.parse(identity);
const done = (data: unknown) => answerOf({ code: 200, success: true, detail: '', data });
const refused = (code: number, detail: string) => answerOf({ code, success: false, detail, data: null });
const reference = testFacts().reference;

/** HGE under `change`; the token call is answered, everything else by `respond`. */
function hge(respond: (request: HttpRequest) => HttpOutcome, change: object = {}) {
  const ports = scriptedPorts((request) =>
    request.url.endsWith('get_token/') ? done({ token: 'tok', expires_in: 7200 }) : respond(request),
  );
  return { ports, vendor: createHge(settings.parse({ ...identity, ...change }), ports) };
}

const bodyOf = (request: HttpRequest | undefined): unknown =>
  JSON.parse(new TextDecoder().decode(request?.body ?? new Uint8Array()));

describe('settings', () => {
  test.each([
    [{ baseUrl: 'http://h' }, 'bearer'],
    [{ baseUrl: 'http://h', apiKey: 'k' }, 'bearer'],
    [{ baseUrl: 'http://h', auth: 'signed', token: 't' }, 'signed'],
    [{ baseUrl: 'http://user:pw@h', token: 't' }, 'user name'],
    [{ baseUrl: 'h', token: 't' }, 'https://host'],
  ])('%j is refused: %s', (value, reason) => {
    const parsed = settings.safeParse(value);
    expect(JSON.stringify(parsed.error?.issues)).toContain(reason);
  });
});

describe('placing', () => {
  test('the body has the public names, kilograms, centimetres and the address as the documents name it', () => {
    expect(orderBody(testFacts(), defaults, testNow)).toEqual({
      customer_order_num: reference,
      service_code: 'P10006',
      order_remark: '请尽快送货',
      is_confirm_label: false,
      ship_date: '2026-01-05',
      need_track: 'Y',
      is_overseas_return: false,
      is_signature: false,
      shipper_info: { address_num: '' },
      consignee_info: {
        contact_name: 'Ann Lee',
        company_name: 'Lee & Co',
        contact_email: 'ann@example.com',
        contact_phone: '+1 555 0100',
        country_code: 'US',
        state_code: 'CA',
        city_code: 'Los Angeles',
        postcode: '90001',
        street: '123 Main Street',
        address_one: 'Suite 4',
      },
      parcel_list: [
        {
          weight: 1.234,
          length: 30.5,
          width: 20,
          item_info: [{ sku: 'P0001', item_name: '商品1', quantity: '20', unit: '箱', price: '10' }],
        },
      ],
    });
  });

  test.each([
    [{ service: null }, 'service_code'],
    [{ weightG: 0 }, 'weight'],
    [{ reference: '' }, 'customer_order_num'],
    [{ reference: 'x'.repeat(33) }, 'customer_order_num'],
    [{ receiver: { ...testFacts().receiver, country: '' } }, 'country_code'],
    [{ receiver: { ...testFacts().receiver, line1: '' } }, 'street'],
  ])('%j is refused before sending, naming %s', async (facts, field) => {
    const { ports, vendor } = hge(() => done({}));
    const outcome = await vendor.send(testCall('placeOrder', { facts }));
    expect(outcome).toMatchObject({ kind: 'rejected', message: expect.stringContaining(field) as string });
    expect(ports.sent.filter((request) => request.url.endsWith('order_create/'))).toEqual([]);
  });

  test('the profile renames what is assumed', async () => {
    const { ports, vendor } = hge(() => done({ their_number: 'A-1', wb: '12345' }), {
      service: 'P10001',
      assumed: {
        request: { weight: 'weightD', parcels: 'parcels' },
        fields: { orderNumber: 'their_number', waybill: ['wb'] },
      },
    });
    const outcome = await vendor.send(testCall('placeOrder', { facts: { service: null } }));
    expect(outcome).toEqual({ kind: 'done', result: { vendorOrderNumber: 'A-1', waybill: '12345' } });
    expect(bodyOf(ports.sent.at(-1))).toMatchObject({ service_code: 'P10001', parcels: [{ weightD: 1.234 }] });
  });

  test.each([
    [done({ order_num: 'HGE1' }), { kind: 'done', result: { vendorOrderNumber: 'HGE1', waybill: null } }],
    [
      done([{ order_no: 1234567, tracking_num: ' LH1 ' }]),
      { result: { vendorOrderNumber: '1234567', waybill: 'LH1' } },
    ],
    [
      done({ customer_order_num: reference }),
      { kind: 'done', result: { vendorOrderNumber: reference, waybill: null } },
    ],
    [done({ customer_order_num: 'OTHER', order_num: 'HGE1' }), { kind: 'unknown', code: 'other-order' }],
    [done(null), { kind: 'unknown', code: 'no-data' }],
    [answerOf({ code: 200, success: false, detail: 'no' }), { kind: 'unknown', code: 'no-success' }],
    [answerOf({ code: 200, success: 'true', data: {} }), { kind: 'unknown' }],
    [refused(301, '重复请求'), { kind: 'unknown', code: '301' }],
    [refused(400, 'bad postcode'), { kind: 'rejected', message: 'bad postcode (code 400)' }],
    [refused(500, ''), { kind: 'unknown', code: '500' }],
    [refused(777, ''), { kind: 'unknown', code: '777' }],
    [done({ order_num: 'HGE1', tracking_num: 9.2612901e22 }), { result: { waybill: null } }],
  ])('answer %# is understood', async (answer, expected) => {
    const { vendor } = hge(() => answer);
    expect(await vendor.send(testCall('placeOrder', { earlier: {} }))).toMatchObject(expected);
  });
});

describe('authentication', () => {
  test('bearer: a token is fetched once and sent', async () => {
    const { ports, vendor } = hge(() => done({ order_num: 'HGE1' }));
    await vendor.send(testCall('placeOrder'));
    await vendor.send(testCall('placeOrder'));
    expect(ports.sent.map((request) => request.headers['authorization'])).toEqual([
      undefined,
      'Bearer tok',
      'Bearer tok',
    ]);
    expect(bodyOf(ports.sent[0])).toEqual({ api_key: 'abcdefght', api_secret: '123456789' });
  });

  test('bearer with a token from the profile fetches none, and a refused one is an auth error', async () => {
    const { ports, vendor } = hge(() => refused(401, 'expired'), { token: 'given' });
    expect(await vendor.send(testCall('confirm'))).toMatchObject({ kind: 'auth', code: '401' });
    expect(ports.sent.every((request) => request.headers['authorization'] === 'Bearer given')).toBe(true);
  });

  test('signed: lower-case MD5 of key, secret, timestamp in seconds and the exact body', async () => {
    const { ports, vendor } = hge(() => done({ order_num: 'HGE1' }), { auth: 'signed', language: 'en' });
    await vendor.send(testCall('placeOrder'));
    const [request] = ports.sent;
    expect(request?.headers).toMatchObject({
      api_key: 'abcdefght',
      timestamp: String(testNow / 1000),
      'accept-language': 'en',
      signature: md5Hex('abcdefght', '123456789', String(testNow / 1000), request?.body ?? ''),
    });
    // What the printed rule gives for the page's example body (its printed signature does not follow from its rule).
    expect(md5Hex('abcdefght', '123456789', '1766304000', '{"field":"value"}')).toBe(
      'c5ecb0591afc960b4822d7a0e31070d4',
    );
  });
});

describe('reconciling', () => {
  const ask = (
    operation: 'placeOrder' | 'confirm' | 'fetchLabel',
    answer: HttpOutcome,
    earlier = {},
  ): Promise<ReconcileOutcome> => hge(() => answer).vendor.reconcile(testCall(operation, { earlier }));

  test.each<[HttpOutcome, object]>([
    [
      done({ customer_order_num: reference, order_num: 'HGE1', tracking_num: 'LH1' }),
      { kind: 'found', result: { vendorOrderNumber: 'HGE1', waybill: 'LH1' } },
    ],
    [
      done([
        { customer_order_num: 'X1X', order_num: 'HGE0' },
        { customer_order_num: reference, order_num: 'HGE1' },
      ]),
      { kind: 'found', result: { vendorOrderNumber: 'HGE1' } },
    ],
    [done({ order_num: 'HGE1' }), { kind: 'found' }],
    [done([]), { kind: 'not-found' }],
    [done({}), { kind: 'not-found' }],
    [done({ list: [] }), { kind: 'not-found' }],
    [done(null), { kind: 'not-found' }],
    [answerOf({ code: 200, success: true }), { kind: 'unsure', code: 'no-data' }],
    [done('ok'), { kind: 'unsure', code: 'no-data' }],
    [done({ customer_order_num: 'OTHER', order_num: 'HGE1' }), { kind: 'unsure', code: 'other-order' }],
    [done({ remark: 'x' }), { kind: 'unsure', code: 'no-order-number' }],
    [refused(404, ''), { kind: 'not-found' }],
    [refused(400, '订单不存在'), { kind: 'not-found' }],
    [refused(400, 'bad num_type'), { kind: 'unsure' }],
    [refused(500, 'not found'), { kind: 'unsure' }],
    [{ kind: 'no-answer', reason: 'timeout', message: 'm' }, { kind: 'unsure' }],
  ])('an order asked for with answer %# ', async (answer, expected) => {
    expect(await ask('placeOrder', answer)).toMatchObject(expected);
  });

  test('asks by our own number', async () => {
    const { ports, vendor } = hge(() => done([]));
    await vendor.reconcile(testCall('placeOrder'));
    expect(ports.sent.at(-1)?.url).toBe('http://hge.test/openapi/customer/query_order/');
    expect(bodyOf(ports.sent.at(-1))).toEqual({ num_type: 1, num: reference });
  });

  test.each([
    [done({ order_num: 'HGE1', tracking_num: 'LH1' }), {}, { kind: 'found', result: { waybill: 'LH1' } }],
    [done({ order_num: 'HGE1', status: 'confirmed' }), {}, { kind: 'found' }],
    [done({ order_num: 'HGE1', status: 'created' }), {}, { kind: 'not-found' }],
    [done({ order_num: 'HGE1' }), {}, { kind: 'not-found' }],
    [done([]), {}, { kind: 'unsure', code: 'order-absent' }],
    [
      done({ order_num: 'HGE1', tracking_num: 'LH1', status: '??' }),
      { placeOrder: { vendorOrderNumber: 'HGE1', waybill: 'LH1' } },
      { kind: 'unsure', code: 'status-unknown' },
    ],
  ])('a confirmation asked for with answer %#', async (answer, earlier, expected) => {
    expect(await ask('confirm', answer, earlier)).toMatchObject(expected);
  });

  test('a label is never asked about: fetching it may repeat', async () => {
    expect(await ask('fetchLabel', done({}))).toMatchObject({ kind: 'unsure', code: 'cannot-ask' });
  });
});

describe('labels', () => {
  const pdf = Buffer.from('%PDF-1.7\nx').toString('base64');
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]).toString('base64');
  const zpl = '^XA^FO10,10^FDx^FS^XZ';
  const names = defaults.assumed.fields.label;

  test.each([
    [{ label: pdf }, 'application/pdf'],
    [{ label: `data:application/pdf;base64,${pdf}` }, 'application/pdf'],
    [{ label_base64: png }, 'image/png'],
    [{ label: zpl }, 'application/zpl'],
    [{ label: Buffer.from(`\n${zpl}`).toString('base64') }, 'application/zpl'],
    [{ labels: [{ content: pdf }] }, 'application/pdf'],
    [[{ label: { base64: png } }, { other: 1 }], 'image/png'],
    [{ label: Buffer.from('GIF89a........').toString('base64') }, 'image/gif'],
    [{ label: Buffer.from('\xff\xd8\xff\xe0........', 'latin1').toString('base64') }, 'image/jpeg'],
    [{ label: Buffer.from('\nN\nA1,1,0,3,1,1,N,"x"\nP1\n').toString('base64') }, 'application/epl'],
    [{ label: [pdf, pdf] }, 'application/pdf'],
    [pdf, 'application/pdf'],
  ])('label %# is found and its type read from its bytes', (data, type) => {
    expect(findLabel(data, names)).toMatchObject({ kind: 'artwork', artwork: { type } });
  });

  test.each([
    [{ label: Buffer.from('<html>login</html>').toString('base64') }, 'web page'],
    [{ label: Buffer.from('BM89a........').toString('base64') }, 'neither PDF'],
    [{ label: '<b>no</b>' }, 'neither base64'],
    [{ label: 42 }, 'no text'],
    [{ label: { x: 1 } }, 'no text'],
    [{ label: [pdf, png] }, '2 labels'],
  ])('label %j is unreadable: %s', (data, reason) => {
    expect(findLabel(data, names)).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringContaining(reason) as string,
    });
  });

  test.each([[{}], [{ label: '' }], [{ label: null }], [null], [[]]])('in %j there is none yet', (data) => {
    expect(findLabel(data, names)).toEqual({ kind: 'none' });
  });

  test('a web page as bytes is told apart', () => {
    expect(readLabelBytes(Buffer.from('  <html>'))).toMatchObject({
      reason: expect.stringContaining('web page') as string,
    });
  });

  const fetchLabel = (respond: (request: HttpRequest) => HttpOutcome, earlier: object): Promise<SendOutcome> =>
    hge(respond).vendor.send(testCall('fetchLabel', { earlier }));
  const placed = { placeOrder: { vendorOrderNumber: 'HGE1', waybill: null } };
  const confirmed = { ...placed, confirm: { waybill: 'LH1' } };
  const asPdf = { type: 'application/pdf', base64: pdf };

  test('the waybill comes from the label’s answer, else the confirmation, else the order, else the query', async () => {
    const both = done({ label: pdf, tracking_num: 'LH1' });
    expect(await fetchLabel(() => both, placed)).toEqual({ kind: 'done', result: { waybill: 'LH1', artwork: asPdf } });
    const bare = done({ label: pdf });
    expect(await fetchLabel(() => bare, confirmed)).toMatchObject({ result: { waybill: 'LH1' } });
    expect(await fetchLabel(() => bare, { placeOrder: { vendorOrderNumber: 'HGE1', waybill: 'LH2' } })).toMatchObject({
      result: { waybill: 'LH2' },
    });
    const query = (waybill: string | null) => (request: HttpRequest) =>
      request.url.endsWith('query_order/') ? done({ order_num: 'HGE1', tracking_num: waybill }) : bare;
    expect(await fetchLabel(query('LH3'), placed)).toMatchObject({ kind: 'done', result: { waybill: 'LH3' } });
    expect(await fetchLabel(query(null), placed)).toMatchObject({ kind: 'transient', code: 'waybill-pending' });
  });

  test('a label of another waybill, order or customer number is never taken', async () => {
    for (const data of [
      { label: pdf, tracking_num: 'LH9' },
      { label: pdf, order_num: 'HGE9' },
      { label: pdf, tracking_num: 'LH1', customer_order_num: 'OTHER' },
    ]) {
      expect(await fetchLabel(() => done(data), confirmed)).toMatchObject({ kind: 'unknown', code: 'other-order' });
    }
  });

  test('no label yet is transient, an unreadable one is rejected in one line', async () => {
    expect(await fetchLabel(() => done({}), confirmed)).toMatchObject({ kind: 'transient', code: 'label-pending' });
    expect(await fetchLabel(() => done({ label: '???' }), confirmed)).toMatchObject({
      kind: 'rejected',
      code: 'label-unreadable',
    });
  });

  test('bytes instead of an envelope are taken', async () => {
    const bytes = Buffer.from('%PDF-1.7\nx');
    expect(await fetchLabel(() => answerOf(bytes), confirmed)).toMatchObject({
      kind: 'done',
      result: { artwork: asPdf },
    });
  });

  test('an address on the vendor’s host is fetched, one that is not https or lies inside is not', async () => {
    const respond = (url: string) => (request: HttpRequest) =>
      request.method === 'GET' ? answerOf(Buffer.from('%PDF-1.7\nx')) : done({ label_url: url });
    const { ports, vendor } = hge(respond('http://hge.test/files/1.pdf'));
    expect(await vendor.send(testCall('fetchLabel', { earlier: confirmed }))).toMatchObject({
      result: { artwork: asPdf },
    });
    expect(ports.sent.at(-1)).toMatchObject({ method: 'GET', url: 'http://hge.test/files/1.pdf' });
    for (const url of ['http://evil.test/1.pdf', 'https://192.168.0.9/1.pdf', 'http://hge.test.evil.test/1.pdf']) {
      const other = hge(respond(url));
      expect(await other.vendor.send(testCall('fetchLabel', { earlier: confirmed }))).toMatchObject({
        code: 'label-unreadable',
      });
      expect(other.ports.sent.some((request) => request.method === 'GET')).toBe(false);
    }
  });

  test('a label on another public host is fetched without our credentials', async () => {
    const { ports, vendor } = hge((request: HttpRequest) =>
      request.method === 'GET' ? answerOf(Buffer.from('%PDF-1.7\nx')) : done({ label_url: 'https://cdn.test/1.pdf' }),
    );
    expect(await vendor.send(testCall('fetchLabel', { earlier: confirmed }))).toMatchObject({
      result: { artwork: asPdf },
    });
    expect(ports.sent.at(-1)).toMatchObject({ url: 'https://cdn.test/1.pdf', headers: {}, publicOnly: true });
  });

  test('redirects are followed three times at most, and on the same host only', async () => {
    const respond = (locations: readonly string[]) => {
      const left = [...locations];
      return (request: HttpRequest) => {
        if (request.method !== 'GET') return done({ label_url: 'http://hge.test/0.pdf' });
        const location = left.shift();
        return location === undefined
          ? answerOf(Buffer.from('%PDF-1.7\nx'))
          : answerOf('', { status: 302, headers: { location } });
      };
    };
    expect((await fetchLabel(respond(['/1.pdf', '/2.pdf', '/3.pdf']), confirmed)).kind).toBe('done');
    expect(await fetchLabel(respond(['/1', '/2', '/3', '/4']), confirmed)).toMatchObject({ code: 'label-unreadable' });
    expect(await fetchLabel(respond(['http://evil.test/1']), confirmed)).toMatchObject({
      message: expect.stringContaining('another host, evil.test'),
    });
  });

  test('a label that is too large is refused, not asked for again', async () => {
    const tooLarge: HttpOutcome = { kind: 'no-answer', reason: 'too-large', message: 'answer above 16777216 bytes' };
    const outcome = await fetchLabel(
      (request) => (request.method === 'GET' ? tooLarge : done({ label_url: 'http://hge.test/1' })),
      confirmed,
    );
    expect(outcome).toMatchObject({ kind: 'rejected', message: 'the label is larger than 16 MB' });
  });

  test('an address that answers a web page or a redirect gives no label', async () => {
    const respond = (answer: HttpOutcome) => (request: HttpRequest) =>
      request.method === 'GET' ? answer : done({ label_url: 'http://hge.test/1' });
    expect(await fetchLabel(respond(answerOf('<html>')), confirmed)).toMatchObject({ code: 'label-unreadable' });
    expect((await fetchLabel(respond(answerOf('', { status: 302 })), confirmed)).kind).not.toBe('done');
  });
});

test('the check passes if the vendor answers about an order that cannot exist, and fails on wrong credentials', async () => {
  await expect(hge(() => refused(404, 'not found')).vendor.check?.()).resolves.toBeUndefined();
  await expect(hge(() => refused(401, 'no')).vendor.check?.()).rejects.toMatchObject({ kind: 'auth' });
});
