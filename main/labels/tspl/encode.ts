/**
 * Bitmaps -> TSPL. Commands from TSC, "TSPL/TSPL2 Programming Language" (SIZE, GAP, BLINE, DENSITY, SPEED, DIRECTION,
 * REFERENCE, SET TEAR, SET PEEL, SET CUTTER, CLS, BITMAP, PRINT, REM). That a 0 bit burns is not in the manual's text:
 * it is what LPrint's driver does and what users of clones measured (a picture sent the other way comes out negative).
 */
import type { Bitmap } from '../bitmap.ts';
import { complement, joined, within } from '../joined.ts';
import type { LabelTarget } from '../media.ts';
import { dotsPerMm } from '../media.ts';
import { printNote } from '../print-note.ts';

/**
 * The bytes of one print. The size is the page's own, in millimetres. Darkness 0 is `DENSITY 8` of 0 to 15, the
 * factory setting; -30 and 30 are its ends. The data of BITMAP is raw: its length alone says where it ends.
 */
export function encodeTspl(pages: readonly Bitmap[], printId: string, target: LabelTarget): Uint8Array {
  const parts: (string | Uint8Array)[] = [];
  pages.forEach((page, index) => {
    const lines = [
      `REM ${printNote(printId, index + 1, pages.length)}`,
      `SIZE ${millimetres(page.width, target)} mm,${millimetres(page.height, target)} mm`,
      ...tracking(target),
      ...(target.darkness === undefined ? [] : [`DENSITY ${within(8 + (target.darkness * 7) / 30, 0, 15)}`]),
      ...(target.speed === undefined ? [] : [`SPEED ${within(target.speed, 1, 14)}`]),
      ...ending(target),
      'DIRECTION 1',
      'REFERENCE 0,0',
      'CLS',
      `BITMAP 0,0,${page.rowBytes},${page.height},0,`,
    ];
    const dots = target.quirks?.inverted === true ? page.data : complement(page.data);
    parts.push(lines.join('\r\n'), dots, `\r\nPRINT 1,${within(target.copies ?? 1, 1, 99)}\r\n`);
  });
  return joined(parts);
}

/** Two decimals: a hundredth of a millimetre is a tenth of a dot. */
function millimetres(dots: number, target: LabelTarget): string {
  return String(Math.round((dots / dotsPerMm(target.dpi)) * 100) / 100);
}

function tracking(target: LabelTarget): string[] {
  const length = target.gapMm ?? 2;
  if (target.tracking === 'gap') return [`GAP ${length} mm,0 mm`];
  if (target.tracking === 'mark') return [`BLINE ${length} mm,0 mm`];
  return target.tracking === 'continuous' ? ['GAP 0 mm,0 mm'] : [];
}

/** Only one of the three may be on, and printers remember them: the others are switched off. */
function ending(target: LabelTarget): string[] {
  if (target.ending === 'tear') return ['SET CUTTER OFF', 'SET PEEL OFF', 'SET TEAR ON'];
  if (target.ending === 'cut') return ['SET PEEL OFF', 'SET CUTTER 1'];
  return target.ending === 'peel' ? ['SET CUTTER OFF', 'SET PEEL ON'] : [];
}
