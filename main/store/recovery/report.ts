/** What a restoration came to, kept in a file beside the database until a person has seen it, and after. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { moveInto } from './files.ts';

const Report = z.object({
  /** Wall clock. */
  at: z.number().int(),
  /** What was found, in one line. */
  reason: z.string(),
  /** Where the damaged files are kept. */
  damagedFiles: z.array(z.string()),
  /** The moment the restored copy showed, or null if there was none. */
  snapshotAt: z.number().int().nullable(),
  badSnapshots: z.number().int(),
  /** Transactions of the journal applied to it. */
  replayed: z.number().int(),
  /** Stretches of the journal nobody can read. 0: the database is as it was. */
  gaps: z.number().int(),
  lost: z.array(
    z.object({
      orderNumber: z.string(),
      what: z.enum(['entry-unreadable', 'differs-from-damaged', 'open-at-gap']),
      /** A person has looked after this order. */
      seen: z.boolean().optional(),
    }),
  ),
  inDoubt: z.object({ jobs: z.number().int(), prints: z.number().int() }),
  /** A person confirmed that they read it. */
  seen: z.boolean(),
});
export type RecoveryReport = z.infer<typeof Report>;

const fileName = 'last-recovery.json';
const largestReport = 8 * 1024 * 1024;

/** The last recovery, or null if there was none. One that cannot be read says so instead of being silent. */
export function openReport(folder: string): RecoveryReport | null {
  const path = join(folder, fileName);
  if (!existsSync(path)) return null;
  try {
    if (statSync(path).size > largestReport) throw new Error('too large');
    return Report.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {
      at: statSync(path).mtimeMs | 0,
      reason: `the database was restored, and the report of it cannot be read (${path})`,
      damagedFiles: [],
      snapshotAt: null,
      badSnapshots: 0,
      replayed: 0,
      gaps: 1,
      lost: [],
      inDoubt: { jobs: 0, prints: 0 },
      seen: false,
    };
  }
}

/** Keeps a report. What an earlier one lists and nobody has seen stays on the list. */
export function keepReport(folder: string, report: RecoveryReport): void {
  const earlier = openReport(folder);
  const open = (earlier?.lost ?? []).filter((each) => each.seen !== true);
  const known = new Set(report.lost.map((each) => each.orderNumber));
  const merged = { ...report, lost: [...report.lost, ...open.filter((each) => !known.has(each.orderNumber))] };
  write(folder, merged);
}

/** A person has seen the last report (null), or has looked after one of its orders. */
export function markSeen(folder: string, orderNumber: string | null): void {
  const report = openReport(folder);
  if (report === null) return;
  if (orderNumber === null) return write(folder, { ...report, seen: true });
  const lost = report.lost.map((each) => (each.orderNumber === orderNumber ? { ...each, seen: true } : each));
  write(folder, { ...report, lost });
}

function write(folder: string, report: RecoveryReport): void {
  const part = join(folder, `${fileName}.part`);
  writeFileSync(part, `${JSON.stringify(report, null, 2)}\n`, { flush: true });
  moveInto(part, join(folder, fileName));
}
