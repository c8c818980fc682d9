import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRepeat, judgeDws, type DwsMeasurement, type DwsOrder } from './dws.ts';

const desk = { pairing: 'desk', holdMs: 60_000 } as const;
const line = { pairing: 'line', holdMs: 60_000 } as const;
const limits = { minG: 20, maxG: 30_000 };
const order: DwsOrder = { number: 'SO-1', openedAt: 100_000, changedAt: 105_000 };
const good: DwsMeasurement = {
  barcodes: ['SO-1'],
  noRead: false,
  weightG: 500.5,
  lengthMm: 100.2,
  widthMm: 50,
  heightMm: 20,
  volumeMismatch: false,
  errors: [],
  at: 106_000,
};
const judge = (
  change: Partial<DwsMeasurement>,
  policy: typeof desk | typeof line = desk,
  now = 107_000,
): { kind: string; code: string | undefined } => {
  const verdict = judgeDws({ ...good, ...change }, order, policy, limits, now);
  return { kind: verdict.kind, code: verdict.kind === 'elsewhere' ? undefined : verdict.notice?.code };
};

test('weight and size of the order on the desk: grams half up, millimetres up', () => {
  expect(judgeDws(good, order, desk, limits, 107_000)).toEqual({
    kind: 'usable',
    grams: 501,
    size: { lengthMm: 101, widthMm: 50, heightMm: 20 },
    notice: null,
    overridable: false,
  });
});

test.each([
  ['another barcode at the desk', { barcodes: ['SO-2'] }, desk, 'refused', 'dws.other-order'],
  ['another barcode on a line', { barcodes: ['SO-2'] }, line, 'elsewhere', undefined],
  ['one of several barcodes', { barcodes: ['X', 'so-1'] }, line, 'usable', undefined],
  ['no barcode read', { barcodes: [], noRead: true }, desk, 'refused', 'dws.no-read'],
  ['a machine that reads no barcodes', { barcodes: [] }, desk, 'usable', undefined],
  ['the same before the order came', { barcodes: [], at: 99_000 }, desk, 'elsewhere', undefined],
  ['the same on a line', { barcodes: [] }, line, 'elsewhere', undefined],
  ['measured ahead', { at: 60_000 }, line, 'usable', undefined],
  ['measured before the last item went in', { at: 104_000 }, desk, 'refused', 'dws.before-items'],
  ['too old', { at: 40_000 }, line, 'refused', 'dws.too-old'],
  ['from the future', { at: 150_000 }, desk, 'refused', 'dws.too-old'],
  ['without a weight', { weightG: null }, desk, 'refused', 'dws.no-weight'],
  ['too light', { weightG: 3 }, desk, 'refused', 'weight.too-light'],
  ['too heavy', { weightG: 30_001 }, desk, 'refused', 'weight.too-heavy'],
  ['a volume that does not fit', { volumeMismatch: true }, desk, 'usable', 'dws.size-doubt'],
  ['no size', { lengthMm: null }, desk, 'usable', 'dws.no-size'],
] as const)('%s: %o', (_, change, policy, kind, code) => {
  expect(judge(change, policy)).toEqual({ kind, code });
});

test('a size that is in doubt is not used', () => {
  expect(judgeDws({ ...good, volumeMismatch: true }, order, desk, limits, 107_000)).toMatchObject({ size: null });
});

test('never usable: unknown weight, wrong order, out of range, too old, whatever the rest', () => {
  const record = fc.record({
    barcodes: fc.array(fc.constantFrom('SO-1', 'SO-2', 'so-1', ''), { maxLength: 3 }),
    noRead: fc.boolean(),
    weightG: fc.option(fc.double({ min: -10, max: 60_000 })),
    lengthMm: fc.option(fc.double({ min: 0, max: 500, noNaN: true })),
    widthMm: fc.constant(10),
    heightMm: fc.constant(10),
    volumeMismatch: fc.boolean(),
    errors: fc.constant([]),
    at: fc.integer({ min: 0, max: 200_000 }),
  });
  fc.assert(
    fc.property(record, fc.constantFrom(desk, line), fc.integer({ min: 0, max: 200_000 }), (given, policy, now) => {
      const verdict = judgeDws(given, order, policy, limits, now);
      if (verdict.kind !== 'usable') return;
      const named = given.barcodes.some((code) => code.toUpperCase() === 'SO-1');
      expect(named || (given.barcodes.length === 0 && !given.noRead && policy.pairing === 'desk')).toBe(true);
      expect(given.weightG).not.toBeNull();
      expect(verdict.grams).toBeGreaterThanOrEqual(limits.minG);
      expect(verdict.grams).toBeLessThanOrEqual(limits.maxG);
      expect(now - given.at).toBeLessThanOrEqual(policy.holdMs);
      expect(given.at < order.openedAt || given.at >= order.changedAt).toBe(true);
      if (given.volumeMismatch) expect(verdict.size).toBeNull();
    }),
    { numRuns: 2_000 },
  );
});

describe('the same measurement said again', () => {
  test.each([
    [0, 500, 500, true],
    [3_000, 500, 501, true],
    [3_001, 500, 500, false],
    [-1, 500, 500, false],
    [100, null, 500, false],
    [100, 500, null, true],
  ] as const)('%d ms later, %s then %s: %s', (age, before, after, repeat) => {
    expect(isRepeat({ at: 1_000, weightG: before }, { at: 1_000 + age, weightG: after }, 3_000)).toBe(repeat);
  });
});
