import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ScaleReading } from './device.ts';
import { frameProblem, refusedFrame } from './frame-problems.ts';
import { defaultWeighingLimits as limits, judge, roundGrams, startWeighing, weighing } from './weighing.ts';
import type { WeighingEvent, WeighingState } from './weighing.ts';

const stepMs = 125;

/** A scale on the desk: applies events one poll apart. */
class Bench {
  now = 1_000;
  state: WeighingState;
  constructor(lastTakenG: number | null = null) {
    this.state = startWeighing(lastTakenG);
    this.apply({ kind: 'link-state', state: 'open', at: this.now });
  }
  apply(event: WeighingEvent): this {
    this.state = weighing(this.state, event, limits);
    return this;
  }
  frame(grams: number, change: Partial<ScaleReading> = {}): this {
    this.now += stepMs;
    return this.apply({ kind: 'reading', reading: reading(grams, this.now, change) });
  }
  stable(grams: number): this {
    return this.frame(grams).frame(grams).frame(grams);
  }
  open(parcelId: string): this {
    return this.apply({ kind: 'parcel-opened', parcelId, at: this.now });
  }
  take(parcelId: string, grams: number): this {
    return this.apply({ kind: 'weight-taken', parcelId, grams, at: this.now });
  }
  get judgement() {
    return judge(this.state, this.now, limits);
  }
  get reason() {
    return this.judgement.reason?.code ?? null;
  }
}

function reading(grams: number, at: number, change: Partial<ScaleReading> = {}): ScaleReading {
  return { grams, stable: true, net: false, overload: false, underload: false, at, raw: `f${at}`, ...change };
}

test('a stable, fresh weight in range is usable, with the frames behind it', () => {
  const bench = new Bench().open('A').frame(0).stable(1234.5);
  expect(bench.judgement).toEqual({
    usable: true,
    grams: 1235,
    grossG: 1235,
    tareG: 0,
    reason: null,
    state: 'stable',
    at: bench.now,
    frames: [`f${bench.now - 250}`, `f${bench.now - 125}`, `f${bench.now}`],
  });
});

test('two equal frames are not enough', () => {
  expect(new Bench().open('A').frame(1000).frame(1000).reason).toBe('weight.unstable');
});

test('three equal frames in one instant (a flushed buffer) are not enough', () => {
  const bench = new Bench().open('A');
  for (let i = 0; i < 200; i++) bench.apply({ kind: 'reading', reading: reading(1000, bench.now) });
  expect(bench.reason).toBe('weight.unstable');
  expect(bench.state.run.length).toBeLessThanOrEqual(64);
});

test('frames that creep beyond the tolerance are not equal', () => {
  expect(new Bench().open('A').frame(1000).frame(1002).frame(1004).reason).toBe('weight.unstable');
});

test('one moving frame starts the window again', () => {
  const bench = new Bench().open('A').frame(1000).frame(1000).frame(1000, { stable: false }).frame(1000).frame(1000);
  expect(bench.reason).toBe('weight.unstable');
});

test('a refused frame makes the weight unusable at once, and the window starts again', () => {
  const bench = new Bench().open('A').stable(1000);
  bench.apply({ kind: 'refused', frame: refusedFrame(frameProblem('format-sics'), bench.now, 'ff') });
  expect(bench.reason).toBe('weight.noise');
  expect(bench.frame(1000).frame(1000).reason).toBe('weight.unstable');
  expect(bench.frame(1000).judgement.usable).toBe(true);
});

test.each([
  ['weight.overload', { overload: true, stable: false }, 0],
  ['weight.underload', { underload: true, stable: false }, 0],
  ['weight.zero', {}, 3],
  ['weight.underload', {}, -200],
  ['weight.too-light', {}, 9],
  ['weight.too-heavy', {}, 50_001],
] as const)('%s stops the weight', (code, change, grams) => {
  const bench = new Bench().open('A').frame(grams, change).frame(grams, change).frame(grams, change);
  expect(bench.reason).toBe(code);
  expect(bench.judgement.usable).toBe(false);
});

test('the limits themselves are in range', () => {
  expect(new Bench().open('A').stable(10).judgement.usable).toBe(true);
  expect(new Bench().open('A').stable(50_000).judgement.usable).toBe(true);
});

test('a weight goes stale after two seconds, to the millisecond, and shows no grams', () => {
  const bench = new Bench().open('A').stable(1000);
  expect(judge(bench.state, bench.now + 2_000, limits).usable).toBe(true);
  expect(judge(bench.state, bench.now + 2_001, limits)).toMatchObject({
    usable: false,
    grams: null,
    reason: { code: 'weight.stale' },
    state: 'silent',
  });
});

