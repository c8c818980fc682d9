/** Starts a station, takes one scan, reports how long that took, and stops: `start-child.ts DATA-DIR ORDER-NUMBER`. */
import { startTestStation } from '../../kit/station.ts';

export interface StartReport {
  /** From the start of the process to the accepted scan. */
  readonly processMs: number;
  /** From the start of the station to the accepted scan. */
  readonly stationMs: number;
  readonly scanMs: number;
  /** Processor time of all threads of the process until the accepted scan. */
  readonly cpuMs: number;
  readonly rssMb: number;
}

const [dataDir = '', order = ''] = process.argv.slice(2);
const from = performance.now();
const desk = await startTestStation({ dataDir, orders: 20 });
const scanFrom = performance.now();
const answer = await desk.client.call('pack.scan', { code: order });
// The clock of `performance` starts with the process.
const at = performance.now();
if (!answer.accepted) throw new Error(`order ${order} was not accepted: ${answer.notice.code}`);
const { user, system } = process.cpuUsage();
const report: StartReport = {
  processMs: at,
  stationMs: at - from,
  scanMs: at - scanFrom,
  cpuMs: (user + system) / 1_000,
  rssMb: process.memoryUsage.rss() / 2 ** 20,
};
await desk.client.call('pack.command', { command: 'release-order', reason: 'bench' });
await desk.stop();
process.send?.(report, undefined, {}, () => process.exit(0));
