/** What a label file is by its first bytes. Vendors name types wrongly; the bytes do not lie. */
import type { ArtworkType } from './shipping.ts';

/**
 * The type of a label's bytes, or null for what is none of them (a web page, JSON, a spreadsheet).
 *
 * Sources: PDF, ISO 32000-1 annex H.3 note 13 (readers take the header within the first 1024 bytes; blanks and a byte
 * order mark before it are taken here); PNG, ISO/IEC 15948 5.2; JPEG, ITU-T T.81 B.1.1.3 (SOI and the next marker);
 * GIF, "GIF89a Specification" 17; ZPL, "ZPL II Programming Guide" (^XA opens a format); EPL2, "EPL2 Programmer's
 * Manual" (N clears the image buffer, then lines of drawing commands).
 */
export function sniffArtwork(bytes: Uint8Array): ArtworkType | null {
  const head = latin1(bytes, 512);
  if (/^(?:\xef\xbb\xbf)?\s*%PDF-/.test(head)) return 'application/pdf';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(head)) return 'image/gif';
  if (looksLikeZpl(head)) return 'application/zpl';
  return looksLikeEpl(head) ? 'application/epl' : null;
}

/** `^XA` at the start, after at most one control command or download (`~…`), as vendors send before it. */
export function looksLikeZpl(text: string): boolean {
  return /^(?:\xef\xbb\xbf|\ufeff)?\s*(?:~[A-Z]{2}[^^<]*)?\^XA/i.test(text);
}

/** A line `N` among set-up lines only, and right behind it the first of its drawing commands. */
function looksLikeEpl(text: string): boolean {
  const setUp = /^(?:[A-Z]{0,2}[\d,.+-]*|[a-zA-Z]\w{0,2}[\d,.+A-Z-]*)$/;
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const start = lines.indexOf('N');
  if (start < 0 || !lines.slice(0, start).every((line) => setUp.test(line))) return false;
  const drawing = /^(?:[ABbX]\d+,\d+|L[EOSW]\d+,\d+|G[GW]\d+,\d+)/;
  return (
    lines
      .slice(start + 1)
      .find((line) => drawing.test(line) || !setUp.test(line))
      ?.match(drawing) != null
  );
}

function latin1(bytes: Uint8Array, most: number): string {
  let text = '';
  for (const byte of bytes.subarray(0, most)) text += String.fromCharCode(byte);
  return text;
}
