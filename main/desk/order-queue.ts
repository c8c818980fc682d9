/** The order queue as the screen reads it: rows, one order whole, and the counts. */
import {
  ContractError,
  type CallOutput,
  type CallRequest,
  type OrderDetail,
  type QueueSnapshot,
} from '../../preload/contract/index.ts';
import type { Store } from '../store/store.ts';
import type { Desk } from './desk.ts';
import { orderLines, orderRow, parcelView, type VendorName } from './snapshot.ts';
import { trackingViews } from './tracking-view.ts';

export interface OrderQueue {
  list(filter: CallRequest<'orders.list'>): CallOutput<'orders.list'>;
  /** Throws ContractError `not-found`. */
  detail(orderId: string): OrderDetail;
  current(): QueueSnapshot;
  /** After each commit that changed an order. */
  onChange(listener: () => void): () => void;
}

export function createOrderQueue(store: Store, desk: Pick<Desk, 'snapshot'>, nameOf: VendorName): OrderQueue {
  const listeners = new Set<() => void>();
  let revision = store.orders.revision();
  store.onCommit(() => {
    const now = store.orders.revision();
    if (now === revision) return;
    revision = now;
    for (const listener of [...listeners]) listener();
  });

  return {
    list: (filter) => ({ revision: store.orders.revision(), ...store.orders.list(filter) }),
    detail(orderId) {
      const order = store.orders.get(orderId);
      if (order === null) throw new ContractError('not-found', `order ${orderId} is not at this desk`);
      const parcels = store.parcels.listByOrder(orderId);
      const sealed = parcels.at(-1) ?? null;
      const open = desk.snapshot.current();
      return {
        order: orderRow(order, sealed),
        remark: order.remark,
        lines: open.order?.id === orderId ? open.lines : orderLines(order, [], sealed !== null),
        parcels: parcels.map((parcel) =>
          parcelView(parcel, store.jobs.listByParcel(parcel.id), store.prints.listByParcel(parcel.id), nameOf),
        ),
        timeline: store.events.listForOrder(orderId),
        tracking: parcels.flatMap((parcel) => trackingViews(store, parcel.id)),
      };
    },
    current: () => ({ revision: store.orders.revision(), counts: store.orders.counts() }),
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
