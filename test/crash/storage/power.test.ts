/** A short form of `npm run crash -- --power`: power cuts lose nothing, and would be noticed if they did. */
import { describe, expect, test } from 'vitest';
import { synchronousNormal } from './mutants.ts';
import { cutPower } from './power.ts';
import { whyNoStorageFaults } from './shim.ts';

const refusal = whyNoStorageFaults();
if (refusal !== null) console.warn(`SKIPPED: power cuts are not tried on this machine: ${refusal}`);
const limitMs = 180_000;
const some = { seed: 20_260_105, commitsPerRecording: 120 };

describe.skipIf(refusal !== null)('a power cut', () => {
  test(
    'loses no acknowledged commit, and leaves a database that is whole',
    async () => {
      const result = await cutPower({ ...some, cuts: 100, cutsPerRecording: 100, mutant: null });
      expect(result.examples).toEqual([]);
      expect(result).toMatchObject({ cuts: 100, lost: 0, lostByDatabase: 0, integrityFailures: 0, wrongContent: 0 });
      expect(result.restored.tried).toBeGreaterThan(10);
      expect(result.restored.wrong).toBe(0);
      expect(result.acknowledgedChecked).toBeGreaterThan(3_000);
      expect(result.cutsWithUnsynced).toBeGreaterThan(50);
    },
    limitMs,
  );

  test(
    'is noticed to lose commits where the database does not wait for the disk',
    async () => {
      const result = await cutPower({ ...some, cuts: 20, cutsPerRecording: 20, mutant: synchronousNormal });
      expect(result.lostByDatabase).toBeGreaterThan(0);
      expect(result.cutsWithLoss).toBeGreaterThan(5);
    },
    limitMs,
  );
});
