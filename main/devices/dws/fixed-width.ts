/**
 * Records whose fields stand at fixed places. The places come from the profile (`layout`); the frame ends at its trailer,
 * or after `recordLength` characters if there is none.
 *
 * Source: a German conveyor service (public code, GO.Workerservice): 91 characters ended by CR, weight of 6 and volume of 12
 * digits, barcode at 42 to 81, status of dimensioner and scale behind it.
 */
import { frameProblem, refusedFrame } from '../../domain/frame-problems.ts';
import { makeRecord, type DwsFormat } from '../../domain/dws-record.ts';
import { textDecoder } from './text-lines.ts';

export const fixedWidth: DwsFormat = {
  id: 'fixed-width',
  poll: null,
  decoder(settings) {
    const { layout, recordLength } = settings;
    if (layout.length === 0) {
      throw new Error('fixed-width needs its layout, such as [{ "field": "barcode", "at": 0, "length": 20 }]');
    }
    const needed = Math.max(...layout.map(({ at, length }) => at + length));
    if (recordLength !== undefined && recordLength < needed) {
      throw new Error(`fixed-width layout reaches character ${needed}; recordLength is ${recordLength}`);
    }
    const own = { ...settings, barcodeSeparators: settings.barcodeSeparators ?? ';|' };
    const wholeLength =
      recordLength === undefined ? undefined : recordLength + settings.sequence + checkLength(settings);
    return textDecoder(settings, { exactBytes: wholeLength }, ({ text, sequence }, raw, at) => {
      if (recordLength !== undefined && text.length !== recordLength) {
        return refusedFrame(frameProblem('record-length', { length: text.length, wanted: recordLength }), at, raw);
      }
      if (text.length < needed)
        return refusedFrame(frameProblem('record-short', { length: text.length, wanted: needed }), at, raw);
      const texts: Record<string, string> = {};
      const codes: string[] = [];
      let looked = false;
      for (const { field, at: from, length, decimals } of layout) {
        const value = text.slice(from, from + length).trim();
        if (field === 'barcode') {
          looked = true;
          codes.push(value);
        } else if (field !== 'skip' && field !== 'status') texts[field] = withDecimals(value, decimals);
      }
      return makeRecord(
        { ...texts, ...(looked ? { codes } : {}), ...(sequence === undefined ? {} : { sequence }) },
        own,
        raw,
        at,
      );
    });
  },
};

function checkLength({ check }: { readonly check: string }): number {
  return check === 'none' ? 0 : 2;
}

/** `001250` with 3 decimals is `1.250`. A point that is there stays where it is. */
function withDecimals(value: string, decimals: number): string {
  if (decimals === 0 || !/^\d+$/.test(value)) return value;
  const digits = value.padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
