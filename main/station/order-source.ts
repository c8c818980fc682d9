/** Where this desk's orders come from. */
import type { OrderSource } from '../desk/intake.ts';
import type { VendorEntry } from './vendor-set.ts';

/** The upstream, or one that says why there is none. */
export function orderSource(entry: VendorEntry | undefined): OrderSource {
  return {
    id: entry?.id ?? 'none',
    pullOrders(cursor) {
      const pull = entry?.vendor?.pullOrders;
      if (pull !== undefined) return pull(cursor);
      const reason = entry?.problem?.params['reason'] ?? 'no vendor of this desk gives orders';
      return Promise.reject(new Error(String(reason)));
    },
  };
}
