/**
 * The printers of the desk beyond printing labels: what Settings show, calibration, test prints that are scanned back, and
 * how many labels are left on a roll as far as the desk can count them.
 */
import { z } from 'zod';
import { ContractError } from '../../preload/contract/index.ts';
import type { CallOutput, Notice, PrinterDetail, StatusSnapshot } from '../../preload/contract/index.ts';
import { calibrationOf } from '../devices/printer/calibrate.ts';
import type { Printer } from '../devices/printer/printer.ts';
import { linkCause } from '../domain/link-cause.ts';
import { normaliseScan } from '../domain/scan.ts';
import type { Labels, LabelTarget } from '../labels/index.ts';
import type { Clock } from '../ports.ts';
import type { PrinterSettings } from '../profile/printer-models.ts';
import type { Store } from '../store/store.ts';
import { no, notice, yes, type Answer } from './answer.ts';

export interface RoomPrinter {
  readonly id: string;
  readonly settings: PrinterSettings;
  readonly target: LabelTarget;
  /** Null if its link cannot be made; `problem` then says why. */
  readonly worker: Printer | null;
  readonly problem: string | null;
}

export interface PrinterRoom {
  list(): PrinterDetail[];
  /** Throws ContractError `not-found`, `refused` if the printer has no command for it. */
  calibrate(printerId: string): Promise<CallOutput<'printers.calibrate'>>;
  testPrint(printerId: string): Promise<CallOutput<'printers.testPrint'>>;
  newRoll(printerId: string, labels: number | null): void;
  labelsLeft(printerId: string): PrinterDetail['labelsLeft'];
  /** A label left for this printer. Outside a transaction. */
  labelSent(printerId: string): void;
  /** What a scanned code means if it is one of a test print; null if it is not. */
  scanned(text: string): Answer | null;
}

const Roll = z.object({ labels: z.number().int(), used: z.number().int(), since: z.number().int() });
const TestPrint = z.object({
  printerId: z.string(),
  code: z.string(),
  at: z.number().int(),
  confirmedAt: z.number().int().nullable(),
});

const rollKey = (printerId: string): string => `printer.${printerId}.roll`;
const testKey = (number: string): string => `printer-test.${number}`;
const lastTestKey = (printerId: string): string => `printer.${printerId}.test`;

