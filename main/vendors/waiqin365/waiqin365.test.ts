import { describe, expect, test } from 'vitest';
import type { HttpAnswer, HttpRequest } from '../../ports.ts';
import { answerOf, scriptedPorts, testNow } from '../kit/testing.ts';
import { shanghaiText } from '../kit/time.ts';
import { parsePage } from './calls.ts';
import { createWaiqin365 } from './client.ts';
import { conformanceCase } from './conformance-case.ts';
import { countryCode } from './country.ts';
import sampleForm from './fixtures/sales-orders-sample.json' with { type: 'json' };
import tableForm from './fixtures/sales-orders-table-form.json' with { type: 'json' };
import { mapRecord } from './map.ts';
import { settings } from './settings.ts';
import { digestOf, messageId } from './sign.ts';

const defaults = settings.parse(conformanceCase.settings);
const record = tableForm[0] ?? {};
const product = (record as { prods?: object[] }).prods?.[0] ?? {};

describe('signing', () => {
  test('the digest reproduces the public manual’s example, hashed as raw text', () => {
    const body = '{"org_id":"ORG001","org_name":"南京掌控网络","org_parent_id":"","org_sequence":001}';
    expect(digestOf(new TextEncoder().encode(body), 'BFCO0PAgIUgd50c0l6', '20150806142836')).toBe(
      '74267bf0cae0998a719879ec9b3c7780',
    );
  });

  test('msg_id is a UUID without dashes: 32 characters', () => {
    expect(messageId('018f3b52-aaaa-7000-8000-000000000001')).toBe('018f3b52aaaa70008000000000000001');
  });
});

describe('mapping', () => {
  const order = (change: object) => {
    const mapped = mapRecord({ ...record, ...change }, defaults);
    if (!mapped.ok) throw new Error(mapped.refused.reason);
    return mapped.order;
  };

  test('the document’s sample (purchase_* names) is one waiting order with one line', () => {
    const mapped = mapRecord(sampleForm[0], defaults);
    expect(mapped).toMatchObject({
      ok: true,
      order: {
        vendorOrderId: '7226306356013346628',
        number: 'CK201612010001',
        state: 'waiting',
        vendorStatus: 'CG_DFH',
        customerName: '南京苏果超市',
        receiver: { name: '李四', phone: '18254623212', country: 'CN', line1: '江苏省南京建邺区云龙山路66号' },
        remark: '请尽快送货',
        dueDate: '2016-12-01',
        modifiedAt: Date.UTC(2016, 10, 30, 16, 0, 0, 999),
        lines: [
          {
            vendorLineId: '4843786111936788462',
            productCode: 'P0001',
            unitName: '箱',
            quantity: '20',
            baseUnitName: '瓶',
            baseQuantity: '120',
            price: '10',
            gift: false,
            remark: '易损件',
            barcodes: [],
          },
        ],
      },
    });
  });

  test('the table’s form (order_* names) brings custom fields, phone from receive_tel, barcodes and gifts', () => {
    expect(order({})).toMatchObject({
      number: 'DD201612010001',
      receiver: { phone: '02589652314', country: 'US', state: 'CA', postcode: '90001' },
      lines: [{ barcodes: ['S-1', '6901234567892', '6901234567893'], gift: true, price: '10.5', quantity: '20' }],
    });
  });

  test.each([
    ['XS_DFH', 'waiting'],
    ['CG_DFH', 'waiting'],
    ['XS_DQR', 'held'],
    ['XS_FHZ', 'held'],
    ['XS_DQS', 'closed'],
    ['XS_YWC', 'closed'],
    ['XS_YQX', 'cancelled'],
    ['XS_NEW', 'held'],
    ['constructor', 'held'],
    ['', 'held'],
  ])('status %j is %s', (word, state) => {
    expect(order({ order_status: word }).state).toBe(state);
  });

  test('a deleted record is deleted whatever its status word, even if its lines do not parse', () => {
    expect(order({ status: '0', prods: [{}] })).toMatchObject({ state: 'deleted', lines: [] });
    expect(order({ status: 0 }).state).toBe('deleted');
  });

  test('the profile can say otherwise', () => {
    const mapped = mapRecord({ ...record, order_status: 'XS_FHZ' }, { ...defaults, statuses: { XS_FHZ: 'waiting' } });
    expect(mapped).toMatchObject({ order: { state: 'waiting' } });
  });

  test.each([
    [{ prods: [] }, 'no lines'],
    [{ prods: undefined }, 'no lines'],
    [{ prods: 'x' }, 'no lines'],
    [{ prods: [{ ...product, order_count: '0.00' }] }, 'line 1: quantity'],
    [{ prods: [product, { ...product, order_count: '-1' }] }, 'line 2: quantity'],
    [{ prods: [{ ...product, order_count: 1e21 }] }, 'line 1: quantity'],
    [{ prods: [{ ...product, detail_id: Number('4843786111936788462') }] }, 'too large to be exact'],
    [{ id: Number('7226306356013346628') }, 'too large to be exact'],
    [{ exts: [{ ext_key: '国家', ext_value: '火星' }] }, 'country "火星"'],
    [{ order_no: '', purchase_no: null }, 'no number'],
    [{ receive_name: { first: 'x' } }, 'receive_name'],
  ])('a record with %j is refused: %s', (change, reason) => {
    const mapped = mapRecord({ ...record, ...change }, defaults);
    expect(mapped.ok).toBe(false);
    if (mapped.ok) return;
    expect(mapped.refused.reason).toContain(reason);
    expect(mapped.refused.reason).not.toContain('\n');
    expect(mapped.refused.number).toBe('order_no' in change ? null : 'DD201612010001');
  });

  test.each([null, 1, 'x', [], {}])('%j as a record is refused, not thrown', (raw) => {
    expect(mapRecord(raw, defaults).ok).toBe(false);
  });

  test.each([
    ['US', 'US'],
    ['usa', 'US'],
    ['美国', 'US'],
    ['Germany', 'DE'],
    ['中国', 'CN'],
    ['UK', 'GB'],
    ['EU', null],
    ['火星', null],
  ])('country %s is %s', (text, code) => {
    expect(countryCode(text)).toBe(code);
  });
});

