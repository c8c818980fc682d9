/** What runs of the devices of this desk, as Settings → Devices shows it, and how a change is taken into use. */
import type { ConfiguredDevice, DeviceKind, Notice, Problem, RefusedFrameView } from '../../preload/contract/index.ts';
import type { RunningDevice } from '../desk/devices/device-room.ts';
import type { PrinterRoom } from '../desk/printer-room.ts';
import { linkCause, withCause } from '../domain/link-cause.ts';
import type { Clock } from '../ports.ts';
import type { Profile } from '../profile/profile.ts';
import { isPlayedScale, type Devices } from './devices.ts';
import type { DwsMachines } from './dws-machines.ts';
import type { LinkBook } from './link-book.ts';
import type { Scanners } from './scanners.ts';
import { shownRefusal } from './shown-refusal.ts';
import type { VirtualMachines } from './virtual-machines.ts';

export interface DeviceParts {
  running(): readonly RunningDevice[];
  /** The profile whose devices run now; for scales it changes while the station runs. */
  profile(): Profile;
  takeOver(kind: DeviceKind, changed: Profile): Promise<'live' | 'restart'>;
  stop(): void;
}

/** Bytes or a frame within this: the device is at work. */
const lateMs = 2_000;

export function createDeviceParts(options: {
  readonly profile: Profile;
  readonly devices: Devices;
  readonly printerRoom: Pick<PrinterRoom, 'list'>;
  readonly book: LinkBook;
  readonly clock: Clock;
  readonly machines: VirtualMachines;
  readonly dws: Pick<DwsMachines, 'counts'>;
  readonly scanners: Pick<Scanners, 'counts'>;
}): DeviceParts {
  const { devices, printerRoom, book, clock, machines, dws, scanners } = options;
  const { scale } = devices;
  let profile = options.profile;
  let lastReadingAt: number | null = null;
  let lastRefused: RefusedFrameView | null = null;
  const stopFollowing = scale.onEvent((event) => {
    if (event.kind === 'reading') lastReadingAt = clock.now();
    if (event.kind !== 'refused') return;
    lastRefused = shownRefusal({ ...event.frame, at: clock.now() });
  });

  const instantOf = (monotonic: number | null): number | null =>
    monotonic === null ? null : Math.round(clock.now() - (clock.monotonic() - monotonic));

  function benchScale(): RunningDevice[] {
    const given = profile.devices.scales[0];
    const virtual = devices.scaleVirtual();
    if (given === undefined && !virtual) return [];
    const { readings, refused, lastLinkError, lastLinkProblem } = scale.counts();
    const id = given?.id ?? scale.id;
    const link = (virtual ? scaleLink() : given?.link) ?? '';
    return [
      {
        kind: 'scale',
        ...{ id, link, virtual },
        protocol: (given ?? machines.scaleEntry()).protocol,
        ...scaleState(id, lastLinkError, linkCause(lastLinkProblem)),
        inUse: scale.inner !== null,
        frames: readings,
        refused,
        bytes: book.find(link)?.bytes() ?? null,
        lastFrameAt: lastReadingAt,
        lastRefused,
      },
    ];
  }

  function scaleLink(): string | null {
    return devices.virtualScaleUri();
  }

  function scaleState(
    id: string,
    lastLinkError: string | null,
    linkProblem: Problem | undefined,
  ): Pick<RunningDevice, 'state' | 'reason'> {
    const { state } = scale.current();
    const words = (code: string, reason = '', cause?: Problem): Notice =>
      withCause({ code, tone: 'warn', params: { device: id, reason } }, cause);
    switch (state) {
      case 'stable':
      case 'waiting':
      case 'moving':
      case 'overload':
      case 'underload':
        return { state: 'working', reason: null };
      case 'noise':
        return { state: 'failed', reason: words('device.noise', lastRefused?.error, lastRefused?.cause) };
      case 'silent':
        return { state: 'quiet', reason: words('device.silent') };
      case 'connecting':
        return lastLinkError === null
          ? { state: 'opening', reason: null }
          : { state: 'failed', reason: words('device.link-failed', lastLinkError, linkProblem) };
      case 'absent': {
        const problem = devices.problems().find(({ params }) => params['device'] === id);
        return { state: 'absent', reason: problem ?? words('device.link-failed') };
      }
    }
  }

  /** Devices whose state is that of their link: DWS machines, serial scanners, further scales. */
  function byLink(kind: DeviceKind, device: { id: string; link: string }, protocol: string): RunningDevice {
    const booked = book.find(device.link);
    const played = kind === 'dws' ? machines.dws() : kind === 'scanner' ? machines.scanner() : null;
    const virtual = played?.entry.id === device.id;
    const common = { kind, id: device.id, link: device.link, protocol, virtual };
    const counts = kind === 'dws' ? dws.counts(device.id) : kind === 'scanner' ? scanners.counts(device.id) : null;
    const counted = counts ?? { frames: null, refused: null, lastRefused: null };
    if (booked === null) {
      const problem = devices.problems().find(({ params }) => params['device'] === device.id) ?? null;
      const state: ConfiguredDevice['state'] = problem === null ? 'quiet' : 'absent';
      const reason = problem ?? notUsed(device.id);
      return { ...common, ...counted, state, reason, inUse: false, bytes: null, lastFrameAt: null };
    }
    const { link } = booked;
    const lastAt = booked.lastAt();
    const late = lastAt === null || clock.monotonic() - lastAt > lateMs;
    const failed: Notice = {
      code: 'device.link-failed',
      tone: 'warn',
      params: { device: device.id, reason: link.lastError ?? '' },
    };
    const state = link.state === 'open' ? (late ? 'quiet' : 'working') : link.lastError === null ? 'opening' : 'failed';
    return {
      ...common,
      ...counted,
      state,
      reason: state === 'failed' ? withCause(failed, linkCause(link.problem)) : null,
      inUse: true,
      bytes: booked.bytes(),
      lastFrameAt: instantOf(lastAt),
    };
  }

  function notUsed(device: string): Notice {
    return { code: 'device.not-used', tone: 'info', params: { device } };
  }

  function printers(): RunningDevice[] {
    return printerRoom.list().map((printer) => ({
      kind: 'printer',
      id: printer.id,
      link: printer.link,
      protocol: printer.language,
      state: printerState(printer.state),
      reason: printerReason(printer),
      virtual: printer.virtual,
      inUse: true,
      frames: null,
      refused: null,
      bytes: book.find(printer.link)?.bytes() ?? null,
      lastFrameAt: printer.lastAnswerAt,
      lastRefused: null,
    }));
  }

  /** Why a printer is not ready; of one that cannot be reached what its link reports, which says more. */
  function printerReason({ id, link: uri, state, reasons }: ReturnType<PrinterRoom['list']>[number]): Notice | null {
    const link = state === 'offline' ? book.find(uri)?.link : undefined;
    const cause = linkCause(link?.problem);
    if (link === undefined || link.lastError === null || cause === undefined) return reasons[0] ?? null;
    return { code: 'device.link-failed', tone: 'warn', params: { device: id, reason: link.lastError }, cause };
  }

  return {
    profile: () => profile,
    running: () => [
      ...benchScale(),
      ...profile.devices.scales.slice(1).map((each) => byLink('scale', each, each.protocol)),
      // With the addresses of those that are played, and with those that were started in the training panel.
      ...machines.dwsEntries(profile).map((each) => byLink('dws', each, each.format)),
      ...machines.scannerEntries(profile).map((each) => byLink('scanner', each, each.protocol)),
      ...printers(),
    ],
    async takeOver(kind, changed) {
      if (kind !== 'scale') return 'restart';
      lastReadingAt = null;
      lastRefused = null;
      profile = { ...profile, devices: { ...profile.devices, scales: changed.devices.scales } };
      await devices.useScale(changed);
      // The virtual scale comes with a start of the station only; until then this desk has none.
      const played = isPlayedScale(changed.devices.scales[0]);
      return played && devices.virtualScaleUri() === null ? 'restart' : 'live';
    },
    stop: stopFollowing,
  };
}

function printerState(state: ReturnType<PrinterRoom['list']>[number]['state']): ConfiguredDevice['state'] {
  if (state === 'ready' || state === 'printing') return 'working';
  return state === 'no-answer' || state === 'unchecked' ? 'quiet' : 'failed';
}
