/** The order list for one tab and search, kept current with the queue. */
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { getStation } from '../../state/actions.ts';
import { useStore } from '../../state/store.ts';
import { createOrderPages, type OrderPages } from './order-pages.ts';

/** Pages for the chosen tab and `search`; a new set for each, so that rows of two searches never mix. */
export function useOrderRows(search: string): OrderPages {
  const status = useStore((state) => state.queueStatus);
  const pages = useMemo(
    () =>
      createOrderPages((offset, limit) => {
        const station = getStation();
        if (station === null) return Promise.reject(new Error('no station'));
        return station.call('orders.list', { status, search, offset, limit });
      }),
    [status, search],
  );
  useSyncExternalStore(pages.subscribe, () => pages.version);
  return pages;
}

/** Has the rows `from` to `to` read, again whenever the queue moves or the connection is new. */
export function useShownRows(pages: OrderPages, from: number, to: number): void {
  const revision = useStore((state) => state.queue?.revision ?? -1);
  const epoch = useStore((state) => state.epoch);
  useEffect(() => {
    if (epoch > 0) pages.show(from, to, `${epoch}:${revision}`);
  }, [pages, from, to, revision, epoch]);
}
