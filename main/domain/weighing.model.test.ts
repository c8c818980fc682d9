/**
 * Any sequence of frames, parcels, goods, tares, pulled cables and pauses: each usable weight is checked against the
 * whole log of what happened, read backwards, with none of the state the rules keep.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Expectation } from './expected-weight.ts';
import { frameProblem, refusedFrame } from './frame-problems.ts';
import { defaultWeighingLimits as limits, judge, judgeTare, startWeighing, weighing } from './weighing.ts';
import type { Judgement, WeighingEvent, WeighingState } from './weighing.ts';

const stepMs = 125;
const empty = 5;

type Logged =
  | { readonly kind: 'frame'; readonly grams: number; readonly stable: boolean; readonly at: number }
  | { readonly kind: 'noise' | 'link' | 'items' | 'clear'; readonly at: number }
  | { readonly kind: 'open' | 'leave'; readonly id: string | null; readonly at: number }
  | { readonly kind: 'taken'; readonly id: string; readonly gross: number; readonly tareG: number; readonly at: number }
  | { readonly kind: 'tare'; readonly grams: number; readonly stays: boolean; readonly at: number };

/** Applies events to the rules, and writes them down for the check. */
class Desk {
  now = 10_000;
  state: WeighingState = startWeighing(null);
  parcel: string | null = null;
  readonly log: Logged[] = [];
  expected: Expectation | null = null;
  constructor() {
    this.apply({ kind: 'link-state', state: 'open', at: this.now });
  }
  apply(event: WeighingEvent): void {
    this.state = weighing(this.state, event, limits);
  }
  frame(grams: number, stable = true, gapMs = stepMs): void {
    this.now += gapMs;
    const raw = `f${this.now}`;
    const reading = { grams, stable, net: false, overload: false, underload: false, at: this.now, raw };
    this.apply({ kind: 'reading', reading });
    this.log.push({ kind: 'frame', grams, stable, at: this.now });
  }
  settle(grams: number): void {
    for (let n = 0; n < 3; n += 1) this.frame(grams);
  }
  noise(): void {
    this.apply({ kind: 'refused', frame: refusedFrame(frameProblem('format-sics'), this.now, '') });
    this.log.push({ kind: 'noise', at: this.now });
  }
  pull(): void {
    this.apply({ kind: 'link-state', state: 'failed', at: this.now });
    this.apply({ kind: 'link-state', state: 'open', at: this.now });
    this.log.push({ kind: 'link', at: this.now });
  }
  open(id: string): void {
    if (id === this.parcel) return;
    if (this.parcel !== null) this.log.push({ kind: 'leave', id: this.parcel, at: this.now });
    this.parcel = id;
    this.apply({ kind: 'parcel-opened', parcelId: id, at: this.now });
    this.log.push({ kind: 'open', id, at: this.now });
  }
  close(): void {
    if (this.parcel === null) return;
    this.log.push({ kind: 'leave', id: this.parcel, at: this.now });
    this.parcel = null;
    this.apply({ kind: 'parcel-closed', at: this.now });
  }
  items(): void {
    this.apply({ kind: 'items-changed', complete: true, at: this.now });
    this.log.push({ kind: 'items', at: this.now });
  }
  tare(stays: boolean): void {
    const { usable, grams } = judgeTare(this.state, this.now, limits);
    if (!usable || grams === null || (!stays && this.parcel === null)) return;
    this.apply({ kind: 'tare-set', grams, stays, at: this.now });
    this.log.push({ kind: 'tare', grams, stays, at: this.now });
  }
  clear(): void {
    this.apply({ kind: 'tare-cleared', at: this.now });
    this.log.push({ kind: 'clear', at: this.now });
  }
  take(): boolean {
    const { usable, grossG, tareG } = this.judgement;
    if (!usable || grossG === null || this.parcel === null) return false;
    const id = this.parcel;
    this.parcel = null;
    this.apply({ kind: 'weight-taken', parcelId: id, grams: grossG, at: this.now });
    this.log.push({ kind: 'taken', id, gross: grossG, tareG, at: this.now });
    return true;
  }
  get judgement(): Judgement {
    return judge(this.state, this.now, limits, this.expected);
  }
}

