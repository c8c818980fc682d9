import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bagToleranceG, checkBagWeight, usualBagTolerance, type WeighedParcel } from './bag-weight.ts';

const weights = (...grams: number[]): WeighedParcel[] =>
  grams.map((weightG, index) => ({ parcelId: `p${index}`, weightG }));

const check = (parcels: readonly WeighedParcel[], grossG: number, outside: readonly WeighedParcel[] = []) =>
  checkBagWeight(parcels, 200, grossG, outside, usualBagTolerance);

test('a bag that weighs its parcels and its own weight is right', () => {
  expect(check(weights(500, 700), 1_400)).toMatchObject({ expectedG: 1_400, differenceG: 0, mismatch: null });
});

test('a missing parcel is found by its weight', () => {
  expect(check(weights(500, 900, 1_700), 200 + 500 + 1_700).mismatch).toEqual({
    cause: 'one-too-few',
    candidates: ['p1'],
  });
});

test('of several that would explain it, the nearest weight comes first', () => {
  const { mismatch } = check(weights(480, 900, 500), 200 + 480 + 900);
  expect(mismatch).toEqual({ cause: 'one-too-few', candidates: ['p2', 'p0'] });
});

test('a parcel thrown in without a scan is named if it is known to be nowhere else', () => {
  const outside = [
    { parcelId: 'stray', weightG: 820 },
    { parcelId: 'other', weightG: 2_000 },
  ];
  expect(check(weights(500, 700), 1_400 + 815, outside).mismatch).toEqual({
    cause: 'one-too-many',
    candidates: ['stray'],
  });
});

test('one too many that nobody knows of is still said to be one too many', () => {
  expect(check(weights(500, 700), 1_400 + 600).mismatch).toEqual({ cause: 'one-too-many', candidates: [] });
});

test('more than the heaviest parcel is several', () => {
  expect(check(weights(500, 700, 900), 200 + 700).mismatch?.cause).toBe('several-too-few');
  expect(check(weights(500, 700, 900), 2_300 + 3_000).mismatch?.cause).toBe('several-too-many');
});

test('a difference that no parcel explains is unclear: the wrong sack, or the wrong own weight', () => {
  expect(check(weights(2_000, 2_500), 4_700 - 400).mismatch).toEqual({ cause: 'unclear', candidates: [] });
});

test('parcels lighter than the tolerance cannot be missed, and that is said', () => {
  expect(check(weights(30, 700), 930).blind).toBe(true);
  expect(check(weights(500, 700), 1_400).blind).toBe(false);
});

test('the tolerance grows with the number of parcels, but slower than it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 2_000 }), (a, b) => {
      const [fewer, more] = [Math.min(a, b), Math.max(a, b)];
      const [small, large] = [bagToleranceG(fewer, usualBagTolerance), bagToleranceG(more, usualBagTolerance)];
      expect(large).toBeGreaterThanOrEqual(small);
      expect(large / more).toBeLessThanOrEqual(small / fewer + 1e-9);
    }),
  );
});

test('weights rounded by the bench scale never raise a false alarm by themselves', () => {
  // Four standard deviations: about 1 in 16,000 by the normal law; the fixed part takes up the rest.
  const parcel = fc.record({ true: fc.integer({ min: 60, max: 3_000 }) });
  fc.assert(
    fc.property(fc.array(parcel, { minLength: 1, maxLength: 500 }), (parcels) => {
      const read = parcels.map((each, index) => ({ parcelId: `p${index}`, weightG: Math.round(each.true / 5) * 5 }));
      const grossG = parcels.reduce((sum, each) => sum + each.true, 200);
      expect(check(read, grossG).mismatch).toBeNull();
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('a parcel heavier than twice the tolerance is never missed unseen', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 400, max: 5_000 }), { minLength: 2, maxLength: 200 }),
      fc.nat(),
      (grams, n) => {
        const parcels = weights(...grams);
        const missing = grams[n % grams.length] ?? 0;
        const grossG = grams.reduce((sum, each) => sum + each, 200) - missing;
        const { mismatch } = check(parcels, grossG);
        expect(mismatch).not.toBeNull();
        if (mismatch?.cause === 'one-too-few' && mismatch.candidates.length < 5) {
          expect(mismatch.candidates.map((id) => grams[Number(id.slice(1))])).toContain(missing);
        }
      },
    ),
  );
});
