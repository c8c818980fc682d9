/** A scan while the goods are being verified. */
import { judgeItem } from '../domain/packing.ts';
import { sameCode, sameProduct } from '../domain/scan.ts';
import { no, notice, notNow, yes, type Answer } from './answer.ts';
import type { DeskContext } from './desk-context.ts';

/** `count` comes from a quantity barcode scanned before; 1 without one. */
export function scanItem(desk: DeskContext, code: string, count: number): Answer {
  const { store } = desk;
  const work = desk.work();
  const { order } = desk.facts();
  if (order === null || work === null) return notNow(code);
  const verdict = judgeItem(order.lines, work.scans, code, sameProduct, count);
  switch (verdict.kind) {
    case 'not-in-order': {
      if (sameCode(code, order.number)) return notNow(code);
      if (store.orders.findByNumber(code) !== null) {
        return no(notice('scan.other-order-open', 'warn', { number: order.number }));
      }
      const refusal = store.orders.knowsProduct(code) ? 'scan.item-wrong' : 'scan.item-unknown';
      desk.record('item-refused', { code, reason: refusal });
      return no(notice(refusal, 'stop', { code }));
    }
    case 'surplus':
      desk.record('item-refused', { code, reason: 'scan.item-surplus' });
      return no(notice('scan.item-surplus', 'stop', { name: verdict.line.productName, needed: verdict.needed }));
    case 'accepted': {
      const { productName: name } = verdict.line;
      store.transaction(() => {
        const detail = { code, line: verdict.line.id, done: verdict.done, needed: verdict.needed };
        store.events.append('item-scanned', { orderId: order.id }, detail);
        desk.keep({ ...work, scans: [...work.scans, ...verdict.lines] });
      });
      if (verdict.orderDone) return yes(notice('scan.items-done', 'ok'), 'line-done');
      if (verdict.lineDone) return yes(notice('scan.line-done', 'ok', { name }), 'line-done');
      return yes(notice('scan.item-ok', 'ok', { name, done: verdict.done, needed: verdict.needed }), 'item');
    }
  }
}
