/** A backend with nothing behind it: every call and topic of the real contract, each settable by a test. */
import { ContractError, calls } from '../../../preload/contract/index.ts';
import type { TopicName, TopicSnapshot, WeightSnapshot } from '../../../preload/contract/index.ts';
import type { Backend, Handlers, ServerLog, TopicSources } from '../../../preload/rpc/index.ts';

export interface FakeTopic<S> {
  set(snapshot: S): void;
  readonly listeners: number;
}

export interface FakeBackend {
  readonly backend: Backend;
  readonly weight: FakeTopic<WeightSnapshot>;
  /** Makes `current()` of the queue topic give something the contract does not allow. */
  readonly queue: FakeTopic<unknown>;
}

export function createFakeBackend(overrides: Partial<Handlers> = {}): FakeBackend {
  const handlers = Object.fromEntries(
    Object.keys(calls).map((name) => [
      name,
      () => {
        throw new ContractError('unavailable', `${name} is not part of this test`);
      },
    ]),
  ) as unknown as Handlers;
  const weight = settable<WeightSnapshot>(weightOf(0));
  const queue = settable<unknown>(null);
  const absent = <N extends TopicName>(): { current(): TopicSnapshot<N>; onChange(): () => void } => ({
    current() {
      throw new ContractError('unavailable', 'this topic is not part of this test');
    },
    onChange: () => () => {},
  });
  const topics: TopicSources = {
    weight: weight.source,
    queue: queue.source as TopicSources['queue'],
    pack: absent<'pack'>(),
    status: absent<'status'>(),
    training: absent<'training'>(),
    bags: absent<'bags'>(),
    day: absent<'day'>(),
    scanners: absent<'scanners'>(),
    devices: absent<'devices'>(),
    deviceSession: absent<'deviceSession'>(),
  };
  return { backend: { handlers: { ...handlers, ...overrides }, topics }, weight, queue };
}

export function weightOf(grams: number): WeightSnapshot {
  return { scaleId: 'bench', state: 'stable', grams, at: 1, usable: true, reason: null, virtual: true };
}

function settable<S>(
  first: S,
): FakeTopic<S> & { readonly source: { current(): S; onChange(l: () => void): () => void } } {
  const listeners = new Set<() => void>();
  let value = first;
  return {
    set(next) {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    get listeners() {
      return listeners.size;
    },
    source: {
      current: () => value,
      onChange(listener) {
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
    },
  };
}

/** A log that keeps what it is told. */
export function createKeptLog(): ServerLog & {
  debug: ServerLog['warn'];
  info: ServerLog['warn'];
  readonly lines: { level: string; fields: unknown; message: string }[];
} {
  const lines: { level: string; fields: unknown; message: string }[] = [];
  const keep = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, fields, message });
  };
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** Timers that fire only when told to. */
export function createManualTimers(): {
  after(delayMs: number, task: () => void): { cancel(): void };
  /** Fires every pending timer of exactly this delay; returns how many. */
  fire(delayMs: number): number;
  readonly pending: readonly number[];
} {
  const timers = new Set<{ delayMs: number; task: () => void }>();
  return {
    after(delayMs, task) {
      const timer = { delayMs, task };
      timers.add(timer);
      return {
        cancel() {
          timers.delete(timer);
        },
      };
    },
    fire(delayMs) {
      const due = [...timers].filter((timer) => timer.delayMs === delayMs);
      for (const timer of due) {
        timers.delete(timer);
        timer.task();
      }
      return due.length;
    },
    get pending() {
      return [...timers].map((timer) => timer.delayMs);
    },
  };
}
