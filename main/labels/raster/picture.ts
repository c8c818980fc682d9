/** A PNG, JPEG or GIF label as a page that can be drawn. */
import type { GrayImage } from '../bitmap.ts';
import { decodePng, pngDensity } from '../png.ts';
import type { Size } from './fit.ts';
import { decodeGif } from './gif.ts';
import { jpegAsPdf, readJpegHeader, requireJpegEnd } from './jpeg.ts';
import { drawPdfPage } from './pdf.ts';
import { resampleGray } from './resample.ts';
import type { PageSource } from './source.ts';
import { scaledSize } from './source.ts';

export type PictureType = 'image/png' | 'image/jpeg' | 'image/gif';

/** Decodes the picture once. `dpi` of the head gives a picture that states its density its true size. Throws `HeldError`. */
export async function pictureSource(type: PictureType, bytes: Uint8Array, dpi: number): Promise<PageSource> {
  if (type === 'image/gif') return graySource(decodeGif(bytes), null, dpi);
  if (type === 'image/png') return graySource(decodePng(bytes), pngDensity(bytes), dpi);
  const header = readJpegHeader(bytes);
  requireJpegEnd(bytes);
  const upright = await drawPdfPage(jpegAsPdf(bytes, header), { width: header.width, height: header.height });
  return graySource(turnGray(upright, header.turn), header.density, dpi);
}

/** A decoded picture as a page. `density` in dots per inch, or null if it states none. */
export function graySource(gray: GrayImage, density: number | null, dpi: number): PageSource {
  const size = trueSize(gray, density, dpi);
  const shown = size ?? gray;
  return {
    size: { width: shown.width, height: shown.height },
    kind: size === null ? 'picture' : 'page',
    draw(scale) {
      const { width, height } = scaledSize(shown, scale);
      return Promise.resolve(resampleGray(gray, width, height));
    },
  };
}

/** Densities that programs write when they know none are left out: 72, 96. */
const believable = { least: 140, most: 1_300 };

/**
 * The picture's size on this head, or null if its file does not say. Where it differs from a whole number of dots per
 * pixel by less than two in a hundred, the whole number is taken: a "203 dpi" head has 203.2.
 */
function trueSize(gray: Size, density: number | null, dpi: number): Size | null {
  if (density === null || density < believable.least || density > believable.most) return null;
  const times = dpi / density;
  const whole = Math.round(times);
  const exact = whole >= 1 && Math.abs(times - whole) < 0.02 * whole ? whole : times;
  return scaledSize(gray, exact);
}

function turnGray(gray: GrayImage, turn: 0 | 90 | 180 | 270): GrayImage {
  if (turn === 0) return gray;
  const { width, height, data } = gray;
  const [across, down] = turn === 180 ? [width, height] : [height, width];
  const turned = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const toX = turn === 90 ? height - 1 - y : turn === 180 ? width - 1 - x : y;
      const toY = turn === 90 ? x : turn === 180 ? height - 1 - y : width - 1 - x;
      turned[toY * across + toX] = data[y * width + x] ?? 255;
    }
  }
  return { width: across, height: down, data: turned };
}
