/**
 * Questions that tell what language a printer speaks, in the order in which they are asked. Each is asked of printers of any
 * language, so what matters is what it does where it is not understood. Nothing that prints or feeds is among them, and no
 * line end is sent before the language is known: a line end is what makes a printer of text print its line.
 *
 * What each does elsewhere (`elsewhere`). Sources: Epson, "ESC/POS Command Reference" (DLE EOT is answered in real time and
 * prints nothing; `ESC ! n` selects a print mode; `ESC @` clears the print buffer and undoes modes; a value of n outside of
 * its range is ignored); Zebra, "ZPL II Programming Guide" (every command begins with ^ or ~); TSC, "TSPL/TSPL2 Programming
 * Language" (a command ends with CR LF; ESC begins an immediate status command, ~ one that is answered when the printer is
 * ready); Zebra, "CPCL Programming Manual" (ESC commands outside of a `!` session); Zebra, "EPL2 Programmer's Manual" (a
 * command ends with LF). That printers pass over what their language does not know is general knowledge, not confirmed; our
 * own labels begin so that half a command in front of them is undone: `ESC @` (ESC/POS), a line end (EPL), a comment line
 * (TSPL), `^XA` (ZPL). Only CPCL has no such beginning: text that was left in front of a CPCL label may be printed with it.
 */
import { ascii } from './status-answer.ts';
import { cpclStatus } from './cpcl-status.ts';
import { escposStatus } from './escpos-status.ts';
import type { PrinterLanguageName } from './languages.ts';
import { tsplByte, tsplFrame } from './tspl-status.ts';

/** `harmless`: a manual says what the bytes do. `passed over`: general knowledge. `may print`: text that a line end would print. */
export type Elsewhere = 'harmless' | 'passed over' | 'may print';

export interface IdentityQuestion {
  /** Shown while it is asked; the same in every language. */
  readonly id: string;
  readonly language: PrinterLanguageName;
  readonly bytes: Uint8Array;
  /** Sent after the answer time, to undo what the question may have left in a printer of another language. */
  readonly after: Uint8Array | null;
  /** What the bytes do in a printer of another language. */
  readonly elsewhere: Readonly<Partial<Record<PrinterLanguageName, Elsewhere>>>;
}

/** `ESC @`: clears the print buffer of an ESC/POS printer, and every mode. */
const undo = Uint8Array.of(0x1b, 0x40);

/**
 * Control characters and escape sequences only. ESC/POS first: it alone prints text as it comes, and once it has answered
 * nothing else is asked. CPCL before TSPL, because a `!` means something in CPCL.
 */
export const quietQuestions: readonly IdentityQuestion[] = [
  {
    id: 'ESC/POS DLE EOT',
    language: 'escpos',
    bytes: escposStatus.request,
    after: null,
    elsewhere: { zpl: 'passed over', tspl: 'passed over', cpcl: 'passed over', epl: 'passed over' },
  },
  {
    id: 'CPCL ESC h',
    language: 'cpcl',
    bytes: cpclStatus.request,
    after: null,
    elsewhere: { zpl: 'passed over', tspl: 'passed over', escpos: 'passed over', epl: 'passed over' },
  },
  {
    id: 'TSPL ESC !S',
    language: 'tspl',
    bytes: tsplFrame.request,
    after: null,
    // ESC/POS: a print mode, which `ESC @` at the head of every label undoes.
    elsewhere: { zpl: 'passed over', escpos: 'harmless', cpcl: 'passed over', epl: 'passed over' },
  },
  {
    id: 'TSPL ESC !?',
    language: 'tspl',
    bytes: tsplByte.request,
    after: null,
    elsewhere: { zpl: 'passed over', escpos: 'harmless', cpcl: 'passed over', epl: 'passed over' },
  },
];

/**
 * Text: a printer of text that did not answer its own question may print it. Sent without a line end, as public programs send
 * it, and followed by `ESC @`, so that an ESC/POS printer that keeps to its manual prints nothing.
 */
export const textQuestions: readonly IdentityQuestion[] = [
  {
    id: 'ZPL ~HI',
    language: 'zpl',
    bytes: ascii('~HI'),
    after: undo,
    elsewhere: { tspl: 'passed over', escpos: 'may print', cpcl: 'may print', epl: 'passed over' },
  },
  {
    id: 'ZPL ~HS',
    language: 'zpl',
    bytes: ascii('~HS'),
    after: undo,
    elsewhere: { tspl: 'passed over', escpos: 'may print', cpcl: 'may print', epl: 'passed over' },
  },
];

/**
 * Who are you? Asked only of a printer that has answered in that language, or whose USB port names it. EPL has none that can be
 * relied on. Sources: ~HI, Zebra, "ZPL II Programming Guide"; GS I 67, Epson, TM specifications ("5F, model, 00"); ESC v,
 * Zebra, "CPCL Programming Manual", P11-4; ~!T is general knowledge, and its CR LF ends an empty line.
 */
export const identityOf: Readonly<Record<PrinterLanguageName, IdentityQuestion | null>> = {
  zpl: { ...(textQuestions[0] as IdentityQuestion), after: null, elsewhere: {} },
  escpos: { id: 'ESC/POS GS I', language: 'escpos', bytes: Uint8Array.of(0x1d, 0x49, 67), after: undo, elsewhere: {} },
  cpcl: { id: 'CPCL ESC v', language: 'cpcl', bytes: Uint8Array.of(0x1b, 0x76), after: null, elsewhere: {} },
  tspl: { id: 'TSPL ~!T', language: 'tspl', bytes: ascii('~!T\r\n'), after: null, elsewhere: {} },
  epl: null,
};
