/**
 * The weigher of a desk that has dimension-weigh-scan machines beside or instead of its bench scale. What a machine measured
 * goes the same way as a weight of the scale: it is judged, shown, and taken in the sealing transaction.
 */
import type { WeightSnapshot } from '../../preload/contract/index.ts';
import type { Weigher } from './desk-context.ts';
import type { DwsCandidate, DwsDesk } from './dws-desk.ts';
import { Observable } from './observable.ts';
import type { BenchWeigher } from './weigher.ts';

/** Longest raw record kept with the parcel's weight, hexadecimal digits; the whole one stays in the table of records. */
const maxFrame = 8_192;

/**
 * A usable record comes first, because it brings the size as well; then a usable weight of the scale; then the reason why
 * the record may not be used. While a bag is weighed no record is a parcel's.
 */
export function withDws(bench: BenchWeigher, dws: DwsDesk, isVirtual: (machine: string) => boolean): BenchWeigher {
  const listeners = new Set<() => void>();
  let isBag = false;
  const snapshot = new Observable<WeightSnapshot>(build());

  function build(): WeightSnapshot {
    const shown = bench.snapshot.current();
    const latest = dws.latest();
    const found = isBag ? null : dws.candidate();
    if (found === null || (found.verdict.kind === 'refused' && shown.usable)) return { ...shown, dws: latest };
    const { stored, verdict } = found;
    return {
      ...shown,
      scaleId: stored.machine,
      state: 'stable',
      grams: verdict.grams,
      at: stored.at,
      usable: verdict.kind === 'usable',
      reason: verdict.notice === null ? null : named(found),
      virtual: isVirtual(stored.machine),
      size: verdict.size,
      // The machine knows no container; the scale's is not taken off its weight.
      tare: null,
      dws: latest,
    };
  }

  function named({ stored, verdict }: DwsCandidate): WeightSnapshot['reason'] {
    return verdict.notice === null
      ? null
      : { ...verdict.notice, params: { scale: stored.machine, machine: stored.machine, ...verdict.notice.params } };
  }

  /** Every event of the scale comes here, also its ticks: what may be used changes with the items on the desk. */
  function refresh(): void {
    const next = build();
    if (JSON.stringify(next) !== JSON.stringify(snapshot.current())) snapshot.set(next);
  }

  function judge(): ReturnType<Weigher['judge']> {
    const onScale = bench.judge();
    const found = isBag ? null : dws.candidate();
    if (found === null || (found.verdict.kind === 'refused' && onScale.usable)) return onScale;
    const { stored, verdict } = found;
    return {
      usable: verdict.kind === 'usable',
      grams: verdict.grams,
      reason: verdict.kind === 'usable' ? null : named(found),
      frames: [stored.raw.slice(0, maxFrame)],
      source: {
        size: verdict.size,
        take: (orderId, parcelId) => dws.take(found, orderId, parcelId),
      },
    };
  }

  const stops = [
    bench.onEvent(refresh),
    dws.onRecords(() => {
      refresh();
      for (const listener of [...listeners]) listener();
    }),
  ];

  return {
    snapshot,
    onEvent(listener) {
      listeners.add(listener);
      const stop = bench.onEvent(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
    judge,
    judgeLoad: () => bench.judgeLoad(),
    parcelOpened(orderId) {
      dws.setOrder(orderId);
      bench.parcelOpened(orderId);
      refresh();
    },
    parcelClosed() {
      dws.setOrder(null);
      bench.parcelClosed();
      refresh();
    },
    loadOpened(bagId) {
      isBag = true;
      bench.loadOpened(bagId);
    },
    loadClosed() {
      isBag = false;
      bench.loadClosed();
      refresh();
    },
    itemsChanged: (complete) => bench.itemsChanged(complete),
    expect: (range) => bench.expect(range),
    tare: (stays) => bench.tare(stays),
    clearTare: () => bench.clearTare(),
    rememberWeight: (grams) => bench.rememberWeight(grams),
    weightTaken(takenFor, grams) {
      dws.setOrder(null);
      bench.weightTaken(takenFor, grams);
      refresh();
    },
    start: () => bench.start(),
    async stop() {
      for (const stop of stops) stop();
      await bench.stop();
    },
  };
}
