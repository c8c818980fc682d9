/**
 * Outside text as bytes that a receipt printer prints and never obeys, counted in columns: a Chinese character takes two
 * bytes and two columns. Sources: GB 18030-2005 (two-byte part: first byte 81 to FE, second 40 to 7E or 80 to FE);
 * Epson, ESC/POS Command Reference (every command starts with a byte below 20).
 */
import iconv from 'iconv-lite';
import type { ReceiptPrinter } from '../../domain/receipt.ts';
import { visibleGraphemes } from '../own/text-layout.ts';

/** One character as it is printed. */
export interface Cell {
  readonly bytes: readonly number[];
  readonly columns: number;
  /** A line may end before or after it: a blank or a Chinese character. */
  readonly breaks: boolean;
}

/** A box where the printer has Chinese, else a question mark. */
const boxBytes = [0xa1, 0xf5];
const questionMark = 0x3f;

/** The characters of a text: control and invisible ones left out, those the printer has no picture for as boxes. */
export function cellsOf(text: string, printer: ReceiptPrinter): Cell[] {
  return visibleGraphemes(text).flatMap((grapheme) => {
    const cells = [...grapheme].map((character) => cellOf(character, printer));
    // One box for a whole emoji, not one for each of its parts.
    return cells.every((cell) => cell !== null) ? cells : [unprintable(printer)];
  });
}

function unprintable(printer: ReceiptPrinter): Cell {
  return printer.chinese === 'none'
    ? { bytes: [questionMark], columns: 1, breaks: false }
    : { bytes: boxBytes, columns: 2, breaks: true };
}

function cellOf(character: string, printer: ReceiptPrinter): Cell | null {
  if (/^[\x20-\x7e]$/.test(character)) {
    return { bytes: [character.charCodeAt(0)], columns: 1, breaks: character === ' ' };
  }
  if (printer.chinese === 'none') return null;
  const bytes = [...iconv.encode(character, 'gb18030')];
  // A few characters came into the two-byte part with GB18030, the euro sign among them.
  if (printer.chinese === 'gbk' && !iconv.encode(character, 'gbk').equals(Buffer.from(bytes))) return null;
  const allowed = isPair(bytes) || (printer.quirks?.fourByte === true && isQuad(bytes));
  return allowed ? { bytes, columns: 2, breaks: true } : null;
}

function isPair(bytes: readonly number[]): boolean {
  const [first = 0, second = 0] = bytes;
  return bytes.length === 2 && first >= 0x81 && first <= 0xfe && second >= 0x40 && second !== 0x7f && second <= 0xfe;
}

function isQuad(bytes: readonly number[]): boolean {
  const inRange = (at: number, low: number, high: number): boolean =>
    (bytes[at] ?? 0) >= low && (bytes[at] ?? 0) <= high;
  const [lead, digit] = [[0x81, 0xfe] as const, [0x30, 0x39] as const];
  return bytes.length === 4 && [lead, digit, lead, digit].every(([low, high], at) => inRange(at, low, high));
}

export function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.columns, 0);
}

/** Breaks into lines of at most `columns`; inside a word only if it is longer than a line. */
export function wrapCells(cells: readonly Cell[], columns: number): Cell[][] {
  const lines: Cell[][] = [];
  let line: Cell[] = [];
  for (const cell of cells) {
    if (line.length === 0 && isBlank(cell)) continue;
    line.push(cell);
    while (widthOf(line) > columns && line.length > 1) {
      let cut = line.length - 1;
      while (cut > 0 && line[cut]?.breaks !== true && line[cut - 1]?.breaks !== true) cut -= 1;
      if (cut === 0) cut = line.length - 1;
      lines.push(trimEnd(line.slice(0, cut)));
      line = line.slice(cut);
      while (line[0] !== undefined && isBlank(line[0])) line.shift();
    }
  }
  if (line.length > 0) lines.push(trimEnd(line));
  return lines.filter((each) => each.length > 0);
}

/** As many cells as fit, without a half character at the edge. */
export function cutCells(cells: readonly Cell[], columns: number): Cell[] {
  const kept: Cell[] = [];
  let used = 0;
  for (const cell of cells) {
    used += cell.columns;
    if (used > columns) break;
    kept.push(cell);
  }
  return kept;
}

export function bytesOf(cells: readonly Cell[]): number[] {
  return cells.flatMap((cell) => [...cell.bytes]);
}

/** Blanks up to a width. */
export function blanks(count: number): Cell[] {
  return Array.from({ length: Math.max(0, count) }, () => ({ bytes: [0x20], columns: 1, breaks: true }));
}

function isBlank(cell: Cell): boolean {
  return cell.bytes.length === 1 && cell.bytes[0] === 0x20;
}

function trimEnd(line: readonly Cell[]): Cell[] {
  const kept = [...line];
  for (let last = kept.at(-1); last !== undefined && isBlank(last); last = kept.at(-1)) kept.pop();
  return kept;
}
