/** Bitmaps -> ZPL formats. */
import type { Bitmap } from '../bitmap.ts';
import type { LabelTarget } from '../media.ts';
import { graphicField } from './graphic.ts';

/**
 * The bytes of one print: a format per page, each starting with a comment that carries the print id, so that every
 * label can be told from every other in a capture. ^LH and ^FO are set because printers keep them between formats.
 * Source: Zebra, "ZPL II Programming Guide".
 */
export function encodeZpl(pages: readonly Bitmap[], printId: string, target: LabelTarget): Uint8Array {
  const settings =
    (target.speed === undefined ? '' : `^PR${Math.round(target.speed)}`) +
    (target.darkness === undefined ? '' : `^MD${Math.round(target.darkness)}`);
  const formats = pages.map(
    (page, index) =>
      `^XA${printComment(printId, index + 1, pages.length)}^PW${page.width}^LL${page.height}^LH0,0${settings}` +
      `^FO0,0${graphicField(page, target.compression ?? 'z64')}^FS^PQ1,0,0,Y^XZ\r\n`,
  );
  return Buffer.from(formats.join(''), 'latin1');
}

/** `^FXprint=ID page=1/1^FS`: printed nowhere, read by whoever looks at the stream. */
export function printComment(printId: string, page: number, pages: number): string {
  return `^FXprint=${printId.replace(/[^\w.-]/g, '_')} page=${page}/${pages}^FS`;
}
