/** Further effects of a virtual vendor: what was done, to what, when; in its own training record, and counted. */
import { join } from 'node:path';
import { z } from 'zod';
import { openJournal } from './journal.ts';
import type { EffectCounter } from './vendor-server.ts';

const Entry = z.object({
  effect: z.string().min(1),
  key: z.string(),
  at: z.number().int(),
  value: z.unknown().optional(),
});
export interface LedgerEntry {
  readonly effect: string;
  readonly key: string;
  /** The vendor's clock, milliseconds since the epoch. */
  readonly at: number;
  readonly value?: unknown;
}

export interface Ledger {
  /** Written before it is answered for. Throws if it could not be. */
  add(effect: string, key: string, at: number, value?: unknown): void;
  /** The newest entry of this effect for this key. */
  last(effect: string, key: string): LedgerEntry | undefined;
  /** The newest entry per key, in the order the keys were first seen. */
  newest(effect: string): readonly LedgerEntry[];
  close(): void;
}

/** Opens (and replays) `file` in `dir`; counts into `effects`. */
export function openLedger(dir: string, file: string, effects: EffectCounter): Ledger {
  const byEffect = new Map<string, Map<string, LedgerEntry>>();
  const apply = (entry: LedgerEntry): void => {
    const entries = byEffect.get(entry.effect) ?? new Map<string, LedgerEntry>();
    entries.set(entry.key, entry);
    byEffect.set(entry.effect, entries);
    effects.add(entry.effect, entry.key);
  };
  const journal = openJournal<LedgerEntry>(join(dir, file), Entry, apply);
  return {
    add(effect, key, at, value) {
      const entry: LedgerEntry = { effect, key, at, ...(value === undefined ? {} : { value }) };
      journal.append(entry);
      apply(entry);
    },
    last: (effect, key) => byEffect.get(effect)?.get(key),
    newest: (effect) => [...(byEffect.get(effect)?.values() ?? [])],
    close: () => journal.close(),
  };
}
