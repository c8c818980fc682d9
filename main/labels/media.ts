/** The printer a label is made for: its language, its head, its media. */
export type LabelLanguage = 'zpl';
export type LabelDpi = 203 | 300 | 600;

export interface LabelTarget {
  readonly language: LabelLanguage;
  readonly dpi: LabelDpi;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Relative darkness, -30 to 30; left out: as the printer is set. */
  readonly darkness?: number | undefined;
  /** Inches per second, 1 to 14; left out: as the printer is set. */
  readonly speed?: number | undefined;
  /** `acs` for printers too old for zlib (`z64`, the default). */
  readonly compression?: 'z64' | 'acs' | undefined;
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
