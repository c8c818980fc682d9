/**
 * Bitmaps -> CPCL. Commands from Zebra, "CPCL Programming Manual" (the `!` line, PAGE-WIDTH, TONE, SPEED, GAP-SENSE,
 * BAR-SENSE, CG, EG, FORM, PRINT, comment lines `;`); `CUT` is general knowledge. A 1 bit burns.
 */
import type { Bitmap } from '../bitmap.ts';
import { joined, within } from '../joined.ts';
import type { LabelTarget } from '../media.ts';
import { printNote } from '../print-note.ts';

/**
 * The bytes of one print: a session `! ... PRINT` per page. Darkness becomes TONE, -99 to 200 with 0 as the printer's
 * usual one. Speed becomes one of the six levels of SPEED (0 slowest, 5 fastest), an inch per second each; the manual
 * gives them no unit. Without a gap or mark there is no FORM, which would feed on to the next one. The peeler has no
 * command of its own: it stays as the printer is set.
 */
export function encodeCpcl(pages: readonly Bitmap[], printId: string, target: LabelTarget): Uint8Array {
  const parts: (string | Uint8Array)[] = [];
  const darkness = target.darkness ?? 0;
  pages.forEach((page, index) => {
    const lines = [
      `! 0 ${target.dpi} ${target.dpi} ${page.height} ${within(target.copies ?? 1, 1, 99)}`,
      `; ${printNote(printId, index + 1, pages.length)}`,
      `PAGE-WIDTH ${page.width}`,
      ...(target.darkness === undefined
        ? []
        : [`TONE ${within((darkness * (darkness < 0 ? 99 : 200)) / 30, -99, 200)}`]),
      ...(target.speed === undefined ? [] : [`SPEED ${within(target.speed - 1, 0, 5)}`]),
      ...(target.tracking === 'gap' ? ['GAP-SENSE'] : target.tracking === 'mark' ? ['BAR-SENSE'] : []),
    ];
    const place = `${page.rowBytes} ${page.height} 0 0 `;
    const picture =
      target.quirks?.hexadecimal === true ? [`EG ${place}${hexadecimal(page.data)}`] : [`CG ${place}`, page.data];
    const last = [
      ...(target.ending === 'cut' ? ['CUT'] : []),
      ...(target.tracking === 'continuous' ? [] : ['FORM']),
      'PRINT',
    ];
    parts.push(`${lines.join('\r\n')}\r\n`, ...picture, `\r\n${last.join('\r\n')}\r\n`);
  });
  return joined(parts);
}

function hexadecimal(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex').toUpperCase();
}
