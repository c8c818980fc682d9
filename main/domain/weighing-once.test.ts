/** The weighing rules on a scale that says each weight a single time, and zero never. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultWeighingLimits as limits, judge, startWeighing, weighing } from './weighing.ts';
import type { WeighingEvent, WeighingState } from './weighing.ts';

class OnceBench {
  now = 1_000;
  state: WeighingState;
  constructor(lastTakenG: number | null = null, once = true) {
    this.state = startWeighing(lastTakenG);
    this.apply({ kind: 'link-state', state: 'open', at: this.now, once });
  }
  apply(event: WeighingEvent): this {
    this.state = weighing(this.state, event, limits);
    return this;
  }
  says(grams: number, stable = true): this {
    this.now += 125;
    const rest = { net: false, overload: false, underload: false, at: this.now, raw: `f${this.now}` };
    return this.apply({ kind: 'reading', reading: { grams, stable, ...rest } });
  }
  passes(ms: number): this {
    this.now += ms;
    return this.apply({ kind: 'tick', at: this.now });
  }
  open(parcelId: string): this {
    return this.apply({ kind: 'parcel-opened', parcelId, at: this.now });
  }
  close(): this {
    return this.apply({ kind: 'parcel-closed', at: this.now });
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

test('its silence is usual: it waits for the next weight, and says how to give one', () => {
  const bench = new OnceBench().open('A').passes(60_000);
  expect(bench.judgement).toMatchObject({ state: 'waiting', reason: { code: 'weight.once', tone: 'info' } });
});

test('with no parcel on the desk its silence is nothing to say', () => {
  expect(new OnceBench().passes(60_000).judgement).toMatchObject({ state: 'waiting', usable: false, reason: null });
});

test('one stable frame is usable, and no longer than two seconds', () => {
  const bench = new OnceBench().open('A').says(1_200);
  expect(bench.judgement).toMatchObject({ usable: true, grams: 1_200, frames: [`f${bench.now}`] });
  expect(bench.passes(2_001).reason).toBe('weight.once');
});

test('one frame of any other scale is not usable', () => {
  expect(new OnceBench(null, false).open('A').says(1_200).reason).toBe('weight.unstable');
});

test('a frame that is not stable is not usable', () => {
  expect(new OnceBench().open('A').says(1_200, false).judgement.usable).toBe(false);
});

test('the same weight again is not proven to be the next parcel’s; another one is', () => {
  const bench = new OnceBench().open('A').says(1_200).take('A', 1_200).open('B').says(1_205);
  expect(bench.reason).toBe('weight.not-changed');
  expect(bench.says(2_000).judgement.usable).toBe(true);
});

test('a parcel that left without its weight taken does not shut the scale for ever', () => {
  const bench = new OnceBench(800).open('A').says(1_200).passes(5_000).close().open('B');
  expect(bench.says(1_200).reason).toBe('weight.not-changed');
  expect(bench.says(2_000).judgement.usable).toBe(true);
});

test('what it said before the link broke is nobody’s weight', () => {
  const bench = new OnceBench().open('A').says(1_200);
  bench.apply({ kind: 'link-state', state: 'opening', at: bench.now });
  bench.apply({ kind: 'link-state', state: 'open', at: bench.now, once: true });
  expect(bench.reason).toBe('weight.once');
});

test('goods scanned after the frame: it is put down again', () => {
  const bench = new OnceBench().open('A').says(1_200);
  bench.apply({ kind: 'items-changed', complete: true, at: bench.now });
  expect(bench.judgement.usable).toBe(false);
  expect(bench.says(1_200).reason).toBe('weight.reweigh');
});

test('no weight within the change limit of the parcel taken last is ever usable for the next', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 30_000 }),
      fc.integer({ min: -10, max: 10 }),
      fc.nat(3),
      (grams, off, gaps) => {
        const bench = new OnceBench().open('A').says(grams).take('A', grams);
        bench
          .passes(gaps * 1_500)
          .open('B')
          .says(grams + off);
        expect(bench.judgement.usable).toBe(false);
      },
    ),
  );
});