test('a reading from the future is not fresh', () => {
  const bench = new Bench().open('A').stable(1000);
  expect(judge(bench.state, bench.now - 1, limits).usable).toBe(false);
});

test('no scale, a closed link, a silent scale and noise are told apart', () => {
  expect(judge(startWeighing(null, 'absent'), 0, limits)).toMatchObject({
    state: 'absent',
    reason: { code: 'weight.no-scale' },
  });
  expect(judge(startWeighing(null), 0, limits)).toMatchObject({
    state: 'connecting',
    reason: { code: 'weight.silent' },
  });
  const bench = new Bench().open('A');
  expect(judge(bench.state, bench.now + 2_001, limits)).toMatchObject({
    state: 'silent',
    reason: { code: 'weight.silent' },
  });
  for (let i = 0; i < 9; i++) {
    bench.now += stepMs;
    bench.apply({ kind: 'refused', frame: refusedFrame(frameProblem('format-sics'), bench.now, 'ff') });
  }
  expect(bench.judgement).toMatchObject({ state: 'noise', reason: { code: 'weight.noise' } });
});

test('a broken link takes the weight with it', () => {
  const bench = new Bench().open('A').stable(1000);
  bench.apply({ kind: 'link-state', state: 'failed', at: bench.now });
  expect(bench.judgement).toMatchObject({ usable: false, grams: null, state: 'connecting' });
  bench.apply({ kind: 'link-state', state: 'open', at: bench.now });
  expect(bench.judgement.usable).toBe(false);
  expect(bench.stable(1000).judgement.usable).toBe(true);
});

test('no weight is usable while no parcel is on the desk', () => {
  expect(new Bench().stable(1000).judgement).toMatchObject({ usable: false, grams: 1000, reason: null });
});

test("parcel A left on the scale is not parcel B's weight", () => {
  const bench = new Bench().open('A').stable(1000).take('A', 1000).open('B').stable(1000);
  expect(bench.reason).toBe('weight.not-changed');
});

test("leaning on parcel A and letting go does not make it parcel B's", () => {
  const bench = new Bench().open('A').stable(1000).take('A', 1000).open('B');
  bench.frame(1700, { stable: false }).frame(300, { stable: false }).stable(1500).stable(1004);
  expect(bench.reason).toBe('weight.not-changed');
});

test('a parcel swapped by hand is accepted if its weight differs', () => {
  expect(new Bench().open('A').stable(1000).take('A', 1000).open('B').stable(1011).judgement.usable).toBe(true);
});

test('a twin parcel is accepted once the scale was empty, even for one moving frame', () => {
  const bench = new Bench().open('A').stable(1000).take('A', 1000).frame(2, { stable: false }).open('B').stable(1000);
  expect(bench.judgement).toMatchObject({ usable: true, grams: 1000 });
});

test('lifting a zeroed tray off (underload) counts as empty; overload does not', () => {
  const under = new Bench().open('A').stable(1000).take('A', 1000).frame(0, { underload: true, stable: false });
  expect(under.open('B').stable(1000).judgement.usable).toBe(true);
  const over = new Bench().open('A').stable(1000).take('A', 1000).frame(0, { overload: true, stable: false });
  expect(over.open('B').stable(1000).reason).toBe('weight.not-changed');
});

test('after a restart the last sealed parcel may still lie on the scale', () => {
  expect(new Bench(1000).open('B').stable(1000).reason).toBe('weight.not-changed');
  expect(new Bench(1000).frame(0).open('B').stable(1000).judgement.usable).toBe(true);
});

test('a link that broke while parcel A lay there does not free its weight', () => {
  const bench = new Bench().open('A').stable(1000).take('A', 1000);
  bench.apply({ kind: 'link-state', state: 'failed', at: bench.now });
  bench.apply({ kind: 'link-state', state: 'open', at: bench.now });
  expect(bench.open('B').stable(1000).reason).toBe('weight.not-changed');
});

test('a parcel released with its box on the scale does not give its weight to the next', () => {
  const bench = new Bench().open('A').stable(1000).apply({ kind: 'parcel-closed', at: 0 }).open('B').stable(1000);
  expect(bench.reason).toBe('weight.not-changed');
  expect(bench.open('A').stable(1000).judgement.usable).toBe(true);
});

test('a parcel released while its box still moves needs an empty scale after it', () => {
  const bench = new Bench().open('A').frame(700, { stable: false }).open('B').stable(1000);
  expect(bench.reason).toBe('weight.not-changed');
  expect(bench.frame(0).stable(1000).judgement.usable).toBe(true);
});

