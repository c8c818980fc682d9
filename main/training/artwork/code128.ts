/** Code 128 as bar and space widths (ISO/IEC 15417), encoded by bwip-js. */
import bwipjs from 'bwip-js/node';
import { z } from 'zod';

const Encoded = z.array(z.object({ sbs: z.array(z.number().int().positive()) })).min(1);
const kept = new Map<string, readonly number[]>();
const keepAtMost = 256;

/**
 * Widths in modules, first a bar, then a space, and so on. `value` is printable ASCII, at most 60 characters.
 * Throws an Error that names the value if it cannot be encoded.
 */
export function code128Widths(value: string): readonly number[] {
  const known = kept.get(value);
  if (known !== undefined) return known;
  if (!/^[\x20-\x7e]{1,60}$/.test(value)) throw new Error(`not a Code 128 text (1-60 printable ASCII): ${value}`);
  const parsed = Encoded.parse(bwipjs.raw({ bcid: 'code128', text: value }));
  const widths = parsed[0]?.sbs ?? [];
  if (kept.size >= keepAtMost) kept.clear();
  kept.set(value, widths);
  return widths;
}

/** Total width of a symbol in modules. */
export function code128Modules(value: string): number {
  return code128Widths(value).reduce((sum, width) => sum + width, 0);
}
