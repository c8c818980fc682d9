/** Follows the way of one device of the desk, from the profile to its frames, for `diagnose` and for Settings. */
import type { DeviceKind, SerialSettings } from '../../preload/contract/index.ts';
import { judgeHeard } from '../desk/devices/detection-judge.ts';
import type { RunningDevice } from '../desk/devices/device-room.ts';
import { lineInWords } from '../desk/devices/detection.ts';
import { isThisThing } from '../desk/devices/same-device.ts';
import { scaleProtocols } from '../devices/scale/index.ts';
import { deviceChecks, listenedSteps, scaleSteps, wayToOpen } from '../diagnostics/device-steps.ts';
import type { DeviceStep, DeviceWay, ScaleHeard } from '../diagnostics/device-steps.ts';
import type { DiagnosticCheck } from '../diagnostics/report.ts';
import { loadSentences } from '../diagnostics/sentences.ts';
import { frameCause } from '../domain/frame-problems.ts';
import { linkCause } from '../domain/link-cause.ts';
import type { Clock, Link, Links } from '../ports.ts';
import type { DeviceParts } from './device-parts.ts';
import type { Devices } from './devices.ts';
import type { LinkBook } from './link-book.ts';

/** Bytes are waited for this long, and collected this long after the first. */
const waitMs = 3_000;
const collectMs = 1_000;
const keptBytes = 64 * 1024;

const usualLine: SerialSettings = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 };

function definedOnly<T extends object>(given: T): { [name in keyof T]?: Exclude<T[name], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}

export interface DeviceDiagnosis {
  /** Of one device; empty if it is not known. */
  checksOf(kind: DeviceKind, id: string): DiagnosticCheck[];
  /** Of every device that is read: scales, DWS machines, scanners. Printers have a check of their own. */
  checks(): DiagnosticCheck[];
}

export function createDeviceDiagnosis(options: {
  readonly parts: DeviceParts;
  readonly devices: Devices;
  readonly book: LinkBook;
  readonly links: Links;
  readonly clock: Clock;
  readonly resourcesDir: string;
}): DeviceDiagnosis {
  const { parts, devices, book, links, clock } = options;
  const say = loadSentences(options.resourcesDir, 'en');

  function wayOf(device: RunningDevice, chunks: Uint8Array[]): DeviceWay {
    const { kind, id, link } = device;
    return {
      ...{ kind, id, link },
      problem: device.state === 'absent' ? String(device.reason?.params['reason'] ?? 'its link cannot be made') : null,
      problemCause: device.reason?.cause,
      async plugged() {
        if (device.virtual) return null;
        const scheme = /^(usb|hid|serial|spooler):\/\//.exec(link)?.[1];
        if (scheme === undefined) return null;
        const things = await links.inventory.list();
        if (links.inventory.absent().some((each) => each.kind === scheme)) return null;
        const others = things.filter((thing) => thing.kind === scheme);
        return {
          there: others.some((thing) => isThisThing(link, kind, thing)),
          others: others.slice(0, 5).map(({ uri, product }) => (product === null ? uri : `${uri} (${product})`)),
        };
      },
      async linkState() {
        const booked = book.find(link)?.link;
        if (booked === undefined) return { state: 'closed', lastError: null };
        if (booked.state === 'opening') await settled(booked);
        return { state: booked.state, lastError: booked.lastError, cause: linkCause(booked.problem) };
      },
      bytes: () => collect(link, chunks),
    };
  }

  /** Waits until a link is open or has failed. */
  function settled(link: Link): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.after(waitMs, done);
      const off = link.onState((state) => {
        if (state !== 'opening') done();
      });
      function done(): void {
        timer.cancel();
        off();
        resolve();
      }
    });
  }

  /** Listens for what comes on the desk's own link. */
  function collect(uri: string, chunks: Uint8Array[]): Promise<number> {
    const link = book.find(uri)?.link;
    if (link === undefined) return Promise.resolve(0);
    return new Promise((resolve) => {
      let count = 0;
      let timer = clock.after(waitMs, done);
      const off = link.onBytes((bytes) => {
        if (count === 0) {
          timer.cancel();
          timer = clock.after(collectMs, done);
        }
        count += bytes.length;
        if (count <= keptBytes) chunks.push(bytes.slice());
      });
      function done(): void {
        timer.cancel();
        off();
        resolve(count);
      }
    });
  }

  function stepsOf(device: RunningDevice): DeviceStep[] {
    const chunks: Uint8Array[] = [];
    const way = wayOf(device, chunks);
    if (device.kind === 'printer') return wayToOpen(way).filter(({ id }) => id !== 'opens');
    if (device.kind !== 'scale' || !device.inUse) return listenedSteps(way);
    const protocol = Object.hasOwn(scaleProtocols, device.protocol) ? scaleProtocols[device.protocol] : undefined;
    const given = parts.profile().devices.scales.find(({ id }) => id === device.id);
    const unit = given?.unit ?? null;
    const before = devices.scale.counts();
    const heard = (): ScaleHeard => {
      const { readings, refused, lastRefused } = devices.scale.counts();
      const { reading, state } = devices.scale.current();
      const all = chunks.flatMap((chunk) => [...chunk]);
      const fitting = judgeHeard({ line: null, asked: protocol?.poll ?? null, chunks }).filter(
        (each) => each.protocol !== device.protocol,
      );
      return {
        readings: readings - before.readings,
        refused: refused - before.refused,
        lastError: lastRefused?.error ?? null,
        cause: lastRefused === null ? undefined : frameCause(lastRefused.problem),
        fits: fitting.map((each) => each.protocol),
        garbled: all.length > 0 && all.filter((byte) => byte >= 0x80).length > all.length / 4,
        grams: reading === null ? null : reading.grams,
        state: state === 'stable' || state === 'moving' || state === 'overload' || state === 'underload' ? state : null,
      };
    };
    const line = { ...usualLine, ...protocol?.serial, ...definedOnly(given ?? {}) };
    const named = device.link.startsWith('serial://') ? `${device.protocol} ${lineInWords(line)}` : device.protocol;
    return scaleSteps(way, { protocol: named, polled: given?.ask !== false && protocol?.poll != null, unit }, heard);
  }

  const checksFor = (device: RunningDevice): DiagnosticCheck[] => deviceChecks(device, stepsOf(device), say);

  return {
    checksOf: (kind, id) =>
      parts
        .running()
        .filter((device) => device.kind === kind && device.id === id)
        .flatMap((device) => [
          ...checksFor(device),
          ...(kind === 'printer' ? devices.checks().filter((check) => check.id === `printer.${id}`) : []),
        ]),
    checks: () =>
      parts
        .running()
        .filter(({ kind, inUse }) => kind !== 'printer' && inUse)
        .flatMap(checksFor),
  };
}
