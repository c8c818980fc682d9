/**
 * What of a vendor call may stand in the record. Secrets never come this far (vendors/kit/redact.ts); here phone numbers
 * are masked to their first three and last four digits, names and streets are left out, and documents become a size.
 */
import type { ParcelFacts } from './shipping.ts';

const phoneNames =
  /^(phone|mobile|tel|telephone|cellphone|receiverphone|receivermobile|receivertel|sendermobile|senderphone)$/i;
const secretNames = /(secret|password|passwd|token|authorization|cookie|apikey|appkey|signkey)$/i;
const longestText = 300;

/** `138****0000`; shorter numbers lose all but their last two digits. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  if (digits === '') return phone === '' ? '' : '****';
  return digits.length >= 9 ? `${digits.slice(0, 3)}****${digits.slice(-4)}` : `****${digits.slice(-2)}`;
}

/** A copy fit for the record and for export: phone numbers masked, secrets and long texts cut, depth bounded. */
export function redactRecord(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 6) return '…';
  if (Array.isArray(value)) return value.slice(0, 50).map((each) => redactRecord(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (secretNames.test(name)) return [name, '***'];
      if (phoneNames.test(name) && typeof member === 'string') return [name, maskPhone(member)];
      if (/^(base64|bytes|raw)$/.test(name) && typeof member === 'string' && member.length > longestText) {
        return [name, `(${member.length} characters)`];
      }
      return [name, redactRecord(member, depth + 1)];
    }),
  );
}

/** What a parcel's call was about: enough to find it at the vendor, nothing that names a person. */
export function requestSummary(facts: ParcelFacts | null, payload: unknown): Record<string, unknown> {
  if (facts === null) return payload === null || payload === undefined ? {} : { payload: redactRecord(payload) };
  const { reference, orderNumber, service, weightG, receiver, items } = facts;
  const { country, state, city, phone } = receiver;
  return {
    reference,
    orderNumber,
    service,
    weightG,
    country,
    state,
    city,
    phone: maskPhone(phone),
    items: items.length,
  };
}
