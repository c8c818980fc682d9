/**
 * The place of the bench scale: what reads it stays, the scale in it can be another one. A change is seen by the weighing
 * rules as a link that closed and another that opens, so no weight of the old scale is ever used with the new one.
 */
import type { ScaleState } from '../../preload/contract/index.ts';
import type { Scale } from '../devices/scale/index.ts';
import type { ScaleReading } from '../domain/device.ts';
import type { ScaleEvent } from '../domain/weighing-pulse.ts';
import type { Clock } from '../ports.ts';

export interface ScaleSlot extends Scale {
  /** The scale in it; null if there is none, or its link cannot be made. */
  readonly inner: Scale | null;
  /** Closes the one before and opens this one if the slot is open. */
  replace(next: Scale | null): Promise<void>;
}

export function createScaleSlot(first: Scale | null, clock: Clock): ScaleSlot {
  const readings = new Set<(reading: ScaleReading) => void>();
  const states = new Set<(state: ScaleState) => void>();
  const events = new Set<(event: ScaleEvent) => void>();
  let inner = first;
  let isOpen = false;
  let stops: (() => void)[] = [];

  function follow(): void {
    for (const stop of stops) stop();
    stops =
      inner === null
        ? []
        : [
            inner.onReading((reading) => tell(readings, reading)),
            inner.onState((state) => tell(states, state)),
            inner.onEvent((event) => tell(events, event)),
          ];
  }
  follow();

  return {
    get id() {
      return inner?.id ?? 'bench';
    },
    get inner() {
      return inner;
    },
    current: () => inner?.current() ?? { reading: null, state: 'absent' },
    counts: () =>
      inner?.counts() ?? { readings: 0, refused: 0, lastRefused: null, lastLinkError: null, lastLinkProblem: null },
    onReading: (listener) => added(readings, listener),
    onState: (listener) => added(states, listener),
    onEvent: (listener) => added(events, listener),
    open() {
      isOpen = true;
      inner?.open();
    },
    async close() {
      isOpen = false;
      await inner?.close();
    },
    async replace(next) {
      const before = inner;
      // From here on nothing of the old scale is heard.
      inner = next;
      follow();
      const state = next === null ? 'absent' : 'closed';
      tell(events, { kind: 'link-state', state, at: clock.monotonic() });
      tell(states, next === null ? 'absent' : 'connecting');
      await before?.close();
      if (isOpen) next?.open();
    },
  };
}

function tell<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
  for (const listener of [...listeners]) listener(value);
}

function added<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
