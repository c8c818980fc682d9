/**
 * Bitmaps -> EPL2. Commands from Zebra, "EPL2 Programmer's Manual" 980352-001 (N, q, Q, R, S, D, O, ZT, GW, P and the
 * comment line `;`). That a 0 bit burns in GW: the same picture in EPL2 is the exact complement of its ZPL bits, as
 * measured on a printer that speaks both.
 */
import type { Bitmap } from '../bitmap.ts';
import { complement, joined, within } from '../joined.ts';
import type { LabelTarget } from '../media.ts';
import { dotsPerMm } from '../media.ts';
import { printNote } from '../print-note.ts';

/**
 * The bytes of one print. Darkness 0 is `D8` of 0 to 15. The speeds of `S` differ by model; on the G series they are
 * inches per second, which is what is sent (general knowledge, not this manual). A cutter is switched on with `OD,C`,
 * which also says direct thermal, because `O` replaces all options at once (general knowledge). The peeler has no
 * command of its own: it stays as the printer is set.
 */
export function encodeEpl(pages: readonly Bitmap[], printId: string, target: LabelTarget): Uint8Array {
  const parts: (string | Uint8Array)[] = [];
  pages.forEach((page, index) => {
    const lines = [
      // A line end first: the manual advises one, so that a command left half by someone else is ended.
      '',
      'N',
      `; ${printNote(printId, index + 1, pages.length)}`,
      `q${page.width}`,
      ...tracking(page, target),
      ...(target.speed === undefined ? [] : [`S${within(target.speed, 1, 6)}`]),
      ...(target.darkness === undefined ? [] : [`D${within(8 + (target.darkness * 7) / 30, 0, 15)}`]),
      ...(target.ending === 'cut' ? ['OD,C'] : []),
      'R0,0',
      'ZT',
      `GW0,0,${page.rowBytes},${page.height},`,
    ];
    const dots = target.quirks?.inverted === true ? page.data : complement(page.data);
    parts.push(lines.join('\n'), dots, `\nP${within(target.copies ?? 1, 1, 99)}\n`);
  });
  return joined(parts);
}

/** `Q`: form length and gap in dots, `B` and thickness for a black line, 0 for continuous; 16 to 240 dots. */
function tracking(page: Bitmap, target: LabelTarget): string[] {
  if (target.tracking === undefined) return [];
  if (target.tracking === 'continuous') return [`Q${page.height},0`];
  const length = within((target.gapMm ?? 2) * dotsPerMm(target.dpi), 16, 240);
  return [`Q${page.height},${target.tracking === 'mark' ? 'B' : ''}${length}`];
}
