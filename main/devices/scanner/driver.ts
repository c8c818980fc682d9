/** Joins a scanner's protocol to its link: codes as text, refusals by name. */
import type { RefusedFrame } from '../../domain/device.ts';
import { frameProblem } from '../../domain/frame-problems.ts';
import { refusedScan, type ScannerDecoder, type ScannerRefused } from '../../domain/scanner.ts';
import type { Clock, Link, Log, Timer } from '../../ports.ts';

/** Of a refused code; enough to see what it began with. */
const shownBytes = 64;

/** How a scanner writes what is not ASCII, in two-dimensional codes. */
export type ScannerEncoding = 'utf-8' | 'gb18030';

export interface ScannerScan {
  readonly kind: 'scan';
  /** With its AIM identifier in front if the scanner sent one, FNC1 as GS. */
  readonly text: string;
  /** Wall clock. */
  readonly at: number;
}

export interface ScannerOptions {
  readonly id: string;
  readonly link: Link;
  readonly decoder: () => ScannerDecoder;
  readonly encoding: ScannerEncoding;
  readonly clock: Clock;
  readonly log: Log;
  /** Must not throw. */
  take(given: ScannerScan | ({ readonly kind: 'refused' } & Pick<ScannerRefused, 'error' | 'raw'>)): void;
}

export interface ScannerCounts {
  /** Codes, and what was refused. */
  readonly scans: number;
  readonly refused: number;
  /** The newest refusal, for diagnosis; `at` on the wall clock. */
  readonly lastRefused: RefusedFrame | null;
}

export interface Scanner {
  readonly id: string;
  readonly link: Link;
  /** Wall clock of the last code, or null. */
  lastAt(): number | null;
  /** Since it was started. */
  counts(): ScannerCounts;
  onState(listener: () => void): () => void;
  start(): void;
  stop(): Promise<void>;
}

export function createScanner(options: ScannerOptions): Scanner {
  const { id, link, clock, log, take } = options;
  let decoder = options.decoder();
  let timer: Timer | null = null;
  let lastAt: number | null = null;
  let scans = 0;
  let refused = 0;
  let lastRefused: ScannerCounts['lastRefused'] = null;

  function refuse({ error, detail, problem, raw }: Omit<ScannerRefused, 'at'>): void {
    refused += 1;
    lastRefused = { at: clock.now(), error: `${error}: ${detail}`, problem, raw };
    log.warn({ scanner: id, reason: error, detail, raw }, 'a scan was refused');
    take({ kind: 'refused', error, raw });
  }

  function out(given: ReturnType<ScannerDecoder['push']>): void {
    for (const one of given) {
      if ('error' in one) {
        refuse(one);
        continue;
      }
      const text = scanText(one.data, options.encoding);
      if (text === null) {
        const problem = frameProblem('scan-encoding', { encoding: options.encoding });
        refuse(refusedScan('key', problem, one.at, one.raw.slice(0, 2 * shownBytes)));
        continue;
      }
      lastAt = clock.now();
      scans += 1;
      take({ kind: 'scan', text: one.aim + text, at: lastAt });
    }
  }

  function settle(): void {
    timer?.cancel();
    const wake = decoder.wakeAt();
    timer =
      wake === null
        ? null
        : clock.after(Math.max(0, wake - clock.monotonic()), () => {
            out(decoder.tick(clock.monotonic()));
            settle();
          });
  }

  const stops = [
    link.onBytes((bytes) => {
      out(decoder.push(bytes, clock.monotonic()));
      settle();
    }),
    link.onState((state) => {
      if (state === 'open') return;
      // Half a code from before the break is no half of one after it.
      decoder = options.decoder();
      settle();
    }),
  ];

  return {
    id,
    link,
    lastAt: () => lastAt,
    counts: () => ({ scans, refused, lastRefused }),
    onState: (listener) => link.onState(listener),
    start: () => {
      link.open();
    },
    async stop() {
      for (const stop of stops) stop();
      timer?.cancel();
      await link.close();
    },
  };
}

/** Null if the bytes are no text of that encoding. */
export function scanText(data: Uint8Array, encoding: ScannerEncoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(data);
  } catch {
    return null;
  }
}
