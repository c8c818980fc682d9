/** What a label layout draws on. All positions and sizes are dots of a 203 dpi head (8 dots per millimetre). */
export interface LabelCanvas {
  /** Starts the next page; the first page is there from the beginning. */
  nextPage(): void;
  /** Text with its top left corner at (x, y); `size` is the height of a line in dots. Latin letters only. */
  text(x: number, y: number, size: number, value: string, bold?: boolean): void;
  /** A filled rectangle. */
  fill(x: number, y: number, width: number, height: number): void;
  /** A Code 128 symbol without text below it. `module` is the width of its narrowest bar, whole dots. */
  code128(x: number, y: number, module: number, height: number, value: string): void;
}

/** 4 by 6 inches at 203 dpi. */
export const labelWidthDots = 812;
export const labelHeightDots = 1218;
export const labelDpi = 203;

/** Letters that have a customary Latin spelling; everything else that is not Latin becomes one `?` per run. */
const spellings: Readonly<Record<string, string>> = {
  ß: 'ss',
  Æ: 'AE',
  æ: 'ae',
  Ø: 'O',
  ø: 'o',
  ł: 'l',
  Ł: 'L',
  '·': '-',
  '–': '-',
  '—': '-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
};

/**
 * Printable ASCII for a label: accents dropped, full-width forms narrowed, runs of other scripts shown as one `?`.
 * Carriers' own labels for foreign parcels are Latin; training keeps to that.
 */
export function latin(value: string): string {
  return value
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, (letter) => spellings[letter] ?? '\u0000')
    .replace(/\u0000+/g, '?')
    .trim();
}
