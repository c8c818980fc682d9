/** A short form of `npm run crash -- --io`: a sample of the storage operations of a small station go wrong in turn. */
import { describe, expect, test } from 'vitest';
import { failEveryOperation, type IoFault } from './io.ts';
import { whyNoStorageFaults } from './shim.ts';

const refusal = whyNoStorageFaults();
if (refusal !== null) console.warn(`SKIPPED: failing storage operations are not tried on this machine: ${refusal}`);

describe.skipIf(refusal !== null)('a storage operation', () => {
  const cases: readonly [IoFault, number][] = [
    ['kill-halfway', 90],
    ['sync-fails', 14],
    ['write-fails', 130],
    ['disk-full', 130],
  ];
  test.each(cases)(
    '%s: nothing is lost, nothing is doubled, and the station goes on by itself',
    async (fault, stride) => {
      const result = await failEveryOperation({ faults: [fault], stride, orders: 1, killAgainEvery: 2 });
      expect(result.examples).toEqual([]);
      expect(result.violations).toBe(0);
      expect(result.pointsCovered).toBeGreaterThan(1);
    },
    180_000,
  );
});
