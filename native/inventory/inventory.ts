/**
 * What is plugged into this machine: asked for on demand, and watched while anybody listens. Events of the operating
 * system wake it where there are any; a slow round of asking catches what they miss.
 */
import type { LinkClock, LinkLog, LinkTimer } from '../link.ts';
import { createListeners } from '../listeners.ts';
import type { Plugs } from '../plugs.ts';
import type { Inventory, InventoryChange, PluggedDevice, PluggedKind } from './device.ts';

/** One kind of thing that can be plugged in. */
export interface InventorySource {
  readonly kind: PluggedKind;
  /** Rejects with an Error whose message is one line: why this kind cannot be listed here. */
  list(): Promise<readonly PluggedDevice[]>;
  /** While somebody watches, asked anew at the latest after this long, in milliseconds. */
  readonly everyMs: number;
  /** Calls back when something may have come or gone. Returns the function that stops it. */
  onPlug?(wake: () => void): () => void;
}

/** From an event until the list is asked: a device has several parts, and its names come a moment after its node. */
export const settleMs = 150;
/** A kind that does not answer within this is left as it was. */
export const listTimeoutMs = 3_000;
/** Things of one kind that are listed; more are left out. */
export const maxPerKind = 200;

export interface InventoryDeps {
  readonly clock: LinkClock;
  readonly log: LinkLog;
  readonly sources: readonly InventorySource[];
  readonly plugs: Plugs;
}

/** Makes the inventory; nothing is asked before `list` or the first listener. */
export function createInventory({ clock, log, sources, plugs }: InventoryDeps): Inventory {
  const listeners = createListeners<InventoryChange>((error) => {
    log.warn({ error: String(error) }, 'an inventory listener threw');
  });
  const known = new Map<PluggedKind, readonly PluggedDevice[]>();
  /** What the listeners know of. */
  const told = new Map<PluggedKind, ReadonlyMap<string, PluggedDevice>>();
  const reasons = new Map<PluggedKind, string>();
  const asking = new Map<PluggedKind, Promise<void>>();
  let watching: (() => void)[] = [];
  let listening = 0;

  /** Asks one kind; calls at the same time share one question. */
  function ask(source: InventorySource): Promise<void> {
    const under = asking.get(source.kind);
    if (under !== undefined) return under;
    const question = askNow(source).finally(() => asking.delete(source.kind));
    asking.set(source.kind, question);
    return question;
  }

  async function askNow(source: InventorySource): Promise<void> {
    const { kind } = source;
    try {
      const found = await withinTime(source.list());
      reasons.delete(kind);
      known.set(kind, distinct(found).slice(0, maxPerKind));
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
      if (!reasons.has(kind)) log.debug({ kind, reason }, 'a kind of device cannot be listed');
      reasons.set(kind, reason.slice(0, 200));
      known.delete(kind);
    }
  }

  function withinTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = clock.after(listTimeoutMs, () => reject(new Error(`no answer within ${listTimeoutMs} ms`)));
      void work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  /** What is there now is what the next change is measured by, whoever asked for it in between. */
  function remember(kind: PluggedKind): ReadonlyMap<string, PluggedDevice> {
    const now = new Map((known.get(kind) ?? []).map((device) => [device.uri, device]));
    told.set(kind, now);
    return now;
  }

  /** Asks one kind and tells what came and went. */
  async function compare(source: InventorySource): Promise<void> {
    const before = told.get(source.kind) ?? new Map<string, PluggedDevice>();
    await ask(source);
    const after = remember(source.kind);
    const moved = (from: ReadonlyMap<string, PluggedDevice>, to: ReadonlyMap<string, PluggedDevice>): PluggedDevice[] =>
      [...from.values()].filter((device) => to.get(device.uri)?.path !== device.path);
    const change = { attached: moved(after, before), detached: moved(before, after) };
    if (listening > 0 && change.attached.length + change.detached.length > 0) listeners.emit(change);
  }

  /** Watches one kind until the returned function is called. */
  function watch(source: InventorySource): () => void {
    let timer: LinkTimer | null = null;
    let stopped = false;
    /** A question of this watch is under way. */
    let busy = true;
    /** An event came meanwhile: what was under way may have been answered before it, so it is asked again. */
    let again = false;
    const rest = (): void => {
      busy = false;
      if (stopped) return;
      timer = clock.after(again ? settleMs : source.everyMs, turn);
      again = false;
    };
    const turn = (): void => {
      timer = null;
      busy = true;
      void compare(source).then(rest);
    };
    const wake = (): void => {
      if (busy) {
        again = true;
        return;
      }
      timer?.cancel();
      timer = clock.after(settleMs, turn);
    };
    const stopPlugs = source.onPlug?.(wake);
    // What is there when watching begins is no change.
    void ask(source).then(() => {
      if (!stopped) remember(source.kind);
      rest();
    });
    return () => {
      stopped = true;
      stopPlugs?.();
      timer?.cancel();
    };
  }

  return {
    async list() {
      await Promise.all(sources.map(ask));
      return sources.flatMap(({ kind }) => known.get(kind) ?? []);
    },
    absent: () => [...reasons].map(([kind, reason]) => ({ kind, reason })),
    onPlug: plugs.onPlug,
    onChange(listener) {
      const off = listeners.add(listener);
      let on = true;
      listening += 1;
      if (listening === 1) watching = sources.map(watch);
      return () => {
        if (!on) return;
        on = false;
        off();
        listening -= 1;
        if (listening > 0) return;
        for (const stop of watching.splice(0)) stop();
      };
    },
  };
}

/** Two of one model without a serial number have one URI: they are one line, which says so. */
function distinct(found: readonly PluggedDevice[]): PluggedDevice[] {
  const byUri = new Map<string, PluggedDevice[]>();
  for (const device of found) byUri.set(device.uri, [...(byUri.get(device.uri) ?? []), device]);
  return [...byUri.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || same.length === 1) return same;
    return [{ ...first, note: `${same.length} of them, which cannot be told apart: they have no serial number` }];
  });
}
