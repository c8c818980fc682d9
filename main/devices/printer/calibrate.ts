/**
 * How a printer is told to measure its media, by language. The commands are those of the makers' programming manuals as
 * they are commonly cited; none was tried on a printer here, and a printer's own key always does the same.
 */
import type { PrinterLanguageName } from './languages.ts';

export interface Calibration {
  readonly bytes: Uint8Array;
  /** Where the command is described. */
  readonly source: string;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/**
 * The command for media with a gap or a black mark; null where there is nothing to measure (continuous media) or the
 * language has no command we know. Zebra printers find marks as gaps once their media tracking is set, so `~JC` serves
 * both.
 */
export function calibrationOf(
  language: PrinterLanguageName,
  tracking: 'gap' | 'mark' | 'continuous',
): Calibration | null {
  if (tracking === 'continuous') return null;
  switch (language) {
    case 'zpl':
      return { bytes: ascii('~JC\r\n'), source: 'Zebra, ZPL II Programming Guide, ~JC Set Media Sensor Calibration' };
    case 'tspl':
      return tracking === 'gap'
        ? { bytes: ascii('GAPDETECT\r\n'), source: 'TSC, TSPL/TSPL2 Programming Manual, GAPDETECT' }
        : { bytes: ascii('BLINEDETECT\r\n'), source: 'TSC, TSPL/TSPL2 Programming Manual, BLINEDETECT' };
    case 'epl':
      return { bytes: ascii('\nxa\n'), source: 'Zebra, EPL2 Programmer’s Manual, xa AutoSense' };
    case 'cpcl':
    case 'escpos':
      return null;
  }
}
