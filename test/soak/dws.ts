/**
 * A line that never stops: a whole station with its real database on disk, and a machine in another process that sends
 * records over a real socket. Then a burst of ten times the rate, then as many records at once as the connection takes.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startTestStation, type TestStation } from '../kit/station.ts';
import type { SenderOrder, SenderReport } from './dws-sender-child.ts';

export interface DwsSoakOptions {
  readonly perHour: number;
  readonly minutes: number;
  /** Length of the burst of ten times the rate. */
  readonly burstSeconds: number;
  /** Records sent at once at the end. */
  readonly flood: number;
  readonly progress?: (line: string) => void;
}

interface PhaseReport {
  readonly sent: number;
  /** Answered and in the database. */
  readonly accepted: number;
  /** Sent, and not in the database or not answered. */
  readonly lost: number;
  /** Sent twice on purpose / recognised. */
  readonly repeated: number;
  readonly duplicates: number;
  readonly wrongAnswers: number;
  /** From the record's last byte to its answer at the machine; the commit lies between. */
  readonly acceptMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** How late the machine's own process woke up to send: the load of this computer, for comparison. */
  readonly senderLateMs: { readonly p50: number; readonly p99: number };
  readonly perSecond: number;
  readonly mostWaitingBytes: number;
}

export interface DwsSoakReport {
  readonly perHour: number;
  readonly minutes: number;
  readonly steady: PhaseReport;
  readonly burst: PhaseReport;
  readonly flood: PhaseReport;
  /** Of the station's process, megabytes; heap after a collection. The slope is fitted over the steady phase. */
  readonly memory: {
    readonly heapStart: number;
    readonly heapEnd: number;
    readonly heapAfterAll: number;
    readonly rssStart: number;
    readonly rssEnd: number;
    readonly rssMost: number;
    readonly rssSlopePerMinute: number;
  };
  readonly recordsInDatabase: number;
}

const megabyte = 1024 * 1024;
const warmUpRecords = 200;

export async function soakDws(options: DwsSoakOptions): Promise<DwsSoakReport> {
  const { perHour, minutes, progress = () => undefined } = options;
  const machine = {
    ...{ id: 'line1', link: 'tcp-listen://127.0.0.1:0', format: 'csv', weightUnit: 'g', lengthUnit: 'mm' },
    ...{ pairing: 'line', reply: '{Status} {Code}\\n' },
  };
  const desk = await startTestStation({ profile: { devices: { dws: [machine] } }, orders: 1 });
  try {
    const port = await portOf(desk);
    const intervalMs = 3_600_000 / perHour;
    const phase = async (prefix: string, records: number, everyMs: number): Promise<PhaseReport> => {
      const before = desk.station.inside.store.dws.count();
      const report = await sender({ port, prefix, records, intervalMs: everyMs });
      return phaseReport(report, desk.station.inside.store.dws.count() - before);
    };
    // The first records run through code that was never run before; a machine sends its first at the start of a shift.
    await phase('W', warmUpRecords, 10);
    progress('warmed up');
    const collect = garbageCollector();
    collect();
    const start = process.memoryUsage();
    const samples: { minute: number; rss: number }[] = [];
    const began = performance.now();
    const sampler = setInterval(() => {
      samples.push({ minute: (performance.now() - began) / 60_000, rss: process.memoryUsage().rss / megabyte });
    }, 500);
    const steady = await phase('S', Math.round((perHour * minutes) / 60), intervalMs);
    clearInterval(sampler);
    const rssEnd = process.memoryUsage().rss;
    collect();
    const end = process.memoryUsage();
    progress(`steady: ${JSON.stringify(steady)}`);
    const burst = await phase('B', Math.round((perHour * 10 * options.burstSeconds) / 3_600), intervalMs / 10);
    const afterBurst = process.memoryUsage().rss;
    progress(`burst: ${JSON.stringify(burst)}`);
    const flood = await phase('F', options.flood, 0);
    const afterFlood = process.memoryUsage().rss;
    collect();
    const rounded = (bytes: number): number => Number((bytes / megabyte).toFixed(1));
    return {
      ...{ perHour, minutes, steady, burst, flood },
      memory: {
        heapStart: rounded(start.heapUsed),
        heapEnd: rounded(end.heapUsed),
        heapAfterAll: rounded(process.memoryUsage().heapUsed),
        rssStart: rounded(start.rss),
        rssEnd: rounded(rssEnd),
        rssMost: rounded(Math.max(afterBurst, afterFlood, ...samples.map(({ rss }) => rss * megabyte))),
        rssSlopePerMinute: Number(slope(samples).toFixed(2)),
      },
      recordsInDatabase: desk.station.inside.store.dws.count(),
    };
  } finally {
    await desk.stop();
  }
}

