/**
 * Order text for an ESC/POS printer's own fonts. Source: Epson, "ESC/POS Command Reference", FS & and FS . (Kanji mode:
 * two-byte characters). Chinese printers take GBK there; four-byte GB18030 is not known to most (general knowledge).
 */
import iconv from 'iconv-lite';
import { replacement, visibleText } from '../printer-text.ts';

/**
 * The bytes of a text: printable ASCII as it is, two-byte GBK, a question mark for the rest. None of them is a control
 * character: the first byte of a pair is 81 to FE, the second 40 to 7E or 80 to FE.
 */
export function escapeEscpos(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of visibleText(text)) {
    const encoded = /[\x20-\x7e]/.test(character) ? [character.charCodeAt(0)] : [...iconv.encode(character, 'gbk')];
    const [first = 0, second = 0] = encoded;
    const isAscii = encoded.length === 1 && first >= 0x20 && first <= 0x7e;
    const isPair =
      encoded.length === 2 && first >= 0x81 && first <= 0xfe && second >= 0x40 && second !== 0x7f && second <= 0xfe;
    bytes.push(...(isAscii || isPair ? encoded : [replacement.charCodeAt(0)]));
  }
  return Uint8Array.from(bytes);
}