export function createPrinterRoom(options: {
  readonly store: Pick<Store, 'values' | 'events' | 'transaction'>;
  readonly clock: Clock;
  readonly labels: Pick<Labels, 'testLabel'>;
  readonly printers: readonly RoomPrinter[];
  status(): StatusSnapshot['printers'];
  /** After a change that the status bar shows. */
  onChange(): void;
}): PrinterRoom {
  const { store, clock, printers } = options;

  function find(printerId: string): RoomPrinter {
    const printer = printers.find((each) => each.id === printerId);
    if (printer === undefined) throw new ContractError('not-found', `this desk has no printer ${printerId}`);
    return printer;
  }

  /** A value that cannot be read counts as none: it is a comfort, not a record. */
  function read<T>(key: string, schema: z.ZodType<T>): T | null {
    const text = store.values.get(key);
    if (text === null) return null;
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }

  function labelsLeft(printerId: string): PrinterDetail['labelsLeft'] {
    const roll = read(rollKey(printerId), Roll);
    return roll === null ? null : { count: Math.max(0, roll.labels - roll.used), estimated: true };
  }

  return {
    labelsLeft,
    list() {
      const status = options.status();
      return printers.map(({ id, settings }) => {
        const now = status.find((each) => each.id === id);
        const { model, language, tracking } = settings;
        const number = store.values.get(lastTestKey(id));
        return {
          id,
          link: settings.link,
          model: model?.name ?? null,
          source: model?.source ?? '',
          evidence: model?.evidence ?? null,
          notes: model?.notes ?? [],
          language,
          dpi: settings.dpi,
          ...settings.media,
          tracking,
          use: [...settings.use],
          fallback: settings.fallback,
          answers: settings.answers,
          virtual: now?.virtual ?? false,
          state: now?.state ?? 'unchecked',
          reasons: now?.reasons ?? [],
          warnings: now?.warnings ?? [],
          lastAnswerAt: now?.lastAnswerAt ?? null,
          labelsLeft: labelsLeft(id),
          calibration: calibrationOf(language, tracking)?.source ?? null,
          test: number === null ? null : read(testKey(number), TestPrint),
        };
      });
    },
    async calibrate(printerId) {
      const { settings, worker, problem } = find(printerId);
      const calibration = calibrationOf(settings.language, settings.tracking);
      if (calibration === null) {
        throw new ContractError(
          'refused',
          `printer ${printerId} (${settings.language}, ${settings.tracking} media) has no calibration command; use its own key`,
        );
      }
      const outcome =
        worker === null ? { sent: false, message: problem ?? '' } : await worker.command(calibration.bytes);
      store.events.append('printer-calibrated', {}, { printer: printerId, ...outcome });
      const cause = linkCause(worker?.linkProblem?.(outcome.message));
      return cause === undefined ? outcome : { ...outcome, cause };
    },
    async testPrint(printerId) {
      const { settings, target, worker, problem } = find(printerId);
      const number = String(store.values.increment('printer-tests'));
      const code = `PB:PRINT:${number}`;
      const failed = (message: string, reasons: readonly Notice[] = []): CallOutput<'printers.testPrint'> => {
        store.events.append('printer-tested', {}, { printer: printerId, code, outcome: 'not-printed', message });
        return { outcome: 'not-printed', code, reasons: [...reasons], message };
      };
      if (worker === null) return failed(problem ?? `printer ${printerId} cannot be opened`);
      const { xMm, yMm } = settings.offset;
      const facts = { code, printerId, language: settings.language, offsetXMm: xMm, offsetYMm: yMm };
      const label = await options.labels.testLabel(facts, target);
      if (label.held) return failed(label.message);
      const outcome = await worker.print({ printId: `test-${number}`, bytes: label.bytes(0, `test-${number}`) });
      if (outcome.kind === 'not-printed') {
        const cause = linkCause(worker.linkProblem?.(outcome.message));
        const answer = failed(outcome.message);
        return cause === undefined ? answer : { ...answer, cause };
      }
      if (outcome.kind === 'blocked') {
        return failed(
          outcome.reasons.join(', '),
          outcome.reasons.map((reason) => notice(reason, 'warn')),
        );
      }
      const test: z.output<typeof TestPrint> = { printerId, code, at: clock.now(), confirmedAt: null };
      store.transaction(() => {
        store.values.set(testKey(number), JSON.stringify(test));
        store.values.set(lastTestKey(printerId), number);
        store.events.append('printer-tested', {}, { printer: printerId, code, outcome: outcome.kind });
      });
      this.labelSent(printerId);
      return { outcome: outcome.kind, code, reasons: [], message: outcome.kind === 'unknown' ? outcome.message : '' };
    },
    newRoll(printerId, labels) {
      find(printerId);
      store.transaction(() => {
        if (labels === null) store.values.delete(rollKey(printerId));
        else {
          const roll: z.output<typeof Roll> = { labels, used: 0, since: clock.now() };
          store.values.set(rollKey(printerId), JSON.stringify(roll));
        }
        store.events.append('printer-new-roll', {}, { printer: printerId, labels });
      });
      options.onChange();
    },
    labelSent(printerId) {
      try {
        const roll = read(rollKey(printerId), Roll);
        if (roll === null) return;
        store.values.set(rollKey(printerId), JSON.stringify({ ...roll, used: roll.used + 1 }));
      } catch {
        // A count that is one too high must not stand in the way of a label.
      }
      options.onChange();
    },
    scanned(text) {
      const normal = normaliseScan(text);
      if (normal.kind === 'refused') return null;
      const number = /^PB:PRINT:(\d{1,9})$/i.exec(normal.code)?.[1];
      if (number === undefined) return null;
      const test = read(testKey(number), TestPrint);
      if (test === null) return no(notice('printer.test-unknown', 'warn', { code: normal.code }));
      store.transaction(() => {
        store.values.set(testKey(number), JSON.stringify({ ...test, confirmedAt: clock.now() }));
        store.events.append('printer-test-confirmed', {}, { printer: test.printerId, code: test.code });
      });
      options.onChange();
      return yes(notice('printer.test-confirmed', 'ok', { printer: test.printerId }), 'done');
    },
  };
}
