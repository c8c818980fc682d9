/**
 * How much a vendor's ZPL makes whoever draws it do. A few kilobytes can ask for a picture of gigabytes, from the printer
 * as from our own drawer. Source: Zebra, "ZPL II Programming Guide", ^GF, "Alternative Data Compression Scheme", ^PW, ^LL.
 */
import { inflateSync } from 'node:zlib';
import { HeldError } from './held.ts';
import type { ZplArtwork } from './zpl/artwork.ts';

/** Pictures of one label may cover it four times over; no label comes near. */
const coverings = 4;
/** Most fields and boxes of one label. A carrier's has some hundred. */
const mostFields = 5_000;
/** Labels of one artwork, as for pages of a PDF. */
const mostLabels = 20;

/** Throws `HeldError` if drawing it takes more than any label does. `media` in dots. */
export function requireModestZpl(
  artwork: ZplArtwork,
  media: { readonly width: number; readonly height: number },
): void {
  if (artwork.formats.length > mostLabels)
    throw new HeldError(
      'label.too-heavy',
      `the label is ${artwork.formats.length} labels; at most ${mostLabels} are printed`,
    );
  const most = Math.ceil(media.width / 8) * media.height * coverings + 65_536;
  for (const commands of artwork.formats) {
    if (commands.filter(({ name }) => name === 'FS').length > mostFields)
      throw new HeldError('label.too-heavy', `the label has more than ${mostFields} fields`);
    let bytes = 0;
    for (const { name, text } of commands) {
      if (name === 'GF') bytes += graphicBytes(text, most);
      if (name === 'LL' && Number(text) > media.height * 2)
        throw new HeldError(
          'label.too-large',
          `the label is ${text.trim()} dots long and the media ${media.height}; load longer labels`,
        );
    }
    if (bytes > most)
      throw new HeldError('label.too-heavy', 'the pictures of the label are many times larger than the label');
  }
}

/** Bytes of a ^GF field: what it says, or what its data unpacks to, whichever is more. Stops counting above `most`. */
function graphicBytes(text: string, most: number): number {
  const [, , total = '', , ...rest] = text.split(',');
  const said = Number(total) || 0;
  const data = rest.join(',');
  if (said > most) return said;
  const z64 = /^:Z64:([^:]*)/.exec(data.trim());
  if (z64 !== null) return Math.max(said, inflatedBytes(z64[1] ?? '', most));
  let digits = 0;
  let repeat = 0;
  for (const letter of data) {
    if (letter >= 'g' && letter <= 'z') repeat += (letter.charCodeAt(0) - 0x66) * 20;
    else if (letter >= 'G' && letter <= 'Y') repeat += letter.charCodeAt(0) - 0x46;
    else if (/[0-9A-Fa-f]/.test(letter)) {
      digits += Math.max(1, repeat);
      repeat = 0;
    }
    if (digits / 2 > most) break;
  }
  return Math.max(said, digits / 2);
}

function inflatedBytes(base64: string, most: number): number {
  try {
    return inflateSync(Buffer.from(base64, 'base64'), { maxOutputLength: most }).length;
  } catch (error) {
    // Damaged data draws nothing; what is in it is judged by the barcodes that are missing.
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? most + 1 : 0;
  }
}
