/** Joins the bench scale to the weighing rules, and shows the live weight. */
import type { Notice, WeightSnapshot } from '../../preload/contract/index.ts';
import type { Scale } from '../devices/scale/index.ts';
import { judge, startWeighing, weighing, type WeighingEvent, type WeighingLimits } from '../domain/weighing.ts';
import type { Clock, Timer } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { Weigher } from './desk-context.ts';
import { Observable } from './observable.ts';

export interface BenchWeigher extends Weigher {
  readonly snapshot: Observable<WeightSnapshot>;
  /** Called after every event of the scale. */
  onEvent(listener: () => void): () => void;
  start(): void;
  stop(): Promise<void>;
}

/** How often the state is looked at when the scale sends nothing: staleness must show by itself. */
const tickMs = 500;
const lastTakenKey = 'weigher.lastTakenG';

export function createWeigher(options: {
  scale: Scale | null;
  virtual: boolean;
  limits: WeighingLimits;
  store: Store;
  clock: Clock;
}): BenchWeigher {
  const { scale, virtual, limits, store, clock } = options;
  const known = store.values.get(lastTakenKey);
  // The last parcel may still lie on the scale when the station comes back after a crash.
  let state = startWeighing(known === null ? null : Number(known), scale === null ? 'absent' : 'closed');
  const listeners = new Set<() => void>();
  let timer: Timer | null = null;
  const snapshot = new Observable<WeightSnapshot>(build());

  function build(): WeightSnapshot {
    const judged = judge(state, clock.monotonic(), limits);
    return {
      scaleId: scale?.id ?? null,
      state: judged.state,
      grams: judged.grams,
      at: judged.at === null ? null : Math.round(clock.now() - (clock.monotonic() - judged.at)),
      usable: judged.usable,
      reason: judged.reason === null ? null : named(judged.reason),
      virtual,
    };
  }

  function named(reason: Notice): Notice {
    return { ...reason, params: { scale: scale?.id ?? '', ...reason.params } };
  }

  function apply(event: WeighingEvent): void {
    state = weighing(state, event, limits);
    const next = build();
    const shown = snapshot.current();
    if (
      JSON.stringify({ ...next, at: 0 }) !== JSON.stringify({ ...shown, at: 0 }) ||
      (next.at ?? 0) - (shown.at ?? 0) > tickMs
    ) {
      snapshot.set(next);
    }
    for (const listener of [...listeners]) listener();
  }

  function tick(): void {
    timer = clock.after(tickMs, tick);
    apply({ kind: 'tick', at: clock.monotonic() });
  }

  const stopFollowing = scale?.onEvent(apply);

  return {
    snapshot,
    onEvent(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    judge() {
      const { usable, grams, reason, frames } = judge(state, clock.monotonic(), limits);
      return { usable, grams, reason: reason === null ? null : named(reason), frames };
    },
    parcelOpened(orderId) {
      apply({ kind: 'parcel-opened', parcelId: orderId, at: clock.monotonic() });
    },
    parcelClosed() {
      apply({ kind: 'parcel-closed', at: clock.monotonic() });
    },
    rememberWeight(grams) {
      store.values.set(lastTakenKey, String(grams));
    },
    weightTaken(orderId, grams) {
      apply({ kind: 'weight-taken', parcelId: orderId, grams, at: clock.monotonic() });
    },
    start() {
      scale?.open();
      tick();
    },
    async stop() {
      timer?.cancel();
      stopFollowing?.();
      await scale?.close();
    },
  };
}