describe('answers', () => {
  const data = JSON.stringify([record]);
  test.each([
    [{ return_code: '0', response_data: data }, 1],
    [{ return_code: 0, response_data: data }, 1],
    [{ return_code: 0, response_data: [record, record] }, 2],
    [{ return_code: '0', response_data: '' }, 0],
    [{ return_code: '0', response_data: '[]' }, 0],
    [{ return_code: '0' }, 0],
    [{ return_code: '0', response_data: null }, 0],
  ])('%j has its records', (body, count) => {
    const outcome = parsePage(answerOf(body));
    expect(outcome.kind === 'done' && outcome.result.length).toBe(count);
  });

  test.each([
    [{ return_code: '1', return_msg: '失败' }, 'rejected'],
    [{ return_code: 1, return_msg: '' }, 'rejected'],
    [{ return_code: '40001', return_msg: '' }, 'unknown'],
    [{ return_code: '0', response_data: '{"a":1}' }, 'unknown'],
    [{ return_code: '0', response_data: '<html>' }, 'unknown'],
    [{ return_code: '0', response_data: 7 }, 'unknown'],
    [{ return_code: 1e21 }, 'unknown'],
    [{}, 'unknown'],
    ['请求地址不正确或请求方法不存在', 'unknown'],
  ])('%j is %s', (body, kind) => {
    expect(parsePage(answerOf(body)).kind).toBe(kind);
  });
});

