import * as fc from 'fast-check';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordingLog } from '../../test/kit/ports.ts';
import { aJob, aParcel, aPulledOrder, openTestStore, someFacts, type TestStore } from '../../test/kit/store.ts';
import { csvCell, exportAudit, exportOrder, recordCall } from './audit.ts';

let opened: TestStore;
let orderId: string;

beforeEach(() => {
  opened = openTestStore();
  ({ orderId } = opened.store.orders.upsert('waiqin365', aPulledOrder({ number: 'SO/7' })));
  opened.store.parcels.insert(aParcel(orderId));
});
afterEach(() => opened.remove());

const read = (text: string): { chain: string; brokenAt: number | null; events: Record<string, unknown>[] } =>
  JSON.parse(text) as never;

test('an order is exported with its parcel, in order, with the proof that nothing was taken out', () => {
  const { events } = opened.store;
  events.append('order-opened', { orderId }, { desk: 'D01' });
  events.append('print-claimed', { parcelId: 'parcel-1' }, { copy: 1, reason: 'torn', person: 'A1 李雷' });
  events.append('routes-saved', {}, {});
  const { fileName, text, rows, brokenAt } = exportOrder(opened.store, orderId, 'json', 0);
  expect(fileName).toBe('audit-SO_7.json');
  expect({ rows, brokenAt }).toEqual({ rows: 2, brokenAt: null });
  const out = read(text);
  expect(out).toMatchObject({
    chain: 'unbroken',
    events: [{ kind: 'order-opened', orderNumber: 'SO/7' }, { parcelId: 'parcel-1' }],
  });
});

test('a row that was edited is named, whichever order is exported', () => {
  opened.store.events.append('order-opened', { orderId }, {});
  opened.store.events.append('item-scanned', { orderId }, { code: 'A' });
  // Behind the station's back, as somebody with the file could.
  const raw = new DatabaseSync(opened.path);
  raw.exec("DROP TRIGGER events_fixed; UPDATE events SET detail = '{}' WHERE kind = 'item-scanned'");
  const changed = Number(raw.prepare("SELECT seq FROM events WHERE kind = 'item-scanned'").get()?.['seq']);
  raw.close();
  expect(exportAudit(opened.store, { orderId }, 'csv', 0).brokenAt).toBe(changed);
});

test('phone numbers are masked and secrets are gone, whatever event holds them', () => {
  opened.store.events.append('address-corrected', { orderId }, { after: { phone: '13812345678', apiSecret: 'abc' } });
  const { text } = exportAudit(opened.store, { orderId }, 'json', 0);
  expect(text).toContain('138****5678');
  expect(text).not.toMatch(/13812345678|abc/);
});

test('no cell can be taken for a formula, and every cell comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('=1+1', '+1', '-1', '@x', '\t=1', '\r=1', ' =1', '＝1')),
      (value) => {
        const cell = csvCell(value);
        const inside = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect(inside).not.toMatch(/^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/);
        expect([value, `'${value}`]).toContain(inside);
        if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\r\n]/);
      },
    ),
  );
});

test('a call is on record with its id, outcome and time, and without what names a person', () => {
  const log = recordingLog();
  const job = aJob({ attempts: 2, facts: someFacts() });
  recordCall(
    opened.store,
    log,
  )({
    ...{ job, kind: 'sent', probe: false, tookMs: 123.4 },
    outcome: {
      kind: 'done',
      result: { waybill: 'W1', artwork: { type: 'application/pdf', base64: 'A'.repeat(9_000) } },
    },
  });
  const [event] = opened.store.events.listForOrder(orderId);
  expect(event).toMatchObject({
    kind: 'vendor-called',
    detail: { operation: 'placeOrder', requestId: 'request-job-1', attempt: 2, outcome: 'done', durationMs: 123 },
  });
  const text = JSON.stringify(event);
  expect(text).toContain('W1');
  expect(text).toContain('(9000 characters)');
  expect(text).not.toMatch(/李雷|文三路|13800000000/);
});

test('facts of another version are no reason to lose the outcome', () => {
  const log = recordingLog();
  const job = aJob({ facts: { parcelId: 'parcel-1' } as never });
  recordCall(
    opened.store,
    log,
  )({ job, kind: 'sent', probe: false, tookMs: 1, outcome: { kind: 'rejected', code: 'x', message: 'y' } });
  expect(log.lines).toHaveLength(1);
});
