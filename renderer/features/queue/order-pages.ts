/**
 * Pages of the order list, read as they come into view. A page is read again when the queue has moved on since it was
 * asked for; until the answer comes the old rows stay, so that nothing flickers.
 */
import type { CallOutput, OrderRow } from '#contract';

export const pageSize = 100;

export type ReadPage = (offset: number, limit: number) => Promise<CallOutput<'orders.list'>>;

interface Page {
  rows: readonly OrderRow[];
  /** Version of the queue this page was last asked for; an equal one need not be asked again. */
  asked: string | null;
  busy: boolean;
}

export interface OrderPages {
  /** Null until the first page is here. */
  readonly total: number | null;
  /** Grows with every change, for `useSyncExternalStore`. */
  readonly version: number;
  rowAt(index: number): OrderRow | undefined;
  /** Reads what is needed to show rows `from` to `to` as of `queueVersion`. */
  show(from: number, to: number, queueVersion: string): void;
  subscribe(listener: () => void): () => void;
}

export function createOrderPages(read: ReadPage): OrderPages {
  const pages = new Map<number, Page>();
  const listeners = new Set<() => void>();
  let total: number | null = null;
  let version = 0;
  let wanted = { from: 0, to: 0, queueVersion: '' };

  const changed = (): void => {
    version += 1;
    for (const listener of [...listeners]) listener();
  };

  const load = async (number: number): Promise<void> => {
    const page = pages.get(number) ?? { rows: [], asked: null, busy: false };
    pages.set(number, page);
    if (page.busy || page.asked === wanted.queueVersion) return;
    page.busy = true;
    page.asked = wanted.queueVersion;
    try {
      const answer = await read(number * pageSize, pageSize);
      page.rows = answer.rows;
      total = answer.total;
    } catch {
      // Asked again with the next version of the queue or the next connection.
      page.busy = false;
      return;
    }
    page.busy = false;
    changed();
    // The queue moved while the answer was under way.
    loadWanted();
  };

  const loadWanted = (): void => {
    const first = Math.floor(wanted.from / pageSize);
    const last = Math.floor(Math.max(wanted.from, wanted.to) / pageSize);
    for (let number = first; number <= last; number += 1) void load(number);
  };

  return {
    get total() {
      return total;
    },
    get version() {
      return version;
    },
    rowAt(index) {
      return pages.get(Math.floor(index / pageSize))?.rows[index % pageSize];
    },
    show(from, to, queueVersion) {
      wanted = { from, to, queueVersion };
      loadWanted();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
