/** The printer a label is made for: its language, its head, its media. */

/** Every printer language that labels are made in. */
export const labelLanguages = ['zpl', 'tspl', 'escpos', 'cpcl', 'epl'] as const;
export type LabelLanguage = (typeof labelLanguages)[number];
export type LabelDpi = 203 | 300 | 600;

/** How the printer finds where a label ends: a gap between labels, a black mark on the back, or not at all. */
export const mediaTrackings = ['gap', 'mark', 'continuous'] as const;
export type MediaTracking = (typeof mediaTrackings)[number];

/** What the printer does with a finished label. */
export const labelEndings = ['tear', 'cut', 'peel'] as const;
export type LabelEnding = (typeof labelEndings)[number];

/** Ways in which one printer differs from its language's manual. Each is left out for a printer that keeps to it. */
export interface LabelQuirks {
  /** The printer burns the bits that its manual calls white: seen on clones (TSPL, EPL). The bytes are complemented. */
  readonly inverted?: boolean | undefined;
  /** ESC/POS: which raster command the printer knows. `gs-v-0` is the older and the usual one (the default). */
  readonly raster?: 'gs-v-0' | 'gs-paren-l' | undefined;
  /** ESC/POS: most rows of one picture command, 1 to 2303; for printers with a small buffer. 256 if left out. */
  readonly bandDots?: number | undefined;
  /** CPCL: pictures as hexadecimal (`EG`) for links that do not pass all bytes. Binary (`CG`) if left out. */
  readonly hexadecimal?: boolean | undefined;
}

/** Everything that shapes the bytes of a label. What is left out stays as the printer is set. */
export interface LabelTarget {
  readonly language: LabelLanguage;
  readonly dpi: LabelDpi;
  readonly widthMm: number;
  readonly heightMm: number;
  /**
   * Darkness relative to the printer's usual one, -30 to 30; left out: as the printer is set. Languages with a scale of
   * their own map it (each encoder says how).
   */
  readonly darkness?: number | undefined;
  /** Inches per second, 1 to 14; left out: as the printer is set. */
  readonly speed?: number | undefined;
  /** Equal labels per page of one print, 1 to 99; 1 if left out. */
  readonly copies?: number | undefined;
  readonly tracking?: MediaTracking | undefined;
  /** Millimetres of the gap or mark, 0 to 25; 2 if left out. Used only with `tracking` gap or mark. */
  readonly gapMm?: number | undefined;
  readonly ending?: LabelEnding | undefined;
  /**
   * Moves the picture to the right and down, in millimetres, -20 to 20. Done in the bitmap, before it is encoded, so
   * that all languages agree.
   */
  readonly offsetXMm?: number | undefined;
  readonly offsetYMm?: number | undefined;
  /** Degrees clockwise by which the media lies in the printer. Done in the bitmap, before it is encoded. */
  readonly rotation?: 0 | 90 | 180 | 270 | undefined;
  /** ZPL only: `acs` for printers too old for zlib (`z64`, the default). */
  readonly compression?: 'z64' | 'acs' | undefined;
  readonly quirks?: LabelQuirks | undefined;
}

/** Dots per millimetre of the head. A "203 dpi" head has 8 dots per millimetre (203.2 dpi). */
export function dotsPerMm(dpi: LabelDpi): number {
  return dpi === 203 ? 8 : dpi / 25.4;
}

/** Whole dots that fit on the media. */
export function mediaDots(target: Pick<LabelTarget, 'dpi' | 'widthMm' | 'heightMm'>): {
  width: number;
  height: number;
} {
  const dots = (mm: number): number => Math.floor(mm * dotsPerMm(target.dpi) + 1e-6);
  return { width: dots(target.widthMm), height: dots(target.heightMm) };
}
