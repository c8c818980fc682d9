/**
 * Looks at one device closely: detection, watching, testing. One session at a time, always bounded; a device the desk uses
 * is listened to on the link it has, never opened a second time.
 */
import { ContractError, type DeviceKind } from '../../../preload/contract/index.ts';
import { createScale } from '../../devices/scale/index.ts';
import { causeOf, linkCause } from '../../domain/link-cause.ts';
import type { Clock, Link, LinkOptions, Links, Log, Timer } from '../../ports.ts';
import type { PrinterModels } from '../../profile/printer-models.ts';
import { dwsListening } from './detect-dws.ts';
import { detectByListening } from './detect-listen.ts';
import { detectPrinter } from './detect-printer.ts';
import { hidScanner, scannerListening } from './detect-scanner.ts';
import { detect, type Detection } from './detection.ts';
import {
  frameDecoder,
  hexOf,
  readKinds,
  settledScale,
  usualLine,
  type DecodedFrame,
  type FrameDecoder,
  type ReadSettings,
} from './frame-decoder.ts';
import { createSessionView, type SessionView } from './session-view.ts';
import { testSteps, testWatcher } from './device-test.ts';

/** A session ends by itself after this. */
const longestWatchMs = 5 * 60_000;
/** Bytes without the end of a frame are shown as they are after so long, or so many. */
const looseMs = 1_000;
const looseBytes = 256;

export interface DeviceSessions {
  readonly view: SessionView;
  /** Starts detection; `askAll`: also what may have an effect on the device. Throws ContractError `refused`. */
  detect(link: string, kind: DeviceKind, askAll: boolean): Promise<number>;
  /** Starts watching or testing. Throws ContractError `refused` or `bad-input`. */
  watch(kind: DeviceKind, device: Readonly<Record<string, unknown>>, test: boolean): Promise<number>;
  stop(): Promise<void>;
}

export interface SessionParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Not the desk's book: what is opened here is not a device of the desk. */
  readonly links: Pick<Links, 'create'>;
  /** The link of the desk with this URI, if a device uses it now. */
  inUse(uri: string): Link | null;
  /** Printers the desk knows by their model. */
  readonly printerModels: PrinterModels;
}

