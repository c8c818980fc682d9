/** Joins the bench scale to the weighing rules, and shows the live weight. */
import type { Notice, WeightSnapshot } from '../../preload/contract/index.ts';
import type { Scale } from '../devices/scale/index.ts';
import { judge, judgeLoad, startWeighing, weighing } from '../domain/weighing.ts';
import type { Judgement, WeighingEvent, WeighingLimits } from '../domain/weighing.ts';
import type { Clock, Timer } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { LoadWeigher, Weigher } from './desk-context.ts';
import { Observable } from './observable.ts';

export interface BenchWeigher extends Weigher, LoadWeigher {
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
  /** The bag that is weighed, and the order on the desk whose turn comes after it. */
  let loadId: string | null = null;
  let orderId: string | null = null;
  const listeners = new Set<() => void>();
  let timer: Timer | null = null;
  const snapshot = new Observable<WeightSnapshot>(build());

  function build(): WeightSnapshot {
    const judged = (loadId === null ? judge : judgeLoad)(state, clock.monotonic(), limits);
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

  function spoken({ usable, grams, reason, frames }: Judgement): ReturnType<Weigher['judge']> {
    return { usable, grams, reason: reason === null ? null : named(reason), frames };
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
      if (loadId !== null) {
        return { usable: false, grams: null, reason: { code: 'weight.bag', tone: 'warn', params: {} }, frames: [] };
      }
      return spoken(judge(state, clock.monotonic(), limits));
    },
    judgeLoad() {
      const judged = spoken(judgeLoad(state, clock.monotonic(), limits));
      return loadId === null ? { ...judged, usable: false } : judged;
    },
    parcelOpened(opened) {
      orderId = opened;
      if (loadId === null) apply({ kind: 'parcel-opened', parcelId: opened, at: clock.monotonic() });
    },
    parcelClosed() {
      orderId = null;
      if (loadId === null) apply({ kind: 'parcel-closed', at: clock.monotonic() });
    },
    loadOpened(bagId) {
      loadId = bagId;
      apply({ kind: 'parcel-opened', parcelId: `bag ${bagId}`, at: clock.monotonic() });
    },
    loadClosed() {
      if (loadId === null) return;
      loadId = null;
      apply({ kind: 'parcel-closed', at: clock.monotonic() });
      if (orderId !== null) apply({ kind: 'parcel-opened', parcelId: orderId, at: clock.monotonic() });
    },
    rememberWeight(grams) {
      store.values.set(lastTakenKey, String(grams));
    },
    weightTaken(takenFor, grams) {
      orderId = null;
      apply({ kind: 'weight-taken', parcelId: takenFor, grams, at: clock.monotonic() });
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
