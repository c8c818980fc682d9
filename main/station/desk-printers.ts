/**
 * The printers of this desk: each joined to its link and worker, and which of them a paper comes out of. A printer whose
 * link cannot be made stays in the list, offline, so that its labels can go to its fall-back.
 */
import type { Notice, StatusSnapshot } from '../../preload/contract/index.ts';
import type { LabelPrinter } from '../desk/printing.ts';
import { createPrinter, type Printer } from '../devices/printer/printer.ts';
import type { DiagnosticCheck } from '../diagnostics/report.ts';
import type { PrintOutcome } from '../domain/device.ts';
import type { LabelTarget } from '../labels/index.ts';
import type { Link, LinkOptions, Ports } from '../ports.ts';
import type { PrintKind } from '../store/store.ts';
import type { PrinterRole, PrinterSettings } from '../profile/printer-models.ts';

/** One printer of the desk. */
export interface DeskPrinter extends LabelPrinter {
  readonly settings: PrinterSettings;
  readonly virtual: boolean;
  /** The worker, or null if its link cannot be made; `problem` then says why. */
  readonly worker: Printer | null;
  readonly problem: string | null;
}

/** The role of the printer a label comes out of. */
export function roleOf(kind: PrintKind): PrinterRole {
  return kind === 'bag' || kind === 'bag-tag' ? 'bag' : 'parcel';
}

/** What shapes the bytes of a label for this printer. */
export function targetOf(settings: PrinterSettings): LabelTarget {
  const { language, dpi, media, tracking, gapMm, darkness, speed, offset, rotate, ending, compression, quirks } =
    settings;
  return {
    language,
    dpi,
    ...media,
    tracking,
    gapMm,
    ending,
    quirks,
    rotation: rotate,
    offsetXMm: offset.xMm,
    offsetYMm: offset.yMm,
    ...(darkness === undefined ? {} : { darkness }),
    ...(speed === undefined ? {} : { speed }),
    ...(compression === undefined ? {} : { compression }),
  };
}

/**
 * Joins one printer to its link. A link that cannot be made (unknown scheme, module absent) is a problem on the screen,
 * not a crash.
 */
export function openDeskPrinter(
  settings: PrinterSettings,
  virtual: boolean,
  makeLink: (uri: string, options: LinkOptions) => Link,
  ports: Pick<Ports, 'clock' | 'log' | 'failpoint'>,
): DeskPrinter {
  const { id, language, answers, confirms } = settings;
  let worker: Printer | null = null;
  let problem: string | null = null;
  try {
    const link = makeLink(settings.link, { reopen: false, owner: `printer ${id}` });
    worker = createPrinter({
      id,
      link,
      language,
      ask: answers,
      confirms,
      clock: ports.clock,
      log: ports.log,
      failpoint: ports.failpoint,
    });
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  return {
    id,
    settings,
    target: targetOf(settings),
    virtual,
    worker,
    problem,
    announcesFirstByte: true,
    trouble() {
      if (worker === null) return ['printer.offline'];
      const { state, reasons, paused } = worker.snapshot;
      return paused || state === 'offline' || state === 'attention' ? reasons : [];
    },
    print(request): Promise<PrintOutcome> {
      if (worker !== null) return worker.print(request);
      return Promise.resolve({ kind: 'not-printed', message: problem ?? `printer ${id} cannot be opened` });
    },
    onState: (listener) => worker?.onState(listener) ?? ((): void => {}),
  };
}

/**
 * The printers a paper of this role may come out of, best first: `preferred` if given, else the first printer with the
 * role, then its fall-back, the fall-back's, and so on, each once. Parcel and bag labels fall back on each other's
 * printer, and then on any, if no printer has the role; a slip or document needs one that has it.
 */
export function chooseAmong<P extends { readonly id: string; readonly settings: PrinterSettings }>(
  printers: readonly P[],
  role: PrinterRole,
  preferred: string | null,
): P[] {
  const having = (wanted: PrinterRole): P | undefined => printers.find((each) => each.settings.use.includes(wanted));
  const isLabel = role === 'parcel' || role === 'bag';
  const first =
    printers.find((each) => each.id === preferred) ??
    having(role) ??
    (isLabel ? (having(role === 'bag' ? 'parcel' : 'bag') ?? printers[0]) : undefined);
  const chosen: P[] = [];
  let next = first;
  while (next !== undefined && !chosen.includes(next)) {
    chosen.push(next);
    const { fallback } = next.settings;
    next = fallback === null ? undefined : printers.find((each) => each.id === fallback);
  }
  return chosen;
}

/** One line of the status bar. */
export function printerStatus(printer: DeskPrinter): StatusSnapshot['printers'][number] {
  const { id, virtual, worker, settings } = printer;
  const { state, reasons, warnings, lastAnswerAt, paused } = worker?.snapshot ?? {
    state: 'offline',
    reasons: ['printer.offline'],
    warnings: [],
    lastAnswerAt: null,
    paused: false,
  };
  const codes = paused ? ['printer.unknown-twice', ...reasons] : reasons;
  const notices: Notice[] = codes.map((code) => ({ code, tone: 'warn', params: {} }));
  return {
    id,
    state: paused ? 'attention' : state,
    virtual,
    lastAnswerAt,
    reason: notices[0] ?? null,
    reasons: notices,
    warnings: warnings.map((code) => ({ code, tone: 'warn', params: {} })),
    use: [...settings.use],
    fallback: settings.fallback,
  };
}

/** What `diagnose` asks one printer. */
export function printerCheck({ id, worker, problem, settings }: DeskPrinter): DiagnosticCheck {
  return {
    id: `printer.${id}`,
    title: `Printer ${id}`,
    async run() {
      if (worker === null) return { outcome: 'fail', detail: `cannot be opened: ${problem ?? 'see the problems'}` };
      const about = `${settings.language} ${settings.dpi} dpi at ${settings.link}`;
      if (!settings.answers) {
        return { outcome: 'warn', detail: `${about}: never answers, as the profile says; scan each label` };
      }
      const status = await worker.status();
      if (status === 'offline') {
        return { outcome: 'fail', detail: `${about}: cannot be reached; check power, cable and address` };
      }
      if (status === 'no-answer') {
        return {
          outcome: 'warn',
          detail: `${about}: can be reached but answers no status question; paper and cover are not known`,
        };
      }
      if (status.ready) return { outcome: 'ok', detail: `${about}: ready` };
      return { outcome: 'fail', detail: `${about}: not ready: ${status.reasons.join(', ')}` };
    },
  };
}
