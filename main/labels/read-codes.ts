/** Reading barcodes back from a bitmap, with an engine that shares nothing with whatever drew them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { ReaderOptions } from 'zxing-wasm/reader';
import type { Bitmap } from './bitmap.ts';
import type { FoundSymbol } from './symbols.ts';
import { toRgba } from './bitmap.ts';

let ready: Promise<unknown> | null = null;

/** Loads the reader from its package file (about 20 ms); the library's own default is a download. */
export async function warmUpReader(): Promise<void> {
  ready ??= (async () => {
    const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
    const bytes = await readFile(file);
    const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  })();
  await ready;
}

/** Upright, of dots that are black or white already: about 10 ms for 4 x 6 inch at 203 dpi. */
const upright: ReaderOptions = {
  binarizer: 'FixedThreshold',
  tryHarder: true,
  tryRotate: false,
  tryInvert: false,
  tryDownscale: false,
};

/**
 * How hard to look. `bars`: the linear codes that carriers print; `matrix`: their two-dimensional ones; `thorough`:
 * everything the reader knows, in every direction, about 100 ms.
 */
export type ReadEffort = 'bars' | 'matrix' | 'thorough';

const options: Readonly<Record<ReadEffort, ReaderOptions>> = {
  bars: { ...upright, formats: ['Code128', 'Code39', 'ITF'] },
  matrix: { ...upright, formats: ['QRCode', 'DataMatrix', 'PDF417'] },
  thorough: { tryHarder: true, tryRotate: true, tryInvert: false, tryDownscale: true },
};

/** The texts of the barcodes found, without repeats. */
export async function readCodes(bitmap: Bitmap, effort: ReadEffort): Promise<string[]> {
  return [...new Set((await readSymbols(bitmap, effort)).map((symbol) => symbol.text))];
}

/** The barcodes found, each with its place. A text that stands twice is found twice. */
export async function readSymbols(bitmap: Bitmap, effort: ReadEffort): Promise<FoundSymbol[]> {
  await warmUpReader();
  const image = { data: toRgba(bitmap), width: bitmap.width, height: bitmap.height, colorSpace: 'srgb' as const };
  const results = await readBarcodes(image as Parameters<typeof readBarcodes>[0], options[effort]);
  return results
    .filter((result) => result.isValid && result.text !== '')
    .map(({ text, format, position }) => {
      const corners = [position.topLeft, position.topRight, position.bottomLeft, position.bottomRight];
      const [x, y] = [Math.min(...corners.map((each) => each.x)), Math.min(...corners.map((each) => each.y))];
      const width = Math.max(...corners.map((each) => each.x)) - x;
      const height = Math.max(...corners.map((each) => each.y)) - y;
      return { text, format: String(format), box: { x, y, width, height } };
    });
}
