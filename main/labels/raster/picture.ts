/** A PNG label -> the bitmap on the media. */
import type { Bitmap } from '../bitmap.ts';
import { enlarge, thresholdGray } from '../bitmap.ts';
import { HeldError } from '../held.ts';
import { decodePng } from '../png.ts';
import type { Size } from './fit.ts';
import { blackBelow, layOnMedia, shrinkGray, shrinkScale, turnsToFit } from './fit.ts';

/**
 * A picture's pixel is a dot. One that is too large is cut to its ink or made smaller; one that is much too small is
 * enlarged a whole number of times only, because bars scaled by a fraction change their widths. Throws `HeldError`.
 */
export function rasterPicture(bytes: Uint8Array, media: Size): Bitmap {
  const gray = decodePng(bytes);
  const turn = turnsToFit(gray, media);
  const size = turn ? { width: gray.height, height: gray.width } : gray;
  const times = Math.max(1, Math.floor(Math.min(media.width / size.width, media.height / size.height)));
  const whole = layOnMedia(enlarge(thresholdGray(gray, blackBelow, turn), times), media);
  if (whole !== null) return whole;
  const scale = shrinkScale(size, media);
  const small = shrinkGray(gray, Math.floor(gray.width * scale), Math.floor(gray.height * scale));
  const laid = layOnMedia(thresholdGray(small, blackBelow, turn), media);
  if (laid === null) throw new HeldError('label.too-large', 'the label picture does not fit the media');
  return laid;
}
