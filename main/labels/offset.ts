/** Moving the picture on the media, for printers whose first dot is not where the label begins. */
import type { Bitmap } from './bitmap.ts';
import { inkBounds, placeOn } from './bitmap.ts';
import { HeldError } from './held.ts';
import { dotsPerMm } from './media.ts';
import type { LabelTarget } from './media.ts';

/**
 * The page moved by the target's offset. Throws `HeldError` `label.cut-off` if ink would leave the media: a label that
 * lacks an edge is not printed, since nobody can say what stood there.
 */
export function offsetBitmap(page: Bitmap, target: LabelTarget): Bitmap {
  const perMm = dotsPerMm(target.dpi);
  const x = Math.round((target.offsetXMm ?? 0) * perMm);
  const y = Math.round((target.offsetYMm ?? 0) * perMm);
  if (x === 0 && y === 0) return page;
  const ink = inkBounds(page);
  if (ink === null) return page;
  const over = {
    left: -(ink.x + x),
    top: -(ink.y + y),
    right: ink.x + ink.width + x - page.width,
    bottom: ink.y + ink.height + y - page.height,
  };
  const cut = Object.entries(over).filter(([, dots]) => dots > 0);
  if (cut.length > 0) {
    const sides = cut.map(([side, dots]) => `${(dots / perMm).toFixed(1)} mm at the ${side}`).join(' and ');
    throw new HeldError('label.cut-off', `the offset of the printer pushes ${sides} off the label`);
  }
  return placeOn(page.width, page.height, page, x, y);
}
