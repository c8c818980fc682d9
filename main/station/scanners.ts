/**
 * Scanners in serial and HID-POS mode, read by the station: no focus, no input method, no keyboard layout. A scan waits
 * for a screen to take it, so that it goes where the packer is (an open drawer, a `PB:KEY:` barcode) and is seen and heard
 * there; the first screen gets it. If none takes it in time, the station takes it to the scanner's place itself.
 */
import type {
  CallOutput,
  ConfiguredDevice,
  Notice,
  ScanManner,
  ScannersSnapshot,
} from '../../preload/contract/index.ts';
import type { ScanTaker } from '../api/handlers.ts';
import { Observable } from '../desk/observable.ts';
import { createScanner, scannerDecoder, type Scanner } from '../devices/scanner/index.ts';
import { deviceProblem } from '../domain/link-cause.ts';
import { maxScanLength } from '../domain/scan.ts';
import type { Link, Ports, Timer } from '../ports.ts';
import type { ScannerProfile } from '../profile/profile.ts';
import { shownRefusal } from './shown-refusal.ts';

/** A screen that shows the desk answers in a few milliseconds; a packer notices half a second. */
const takeWithinMs = 400;
/** More than a person scans while a screen is busy. */
const mostWaiting = 32;

type Taken = NonNullable<CallOutput<'scanners.take'>['scan']>;

interface Waiting {
  readonly seq: number;
  readonly at: number;
  readonly scan: Taken;
  readonly timer: Timer;
}

export interface Scanners extends ScanTaker {
  readonly snapshot: Observable<ScannersSnapshot>;
  /** Scanners of the profile that could not be opened at all. */
  problems(): readonly Notice[];
  /** Codes and refusals of a scanner; null if none of this id runs. */
  counts(id: string): Pick<ConfiguredDevice, 'frames' | 'refused' | 'lastRefused'> | null;
  /** A scanner that was started while the desk works, in training. */
  add(settings: ScannerProfile): void;
  start(): void;
  stop(): Promise<void>;
}

export interface ScannersOptions {
  readonly ports: Ports;
  readonly entries: readonly ScannerProfile[];
  /** A scan that no screen took. */
  deliver(place: Taken['place'], code: string, manner: ScanManner): void;
}

export function openScanners({ ports, entries, deliver }: ScannersOptions): Scanners {
  const { clock, log } = ports;
  const problems: Notice[] = [];
  const opened: { readonly settings: ScannerProfile; readonly scanner: Scanner }[] = [];
  let waiting: Waiting[] = [];
  let count = 0;

  function hear(settings: ScannerProfile, code: string, refusal: Taken['refusal']): void {
    const scan: Taken = { code, refusal, scanner: settings.id, place: settings.place };
    count += 1;
    const seq = count;
    const timer = clock.after(takeWithinMs, () => {
      if (take(seq) === null || refusal !== null) return;
      deliver(settings.place, code, { scanner: settings.id });
    });
    if (waiting.length >= mostWaiting) waiting[0]?.timer.cancel();
    waiting = [...waiting.slice(1 - mostWaiting), { seq, at: clock.now(), scan, timer }];
    refresh();
  }

  function take(seq: number): Taken | null {
    const found = waiting.find((one) => one.seq === seq);
    if (found === undefined) return null;
    found.timer.cancel();
    waiting = waiting.filter((one) => one !== found);
    refresh();
    return found.scan;
  }

  function join(settings: ScannerProfile): void {
    const link = makeLink(settings);
    if (link === null) return;
    const scanner = createScanner({
      ...{ id: settings.id, link, encoding: settings.encoding, clock, log },
      decoder: () => scannerDecoder(settings),
      take(given) {
        if (given.kind === 'refused') hear(settings, '', given.error);
        else if (given.text.length > maxScanLength) hear(settings, '', 'too-long');
        else hear(settings, given.text, null);
      },
    });
    opened.push({ settings, scanner });
  }
  for (const settings of entries) join(settings);

  /** A link that cannot be made (unknown scheme, module absent) is a problem on the screen, not a crash. */
  function makeLink({ id, link, baud, dataBits, parity, stopBits }: ScannerProfile): Link | null {
    try {
      return ports.links.create(link, { baud, dataBits, parity, stopBits });
    } catch (error) {
      problems.push(deviceProblem(id, error));
      return null;
    }
  }

  function shown(): ScannersSnapshot {
    return {
      scanners: opened.map(({ settings, scanner }) => ({
        id: settings.id,
        place: settings.place,
        state: scanner.link.state,
        error: scanner.link.lastError,
        lastAt: scanner.lastAt(),
      })),
      waiting: waiting.map(({ seq, at }) => ({ seq, at })),
    };
  }

  const snapshot = new Observable<ScannersSnapshot>(shown());
  function refresh(): void {
    snapshot.set(shown());
  }
  const stops = opened.map(({ scanner }) => scanner.onState(refresh));

  return {
    snapshot,
    take,
    problems: () => problems,
    counts(id) {
      const found = opened.find(({ settings }) => settings.id === id);
      if (found === undefined) return null;
      const { scans, refused, lastRefused } = found.scanner.counts();
      return { frames: scans, refused, lastRefused: shownRefusal(lastRefused) };
    },
    add(settings) {
      const before = opened.length;
      join(settings);
      for (const { scanner } of opened.slice(before)) {
        stops.push(scanner.onState(refresh));
        scanner.start();
      }
      refresh();
    },
    start() {
      for (const { scanner } of opened) scanner.start();
    },
    async stop() {
      for (const stop of stops) stop();
      for (const { timer } of waiting) timer.cancel();
      waiting = [];
      await Promise.all(opened.map(({ scanner }) => scanner.stop()));
    },
  };
}
