import { describe, expect, test } from 'vitest';
import { answerOf, scriptedPorts, testCall, testNow } from '../kit/testing.ts';
import { parseWritten } from './calls.ts';
import { createWaiqin365 } from './client.ts';
import { conformanceCase } from './conformance-case.ts';
import sampleForm from './fixtures/sales-orders-sample.json' with { type: 'json' };
import tableForm from './fixtures/sales-orders-table-form.json' with { type: 'json' };
import { manifestWith } from './manifest.ts';
import { waiqin365 } from './module.ts';
import * as params from './params.ts';
import { readSalesOrder } from './sales-order.ts';
import * as samples from './samples.ts';
import { settings } from './settings.ts';

const long = (length: number): string => '长'.repeat(length);
const query = (change: object) => params.salesOrderQuery.safeParse(change).success;
const order = (change: object) => params.orderChange.safeParse({ ...samples.orderChangeSample, ...change }).success;
const line = (change: object) => order({ products: [{ code: 'P1', ...change }] });

describe('documented limits', () => {
  test.each(
    ['order_no', 's_cmCode', 's_cmName', 's_supplyCode', 's_supplyName', 'emp_code', 'emp_name'].map((name) => [name]),
  )('查询分销订单 %s: 32 characters and no more', (name) => {
    expect(query({ [name]: long(32) })).toBe(true);
    expect(query({ [name]: long(33) })).toBe(false);
  });

  test.each([
    [{ page_length: 1000 }, true],
    [{ page_length: 1001 }, false],
    [{ page_number: 0 }, false],
    [{ s_status: '0' }, true],
    [{ s_status: '2' }, false],
    [{ after_modify_date: '2017-05-01 00:00:00' }, true],
    [{ after_modify_date: '2017-05-01' }, false],
    [{ start_create_date: '2017-05-01' }, true],
    [{ start_create_date: '2017-05-01 00:00:00' }, false],
    [{ s_orderClass: 'HC' }, true],
    [{ s_orderClass: 'XX' }, false],
    [{ order_number: '1' }, false],
  ])('查询分销订单 with %j: %s', (change, accepted) => {
    expect(query(change)).toBe(accepted);
  });

  test.each([
    [{ operate_type: '3' }, false],
    [{ operate_type: '2', order_no: undefined }, false],
    [{ operate_type: '1', order_no: undefined }, true],
    [{ cm_id: undefined, cm_code: undefined }, false],
    [{ cm_id: '', cm_code: '', cm_source_code: 'S' }, true],
    [{ supply_code: undefined }, false],
    [{ date: '2016-12-09 12:12:00' }, false],
    [{ consignment_date: '2016-12-10 00:00' }, false],
    [{ receive_phone: long(33) }, false],
    [{ receive_addr: long(1001) }, false],
    [{ order_amount: '1.234' }, false],
    [{ exts: [{ ext_key: '', ext_value: '' }] }, false],
    [{ exts: [{ ext_key: long(4001), ext_value: '' }] }, false],
  ])('新增分销订单 with %j: %s', (change, accepted) => {
    expect(order(change)).toBe(accepted);
  });

  test.each([
    [{ id: '1', code: undefined }, true],
    [{ code: undefined }, false],
    [{ is_gift: 'Y' }, false],
    [{ is_gift: 1, price: '0' }, true],
    [{ is_gift: '1', price: '5' }, false],
    [{ num: '1234567890.12345678' }, true],
    [{ num: '12345678901' }, false],
    [{ num: '1.123456789' }, false],
    [{ posnr: '1.5' }, false],
  ])('新增分销订单 line %j: %s', (change, accepted) => {
    expect(line(change)).toBe(accepted);
  });

  test.each([
    [params.approval, { order_no: '1', approver_id: '2', verify_type: '1' }, true],
    [params.approval, { order_no: '1', verify_type: '1' }, false],
    [params.approval, { approver_id: '2', verify_type: '1' }, false],
    [params.approval, { order_no: '1', approver_id: '2', verify_type: '2' }, false],
    [params.approval, { order_no: '1', approver_id: '2', verify_type: '0', verify_reason: long(101) }, false],
    [params.closing, { order_id: '1' }, true],
    [params.closing, { order_create_date: '2016-12-10' }, false],
    [params.orderFields, { exts: [] }, false],
    [params.orderFields, { order_no: '1', products: [{ id: '1' }] }, false],
    [params.signedQuantities, { ...samples.signedQuantitiesSample, prods: [] }, false],
    [params.signedQuantities, { ...samples.signedQuantitiesSample, sent_create_date: '' }, false],
    [params.deliveryOrder, { order_no: '1', unknown_yet: 'x' }, true],
    [params.deliveryOrder, { sent_no: '1' }, false],
    [params.deliveryOrder, { order_no: '1', sent_no: long(101) }, false],
  ])('%# %j: %s', (schema, value, accepted) => {
    expect(schema.safeParse(value).success).toBe(accepted);
  });
});

