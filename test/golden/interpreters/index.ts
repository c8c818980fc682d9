/** The interpreters by language, and our bitmaps in their terms. */
import type { Bitmap } from '../../../main/labels/bitmap.ts';
import type { LabelLanguage, LabelTarget } from '../../../main/labels/media.ts';
import { dotsPerMm } from '../../../main/labels/media.ts';
import { interpretCpcl } from './cpcl.ts';
import { interpretEpl } from './epl.ts';
import { interpretEscpos } from './escpos.ts';
import type { Page } from './page.ts';
import { interpretTspl } from './tspl.ts';
import { interpretZpl } from './zpl.ts';

/** What a printer of the target's language makes of the bytes. Throws `MalformedError`. */
export function interpret(bytes: Uint8Array, target: Pick<LabelTarget, 'language' | 'dpi'>): Page[] {
  const interpreters: Readonly<Record<LabelLanguage, () => Page[]>> = {
    zpl: () => interpretZpl(bytes),
    tspl: () => interpretTspl(bytes, dotsPerMm(target.dpi)),
    escpos: () => interpretEscpos(bytes),
    cpcl: () => interpretCpcl(bytes),
    epl: () => interpretEpl(bytes),
  };
  return interpreters[target.language]();
}

/** One byte per dot, 1 black. Rows are widened with white to `width`: ESC/POS has no other widths than whole bytes. */
export function dotsOf(bitmap: Bitmap, width = bitmap.width): Uint8Array {
  const dots = new Uint8Array(width * bitmap.height);
  for (let y = 0; y < bitmap.height; y += 1) {
    for (let x = 0; x < bitmap.width; x += 1) {
      const byte = bitmap.data[y * bitmap.rowBytes + (x >> 3)] ?? 0;
      if ((byte & (0x80 >> (x & 7))) !== 0) dots[y * width + x] = 1;
    }
  }
  return dots;
}

/** The page as a bitmap of ours, cut to `width`. */
export function bitmapOf(page: Page, width = page.width): Bitmap {
  const rowBytes = Math.ceil(width / 8);
  const data = new Uint8Array(rowBytes * page.height);
  for (let y = 0; y < page.height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (page.dots[y * page.width + x] !== 1) continue;
      const at = y * rowBytes + (x >> 3);
      data[at] = (data[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return { width, height: page.height, rowBytes, data };
}
