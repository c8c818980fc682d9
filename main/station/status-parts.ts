/** Where the status bar's facts come from. */
import type { Notice, StatusSnapshot } from '../../preload/contract/index.ts';
import type { Attention } from '../desk/attention.ts';
import type { Intake } from '../desk/intake.ts';
import type { Printing } from '../desk/printing.ts';
import type { StatusParts } from '../desk/status.ts';
import type { BenchWeigher } from '../desk/weigher.ts';
import type { PrinterRoom } from '../desk/printer-room.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Ports } from '../ports.ts';
import type { Profile } from '../profile/profile.ts';
import type { Store } from '../store/store.ts';
import type { Devices } from './devices.ts';
import type { Scanners } from './scanners.ts';
import type { DwsMachines } from './dws-machines.ts';
import type { SafeStore } from './safe-store.ts';
import type { VirtualParts } from './training-room.ts';
import type { VendorEntry } from './vendor-set.ts';

export interface StationParts {
  readonly profile: Profile;
  readonly training: boolean;
  readonly store: Store;
  readonly safe: SafeStore;
  readonly vendors: readonly VendorEntry[];
  readonly virtual: VirtualParts;
  readonly devices: Devices;
  readonly dws: Pick<DwsMachines, 'status' | 'problems'>;
  readonly scanners: Pick<Scanners, 'problems'>;
  readonly printing: Pick<Printing, 'paused'>;
  readonly outbox: Outbox;
  readonly intake: Intake;
  readonly attention: Attention;
  readonly weigher: BenchWeigher;
  readonly printerRoom: Pick<PrinterRoom, 'labelsLeft'>;
  readonly ports: Ports;
}

/** A sync older than so many polls is late. */
const latePolls = 3;
export const fallbackPollMs = 60_000;

export function statusParts(parts: StationParts): StatusParts {
  const { store, outbox, intake, devices, weigher, vendors } = parts;
  return {
    training: parts.training,
    vendors: () => vendorStatus(parts),
    printers: () =>
      devices.printers().map((printer) => ({
        ...withPause(printer, parts.printing),
        labelsLeft: parts.printerRoom.labelsLeft(printer.id),
      })),
    scale: () => {
      const { scaleId, state, virtual } = weigher.snapshot.current();
      return { id: scaleId, state, virtual };
    },
    dws: () => parts.dws.status(),
    outbox: () => {
      const { open, unknown, dead, rejected, oldestAt } = store.jobs.summary();
      return { open, unknown, dead: dead + rejected, oldestAt };
    },
    sync: () => ({
      lastAt: intake.state.current().lastAt,
      lateAfterMs: latePolls * pollMs(vendors),
      reason: intake.state.current().reason,
    }),
    attention: () => parts.attention.list().length,
    problems: () => {
      const found: Notice[] = vendors.flatMap((entry) => (entry.problem === null ? [] : [entry.problem]));
      found.push(...parts.safe.problems());
      found.push(...devices.problems(), ...parts.dws.problems(), ...parts.scanners.problems());
      if (outbox.halted !== null) {
        found.push({ code: 'store.problem', tone: 'stop', params: { reason: outbox.halted } });
      }
      return found;
    },
    network: () => (parts.ports.line.up ? 'up' : 'cut'),
    records: () => {
      const { snapshotAt, checkedAt, room, recovery } = parts.safe.facts();
      const { level, freeBytes } = room;
      return { snapshotAt, checkedAt, room: level, freeBytes, restoredAt: recovery?.at ?? null };
    },
  };
}

/** A printer whose last labels are all unknown gets no further one; that is known from the record, not from it. */
function withPause(
  printer: StatusSnapshot['printers'][number],
  printing: Pick<Printing, 'paused'>,
): StatusSnapshot['printers'][number] {
  if (printing.paused(printer.id).length === 0) return printer;
  const reason: Notice = { code: 'printer.unknown-twice', tone: 'warn', params: {} };
  const others = (printer.reasons ?? []).filter(({ code }) => code !== reason.code);
  return { ...printer, state: 'attention', reason, reasons: [reason, ...others] };
}

/** Milliseconds from one pull of orders to the next. */
export function pollMs(vendors: readonly VendorEntry[]): number {
  for (const entry of vendors) {
    const value = entry.settings['pollMs'];
    if (typeof value === 'number') return value;
  }
  return fallbackPollMs;
}

function vendorStatus(parts: StationParts): StatusSnapshot['vendors'] {
  const { outbox, vendors, intake, profile } = parts;
  const lines = outbox.vendorStates();
  const { lastAt, reason } = intake.state.current();
  return vendors.map((entry) => {
    const { id, virtual, assumed, problem } = entry;
    const { zh, en } = entry.module.manifest.name;
    const line = lines.find((each) => each.vendor === id);
    const isUpstream = entry.vendor?.pullOrders !== undefined;
    const shown = { id, name: profile.desk.locale === 'en' ? en : zh, virtual, assumed };
    if (problem !== null) return { ...shown, state: 'refused' as const, lastAnswerAt: null, reason: problem };
    if (isUpstream) {
      const state = reason !== null ? 'offline' : lastAt === null ? 'unchecked' : 'online';
      return { ...shown, state, lastAnswerAt: lastAt, reason };
    }
    return {
      ...shown,
      state: line?.state ?? 'unchecked',
      lastAnswerAt: line?.lastAnswerAt ?? null,
      reason:
        line?.reason == null
          ? null
          : { code: 'vendor.refused', tone: 'warn', params: { vendor: shown.name, reason: line.reason.message } },
    };
  });
}