describe('answers', () => {
  test('every field of sample and table is read, others stay in raw', () => {
    for (const record of [...sampleForm, ...tableForm]) {
      const read = readSalesOrder({ ...record, field_of_next_year: 1 });
      expect(read.reason).toBeNull();
      const known = read.order as unknown as Record<string, unknown>;
      expect(Object.keys(record).filter((name) => !Object.hasOwn(known, name))).toEqual([]);
      const [product] = (record as { prods: object[] }).prods;
      const [readLine] = known['prods'] as object[];
      expect(Object.keys(product ?? {}).filter((name) => !Object.hasOwn(readLine ?? {}, name))).toEqual([]);
      expect(read.raw).toHaveProperty('field_of_next_year');
    }
    expect(readSalesOrder({ id: Number('7226306356013346628') })).toMatchObject({ order: null });
  });

  test('the document’s sample of approve says 1, which is 失败', () => {
    expect(parseWritten(answerOf({ msg_id: 'X000001', return_code: 1, return_msg: '' })).kind).toBe('rejected');
    expect(parseWritten(answerOf({ return_code: 0, order_id: '1', order_no: 'D' }))).toMatchObject({
      result: { orderId: '1', orderNumber: 'D' },
    });
  });
});

describe('writing back', () => {
  const over = (writeBack: object) => {
    const ports = scriptedPorts(() => answerOf({ return_code: 0, return_msg: '', msg_id: '' }));
    const vendor = createWaiqin365(settings.parse({ ...conformanceCase.settings, writeBack }), ports);
    const body = (): unknown => JSON.parse(new TextDecoder().decode(ports.sent.at(-1)?.body ?? new Uint8Array()));
    return { ports, vendor, body };
  };
  const shipment = testCall('recordShipment');

  test('is not planned unless the profile says so', async () => {
    expect(Object.keys(over({ kind: 'none' }).vendor.operations)).toEqual([]);
    expect(await over({ kind: 'none' }).vendor.send(shipment)).toMatchObject({ code: 'unsupported' });
    for (const kind of ['custom-field', 'delivery-order'] as const) {
      const { operations } = manifestWith(settings.parse({ ...conformanceCase.settings, writeBack: { kind } }));
      const planned = operations.filter((row) => row.traits !== null).map((row) => row.name);
      expect(planned.sort()).toEqual(Object.keys(over({ kind }).vendor.operations).sort());
      expect(waiqin365.plans?.(settings.parse({ ...conformanceCase.settings, writeBack: { kind } }))).toEqual([
        'recordShipment',
      ]);
    }
  });

  test('custom-field: the waybill into the named field, every attempt under its own msg_id', async () => {
    const { ports, vendor, body } = over({ kind: 'custom-field', field: '运单' });
    expect(await vendor.send(shipment)).toEqual({ kind: 'done', result: { confirmation: 'return_code 0' } });
    await vendor.send({ ...shipment, attempt: 2 });
    expect(body()).toEqual({
      order_no: 'DD201612090000001',
      exts: [{ ext_key: '运单', ext_value: '9261290100000000000012' }],
    });
    expect(ports.sent[0]?.url).toContain('/dmssalesorder/v1/modifyOrderExtData/');
    expect(new Set(ports.sent.map((request) => request.url.split('/').at(-1))).size).toBe(2);
    expect(await vendor.send(testCall('recordShipment', { earlier: {} }))).toMatchObject({ code: 'waybill-missing' });
  });

  test('delivery-order: our reference is its number, so that a repeat modifies it', async () => {
    const { vendor, body } = over({ kind: 'delivery-order', waybillField: '运单', productCode: 'product_code' });
    expect((await vendor.send(shipment)).kind).toBe('done');
    expect(body()).toMatchObject({
      sent_no: shipment.facts.reference,
      sent_date: new Date(testNow + 8 * 3_600_000).toISOString().slice(0, 10),
      exts: [{ ext_key: '运单', ext_value: '9261290100000000000012' }],
      prods: [{ product_code: 'P0001', posnr: '10', sent_num: '20', sent_input_unit_name: '箱' }],
    });
  });
});