describe('pulling', () => {
  interface Query {
    page_number: number;
    page_length: number;
    s_status: string;
    after_modify_date?: string;
  }
  const queryOf = (request: HttpRequest): Query =>
    JSON.parse(new TextDecoder().decode(request.body ?? new Uint8Array())) as Query;
  const recordAt = (id: number, modifiedAt: number, change: object = {}): object => ({
    ...record,
    id: String(id),
    order_no: `N${id}`,
    modify_time_str: `${shanghaiText(modifiedAt)}.000`,
    ...change,
  });
  const page = (records: readonly object[]): HttpAnswer =>
    answerOf({ return_code: '0', return_msg: '', msg_id: '', response_data: JSON.stringify(records) });
  const upstream = (change: object, respond: (query: Query, index: number) => HttpAnswer) => {
    const ports = scriptedPorts((request, index) => respond(queryOf(request), index));
    const vendor = createWaiqin365(settings.parse({ ...conformanceCase.settings, ...change }), ports);
    const pull = (cursor: string | null) => {
      if (vendor.pullOrders === undefined) throw new Error('cannot pull');
      return vendor.pullOrders(cursor);
    };
    return { ports, pull };
  };

  test('the request is the documented one, signed', async () => {
    const { ports, pull } = upstream({}, () => page([]));
    await pull(null);
    const request = ports.sent[0];
    const url = new URL(request?.url ?? '');
    const [, api, app, version, method, openid, timestamp, digest, message] = url.pathname.split('/');
    expect([api, app, version, method]).toEqual(['api', 'dmsdatasearch', 'v1', 'getDmsSalesOrderInfos']);
    expect([openid, timestamp]).toEqual(['8888888888888888888', '20260105080000']);
    expect(digest).toBe(digestOf(request?.body ?? new Uint8Array(), 'BFCO0PAgIUgd50c0l6', '20260105080000'));
    expect(message).toMatch(/^[0-9a-f]{32}$/);
    expect(request && queryOf(request)).toEqual({ page_number: 1, page_length: 1000, s_status: '1' });
  });

  test('the first pull asks for everything, later ones from ten minutes before the newest change, deleted ones too', async () => {
    const newest = testNow - 3_600_000;
    const { ports, pull } = upstream({}, ({ s_status: status }) =>
      status === '1'
        ? page([recordAt(1, newest - 5_000), recordAt(2, newest)])
        : page([recordAt(3, newest, { status: '0' })]),
    );
    const first = await pull(null);
    expect(first.orders.map((order) => order.number)).toEqual(['N1', 'N2']);
    const second = await pull(first.cursor);
    expect(second.orders.map((order) => order.state)).toEqual(['waiting', 'waiting', 'deleted']);
    expect(ports.sent.map(queryOf).map((query) => [query.s_status, query.after_modify_date])).toEqual([
      ['1', undefined],
      ['1', shanghaiText(newest - 600_000)],
      ['0', shanghaiText(newest - 600_000)],
    ]);
  });

  test('an empty pull keeps the cursor, and a change stamped in the future does not move it past now', async () => {
    const { pull } = upstream({}, () => page([]));
    expect((await pull('m1700000000000')).cursor).toBe('m1700000000000');
    expect((await pull(null)).cursor).toBe('');
    expect((await pull('')).cursor).toBe('');
    const future = upstream({}, () => page([recordAt(1, testNow + 86_400_000)]));
    expect((await future.pull(null)).cursor).toBe(`m${testNow}`);
  });

  test('firstPullDays limits the first pull', async () => {
    const { ports, pull } = upstream({ firstPullDays: 2 }, () => page([]));
    await pull(null);
    expect(ports.sent.map(queryOf)[0]?.after_modify_date).toBe(shanghaiText(testNow - 2 * 86_400_000));
  });

  test('pages are read until one is not full, each under its own msg_id', async () => {
    const all = [1, 2, 3, 4, 5].map((id) => recordAt(id, testNow - id * 1_000));
    const { ports, pull } = upstream({ pageLength: 2 }, ({ page_number: number }) =>
      page(all.slice((number - 1) * 2, number * 2)),
    );
    expect((await pull(null)).orders.map((order) => order.number)).toEqual(['N1', 'N2', 'N3', 'N4', 'N5']);
    expect(ports.sent.map(queryOf).map((query) => query.page_number)).toEqual([1, 2, 3]);
    expect(new Set(ports.sent.map((request) => request.url.split('/').at(-1))).size).toBe(3);
  });

  test('an order that changes while pages are read makes none slip through', async () => {
    const before = [1, 2, 3, 4].map((id) => recordAt(id, testNow - 60_000 + id));
    // Order 1 changes after page 1 was read: it moves to the end, and order 3 moves up into page 1.
    const after = [...before.slice(1), recordAt(1, testNow + 1_000)];
    const { pull } = upstream({ pageLength: 2 }, ({ page_number: number }, index) =>
      page((index === 0 ? before : after).slice((number - 1) * 2, number * 2)),
    );
    expect((await pull(null)).orders.map((order) => order.number).sort()).toEqual(['N1', 'N2', 'N3', 'N4']);
  });

  test('a record that does not parse is reported, and the others are kept', async () => {
    const { pull } = upstream({}, () => page([recordAt(1, testNow), recordAt(2, testNow, { prods: [] })]));
    const { orders, refused } = await pull(null);
    expect(orders.map((order) => order.number)).toEqual(['N1']);
    expect(refused).toMatchObject([{ number: 'N2', reason: 'the order has no lines (prods is empty)' }]);
  });

  test('an unknown status holds the order and is logged once', async () => {
    const { ports, pull } = upstream({}, () => page([recordAt(1, testNow, { order_status: 'XS_NEW' })]));
    await pull(null);
    expect((await pull(null)).orders).toMatchObject([{ state: 'held', vendorStatus: 'XS_NEW' }]);
    expect(ports.logged.filter((line) => line.includes('unknown order status')).length).toBe(1);
  });

  test('a refusal and an endless answer are errors that say what to do', async () => {
    const refused = upstream({}, () => answerOf({ return_code: '1', return_msg: 'digest验证失败' }));
    await expect(refused.pull(null)).rejects.toMatchObject({ kind: 'rejected', message: 'digest验证失败 (code 1)' });
    const endless = upstream({ pageLength: 1 }, () => page([recordAt(1, testNow - 1_000)]));
    await expect(endless.pull(null)).rejects.toThrow('firstPullDays');
  });
});