/** The tare that is rightly in force, from the log alone; `lost` if one was and nobody said anything since. */
function tareOf(log: readonly Logged[], parcel: string | null): { grams: number; lost: boolean } {
  let set: { grams: number; stays: boolean; id: string | null } | null = null;
  let lost: { id: string | null } | null = null;
  let on: string | null = null;
  for (const entry of log) {
    if (entry.kind === 'tare') [set, lost] = [{ ...entry, id: on }, null];
    else if (entry.kind === 'clear') [set, lost] = [null, null];
    else if (entry.kind === 'open') on = entry.id;
    else if (entry.kind === 'link' && set !== null) [lost, set] = [{ id: set.stays ? null : set.id }, null];
    else if (entry.kind === 'leave' && set !== null && !set.stays) [lost, set] = [{ id: set.id }, null];
    else if (entry.kind === 'taken') {
      if (set !== null && !set.stays) set = null;
      if (lost?.id === entry.id) lost = null;
    }
    if (entry.kind === 'leave' || entry.kind === 'taken') on = null;
  }
  return { grams: set?.grams ?? 0, lost: lost !== null && (lost.id === null || lost.id === parcel) };
}

/** Frames from `from` on that show an empty scale, or one with only the container that was tared then. */
function wasEmpty(log: readonly Logged[], from: number): boolean {
  return log.some((entry, at) => {
    if (at < from || entry.kind !== 'frame') return false;
    const { grams } = tareOf(log.slice(0, at), null);
    return entry.grams <= empty || (grams > 0 && Math.abs(entry.grams - grams) <= empty);
  });
}

const apart = (a: number, b: number): boolean => Math.abs(a - b) > limits.changeG;

/** Everything that must be true of a weight the rules call usable. */
function mustHold(desk: Desk): void {
  const { log, now, parcel, judgement } = desk;
  const frames = log.filter((entry) => entry.kind === 'frame');
  const newest = frames.at(-1);
  if (newest === undefined) throw new Error('a weight without a frame');
  expect(parcel).not.toBeNull();
  // Stable and fresh, of this session, with nothing between the frames.
  expect(now - newest.at).toBeLessThanOrEqual(2_000);
  let run = 0;
  for (let at = log.length - 1; at >= 0 && run < limits.stableFrames; at -= 1) {
    const entry = log[at];
    if (entry?.kind !== 'frame') {
      expect(['open', 'tare', 'clear']).toContain(entry?.kind);
      continue;
    }
    expect(entry.stable).toBe(true);
    expect(Math.abs(entry.grams - newest.grams)).toBeLessThanOrEqual(limits.toleranceG);
    run += 1;
  }
  expect(run).toBe(limits.stableFrames);
  // Gross less the tare that is in force for this parcel in this session, and no other.
  const tare = tareOf(log, parcel);
  expect(tare.lost).toBe(false);
  expect(judgement.tareG).toBe(tare.grams);
  expect(judgement.grossG).toBe(newest.grams);
  expect(judgement.grams).toBe(newest.grams - tare.grams);
  expect(judgement.grams).toBeGreaterThanOrEqual(limits.minG);
  expect(judgement.grams).toBeLessThanOrEqual(limits.maxG);
  // Not what another parcel weighed, nor its container, unless the scale was empty since.
  const last = log.findLastIndex((entry) => entry.kind === 'taken');
  const taken = log[last];
  if (taken?.kind === 'taken' && taken.id !== parcel && !wasEmpty(log, last + 1)) {
    expect(apart(newest.grams, taken.gross)).toBe(true);
    const container = tareOf(log.slice(0, last), null);
    const stays = tareOf(log.slice(0, last + 1), null).grams > 0;
    if (container.grams > 0 && !stays) expect(apart(newest.grams, container.grams)).toBe(true);
  }
  // Goods scanned after a weight had settled: not that weight, unless the scale was empty since.
  const change = log.findLastIndex((entry) => entry.kind === 'items');
  const began = log.findLastIndex((entry) => entry.kind === 'open');
  if (change > began && !wasEmpty(log, change + 1)) {
    const before = log.slice(change - limits.stableFrames, change);
    const first = before[0];
    const settled =
      before.length === limits.stableFrames &&
      before.every(
        (entry, at) =>
          entry.kind === 'frame' &&
          entry.stable &&
          first?.kind === 'frame' &&
          entry.grams === first.grams &&
          entry.at - (before[at - 1] ?? entry).at <= 2_000,
      );
    const shown = before.at(-1);
    if (settled && shown?.kind === 'frame' && !wasEmpty(log.slice(0, change), change - 1)) {
      expect(apart(newest.grams, shown.grams)).toBe(true);
    }
  }
  if (desk.expected !== null) {
    expect(judgement.grams).toBeGreaterThanOrEqual(desk.expected.fromG);
    expect(judgement.grams).toBeLessThanOrEqual(desk.expected.toG);
  }
}

