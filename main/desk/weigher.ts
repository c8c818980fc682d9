/** Joins the bench scale to the weighing rules, and shows the live weight. */
import type { Notice, WeightSnapshot } from '../../preload/contract/index.ts';
import type { Scale } from '../devices/scale/index.ts';
import type { Expectation } from '../domain/expected-weight.ts';
import { judge, judgeLoad, judgeTare, startWeighing, weighing } from '../domain/weighing.ts';
import type { LostTare } from '../domain/weighing-load.ts';
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
/** Whose tare was in force: after a stop of the station nobody knows what lies on the scale. */
const tareKey = 'weigher.tare';
const noParcel: LostTare = { parcelId: null };

export function createWeigher(options: {
  scale: Scale | null;
  /** Whether the scale in use is the virtual one; it can be exchanged while the station runs. */
  virtual(): boolean;
  limits: WeighingLimits;
  store: Store;
  clock: Clock;
}): BenchWeigher {
  const { scale, virtual, limits, store, clock } = options;
  const known = store.values.get(lastTakenKey);
  // The last parcel may still lie on the scale when the station comes back after a crash.
  let state = startWeighing(known === null ? null : Number(known), isThere() ? 'closed' : 'absent', lostTare());
  /** The bag that is weighed, and the order on the desk whose turn comes after it. */
  let loadId: string | null = null;
  let orderId: string | null = null;
  let expected: Expectation | null = null;
  const listeners = new Set<() => void>();
  let timer: Timer | null = null;
  const snapshot = new Observable<WeightSnapshot>(build());

  function isThere(): boolean {
    return scale !== null && scale.current().state !== 'absent';
  }

  function build(): WeightSnapshot {
    const judged = judgeNow();
    const { tare } = state;
    return {
      scaleId: isThere() ? (scale?.id ?? null) : null,
      state: judged.state,
      grams: judged.grams,
      at: judged.at === null ? null : Math.round(clock.now() - (clock.monotonic() - judged.at)),
      usable: judged.usable,
      reason: judged.reason === null ? null : named(judged.reason),
      virtual: virtual(),
      expected: expected === null || loadId !== null ? null : viewOf(expected),
      tare: tare === null || loadId !== null ? null : { tareG: tare.grams, grossG: judged.grossG, stays: tare.stays },
    };
  }

  function judgeNow(): Judgement {
    if (loadId !== null) return judgeLoad(state, clock.monotonic(), limits);
    return judge(state, clock.monotonic(), limits, expected);
  }

  function lostTare(): LostTare | null {
    const text = store.values.get(tareKey);
    if (text === null) return null;
    return text === '' ? noParcel : { parcelId: text };
  }

  function show(): void {
    const next = build();
    const shown = snapshot.current();
    if (
      JSON.stringify({ ...next, at: 0 }) !== JSON.stringify({ ...shown, at: 0 }) ||
      (next.at ?? 0) - (shown.at ?? 0) > tickMs
    ) {
      snapshot.set(next);
    }
  }

  function named(reason: Notice): Notice {
    return { ...reason, params: { scale: scale?.id ?? '', ...reason.params } };
  }

  function spoken({ usable, grams, tareG, reason, frames }: Judgement): ReturnType<Weigher['judge']> {
    return { usable, grams, tareG, reason: reason === null ? null : named(reason), frames };
  }

  /** Without telling the desk: it is the desk that did it, and may be in the middle of a transaction. */
  function change(event: WeighingEvent): void {
    state = weighing(state, event, limits);
    show();
  }

  function apply(event: WeighingEvent): void {
    change(event);
    for (const listener of [...listeners]) listener();
  }

  function tick(): void {
    timer = clock.after(tickMs, tick);
    apply({ kind: 'tick', at: clock.monotonic() });
  }

  const stopFollowing = scale?.onEvent(apply);

  function viewOf({ expectedG, fromG, toG, blindTo }: Expectation): NonNullable<WeightSnapshot['expected']> {
    return { expectedG, fromG, toG, blindTo };
  }

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
      return spoken(judgeNow());
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
    itemsChanged(complete) {
      if (loadId === null) change({ kind: 'items-changed', complete, at: clock.monotonic() });
    },
    expect(range) {
      expected = range;
      show();
    },
    tare(stays) {
      const at = clock.monotonic();
      if (loadId !== null) return { refusal: { code: 'weight.bag', tone: 'warn', params: {} } };
      const { usable, grams, reason } = judgeTare(state, at, limits);
      if (!usable || grams === null) {
        return { refusal: named(reason ?? { code: 'weight.unstable', tone: 'info', params: {} }) };
      }
      store.values.set(tareKey, stays ? '' : (orderId ?? ''));
      change({ kind: 'tare-set', grams, stays, at });
      return { tareG: grams };
    },
    clearTare() {
      if (state.tare === null && state.lostTare === null) return false;
      store.values.delete(tareKey);
      change({ kind: 'tare-cleared', at: clock.monotonic() });
      return true;
    },
    rememberWeight(grossG) {
      store.values.set(lastTakenKey, String(grossG));
      if (state.tare?.stays === false) store.values.delete(tareKey);
    },
    weightTaken(takenFor, grossG) {
      orderId = null;
      expected = null;
      apply({ kind: 'weight-taken', parcelId: takenFor, grams: grossG, at: clock.monotonic() });
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
