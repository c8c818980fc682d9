/** ZPL -> picture and barcodes, by an interpreter that is not ours: what a label says, whoever made it. */
import type { Bitmap } from './bitmap.ts';
import { thresholdGray } from './bitmap.ts';
import { blackBelow } from './raster/fit.ts';
import { dotsPerMm } from './media.ts';
import type { LabelDpi } from './media.ts';
import { decodePng } from './png.ts';
import { readCodes } from './read-codes.ts';

/** One rendered label. */
export interface RenderedLabel {
  readonly png: Uint8Array;
  readonly codes: string[];
}

/**
 * Draws every format in `bytes` on media of the given size and reads its barcodes. Takes 0.3 s per label and more for
 * the first; the interpreter does not check ^GF checksums. Rejects with a one-line Error if nothing can be drawn.
 */
export async function renderZpl(
  bytes: Uint8Array,
  media: { readonly dpi: LabelDpi; readonly widthMm: number; readonly heightMm: number },
): Promise<RenderedLabel[]> {
  const labels: RenderedLabel[] = [];
  for (const png of await drawZpl(bytes, media)) {
    labels.push({ png, codes: await readCodes(bitmapOfPng(png), 'thorough') });
  }
  return labels;
}

/** The dots of a rendered label. */
export function bitmapOfPng(png: Uint8Array): Bitmap {
  return thresholdGray(decodePng(png), blackBelow, false);
}

async function drawZpl(
  bytes: Uint8Array,
  media: { readonly dpi: LabelDpi; readonly widthMm: number; readonly heightMm: number },
): Promise<Uint8Array[]> {
  // Loaded on first use: the interpreter is 9 MB and most labels never need it.
  const { ready } = await import('zpl-renderer-js');
  const { api } = await ready;
  const text = decodeText(bytes);
  try {
    const pictures = await api.zplToBase64MultipleAsync(
      text,
      media.widthMm,
      media.heightMm,
      Math.round(dotsPerMm(media.dpi)),
    );
    return pictures.map((picture) => Buffer.from(picture, 'base64'));
  } catch (error) {
    // Its uncaught errors print the whole 9 MB source line; keep the first line only.
    const line = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new Error(`the ZPL cannot be drawn: ${line.slice(0, 200)}`, { cause: undefined });
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}
