/** Where this desk's orders come from. */
import type { OrderSource } from '../desk/intake.ts';
import type { VendorEntry } from './vendor-set.ts';

/** The upstream, or one that says why there is none. Nothing is pulled while `full` says that there is no room for it. */
export function orderSource(entry: VendorEntry | undefined, full: () => boolean = () => false): OrderSource {
  return {
    id: entry?.id ?? 'none',
    pullOrders(cursor) {
      if (full()) return Promise.reject(new Error('the disk is full; orders are pulled again once there is room'));
      const pull = entry?.vendor?.pullOrders;
      if (pull !== undefined) return pull(cursor);
      const reason = entry?.problem?.params['reason'] ?? 'no vendor of this desk gives orders';
      return Promise.reject(new Error(String(reason)));
    },
  };
}