const weights = fc.constantFrom(0, 3, 300, 1_000, 1_001, 1_300, 1_500);
const step = fc.oneof(
  { weight: 8, arbitrary: weights.map((grams) => (desk: Desk) => desk.settle(grams)) },
  {
    weight: 5,
    arbitrary: fc.tuple(weights, fc.boolean(), fc.constantFrom(0, 60, stepMs, 1_900, 2_500)).map(
      ([grams, stable, gapMs]) =>
        (desk: Desk) =>
          desk.frame(grams, stable, gapMs),
    ),
  },
  { weight: 1, arbitrary: fc.constant((desk: Desk) => desk.noise()) },
  { weight: 1, arbitrary: fc.constant((desk: Desk) => desk.pull()) },
  { weight: 4, arbitrary: fc.constantFrom('A', 'B', 'C').map((id) => (desk: Desk) => desk.open(id)) },
  { weight: 1, arbitrary: fc.constant((desk: Desk) => desk.close()) },
  { weight: 2, arbitrary: fc.constant((desk: Desk) => desk.items()) },
  { weight: 2, arbitrary: fc.boolean().map((stays) => (desk: Desk) => desk.tare(stays)) },
  { weight: 1, arbitrary: fc.constant((desk: Desk) => desk.clear()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 1_500, 2_001, 3_600_000, -5_000).map((ms) => (desk: Desk) => {
      desk.now += ms;
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(null, [900, 1_100], [200, 400]).map((range) => (desk: Desk) => {
      const [fromG = 0, toG = 0] = range ?? [];
      const expectedG = (fromG + toG) / 2;
      desk.expected =
        range === null ? null : { fromG, toG, expectedG, toleranceG: toG - expectedG, units: [], blindTo: null };
    }),
  },
  { weight: 4, arbitrary: fc.constant((desk: Desk) => void desk.take()) },
);

test('whatever happens: no weight of one parcel for another, none stale or unstable, no tare that is not this one’s', () => {
  const seen = { usable: 0, taken: 0, net: 0 };
  const play = fc.property(fc.array(step, { minLength: 10, maxLength: 100, size: 'max' }), (script) => {
    const desk = new Desk();
    for (const each of script) {
      each(desk);
      const { usable, tareG } = desk.judgement;
      if (!usable) continue;
      seen.usable += 1;
      seen.net += tareG > 0 ? 1 : 0;
      mustHold(desk);
    }
    seen.taken += desk.log.filter(({ kind }) => kind === 'taken').length;
  });
  fc.assert(play, { numRuns: 1_500 });
  expect(seen.usable).toBeGreaterThan(2_000);
  expect(seen.taken).toBeGreaterThan(300);
  expect(seen.net).toBeGreaterThan(20);
});

const reasonOf = (desk: Desk): string | null => desk.judgement.reason?.code ?? null;

test('a tare is of one parcel: gross, tare and net are kept, and the next parcel starts without it', () => {
  const desk = new Desk();
  desk.open('A');
  desk.settle(300);
  desk.tare(false);
  desk.settle(1_300);
  expect(desk.judgement).toMatchObject({ usable: true, grams: 1_000, grossG: 1_300, tareG: 300 });
  desk.take();
  desk.open('B');
  // The goods were lifted out; the container alone is not parcel B.
  desk.settle(300);
  expect(reasonOf(desk)).toBe('weight.not-changed');
  desk.settle(0);
  desk.settle(300);
  expect(desk.judgement).toMatchObject({ usable: true, grams: 300, tareG: 0 });
});

test('a tare that stays serves parcel after parcel, and the container alone is an empty scale', () => {
  const desk = new Desk();
  desk.open('A');
  desk.settle(300);
  desk.tare(true);
  desk.settle(1_300);
  desk.take();
  desk.open('B');
  desk.settle(1_300);
  expect(reasonOf(desk)).toBe('weight.not-changed');
  desk.settle(300);
  expect(reasonOf(desk)).toBe('weight.zero');
  desk.settle(1_300);
  expect(desk.judgement).toMatchObject({ usable: true, grams: 1_000 });
});

test('a tare goes with the session of the scale; a person says what holds now', () => {
  const desk = new Desk();
  desk.open('A');
  desk.settle(300);
  desk.tare(true);
  desk.pull();
  desk.settle(1_300);
  expect(desk.judgement).toMatchObject({ usable: false, tareG: 0, reason: { code: 'weight.tare-lost' } });
  desk.clear();
  expect(desk.judgement).toMatchObject({ usable: true, grams: 1_300 });
});

test('a parcel that is still on the scale is no container for the next', () => {
  const desk = new Desk();
  desk.open('A');
  desk.settle(1_000);
  desk.take();
  desk.open('B');
  desk.settle(1_000);
  expect(judgeTare(desk.state, desk.now, limits).reason?.code).toBe('weight.not-changed');
});

test('less than the container is not a weight', () => {
  const desk = new Desk();
  desk.open('A');
  desk.settle(300);
  desk.tare(false);
  desk.settle(200);
  expect(reasonOf(desk)).toBe('weight.below-tare');
});

test('goods scanned after the weight settled: the parcel is weighed again', () => {
  const desk = new Desk();
  desk.open('A');
  desk.settle(1_000);
  desk.items();
  expect(reasonOf(desk)).toBe('weight.unstable');
  desk.settle(1_000);
  expect(reasonOf(desk)).toBe('weight.reweigh');
  desk.settle(1_300);
  expect(desk.judgement.usable).toBe(true);
  desk.items();
  desk.settle(1_300);
  expect(reasonOf(desk)).toBe('weight.reweigh');
  desk.settle(0);
  desk.settle(1_300);
  expect(desk.judgement.usable).toBe(true);
});

test('a packed box that lies there while its goods are counted is weighed anew, and needs no lifting', () => {
  const desk = new Desk();
  desk.open('A');
  desk.settle(1_000);
  desk.apply({ kind: 'items-changed', complete: false, at: desk.now });
  expect(reasonOf(desk)).toBe('weight.unstable');
  desk.settle(1_000);
  expect(desk.judgement).toMatchObject({ usable: true, grams: 1_000 });
  // The goods were complete: one taken out and one put in is another weight.
  desk.items();
  desk.apply({ kind: 'items-changed', complete: false, at: desk.now });
  desk.settle(1_000);
  expect(reasonOf(desk)).toBe('weight.reweigh');
});

test('a scale that was seen empty after the last item needs no second weighing', () => {
  const desk = new Desk();
  desk.open('A');
  desk.settle(0);
  desk.items();
  desk.settle(1_000);
  expect(desk.judgement.usable).toBe(true);
});

test('a weight outside what is expected names the range', () => {
  const desk = new Desk();
  desk.expected = { fromG: 900, toG: 1_100, expectedG: 1_000, toleranceG: 100, units: [], blindTo: null };
  desk.open('A');
  desk.settle(1_300);
  expect(desk.judgement).toMatchObject({
    usable: false,
    grams: 1_300,
    reason: { code: 'weight.unexpected', params: { grams: 1_300, fromG: 900, toG: 1_100 } },
  });
  expect(desk.judgement.frames).toHaveLength(3);
});
