/**
 * The data of a vendor's barcode fields, read from the ZPL text itself in well under a millisecond. What the printer
 * will encode is written there; drawing the label and reading the picture back takes a hundred times longer and is
 * left for labels whose barcodes are pictures. Source: Zebra, "ZPL II Programming Guide", ^BC, ^BQ, ^FH.
 */
import type { ZplArtwork } from './artwork.ts';

const barcodeCommand = /^B[0-9A-Z]$/;

/** Barcode texts in order, without start codes, mode prefixes and escapes. */
export function barcodeFields(artwork: ZplArtwork): string[] {
  const codes: string[] = [];
  for (const commands of artwork.formats) {
    let symbology: { name: string; text: string } | null = null;
    let hexMark: string | null = null;
    for (const { name, text } of commands) {
      if (name !== 'BY' && barcodeCommand.test(name)) symbology = { name, text };
      else if (name === 'FH') hexMark = text.trim().charAt(0) || '_';
      else if (name === 'FS') {
        symbology = null;
        hexMark = null;
      } else if (name === 'FD' && symbology !== null) {
        const data = hexMark === null ? text : unescapeHex(text, hexMark);
        const code = plainData(symbology.name, data);
        if (code !== '') codes.push(code);
      }
    }
  }
  return codes;
}

function unescapeHex(text: string, mark: string): string {
  const escaped = mark.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const bytes = text.replace(new RegExp(`${escaped}([0-9A-Fa-f]{2})`, 'g'), (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return bytes;
}

function plainData(name: string, data: string): string {
  const text = data.replace(/[\r\n]/g, '');
  // ^BC: `>` and one character select a subset or stand for a control; `><` is a plain `>` and `>0` too.
  if (name === 'BC') return text.replace(/>[<0]/g, '\u0000').replace(/>./g, '').replaceAll('\u0000', '>');
  // ^BQ: error correction, input mode and a comma come first (`QA,`, `MM,A`, `MM,B0005`).
  if (name === 'BQ') return text.replace(/^[HQML](?:A,|M,(?:[NA]|B\d{4}))/, '').trim();
  return text.trim();
}
