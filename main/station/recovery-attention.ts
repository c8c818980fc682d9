/** What a restoration left open, among the things only a person can decide, until they say that they saw it. */
import type { AttentionItem } from '../../preload/contract/index.ts';
import type { Attention } from '../desk/attention.ts';
import type { Store } from '../store/store.ts';
import type { SafeStore } from './safe-store.ts';

const prefix = 'recovery:';
const mostListed = 200;

/** Adds the last recovery, and each order it names, to the list; `seen` takes it off. */
export function withRecovery(attention: Attention, safe: SafeStore, store: Store): Attention {
  function items(): AttentionItem[] {
    const { recovery } = safe.facts();
    if (recovery === null) return [];
    const found: AttentionItem[] = recovery.lost
      .filter((each) => each.seen !== true)
      .slice(0, mostListed)
      .map(({ orderNumber }) => ({
        id: `${prefix}${orderNumber}`,
        orderId: store.orders.findByNumber(orderNumber)?.id ?? null,
        orderNumber,
        notice: { code: 'store.order-in-doubt', tone: 'stop', params: { number: orderNumber } },
        since: recovery.at,
        actions: ['seen'],
      }));
    if (recovery.seen) return found;
    const code = recovery.gaps === 0 ? 'store.restored' : recovery.snapshotAt === null ? 'store.empty' : 'store.gap';
    const open = recovery.lost.filter((each) => each.seen !== true).length;
    const summary: AttentionItem = {
      id: prefix,
      orderId: null,
      orderNumber: null,
      notice: { code, tone: recovery.gaps === 0 ? 'warn' : 'stop', params: { orders: open } },
      since: recovery.at,
      actions: ['seen'],
    };
    return [summary, ...found];
  }

  return {
    ...attention,
    list: () => [...items(), ...attention.list()],
    resolve(...answer) {
      const [id, , reason] = answer;
      if (!id.startsWith(prefix)) {
        attention.resolve(...answer);
        return;
      }
      const orderNumber = id.slice(prefix.length);
      store.events.append('recovery-seen', {}, { order: orderNumber, reason });
      safe.seen(orderNumber === '' ? null : orderNumber);
    },
  };
}
