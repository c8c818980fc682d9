/** Bitmaps -> ZPL formats. */
import type { Bitmap } from '../bitmap.ts';
import { within } from '../joined.ts';
import type { LabelEnding, LabelTarget, MediaTracking } from '../media.ts';
import { printNote } from '../print-note.ts';
import { graphicField } from './graphic.ts';

/** ^MN: web sensing, mark sensing, continuous. */
const trackingLetter: Readonly<Record<MediaTracking, string>> = { gap: 'Y', mark: 'M', continuous: 'N' };
/** ^MM: tear-off, cutter, peel-off. */
const endingLetter: Readonly<Record<LabelEnding, string>> = { tear: 'T', cut: 'C', peel: 'P' };

/**
 * The bytes of one print: a format per page, each starting with a comment that carries the print id, so that every
 * label can be told from every other in a capture. ^LH and ^FO are set because printers keep them between formats.
 * Source: Zebra, "ZPL II Programming Guide" (^PW, ^LL, ^LH, ^PR, ^MD, ^MN, ^MM, ^PQ). A 1 bit burns.
 */
export function encodeZpl(pages: readonly Bitmap[], printId: string, target: LabelTarget): Uint8Array {
  const settings =
    (target.tracking === undefined ? '' : `^MN${trackingLetter[target.tracking]}`) +
    (target.ending === undefined ? '' : `^MM${endingLetter[target.ending]}`) +
    (target.speed === undefined ? '' : `^PR${within(target.speed, 1, 14)}`) +
    (target.darkness === undefined ? '' : `^MD${within(target.darkness, -30, 30)}`);
  const formats = pages.map(
    (page, index) =>
      `^XA${printComment(printId, index + 1, pages.length)}^PW${page.width}^LL${page.height}^LH0,0${settings}` +
      `^FO0,0${graphicField(page, target.compression ?? 'z64')}^FS^PQ${within(target.copies ?? 1, 1, 99)},0,0,Y^XZ\r\n`,
  );
  return Buffer.from(formats.join(''), 'latin1');
}

/** `^FXprint=ID page=1/1^FS`: printed nowhere, read by whoever looks at the stream. */
export function printComment(printId: string, page: number, pages: number): string {
  return `^FX${printNote(printId, page, pages)}^FS`;
}