export function createDeviceSessions(parts: SessionParts): DeviceSessions {
  const { clock, log, links, inUse } = parts;
  const view = createSessionView(clock);
  let end: (() => Promise<void>) | null = null;
  let limit: Timer | null = null;
  let busy: Promise<unknown> = Promise.resolve();

  async function stopNow(): Promise<void> {
    limit?.cancel();
    limit = null;
    const ending = end;
    end = null;
    await ending?.();
    view.end('done', null);
  }

  /** One after the other: the link of the session before is closed before the next one opens it. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = busy.then(work);
    busy = mine.catch(() => null);
    return mine;
  }

  function make(uri: string, options: LinkOptions): Link {
    try {
      return links.create(uri, options);
    } catch (error) {
      throw new ContractError('refused', oneLine(error));
    }
  }

  function endAfter(ms: number): void {
    limit = clock.after(ms, () => void inTurn(stopNow));
  }

  function detectionOf(uri: string, kind: DeviceKind, askAll: boolean): Detection {
    if (kind === 'scale') return detect({ uri, clock, make, view });
    if (kind === 'printer') {
      return detectPrinter({ uri, clock, make, view, askAll, models: [...parts.printerModels.values()] });
    }
    if (kind === 'scanner' && uri.startsWith('hid://')) return hidScanner(view);
    const listening = kind === 'dws' ? dwsListening(uri, askAll) : scannerListening;
    return detectByListening({ uri, clock, make, view, listening });
  }

  return {
    view,
    detect: (uri, kind, askAll) =>
      inTurn(async () => {
        if (inUse(uri) !== null) {
          throw new ContractError('refused', `${uri} is in use by the desk; watch it, or remove that device first`);
        }
        await stopNow();
        // Says at once if there is no such link at all.
        const probe = make(uri, {});
        await probe.close();
        const run = detectionOf(uri, kind, askAll);
        const number = view.begin({
          ...{ kind: 'detect', device: kind, link: uri, shared: false, steps: [] },
          endsAfterMs: run.longestMs,
        });
        end = () => run.stop();
        void run.start().then(
          () => view.end('done', null),
          (error: unknown) => view.end('failed', oneLine(error), causeOf(error)),
        );
        return number;
      }),
    watch: (kind, device, test) =>
      inTurn(async () => {
        const uri = typeof device['link'] === 'string' ? device['link'].trim() : '';
        if (uri === '') throw new ContractError('bad-input', 'link: is missing');
        const { settings, problem } = settingsOf(kind, device, test);
        await stopNow();
        const used = inUse(uri);
        const line = settings === null ? lineOf(device) : { ...usualLine(settings), ...lineOf(device) };
        const link = used ?? make(uri, line);
        const number = view.begin({
          ...{ kind: test ? 'test' : 'watch', device: kind, link: uri, shared: used !== null },
          endsAfterMs: longestWatchMs,
          steps: test ? testSteps(kind) : [],
        });
        // Without its settings a device can still be watched byte by byte.
        if (problem !== null) view.change({ trying: problem });
        const stopListening = listen(link, settings, test ? testWatcher(kind, view) : null);
        let close = async (): Promise<void> => {};
        if (used === null && settings?.kind === 'scale') {
          // The driver asks as the desk would ask.
          const scale = createScale({ id: 'watched', link, ...settledScale(settings), clock, log });
          scale.open();
          close = () => scale.close();
        } else if (used === null) {
          link.open();
          close = () => link.close();
        }
        end = async () => {
          stopListening();
          await close();
        };
        endAfter(longestWatchMs);
        return number;
      }),
    stop: () => inTurn(stopNow),
  };

  /** Decodes what the link brings, and shows what forms no frame as it came. */
  function listen(
    link: Link,
    settings: ReadSettings | null,
    watcher: ((decoded: Readonly<Record<string, unknown>>) => void) | null,
  ): () => void {
    const fresh = (): FrameDecoder | null => (settings === null ? null : frameDecoder(settings));
    let decoder = fresh();
    let loose: number[] = [];
    let timer: Timer | null = null;
    let silence: Timer | null = null;
    let bytesSeen = 0;

    const showLoose = (): void => {
      timer?.cancel();
      timer = null;
      if (loose.length === 0) return;
      view.frame({ raw: hexOf(Uint8Array.from(loose)), decoded: null, error: null });
      loose = [];
    };
    const show = (frames: readonly DecodedFrame[]): boolean => {
      for (const frame of frames) {
        view.frame(frame);
        if (frame.decoded !== null) watcher?.(frame.decoded);
      }
      if (frames.length === 0) return false;
      // What came before the frame is in it, or was refused with it.
      loose = [];
      timer?.cancel();
      timer = null;
      return true;
    };
    const awaitSilence = (): void => {
      silence?.cancel();
      const wake = decoder?.wakeAt() ?? null;
      silence =
        wake === null
          ? null
          : clock.after(Math.max(0, wake - clock.monotonic()), () => {
              show(decoder?.tick(clock.monotonic()) ?? []);
              awaitSilence();
            });
    };
    const onBytes = (bytes: Uint8Array): void => {
      bytesSeen += bytes.length;
      view.change({ bytes: bytesSeen });
      const isFrame = show(decoder?.push(bytes, clock.monotonic()) ?? []);
      awaitSilence();
      if (isFrame) return;
      loose.push(...bytes.subarray(0, looseBytes - loose.length));
      if (loose.length >= looseBytes) showLoose();
      else timer ??= clock.after(looseMs, showLoose);
    };
    const onState = (): void => {
      decoder = fresh();
      awaitSilence();
      const well = link.state === 'open';
      view.change({
        linkState: link.state,
        problem: well ? null : link.lastError,
        cause: well ? undefined : linkCause(link.problem),
      });
    };
    onState();
    const stops = [link.onBytes(onBytes), link.onState(onState)];
    return () => {
      timer?.cancel();
      silence?.cancel();
      for (const stop of stops) stop();
    };
  }
}

/**
 * What to decode with; null for devices whose bytes are only shown, with the reason if their settings do not fit yet. For a
 * test they have to fit: throws ContractError `bad-input`.
 */
function settingsOf(
  kind: DeviceKind,
  device: Readonly<Record<string, unknown>>,
  test: boolean,
): { readonly settings: ReadSettings | null; readonly problem: string | null } {
  const readKind = readKinds.find((each) => each === kind);
  // The profile's own protocol of a scanner that names none.
  const protocol = device['protocol'] ?? device['format'] ?? (kind === 'scanner' ? 'serial-text' : undefined);
  if (readKind === undefined || typeof protocol !== 'string' || protocol === '') {
    return { settings: null, problem: null };
  }
  const settings = { kind: readKind, protocol, fields: device };
  try {
    frameDecoder(settings);
  } catch (error) {
    if (test) throw new ContractError('bad-input', oneLine(error));
    return { settings: null, problem: oneLine(error).slice(0, 100) };
  }
  return { settings, problem: null };
}

/** Line settings of a device as written; wrong ones are left to the profile's own check. */
export function lineOf(device: Readonly<Record<string, unknown>>): LinkOptions {
  const { baud, dataBits, parity, stopBits } = device;
  return {
    ...(typeof baud === 'number' ? { baud } : {}),
    ...(dataBits === 7 || dataBits === 8 ? { dataBits } : {}),
    ...(parity === 'none' || parity === 'even' || parity === 'odd' ? { parity } : {}),
    ...(stopBits === 1 || stopBits === 2 ? { stopBits } : {}),
  };
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 300);
}