test("opening and releasing another parcel does not launder the first one's weight", () => {
  const bench = new Bench()
    .open('Z')
    .stable(1000)
    .take('Z', 1000)
    .open('A')
    .stable(1000)
    .open('B')
    .open('A')
    .stable(1000);
  expect(bench.reason).toBe('weight.not-changed');
});

test('the same parcel opened again keeps its own weight', () => {
  const bench = new Bench().open('A').stable(1000).take('A', 1000).open('A').stable(1000);
  expect(bench.judgement.usable).toBe(true);
});

test('grams are rounded half up', () => {
  expect([1000.4999, 1000.5, -0.5, -0.51, 0.49999999999999994, 226.796185].map(roundGrams)).toEqual([
    1000, 1001, 0, -1, 0, 227,
  ]);
});

const frames = fc.record({
  grams: fc.oneof(
    fc.constantFrom(0, 3, 1000, 1001, 1009, 1500),
    fc.double({ min: -500, max: 60_000 }),
    fc.constantFrom(NaN, Infinity),
  ),
  stable: fc.boolean(),
  overload: fc.boolean(),
  underload: fc.boolean(),
  gapMs: fc.constantFrom(0, 50, 125, 125, 1_000, 2_500),
});
const steps = fc.oneof(
  { weight: 8, arbitrary: frames.map((frame) => ({ kind: 'frame' as const, ...frame })) },
  { weight: 6, arbitrary: fc.constantFrom(0, 1000, 1500).map((grams) => ({ kind: 'settle' as const, grams })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'refused' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'link' as const }) },
  { weight: 2, arbitrary: fc.constantFrom('A', 'B', 'C').map((id) => ({ kind: 'parcel' as const, id })) },
  { weight: 3, arbitrary: fc.constant({ kind: 'take' as const }) },
);

test('whatever happens, a usable weight is stable, fresh, valid, in range, and not the one taken before', () => {
  let usableSeen = 0;
  const play = fc.property(fc.array(steps, { maxLength: 60 }), (script) => {
    const bench = new Bench();
    let parcel: string | null = null;
    let taken: { id: string; grams: number } | null = null;
    let history: ScaleReading[] = [];
    const push = (next: ScaleReading) => {
      bench.apply({ kind: 'reading', reading: next });
      const valid = Number.isFinite(next.grams);
      history = valid ? [...history, next] : [];
      if (valid && !next.overload && (next.underload || next.grams <= limits.zeroG)) taken = null;
    };
    for (const step of script) {
      if (step.kind === 'frame') {
        bench.now += step.gapMs;
        push(reading(step.grams, bench.now, step));
      } else if (step.kind === 'settle') {
        for (let i = 0; i < 3; i++) push(reading(step.grams, (bench.now += stepMs)));
      } else if (step.kind === 'refused') {
        history = [];
        bench.apply({ kind: 'refused', frame: refusedFrame(frameProblem('format-sics'), bench.now, '') });
      } else if (step.kind === 'link') {
        history = [];
        bench.apply({ kind: 'link-state', state: 'failed', at: bench.now });
        bench.apply({ kind: 'link-state', state: 'open', at: bench.now });
      } else if (step.kind === 'parcel') {
        parcel = step.id;
        bench.open(step.id);
      }
      const { judgement } = bench;
      if (judgement.usable) {
        usableSeen += 1;
        const newest = history.at(-1);
        const last = history.slice(-limits.stableFrames);
        expect(last.length).toBe(limits.stableFrames);
        expect(last.every((one) => one.stable && !one.overload && !one.underload)).toBe(true);
        expect(bench.now - (newest?.at ?? -Infinity)).toBeLessThanOrEqual(2_000);
        expect(judgement.grams).toBe(roundGrams(newest?.grams ?? NaN));
        expect(judgement.grams).toBeGreaterThanOrEqual(limits.minG);
        expect(judgement.grams).toBeLessThanOrEqual(limits.maxG);
        if (taken !== null && taken.id !== parcel) {
          expect(Math.abs((newest?.grams ?? NaN) - taken.grams)).toBeGreaterThan(limits.changeG);
        }
        if (step.kind === 'take' && parcel !== null && newest !== undefined) {
          bench.take(parcel, newest.grams);
          taken = { id: parcel, grams: newest.grams };
        }
      }
    }
  });
  fc.assert(play, { numRuns: 2_000 });
  expect(usableSeen).toBeGreaterThan(100);
});
