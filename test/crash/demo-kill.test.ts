/** A whole shift in its own process, killed at seeded moments and run again on the same data: nothing lost, nothing doubled. */
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { bagsOf, readReport, runDemo, temporaryFolder, wholeShift, type KillMoment } from './demo-run.ts';

const orders = 3;
/** Far above what it takes (about 15 s on two idle cores): most of it is drawing labels. */
const limitMs = 300_000;
const folders: { remove(): void }[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

async function shiftKilledAt(seed: number, kills: readonly KillMoment[]): Promise<void> {
  const folder = temporaryFolder();
  folders.push(folder);
  const reportFile = join(folder.dir, 'report.json');
  const setup = { dataDir: folder.dir, orders, seed, reportFile };
  for (const killAt of kills) expect((await runDemo({ ...setup, killAt })).status).toBeNull();
  const last = await runDemo(setup);
  expect(last.errors).toBe('');
  const report = readReport(reportFile);
  expect(report).toMatchObject(wholeShift(orders));
  expect(report.items.every((item) => item.bag !== null && item.handedOver)).toBe(true);
  expect([report.bagsCreated, report.bagLabelsPrinted]).toEqual([bagsOf(report), bagsOf(report)]);
  expect(last.status).toBe(0);
}

test('killed when a parcel has just been sealed', () => shiftKilledAt(11, [{ after: 'line', count: 4 }]), limitMs);

test(
  'killed when a vendor has just done something the station may not know of, and again while it clears up',
  () =>
    shiftKilledAt(12, [
      { after: 'effect', count: 6 },
      { after: 'effect', count: 2 },
    ]),
  limitMs,
);

test(
  'killed among the bags, and again at the end of the day',
  () =>
    shiftKilledAt(13, [
      // About 25 effects up to the labels; bags follow.
      { after: 'effect', count: 28 },
      { after: 'effect', count: 6 },
    ]),
  limitMs,
);

test(
  'vendors that cut, fail and lie all through the shift, and a kill among the bags: nothing is done twice, nothing lost',
  async () => {
    const folder = temporaryFolder();
    folders.push(folder);
    const reportFile = join(folder.dir, 'report.json');
    const setup = { dataDir: folder.dir, orders: 2, seed: 14, reportFile, faults: true };
    await runDemo({ ...setup, killAt: { after: 'effect', count: 20 } });
    const last = await runDemo(setup);
    expect(last.errors).toBe('');
    // A person may be asked about an answer that belongs to another call; what is asked is not lost.
    expect(readReport(reportFile)).toMatchObject({ parcelsSealed: 2, vendorOrders: 2, duplicates: 0, lost: 0 });
  },
  limitMs,
);
