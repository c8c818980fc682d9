/**
 * The machine of the soak test, in a process of its own so that the station's work does not delay its clock: sends records
 * over one connection at a fixed rate, whatever the answers do, and times each answer from the record's last byte.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

export const SenderOrder = z.object({
  port: z.number(),
  /** In front of the running number of each barcode. */
  prefix: z.string(),
  records: z.number(),
  /** Milliseconds from one record to the next; 0 sends as fast as the connection takes them. */
  intervalMs: z.number(),
});
export type SenderOrder = z.infer<typeof SenderOrder>;

export interface SenderReport {
  /** Different parcels, among them `noReads` without a barcode. */
  readonly sent: number;
  readonly noReads: number;
  /** Records sent a second time; each is answered as a duplicate. */
  readonly repeats: number;
  readonly answered: number;
  readonly duplicates: number;
  /** Answers that were not the one that was due. */
  readonly wrong: number;
  readonly latenciesMs: readonly number[];
  /** Most bytes that waited here because the station did not read on. */
  readonly mostWaitingBytes: number;
  readonly elapsedMs: number;
  /** By how much this process came late to send: what the machine under test does to everybody, the station apart. */
  readonly latenessMs: readonly number[];
}

const answerTimeoutMs = 60_000;

async function send(order: SenderOrder): Promise<SenderReport> {
  const socket = await dial(order.port);
  const due: { code: string; at: number }[] = [];
  const latenciesMs: number[] = [];
  const latenessMs: number[] = [];
  let next = 0;
  let text = '';
  let answered = 0;
  let duplicates = 0;
  let wrong = 0;
  let mostWaitingBytes = 0;
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const [status, code] = text.slice(0, end).split(' ');
      text = text.slice(end + 1);
      const expected = due[next];
      next += 1;
      if (expected === undefined || code !== expected.code || (status !== 'OK' && status !== 'DUPLICATE')) {
        wrong += 1;
        continue;
      }
      latenciesMs.push(performance.now() - expected.at);
      answered += 1;
      if (status === 'DUPLICATE') duplicates += 1;
    }
  });

  function put(code: string, record: string, split: boolean): void {
    if (split) socket.write(record.slice(0, 9));
    socket.write(record.slice(split ? 9 : 0));
    due.push({ code, at: performance.now() });
    mostWaitingBytes = Math.max(mostWaitingBytes, socket.writableLength);
  }

  const began = performance.now();
  let noReads = 0;
  let repeats = 0;
  for (let index = 0; index < order.records; index += 1) {
    const wait = began + index * order.intervalMs - performance.now();
    if (order.intervalMs > 0 && wait > 1) {
      await pause(wait);
      latenessMs.push(performance.now() - began - index * order.intervalMs);
    }
    if (order.intervalMs === 0 && socket.writableNeedDrain) {
      await new Promise((resolve) => socket.once('drain', resolve));
    }
    const unread = index % 100 === 99;
    const code = unread ? 'NOREAD' : `${order.prefix}${String(index).padStart(7, '0')}`;
    const size = `${200 + (index % 300)},${150 + (index % 200)},${50 + (index % 100)}`;
    const record = `${unread ? 'NoRead' : code},${100 + (index % 9_000)}.5,${size},,${Date.now()}\r\n`;
    if (unread) noReads += 1;
    if (index % 50 === 0) socket.write('HB\r\n');
    put(code, record, index % 10 === 5);
    if (index % 100 === 30) {
      repeats += 1;
      put(code, record, false);
    }
  }
  const until = performance.now() + answerTimeoutMs;
  while (next < due.length && performance.now() < until && !socket.destroyed) await pause(5);
  const elapsedMs = performance.now() - began;
  socket.destroy();
  const sent = order.records;
  return { sent, noReads, repeats, answered, duplicates, wrong, latenciesMs, mostWaitingBytes, elapsedMs, latenessMs };
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

process.once('message', (message) => {
  send(SenderOrder.parse(message)).then(
    (report) => process.send?.(report, () => process.disconnect()),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
