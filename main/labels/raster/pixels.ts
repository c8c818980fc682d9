/** How large a picture may be. */
import { HeldError } from '../held.ts';

/** A4 at 400 dpi is 15.5 million pixels, 4 x 6 inch at 600 dpi 8.6; more is no label and takes more than a second. */
const maxPixels = 20_000_000;

/** Judged from the header, before a single pixel is unpacked. Throws `HeldError` `label.too-heavy`. */
export function requirePixels(width: number, height: number): void {
  if (width > 0 && height > 0 && width * height <= maxPixels) return;
  throw new HeldError(
    'label.too-heavy',
    `the label picture is ${width} x ${height} pixels; at most ${maxPixels / 1_000_000} million are read`,
  );
}
