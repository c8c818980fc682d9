/** One label file -> printer bytes: the command line's `label`. */
import type { Artwork } from '../domain/shipping.ts';
import { createEngine } from './engine.ts';
import { prepareLabel } from './labels.ts';
import type { LabelTarget } from './media.ts';

/** The printer bytes, the picture of what comes out, and the barcodes read back from it. */
export interface ConvertedLabel {
  readonly bytes: Uint8Array;
  readonly png: Uint8Array;
  readonly codes: readonly string[];
}

/**
 * Converts artwork in this thread. The type is taken from the first bytes: `%PDF-`, the PNG signature, `^XA`. Rejects
 * with an Error whose message is one line that names what is wrong.
 */
export async function convertLabel(
  request: { readonly input: Uint8Array; readonly printId?: string | undefined } & LabelTarget,
): Promise<ConvertedLabel> {
  const { input, printId, ...target } = request;
  const prepared = await prepareLabel(createEngine(''), input, sniffType(input), null, target);
  return { bytes: prepared.bytes(0, printId ?? 'convert'), png: await prepared.previewPng(), codes: prepared.codes };
}

/** What a file is by its first bytes; a file that is nothing known is left to the PDF reader to refuse by name. */
export function sniffType(bytes: Uint8Array): Artwork['type'] {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return 'image/png';
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1').trimStart();
  return /^[\^~]/.test(head) ? 'application/zpl' : 'application/pdf';
}
