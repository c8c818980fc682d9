/** The short form of `npm run soak`: the same station, sockets and process, a few seconds of it. */
import { expect, test } from 'vitest';
import { faultsOf, soakDws } from '../../soak/dws.ts';

test('36,000 parcels an hour, a burst of ten times that and a flood: nothing lost, every duplicate known, flat memory', async () => {
  const report = await soakDws({ perHour: 36_000, minutes: 0.1, burstSeconds: 3, flood: 1_000 });
  // The time to accept is measured by the long run, on a machine that does nothing else.
  expect(faultsOf(report, { p99Ms: 2_000, heapGrowthMb: 16 })).toEqual([]);
  expect([report.steady.sent, report.burst.sent, report.flood.sent]).toEqual([60, 300, 1_000]);
  expect(report.recordsInDatabase).toBe(200 + 60 + 300 + 1_000);
}, 120_000);
