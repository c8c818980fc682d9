/**
 * Papers that are no labels (slips, sheets): printed once, kept in no ledger. Nothing is sent again by itself: where
 * bytes left and the printer does not say what came of them, the outcome is unknown and a person looks.
 */
import type { Notice, PaperPrint } from '../../preload/contract/index.ts';
import type { Printer } from '../devices/printer/printer.ts';
import type { LabelTarget } from '../labels/index.ts';
import type { PrinterSettings } from '../profile/printer-models.ts';
import { notice } from './answer.ts';

/** A printer as papers need it. */
export interface PaperPrinter {
  readonly id: string;
  readonly settings: PrinterSettings;
  readonly target: LabelTarget;
  /** Null if its link cannot be made; `problem` then says why. */
  readonly worker: Pick<Printer, 'print'> | null;
  readonly problem: string | null;
}

/** A paper made for one printer, or one line why it cannot be. */
export type MadePaper =
  | { readonly held: false; readonly pages: number; bytes(printId: string): Uint8Array }
  | { readonly held: true; readonly message: string };

/**
 * Prints on the first of `printers`, or on the next as long as nothing was written. The answer is that of the printer
 * that wrote, else of the first. Rejects only if `make` does.
 */
export async function printPaper(
  printers: readonly PaperPrinter[],
  printId: string,
  make: (printer: PaperPrinter) => Promise<MadePaper>,
): Promise<PaperPrint> {
  let refused: PaperPrint | null = null;
  for (const printer of printers) {
    const answer = await printOn(printer, printId, make);
    if (answer.outcome !== 'not-printed') return answer;
    refused ??= answer;
  }
  return refused ?? { outcome: 'not-printed', printerId: null, pages: 0, notice: notice('paper.no-printer', 'warn') };
}

async function printOn(
  printer: PaperPrinter,
  printId: string,
  make: (printer: PaperPrinter) => Promise<MadePaper>,
): Promise<PaperPrint> {
  const { id, worker } = printer;
  const answer = (outcome: PaperPrint['outcome'], pages: number, words: Notice): PaperPrint => ({
    ...{ outcome, printerId: id, pages, notice: words },
  });
  const failed = (reason: string): PaperPrint =>
    answer('not-printed', 0, notice('paper.not-printed', 'stop', { printer: id, reason }));
  if (worker === null) return failed(printer.problem ?? 'it cannot be opened');
  const made = await make(printer);
  if (made.held) return failed(made.message);
  const outcome = await worker.print({ printId, bytes: made.bytes(printId) });
  switch (outcome.kind) {
    case 'printed':
      return answer('printed', made.pages, notice('paper.printed', 'ok', { printer: id, pages: made.pages }));
    case 'unknown':
      return answer('unknown', made.pages, notice('paper.unknown', 'warn', { printer: id, pages: made.pages }));
    case 'blocked': {
      const reasons = outcome.reasons.join(',');
      return answer('not-printed', 0, notice('paper.blocked', 'warn', { printer: id, reasons }));
    }
    case 'not-printed':
      return failed(outcome.message);
  }
}
