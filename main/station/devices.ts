/** The devices of this desk, joined to their links: printers and the bench scale, real or virtual. */
import type { Notice, StatusSnapshot } from '../../preload/contract/index.ts';
import type { DiagnosticCheck } from '../diagnostics/report.ts';
import { createScale, settleScale, type Scale } from '../devices/scale/index.ts';
import { deviceProblem } from '../domain/link-cause.ts';
import type { Link, Ports } from '../ports.ts';
import { settlePrinter, type PrinterModels, type PrinterRole } from '../profile/printer-models.ts';
import { parsePrinter, type Profile, type ScaleProfile } from '../profile/profile.ts';
import { chooseAmong, openDeskPrinter, printerCheck, printerStatus, type DeskPrinter } from './desk-printers.ts';
import { createScaleSlot, type ScaleSlot } from './scale-slot.ts';
import type { VirtualParts } from './training-room.ts';
import { virtualPrinterMedia } from './virtual-parts.ts';
import { spokenFor, virtualLink } from './virtual-scale.ts';

export interface Devices {
  /** Every printer of the profile, or the one virtual printer. */
  readonly printerList: readonly DeskPrinter[];
  /** The printers a paper of this role may come out of, best first; `preferred` is an id a person chose. */
  printersFor(role: PrinterRole, preferred?: string | null): readonly DeskPrinter[];
  /** Empty if the profile names no scale and none is virtual, or its link cannot be made. */
  readonly scale: ScaleSlot;
  /** True while the virtual scale is the one that is read. */
  scaleVirtual(): boolean;
  /** Where the virtual scale listens, if there is one. */
  virtualScaleUri(): string | null;
  /** Reads the first scale of a changed profile from now on; nothing else of it is taken over. */
  useScale(changed: Profile): Promise<void>;
  /** Another virtual scale was chosen for a desk whose profile names none. */
  useVirtualScale(): Promise<void>;
  printers(): StatusSnapshot['printers'];
  problems(): readonly Notice[];
  checks(): DiagnosticCheck[];
  onChange(listener: () => void): () => void;
  /** Lets printers go on that were paused by two unknown labels in a row. */
  resumePrinter(): void;
  start(): void;
  stop(): Promise<void>;
}

export function openDevices(ports: Ports, profile: Profile, virtual: VirtualParts, models: PrinterModels): Devices {
  const problems: Notice[] = [];
  const report = (device: string, error: unknown): void => {
    problems.push(deviceProblem(device, error));
  };

  /** A link that cannot be made (unknown scheme, module absent) is a problem on the screen, not a crash. */
  function makeLink(device: string, uri: string, options: Parameters<Ports['links']['create']>[1]): Link | null {
    try {
      return ports.links.create(uri, options);
    } catch (error) {
      report(device, error);
      return null;
    }
  }

  const changeListeners = new Set<() => void>();
  let stopPlugs: (() => void) | null = null;
  const printers = openPrinters(ports, profile, virtual, models);
  for (const { id, problem } of printers) if (problem !== null) report(id, problem);
  let scaleGiven = profile.devices.scales[0];
  const scale = createScaleSlot(openScale(scaleGiven, virtual, makeLink, ports, problems), ports.clock);

  return {
    printerList: printers,
    printersFor: (role, preferred = null) => chooseAmong(printers, role, preferred),
    scale,
    scaleVirtual: () => isPlayedScale(scaleGiven) && virtual.scale !== null,
    virtualScaleUri: () => virtual.scale?.uri ?? null,
    async useScale(changed) {
      const gone = scaleGiven?.id ?? 'bench';
      const stillTrue = problems.filter(({ params }) => params['device'] !== gone);
      problems.splice(0, problems.length, ...stillTrue);
      scaleGiven = changed.devices.scales[0];
      await scale.replace(openScale(scaleGiven, virtual, makeLink, ports, problems));
      for (const listener of [...changeListeners]) listener();
    },
    async useVirtualScale() {
      if (scaleGiven === undefined) await scale.replace(openScale(scaleGiven, virtual, makeLink, ports, problems));
    },
    printers: () => printers.map(printerStatus),
    problems: () => problems,
    checks: () => printers.map(printerCheck),
    onChange(listener) {
      const stops = [...printers.map((each) => each.onState(listener)), scale.onState(listener)];
      changeListeners.add(listener);
      return () => {
        changeListeners.delete(listener);
        for (const stop of stops) stop();
      };
    },
    resumePrinter() {
      for (const { worker } of printers) worker?.resume();
    },
    start() {
      for (const { worker } of printers) worker?.start();
      // A USB printer that came or went is asked at once; the rest of the time it is left alone.
      stopPlugs ??= ports.links.inventory.onPlug(() => {
        for (const { worker, settings } of printers) if (settings.link.startsWith('usb://')) void worker?.status();
      });
    },
    async stop() {
      stopPlugs?.();
      stopPlugs = null;
      await Promise.all(printers.flatMap(({ worker }) => (worker === null ? [] : [worker.stop()])));
    },
  };
}

/** The printers of the profile, one of them virtual if its link is `virtual`; with none, the virtual one for every label. */
function openPrinters(ports: Ports, profile: Profile, virtual: VirtualParts, models: PrinterModels): DeskPrinter[] {
  const given = profile.devices.printers;
  const makeLink = ports.links.create.bind(ports.links);
  if (given.length === 0) {
    const { dpi, ...media } = virtualPrinterMedia;
    const stand = parsePrinter({ id: 'label', link: virtual.printer?.uri ?? '-', dpi, use: ['parcel', 'bag'] });
    return [openDeskPrinter({ ...settlePrinter(stand, models), media }, true, makeLink, ports)];
  }
  // One printer may be played: the first whose link says so.
  const played = given.find((printer) => printer.link === virtualLink);
  return given.map((printer) => {
    const settings = settlePrinter(printer, models);
    const uri = printer === played ? virtual.printer?.uri : undefined;
    return openDeskPrinter(
      uri === undefined ? settings : { ...settings, link: uri },
      uri !== undefined,
      makeLink,
      ports,
    );
  });
}

/** A desk whose profile names no scale, or says so, has the virtual one. */
export const isPlayedScale = (given: ScaleProfile | undefined): boolean =>
  given === undefined || given.link === virtualLink;

/** Where the virtual scale is, made to speak as this entry reads it. Throws a one-line Error. */
function playedUri(entry: ScaleProfile, virtual: VirtualParts): string {
  if (virtual.scale === null) throw new Error('the virtual scale comes with a start of Packbench; start it again');
  virtual.scale.speak(spokenFor(entry));
  return virtual.scale.uri;
}

function openScale(
  given: ScaleProfile | undefined,
  virtual: VirtualParts,
  makeLink: (device: string, uri: string, options: Parameters<Ports['links']['create']>[1]) => Link | null,
  ports: Ports,
  problems: Notice[],
): Scale | null {
  const { clock, log } = ports;
  const id = given?.id ?? 'bench';
  virtual.machines.scaleGiven(given);
  const entry = given ?? virtual.machines.scaleEntry();
  if (given === undefined && virtual.scale === null) return null;
  try {
    const uri = isPlayedScale(given) ? playedUri(entry, virtual) : entry.link;
    const { line, ...scale } = settleScale(entry);
    const link = makeLink(id, uri, { ...line, owner: `scale ${id}` });
    return link === null ? null : createScale({ id, link, ...scale, clock, log });
  } catch (error) {
    problems.push(deviceProblem(id, error));
    return null;
  }
}
