/** Does a label carry the waybill it was fetched for? */
import { HeldError } from './held.ts';

/**
 * True if one of the barcodes is the waybill: exactly; or set off by characters that are neither letters nor digits
 * (a QR code's fields or address); or behind the postcode prefix `420` + 5 or 9 digits of the USPS Intelligent Mail
 * package barcode (USPS Publication 199). Letters count the same in both cases; spaces and the parentheses of GS1
 * application identifiers are not part of a code. A longer number that merely starts with the waybill is another
 * parcel's.
 */
export function carriesWaybill(codes: readonly string[], waybill: string): boolean {
  const wanted = plain(waybill);
  if (wanted === '') return false;
  return codes.some((code) => {
    const found = plain(code);
    if (found === wanted) return true;
    if (/^420(?:\d{5}|\d{9})$/.test(found.slice(0, -wanted.length)) && found.endsWith(wanted)) return true;
    return code
      .toUpperCase()
      .split(/[^0-9A-Z-]+/)
      .some((part) => part === waybill.trim().toUpperCase());
  });
}

function plain(code: string): string {
  // GS1 separators (0x1D) and blanks carry no data.
  return code.replace(/[\s()\u001d]/g, '').toUpperCase();
}

/** Throws `HeldError` if the waybill is wanted and is not among the codes that were read. */
export function requireWaybill(codes: readonly string[], waybill: string | null): void {
  if (waybill === null || carriesWaybill(codes, waybill)) return;
  const other = otherWaybill(codes, waybill);
  if (other !== null) {
    throw new HeldError('label.wrong-parcel', `${other} is on the label, not ${waybill}`, other);
  }
  const found =
    codes.length === 0 ? 'no barcode can be read' : `it carries ${codes.slice(0, 5).join(', ').slice(0, 120)}`;
  throw new HeldError('label.waybill-missing', `the label does not carry waybill ${waybill}: ${found}`);
}

/**
 * The code that looks like a waybill of the same carrier: as long, with letters and digits in the same places; or led
 * by the same two or more letters, digits behind. Or a number that is a waybill whoever the carrier: an S10 identifier
 * (UPU S10-12: two letters, nine digits, country) or a USPS package barcode (Publication 199: 20 or 22 digits from 91 to
 * 95). Null if none does.
 */
export function otherWaybill(codes: readonly string[], waybill: string): string | null {
  const shape = (text: string): string => text.replace(/\d/g, '0').replace(/[A-Z]/g, 'A');
  const wanted = plain(waybill);
  const letters = /^[A-Z]{2,}(?=\d)/.exec(wanted)?.[0];
  const other = codes.find((code) => {
    const text = plain(code);
    if (text.length > 64 || wanted.length < 6) return false;
    if (/^(?:[A-Z]{2}\d{9}[A-Z]{2}|(?:420\d{5}(?:\d{4})?)?9[1-5](?:\d{18}|\d{20}))$/.test(text)) return true;
    return shape(text) === shape(wanted) || (letters !== undefined && new RegExp(`^${letters}\\d`).test(text));
  });
  return other === undefined ? null : other.slice(0, 64);
}
