/** What is known of a barcode found on a bitmap beside its text: where it is, and how wide its modules are. */
import type { Bitmap, Box } from './bitmap.ts';
import { isBlack } from './bitmap.ts';

export interface FoundSymbol {
  readonly text: string;
  /** The reader's name of the symbology: `Code128`, `QRCode`. */
  readonly format: string;
  readonly box: Box;
}

/** Module width of an upright Code 128 symbol in dots, as a fraction, and how many modules it has. */
export interface ModuleWidth {
  readonly dots: number;
  readonly count: number;
}

/**
 * Measures along the symbol's middle. Code 128 has six bars and gaps of eleven modules per character and a stop of seven
 * with thirteen (ISO/IEC 15417, 4.2): the number of bars alone tells the number of modules, however uneven they are.
 * Null for other symbologies, slanted symbols, and where the bars cannot be told apart.
 */
export function measureModule(bitmap: Bitmap, symbol: FoundSymbol): ModuleWidth | null {
  if (symbol.format !== 'Code128') return null;
  const { box } = symbol;
  for (const share of [0.5, 0.35, 0.65]) {
    const y = Math.round(box.y + box.height * share);
    let left = Math.max(0, box.x - 2);
    let right = Math.min(bitmap.width - 1, box.x + box.width + 2);
    while (left < right && !isBlack(bitmap, left, y)) left += 1;
    while (right > left && !isBlack(bitmap, right, y)) right -= 1;
    let runs = 1;
    for (let x = left + 1; x <= right; x += 1) if (isBlack(bitmap, x, y) !== isBlack(bitmap, x - 1, y)) runs += 1;
    const characters = (runs - 7) / 6;
    if (!Number.isInteger(characters) || characters < 2) continue;
    const count = characters * 11 + 13;
    return { dots: (right - left + 1) / count, count };
  }
  return null;
}
