/**
 * Pulls orders from the upstream vendor on a schedule. Idempotent: the vendor overlaps its cursor window, the store
 * upserts by the vendor's order id. A pull that fails never stops the next one, and its age is always on the screen.
 */
import type { Notice } from '../../preload/contract/index.ts';
import type { PulledOrder, PullResult } from '../domain/shipping.ts';
import type { Clock, Failpoint, Log, Timer } from '../ports.ts';
import type { Store } from '../store/store.ts';
import { Observable } from './observable.ts';

export interface OrderSource {
  readonly id: string;
  pullOrders(cursor: string | null): Promise<PullResult>;
}

export interface IntakeState {
  readonly lastAt: number | null;
  readonly reason: Notice | null;
  /** Records that could not be taken, newest last: the order number and why. */
  readonly refused: readonly { readonly number: string; readonly reason: string; readonly at: number }[];
}

export interface IntakeChange {
  readonly orderId: string;
  readonly change: 'updated' | 'withdrawn';
}

export interface Intake {
  readonly state: Observable<IntakeState>;
  /** Pulls now; concurrent calls share one pull. Resolves with the number of records seen; rejects if the pull failed. */
  sync(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

const maxRefusedShown = 20;
/** Orders written in one transaction: some 20 ms of work. */
const chunkOrders = 25;

export function createIntake(options: {
  source: OrderSource;
  pollMs: number;
  store: Store;
  clock: Clock;
  log: Log;
  /** Told after commit about orders that changed or were withdrawn upstream. */
  onChange(change: IntakeChange): void;
  failpoint?: Failpoint | undefined;
}): Intake {
  const { source, store, clock, log, failpoint } = options;
  const lastKey = `intake.${source.id}.lastAt`;
  const cursorKey = `intake.${source.id}.cursor`;
  const state = new Observable<IntakeState>({
    lastAt: numberOrNull(store.values.get(lastKey)),
    reason: null,
    refused: [],
  });
  let running: Promise<number> | null = null;
  let timer: Timer | null = null;
  let stopped = true;

  async function pull(): Promise<number> {
    const result = await source.pullOrders(store.values.get(cursorKey));
    const at = clock.now();
    const changes: IntakeChange[] = [];
    for (let from = 0; from < result.orders.length; from += chunkOrders) {
      store.transaction(() => {
        for (const order of result.orders.slice(from, from + chunkOrders)) take(order, changes);
        failpoint?.('intake.before-commit');
      });
      failpoint?.('intake.after-commit');
      // A morning's thousand orders must not hold up a scan.
      await nextTurn(clock);
    }
    // Only now: the cursor never moves past an order that is not in the database. Repeating a pull changes nothing.
    store.transaction(() => {
      for (const record of result.refused) store.orders.keepRefused(source.id, record);
      store.values.set(cursorKey, result.cursor);
      store.values.set(lastKey, String(at));
      failpoint?.('intake.before-cursor-commit');
    });
    failpoint?.('intake.after-cursor-commit');
    const refused = result.refused.map((record) => ({ number: record.number ?? '?', reason: record.reason, at }));
    for (const record of refused) log.warn(record, 'an upstream order could not be taken');
    const numbers = new Set([...refused.map((record) => record.number), ...result.orders.map((order) => order.number)]);
    const kept = state.current().refused.filter((record) => !numbers.has(record.number));
    state.set({ lastAt: at, reason: null, refused: [...kept, ...refused].slice(-maxRefusedShown) });
    for (const change of changes) options.onChange(change);
    return result.orders.length + refused.length;
  }

  function take(order: PulledOrder, changes: IntakeChange[]): void {
    const { orderId, change } = store.orders.upsert(source.id, order);
    if (change === 'new') {
      store.events.append('order-pulled', { orderId }, { number: order.number, vendor: source.id });
    } else if (change !== 'same') {
      store.events.append(`order-${change}`, { orderId }, { number: order.number, status: order.vendorStatus });
      changes.push({ orderId, change });
    }
  }

  function sync(): Promise<number> {
    running ??= pull()
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn({ vendor: source.id, reason }, 'pulling orders failed');
        state.set({ ...state.current(), reason: { code: 'sync.failed', tone: 'warn', params: { reason } } });
        throw error;
      })
      .finally(() => {
        running = null;
      });
    return running;
  }

  function schedule(): void {
    if (stopped) return;
    timer = clock.after(options.pollMs, () => {
      // The failure is on the screen already; the schedule goes on.
      void sync()
        .catch(() => 0)
        .finally(schedule);
    });
  }

  return {
    state,
    sync,
    start() {
      stopped = false;
      void sync()
        .catch(() => 0)
        .finally(schedule);
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await running?.catch(() => 0);
    },
  };
}

function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.after(0, resolve);
  });
}

function numberOrNull(text: string | null): number | null {
  if (text === null) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
