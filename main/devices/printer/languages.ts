/** How to ask a printer for its state, by language. Another language is one file and one line here. */
import { cpclStatus } from './cpcl-status.ts';
import { escposProcessId, escposStatus } from './escpos-status.ts';
import { hostErrors } from './host-errors.ts';
import { hostStatus } from './host-status.ts';
import type { StatusQuestion } from './status-answer.ts';
import { tsplByte, tsplFrame } from './tspl-status.ts';

/**
 * When a label counts as printed. `queue`: the printer counts what it has not printed yet, and counts none.
 * `seen-working`: it said that it was at work after the label was sent, and then twice that it is not; calm alone says
 * nothing, because the printer may not have read the label yet. `process-id`: it sent back the number that was put
 * behind the label. `never`: it has no word for it.
 */
export type Completion = 'queue' | 'seen-working' | 'process-id' | 'never';

export interface PrinterLanguage {
  /**
   * The questions, the most telling first; the next is asked when one is not answered. Empty: the language has none
   * that can be relied on, and a printer of it is never shown as ready.
   */
  readonly questions: readonly StatusQuestion[];
  /** True if printers that know only a later question never learn the first: it is then not asked again. */
  readonly keepsToAnswered: boolean;
  readonly completion: Completion;
  /** True if a printer at work may leave the question open: its silence then means that it works. */
  readonly silentAtWork: boolean;
  /** `process-id` only: what to put behind a label (`id`: 0 to 9999), and how to find the ids that come back. */
  readonly processId?: {
    request(id: number): Uint8Array;
    decoder(): { push(bytes: Uint8Array): number[] };
  };
}

export const printerLanguages = {
  zpl: { questions: [hostStatus, hostErrors], keepsToAnswered: false, completion: 'queue', silentAtWork: false },
  tspl: { questions: [tsplFrame, tsplByte], keepsToAnswered: true, completion: 'seen-working', silentAtWork: false },
  escpos: {
    questions: [escposStatus],
    keepsToAnswered: false,
    completion: 'process-id',
    silentAtWork: false,
    processId: escposProcessId,
  },
  cpcl: { questions: [cpclStatus], keepsToAnswered: false, completion: 'seen-working', silentAtWork: true },
  // EPL2 has an error report (`^ee`, and `US`, which sends a code when a label fails): models differ in what they send,
  // and no byte vector of it is published, so nothing is asked and every outcome is unknown.
  epl: { questions: [], keepsToAnswered: false, completion: 'never', silentAtWork: false },
} as const satisfies Readonly<Record<string, PrinterLanguage>>;

export type PrinterLanguageName = keyof typeof printerLanguages;

/** Every status question by its name. */
export const statusQuestions: ReadonlyMap<string, StatusQuestion> = new Map(
  Object.values(printerLanguages)
    .flatMap((language): readonly StatusQuestion[] => language.questions)
    .map((question) => [question.id, question]),
);
