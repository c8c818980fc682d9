/** The orders of the virtual upstream, and what happened to them; every change is in its training record. */
import { join } from 'node:path';
import { z } from 'zod';
import { openJournal, type Journal } from '../journal.ts';
import { makeTrainingOrder, trueWeightG, type TrainingOrder } from './training-order.ts';

const At = z.number().int();
const Entry = z.discriminatedUnion('effect', [
  /** The first start; later starts keep this seed and moment, so that numbers stay. */
  z.object({ effect: z.literal('opened'), at: At, seed: z.number().int(), orders: z.number().int() }),
  z.object({ effect: z.literal('added'), at: At }),
  z.object({ effect: z.literal('cancelled'), at: At, number: z.string() }),
  z.object({ effect: z.literal('changed'), at: At, number: z.string() }),
  z.object({ effect: z.literal('served'), at: At, numbers: z.array(z.string()) }),
]);
type Entry = z.infer<typeof Entry>;

export interface OrderBook {
  readonly seed: number;
  /** All orders, oldest change first; equal instants by number. */
  list(): readonly TrainingOrder[];
  get(number: string): TrainingOrder | undefined;
  /** A new order placed now; returns its number. */
  add(at: number): string;
  /** Cancels upstream. Throws a one-line Error if there is no such order. */
  cancel(number: string, at: number): void;
  /** Adds one unit to the first line. Throws a one-line Error if there is no such order. */
  change(number: string, at: number): void;
  /** Notes which orders an answer carried. */
  markServed(numbers: readonly string[], at: number): void;
  /** Distinct orders ever handed out. */
  readonly served: number;
  parcelWeightG(number: string): number | null;
  close(): void;
}

const spacingMs = 97_000;

/**
 * Opens the book kept in `dir`. The first start makes `orders` orders from `seed`, placed over the time before `now`;
 * later starts keep them, and add more if `orders` grew.
 */
export function openOrderBook(dir: string, seed: number, orders: number, now: number): OrderBook {
  const byNumber = new Map<string, TrainingOrder>();
  const served = new Set<string>();
  let made = 0;
  let firstSeed = seed;
  let opened = false;
  let sorted: TrainingOrder[] | null = null;

  const make = (at: number): TrainingOrder => {
    const order = makeTrainingOrder(firstSeed, made, at);
    made += 1;
    byNumber.set(order.number, order);
    return order;
  };
  const apply = (entry: Entry): void => {
    sorted = null;
    switch (entry.effect) {
      case 'opened': {
        firstSeed = entry.seed;
        opened = true;
        for (let index = 0; index < entry.orders; index += 1) make(entry.at - (entry.orders - index) * spacingMs);
        break;
      }
      case 'added':
        make(entry.at);
        break;
      case 'cancelled':
      case 'changed': {
        const order = byNumber.get(entry.number);
        if (!order) break;
        const [first, ...rest] = order.lines;
        const next: TrainingOrder =
          entry.effect === 'cancelled' || !first
            ? { ...order, status: 'YQX', modifiedAt: entry.at }
            : { ...order, modifiedAt: entry.at, lines: [oneMore(first), ...rest] };
        byNumber.set(order.number, next);
        break;
      }
      case 'served':
        for (const number of entry.numbers) served.add(number);
    }
  };
  const journal: Journal<Entry> = openJournal(join(dir, 'waiqin365.jsonl'), Entry, apply);
  const commit = (entry: Entry): void => {
    journal.append(entry);
    apply(entry);
  };
  if (!opened) commit({ effect: 'opened', at: now, seed, orders });
  for (let index = made; index < orders; index += 1) commit({ effect: 'added', at: now });

  const known = (number: string): void => {
    if (!byNumber.has(number)) throw new Error(`training has no order ${number}`);
  };
  return {
    get seed() {
      return firstSeed;
    },
    list: () =>
      (sorted ??= [...byNumber.values()].sort((a, b) => a.modifiedAt - b.modifiedAt || (a.number < b.number ? -1 : 1))),
    get: (number) => byNumber.get(number),
    add: (at) => {
      const before = new Set(byNumber.keys());
      commit({ effect: 'added', at });
      return [...byNumber.keys()].find((number) => !before.has(number)) ?? '';
    },
    cancel: (number, at) => {
      known(number);
      commit({ effect: 'cancelled', at, number });
    },
    change: (number, at) => {
      known(number);
      commit({ effect: 'changed', at, number });
    },
    markServed: (numbers, at) => {
      const fresh = numbers.filter((number) => !served.has(number));
      if (fresh.length > 0) commit({ effect: 'served', at, numbers: fresh });
    },
    get served() {
      return served.size;
    },
    parcelWeightG: (number) => {
      const order = byNumber.get(number);
      return order ? trueWeightG(order) : null;
    },
    close: () => journal.close(),
  };
}

function oneMore(line: TrainingOrder['lines'][number]): TrainingOrder['lines'][number] {
  const perUnit = Number(line.baseQuantity) / Number(line.quantity);
  const quantity = Number(line.quantity) + 1;
  return { ...line, quantity: quantity.toFixed(8), baseQuantity: (quantity * perUnit).toFixed(8) };
}
