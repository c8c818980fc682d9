/**
 * A receipt in the making. node-thermal-printer gives the commands; its text functions are not used: they count a
 * Chinese character as one column, and switch code pages in the middle of a line for a character they do not find.
 * Text goes in as bytes that were made safe before. Its own connections are not used either: bytes leave by our links.
 */
import thermal from 'node-thermal-printer';
import type { ReceiptPrinter } from '../../domain/receipt.ts';
import type { Cell } from './columns.ts';
import { blanks, bytesOf, cellsOf, cutCells, widthOf, wrapCells } from './columns.ts';

/** Dots of one narrow character of the usual font (font A, 12 x 24 dots). */
const dotsPerColumn = 12;
/** Dots of the narrowest bar that GS w can give (Epson, ESC/POS Command Reference, GS w: 2 to 6). */
const narrowestBar = 2;
const widestBar = 3;
/** White on both sides of a Code 128 symbol, in modules (ISO/IEC 15417). */
const quietModules = 20;

export interface ReceiptPaper {
  /** Text of any length, in as many lines as it takes. */
  text(text: string, style?: { readonly bold?: boolean; readonly indent?: number }): void;
  /** In the middle, in letters of twice the size. */
  title(text: string): void;
  /** Left text, wrapped, and a short right text at the end of its first line. */
  row(left: string, right: string, style?: { readonly bold?: boolean }): void;
  /** A line across the paper. */
  rule(): void;
  blank(): void;
  /** Code 128 with the number below, in the middle; nothing if the number does not fit or is not plain ASCII. */
  barcode(number: string): void;
  /** Feeds, cuts and gives the bytes. */
  finish(): Uint8Array;
}

export function createPaper(printer: ReceiptPrinter): ReceiptPaper {
  const { columns, quirks = {} } = printer;
  const { chineseCommand = true, initialise = true, cut = 'partial', feedLines = 4 } = quirks;
  const chinese = printer.chinese !== 'none';
  // The type wants an interface; without one the package builds bytes and opens nothing.
  const build = new thermal.ThermalPrinter({ type: thermal.PrinterTypes.EPSON, interface: '', width: columns });

  const add = (bytes: readonly number[]): void => {
    build.add(Buffer.from(bytes));
  };
  const line = (cells: readonly Cell[]): void => {
    add(bytesOf(cells));
    build.newLine();
  };
  const bolded = (bold: boolean, write: () => void): void => {
    if (bold) build.bold(true);
    write();
    if (bold) build.bold(false);
  };

  if (initialise) add([0x1b, 0x40]);
  if (quirks.codePage !== undefined) add([0x1b, 0x74, quirks.codePage]);
  if (chinese && chineseCommand) add([0x1c, 0x26]);

  return {
    text(text, { bold = false, indent = 0 } = {}) {
      const lines = wrapCells(cellsOf(text, printer), columns - indent);
      bolded(bold, () => {
        for (const each of lines) line([...blanks(indent), ...each]);
      });
    },
    title(text) {
      build.alignCenter();
      build.setTextSize(1, 1);
      for (const each of wrapCells(cellsOf(text, printer), Math.floor(columns / 2))) line(each);
      build.setTextSize(0, 0);
      build.alignLeft();
    },
    row(left, right, { bold = false } = {}) {
      const end = cutCells(cellsOf(right, printer), Math.floor(columns / 2));
      const room = columns - widthOf(end) - (end.length > 0 ? 1 : 0);
      const lines = wrapCells(cellsOf(left, printer), room);
      bolded(bold, () => {
        const [first = [], ...more] = lines;
        line([...first, ...blanks(columns - widthOf(first) - widthOf(end)), ...end]);
        for (const each of more) line(each);
      });
    },
    rule() {
      add(Array.from({ length: columns }, () => 0x2d));
      build.newLine();
    },
    blank() {
      build.newLine();
    },
    barcode(number) {
      // Set B of Code 128: start, one symbol per character, check, stop (13 modules). "{" starts an escape in GS k.
      const modules = (number.length + 2) * 11 + 13 + quietModules;
      const bar = Math.min(widestBar, Math.floor((columns * dotsPerColumn) / modules));
      if (!/^[0-9A-Za-z_./:#+-]{1,60}$/.test(number) || bar < narrowestBar) return;
      build.alignCenter();
      build.code128(number, { width: bar, height: 80, hriPos: 0 } as never);
      build.newLine();
      line(cellsOf(number, printer));
      build.alignLeft();
    },
    finish() {
      for (let fed = 0; fed < feedLines; fed += 1) build.newLine();
      if (chinese && chineseCommand) add([0x1c, 0x2e]);
      // GS V 0 and GS V 1. Not the package's own: it sends ESC @ after the cut whether the printer may have it or not.
      if (cut !== 'none') add([0x1d, 0x56, cut === 'full' ? 0 : 1]);
      return Uint8Array.from(build.getBuffer() ?? []);
    },
  };
}