/** What is wrong with the figures; empty if nothing is. */
export function faultsOf(
  report: DwsSoakReport,
  limits: { readonly p99Ms: number; readonly heapGrowthMb: number },
): string[] {
  const { steady, burst, flood, memory } = report;
  const faults: string[] = [];
  for (const [name, phase] of Object.entries({ steady, burst, flood })) {
    if (phase.lost !== 0) faults.push(`${name}: ${phase.lost} lost`);
    if (phase.wrongAnswers !== 0) faults.push(`${name}: ${phase.wrongAnswers} wrong answers`);
    if (phase.duplicates !== phase.repeated)
      faults.push(`${name}: ${phase.duplicates} of ${phase.repeated} repeats seen`);
  }
  if (!(steady.acceptMs.p99 > 0 && steady.acceptMs.p99 <= limits.p99Ms))
    faults.push(`steady: p99 ${steady.acceptMs.p99} ms`);
  if (memory.heapEnd - memory.heapStart > limits.heapGrowthMb) faults.push('the heap grew in the steady phase');
  return faults;
}

function phaseReport(report: SenderReport, stored: number): PhaseReport {
  const at = quantiles(report.latenciesMs);
  const late = quantiles(report.latenessMs);
  const accepted = Math.min(stored, report.answered - report.duplicates);
  return {
    sent: report.sent,
    accepted,
    lost: report.sent - accepted,
    repeated: report.repeats,
    duplicates: report.duplicates,
    wrongAnswers: report.wrong,
    acceptMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
    senderLateMs: { p50: late(0.5), p99: late(0.99) },
    perSecond: Number(((report.sent / report.elapsedMs) * 1_000).toFixed(1)),
    mostWaitingBytes: report.mostWaitingBytes,
  };
}

/** The value below which this share lies; 0 of nothing. */
function quantiles(values: readonly number[]): (share: number) => number {
  const sorted = [...values].sort((a, b) => a - b);
  return (share) => Number((sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0).toFixed(2));
}

function sender(order: SenderOrder): Promise<SenderReport> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('dws-sender-child.ts', import.meta.url)), [], { execArgv: [] });
    child.once('message', (message) => resolve(message as SenderReport));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`the machine's process ended with ${code}`));
    });
    child.send(order);
  });
}

/** The port is had soon after the start; the board is composed anew when it is. */
async function portOf(desk: TestStation): Promise<number> {
  for (;;) {
    const origin = desk.station.inside.dws.listening('line1');
    if (origin !== null) return Number(origin.split(':').at(-1));
    await new Promise<void>((resolve) => {
      const stop = desk.station.inside.dws.onChange(() => {
        stop();
        resolve();
      });
    });
  }
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Megabytes per minute, least squares. */
function slope(samples: readonly { readonly minute: number; readonly rss: number }[]): number {
  const count = samples.length;
  if (count < 2) return 0;
  const meanX = samples.reduce((sum, { minute }) => sum + minute, 0) / count;
  const meanY = samples.reduce((sum, { rss }) => sum + rss, 0) / count;
  const above = samples.reduce((sum, { minute, rss }) => sum + (minute - meanX) * (rss - meanY), 0);
  const below = samples.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
