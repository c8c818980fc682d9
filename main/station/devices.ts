/** The devices of this desk, joined to their links: the label printer and the bench scale, real or virtual. */
import type { Notice, StatusSnapshot } from '../../preload/contract/index.ts';
import type { DiagnosticCheck } from '../diagnostics/report.ts';
import { createPrinter, type Printer } from '../devices/printer/printer.ts';
import { createScale, scaleProtocol, type Scale } from '../devices/scale/index.ts';
import type { LabelTarget } from '../labels/index.ts';
import type { LabelPrinter } from '../desk/printing.ts';
import type { Link, Ports } from '../ports.ts';
import type { PrinterProfile, Profile, ScaleProfile } from '../profile/profile.ts';
import type { VirtualParts } from './training-room.ts';
import { virtualPrinterMedia } from './virtual-parts.ts';

export interface Devices {
  /** Where labels go, or null if the profile's printer cannot be used. */
  readonly labelPrinter: LabelPrinter | null;
  readonly labelTarget: LabelTarget;
  readonly scale: Scale | null;
  printers(): StatusSnapshot['printers'];
  problems(): readonly Notice[];
  checks(): DiagnosticCheck[];
  onChange(listener: () => void): () => void;
  /** Lets a printer go on that was paused by two unknown labels in a row. */
  resumePrinter(): void;
  start(): void;
  stop(): Promise<void>;
}

const virtualPrinter = { id: 'label', language: 'zpl', ...virtualPrinterMedia, answers: true } as const;

export function openDevices(ports: Ports, profile: Profile, virtual: VirtualParts): Devices {
  const { clock, log } = ports;
  const problems: Notice[] = profile.devices.dws.map((machine) => ({
    code: 'device.problem',
    tone: 'warn',
    params: { device: machine.id, reason: 'DWS machines are not read by this version' },
  }));

  /** A link that cannot be made (unknown scheme, module absent) is a problem on the screen, not a crash. */
  function makeLink(device: string, uri: string, options: Parameters<Ports['links']['create']>[1]): Link | null {
    try {
      return ports.links.create(uri, options);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push({ code: 'device.problem', tone: 'warn', params: { device, reason } });
      return null;
    }
  }

  // The first printer that takes parcel labels; other roles follow with their documents.
  const chosen = profile.devices.printers.find((each) => each.use.includes('parcel')) ?? profile.devices.printers[0];
  const printerProfile = chosen === undefined ? null : chosen;
  const { id, language, dpi, answers } = printerProfile ?? virtualPrinter;
  const { widthMm, heightMm } = printerProfile?.media ?? virtualPrinterMedia;
  const printerUri = printerProfile?.link ?? virtual.printer?.uri ?? '';
  const printerLink = makeLink(id, printerUri, { reopen: false });
  const printer =
    printerLink === null ? null : createPrinter({ id, link: printerLink, language, ask: answers, clock, log });

  const scale = openScale(profile.devices.scales[0], virtual, makeLink, ports, problems);
  const isVirtual = printerProfile === null;

  return {
    labelPrinter: printer,
    labelTarget: { language, dpi, widthMm, heightMm },
    scale,
    printers: () => (printer === null ? [offlinePrinter(printerProfile)] : [printerStatus(printer, isVirtual)]),
    problems: () => problems,
    checks: () => [printerCheck(printer, id)],
    onChange: (listener) => printer?.onState(listener) ?? ((): void => {}),
    resumePrinter() {
      printer?.resume();
    },
    start() {
      printer?.start();
    },
    async stop() {
      await printer?.stop();
    },
  };
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
  const uri = given?.link ?? virtual.scale?.uri;
  if (uri === undefined) return null;
  try {
    const protocol = scaleProtocol(given?.protocol ?? 'mt-sics');
    const { baud, dataBits, parity, stopBits } = given ?? {};
    const link = makeLink(id, uri, { baud, dataBits, parity, stopBits });
    return link === null ? null : createScale({ id, link, protocol, clock, log });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ code: 'device.problem', tone: 'warn', params: { device: id, reason } });
    return null;
  }
}

function printerStatus(printer: Printer, virtual: boolean): StatusSnapshot['printers'][number] {
  const { state, reasons, lastAnswerAt, paused } = printer.snapshot;
  const first = paused ? 'printer.unknown-twice' : reasons[0];
  const reason: Notice | null = first === undefined ? null : { code: first, tone: 'warn', params: {} };
  return { id: printer.id, state: paused ? 'attention' : state, virtual, lastAnswerAt, reason };
}

function offlinePrinter(profile: PrinterProfile | null): StatusSnapshot['printers'][number] {
  const reason: Notice = { code: 'printer.offline', tone: 'warn', params: {} };
  return { id: profile?.id ?? 'label', state: 'offline', virtual: false, lastAnswerAt: null, reason };
}

function printerCheck(printer: Printer | null, id: string): DiagnosticCheck {
  return {
    id: `printer.${id}`,
    title: `Printer ${id}`,
    async run() {
      if (printer === null)
        return { outcome: 'fail', detail: 'the printer of the profile cannot be opened; see the problems' };
      const status = await printer.status();
      if (status === 'offline')
        return { outcome: 'fail', detail: 'does not take a connection; check power, cable and address' };
      if (status === 'no-answer') {
        return {
          outcome: 'warn',
          detail: 'takes a connection but answers no status question; paper and cover are not known',
        };
      }
      if (status.ready) return { outcome: 'ok', detail: 'ready' };
      return { outcome: 'fail', detail: `not ready: ${status.reasons.join(', ')}` };
    },
  };
}
