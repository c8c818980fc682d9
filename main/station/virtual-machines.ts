/**
 * The virtual scale's language, and the virtual measuring machine and serial scanner: played because the profile says so
 * (`"link": "virtual"`), or, in training, started when a person asks for them, so that nothing runs that nobody uses.
 */
import { DimensionMachine, type DwsProfile } from '../profile/dws-profile.ts';
import { parseScanner, type Profile, type ScaleProfile, type ScannerProfile } from '../profile/profile.ts';
import type { Clock, Log } from '../ports.ts';
import { createVirtualDws, type VirtualDws, type VirtualDwsFormat } from '../training/dws.ts';
import { createVirtualScanner, type VirtualScanner } from '../training/scanner.ts';
import { virtualLink, virtualScaleChoices } from './virtual-scale.ts';

export type MachineKind = 'dws' | 'scanner';

/** A device that is played: its entry with the real link, and the device itself. */
interface Played<Entry, Device> {
  readonly entry: Entry;
  readonly device: Device;
}

export interface VirtualMachines {
  dws(): Played<DwsProfile, VirtualDws> | null;
  scanner(): Played<ScannerProfile, VirtualScanner> | null;
  /** What the profile names, with the address of the virtual device where its link is `virtual`, and what was started. */
  dwsEntries(profile: Profile): readonly DwsProfile[];
  scannerEntries(profile: Profile): readonly ScannerProfile[];
  /** Starts what this profile plays, and ends what it plays no more. Rejects with a one-line Error. */
  ensure(profile: Profile): Promise<void>;
  /** Kinds the desk has none of. */
  mayStart(): readonly MachineKind[];
  /** Starts one that runs until the station stops; nothing if it runs. Rejects if the profile names devices of its kind. */
  start(kind: MachineKind): Promise<void>;
  /** The scale on the desk if the profile names none; another one after `chooseScale`. */
  scaleEntry(): ScaleProfile;
  /** Throws a one-line Error if there is no such choice. */
  chooseScale(id: string): void;
  chosenScale(): string;
  /** The scale of the profile now; undefined if it names none. */
  scaleGiven(given: ScaleProfile | undefined): void;
  profileScale(): ScaleProfile | undefined;
  onStart(listener: (kind: MachineKind | 'scale') => void): () => void;
  stop(): Promise<void>;
}

const usualScale = 'mt-sics';

export function createVirtualMachines(clock: Clock, log: Log): VirtualMachines {
  const listeners = new Set<(kind: MachineKind | 'scale') => void>();
  let profile: Profile | null = null;
  let dws: Played<DwsProfile, VirtualDws> | null = null;
  let scanner: Played<ScannerProfile, VirtualScanner> | null = null;
  let choice = usualScale;
  let given: ScaleProfile | undefined;

  async function playDws(entry: DwsProfile): Promise<void> {
    if (dws !== null && isSame(dws.entry, entry)) return;
    await dws?.device.stop();
    dws = null;
    const device = await createVirtualDws({ clock, log, format: entry.format as VirtualDwsFormat });
    dws = { entry: { ...entry, link: device.uri ?? virtualLink }, device };
  }

  async function playScanner(entry: ScannerProfile): Promise<void> {
    if (scanner !== null && isSame(scanner.entry, entry)) return;
    await scanner?.device.stop();
    scanner = null;
    const { protocol: mode, prefix, suffix } = entry;
    const device = await createVirtualScanner({ log, mode, prefix, suffix });
    scanner = { entry: { ...entry, link: device.uri }, device };
  }

  function entriesOf<Entry extends { readonly id: string; readonly link: string }>(
    named: readonly Entry[],
    played: Played<Entry, unknown> | null,
  ): readonly Entry[] {
    if (played === null) return named;
    if (named.length === 0) return [played.entry];
    return named.map((entry) => (entry.link === virtualLink && entry.id === played.entry.id ? played.entry : entry));
  }

  const mayStart = (): MachineKind[] => {
    const { dws: machines = [], scanners = [] } = profile?.devices ?? {};
    return [
      ...(machines.length === 0 && dws === null ? (['dws'] as const) : []),
      ...(scanners.length === 0 && scanner === null ? (['scanner'] as const) : []),
    ];
  };

  return {
    dws: () => dws,
    scanner: () => scanner,
    dwsEntries: (now) => entriesOf(now.devices.dws, dws),
    scannerEntries: (now) => entriesOf(now.devices.scanners, scanner),
    async ensure(now) {
      profile = now;
      const { devices } = now;
      const machine = devices.dws.find(({ link }) => link === virtualLink);
      const reader = devices.scanners.find(({ link }) => link === virtualLink);
      if (machine !== undefined) await playDws(machine);
      else if (devices.dws.length > 0) {
        await dws?.device.stop();
        dws = null;
      }
      if (reader !== undefined) await playScanner(reader);
      else if (devices.scanners.length > 0) {
        await scanner?.device.stop();
        scanner = null;
      }
    },
    mayStart,
    async start(kind) {
      if (!mayStart().includes(kind)) {
        if ((kind === 'dws' ? dws : scanner) !== null) return;
        throw new Error(`the profile of this desk names its own devices of the kind ${kind}`);
      }
      if (kind === 'dws') await playDws(trainingDws);
      else await playScanner(trainingScanner);
      for (const listener of [...listeners]) listener(kind);
    },
    scaleEntry: () => entryOfChoice(choice),
    chooseScale(id) {
      if (id === choice) return;
      entryOfChoice(id);
      choice = id;
      for (const listener of [...listeners]) listener('scale');
    },
    chosenScale: () => choice,
    scaleGiven(next) {
      given = next;
    },
    profileScale: () => given,
    onStart(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async stop() {
      await dws?.device.stop();
      await scanner?.device.stop();
    },
  };
}

/** The devices of a desk whose profile names none of their kind. */
const trainingDws = DimensionMachine.parse({
  ...{ id: 'dws', link: virtualLink, format: 'csv' },
  ...{ weightUnit: 'g', lengthUnit: 'mm', volumeUnit: 'cm3' },
});
const trainingScanner = parseScanner({ id: 'scanner', link: virtualLink });

function entryOfChoice(id: string): ScaleProfile {
  const found = virtualScaleChoices.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no virtual scale "${id}"`);
  return found.entry;
}

function isSame(running: { readonly link: string }, entry: object): boolean {
  return JSON.stringify({ ...running, link: virtualLink }) === JSON.stringify(entry);
}
