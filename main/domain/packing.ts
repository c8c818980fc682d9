/**
 * Verifying the items of an order by scanning them. Pure: the order's lines and the scans so far go in, the verdict
 * comes out. Progress counts the unit the customer ordered in; a fractional rest (1.5 boxes) takes one scan.
 */
import type { PulledLine } from './shipping.ts';

export interface PackLine extends PulledLine {
  readonly id: string;
}

/** Scans of the order on the desk, oldest first: one line id per accepted scan. */
export type Scans = readonly string[];

export type ItemVerdict =
  | {
      readonly kind: 'accepted';
      readonly lines: readonly string[];
      readonly line: PackLine;
      readonly done: number;
      readonly needed: number;
      /** This scan finished its line / the whole order. */
      readonly lineDone: boolean;
      readonly orderDone: boolean;
    }
  | { readonly kind: 'surplus'; readonly line: PackLine; readonly needed: number }
  | { readonly kind: 'not-in-order' };

/** Scans a line takes: its whole units, plus one for a fractional rest. A zero or negative quantity takes none. */
export function scansNeeded(quantity: string): number {
  const match = /^\s*(-?)(\d+)(?:\.(\d*))?\s*$/.exec(quantity);
  if (match === null || match[1] === '-') return 0;
  const whole = Number(match[2]);
  const rest = /[1-9]/.test(match[3] ?? '') ? 1 : 0;
  return Number.isSafeInteger(whole) ? whole + rest : 0;
}

/** Scans already given to each line. */
export function scansByLine(scans: Scans): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of scans) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Whether every line has all its scans. An order without lines is never complete: there is nothing to verify. */
export function isComplete(lines: readonly PackLine[], scans: Scans): boolean {
  const counts = scansByLine(scans);
  return lines.length > 0 && lines.every((line) => (counts.get(line.id) ?? 0) >= scansNeeded(line.quantity));
}

/** The codes that identify a line's product: its code, its id, and every barcode upstream gave. */
export function codesOf(line: PackLine): string[] {
  return [line.productCode, line.productId, ...line.barcodes].filter((code) => code !== '');
}

/**
 * Judges one item scan. The same product on several lines (one of them a gift) fills the first line that still needs
 * it. `count` packs several at once (quantity barcode); it is refused whole if it does not fit.
 */
export function judgeItem(
  lines: readonly PackLine[],
  scans: Scans,
  code: string,
  sameCode: (a: string, b: string) => boolean,
  count = 1,
): ItemVerdict {
  const candidates = lines.filter((line) => codesOf(line).some((known) => sameCode(known, code)));
  const last = candidates.at(-1);
  if (last === undefined) return { kind: 'not-in-order' };
  const counts = new Map(scansByLine(scans));
  const accepted: string[] = [];
  let line = last;
  for (let n = 0; n < count; n += 1) {
    const open = candidates.find((candidate) => (counts.get(candidate.id) ?? 0) < scansNeeded(candidate.quantity));
    if (open === undefined) {
      const needed = candidates.reduce((sum, candidate) => sum + scansNeeded(candidate.quantity), 0);
      return { kind: 'surplus', line: last, needed };
    }
    counts.set(open.id, (counts.get(open.id) ?? 0) + 1);
    accepted.push(open.id);
    line = open;
  }
  const done = counts.get(line.id) ?? 0;
  const needed = scansNeeded(line.quantity);
  return {
    kind: 'accepted',
    lines: accepted,
    line,
    done,
    needed,
    lineDone: done >= needed,
    orderDone: isComplete(lines, [...scans, ...accepted]),
  };
}

/** `20.00000000` -> `20`, `1.50` -> `1.5`. What is not a decimal stays as it is. */
export function trimQuantity(quantity: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(quantity)) return quantity;
  return quantity.includes('.') ? quantity.replace(/0+$/, '').replace(/\.$/, '') : quantity;
}
