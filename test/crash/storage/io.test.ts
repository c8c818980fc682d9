/** A short form of `npm run crash -- --io`: a sample of the storage operations of a small station go wrong in turn. */
import { describe, expect, test } from 'vitest';
import { failEveryOperation, type IoFault } from './io.ts';
import { whyNoStorageFaults } from './shim.ts';

const refusal = whyNoStorageFaults();
if (refusal !== null) console.warn(`SKIPPED: failing storage operations are not tried on this machine: ${refusal}`);

describe.skipIf(refusal !== null)('a storage operation', () => {
  const cases: readonly [IoFault, number][] = [
    ['kill', 60],
    ['kill-halfway', 60],
    ['sync-fails', 12],
    ['write-fails', 80],
    ['disk-full', 80],
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
