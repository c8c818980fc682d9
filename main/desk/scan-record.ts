/** What the record says of a scan and of the person behind an event. Pure. */
import type { ScanManner } from '../../preload/contract/index.ts';
import { inBrackets, readGs1 } from '../domain/gs1.ts';

/** A scanned text as it came, before anything was made of it. */
export interface ScannedText {
  /** At most 200 characters; control characters stay, so that a scanner's fault can be seen. */
  readonly raw: string;
  readonly source: string;
  /** The AIM symbology identifier (ISO/IEC 15424), where the scanner sends one: `]C1` is GS1-128. */
  readonly symbology?: string;
  /** The elements of a GS1 code, as people write them: `(01)06901234567892(10)AB1`. */
  readonly gs1?: string;
  /** Id of the scanner in the profile; a keyboard does not tell its scanners apart. */
  readonly scanner?: string;
  /** True once an event carries it. */
  recorded: boolean;
}

const longestRaw = 200;

export function scannedText(text: string, source: string, { scanner }: ScanManner = {}): ScannedText {
  const symbology = /\][A-Za-z]\d/.exec(text.slice(0, 5))?.[0];
  const gs1 = readGs1(text.trim());
  return {
    raw: text.slice(0, longestRaw),
    source,
    recorded: false,
    ...(symbology === undefined ? {} : { symbology }),
    ...(gs1 === null ? {} : { gs1: inBrackets(gs1).slice(0, longestRaw) }),
    ...(scanner === undefined ? {} : { scanner }),
  };
}

/** Events that a person at the desk causes. The others happen by themselves, whoever is signed on. */
const byPerson: ReadonlySet<string> = new Set([
  'item-scanned',
  'item-refused',
  'item-undone',
  'order-opened',
  'order-released',
  'parcel-sealed',
  'weight-refused',
  'items-recounted',
  'tare-set',
  'tare-cleared',
  'parcel-reopened',
  'parcel-racked',
  'parcel-set-aside',
  'label-refused',
  'label-verified',
  'label-redrawn',
  'label-refetched',
  'job-redriven',
  'vendor-settled',
  'print-settled',
  'address-corrected',
  'routes-saved',
  'device-saved',
  'device-removed',
  'packer-signed-on',
  'packer-signed-off',
  'supervisor-came',
  'scanned',
  'bag-opened',
  'bag-reopened',
  'bag-parcel-in',
  'bag-parcel-out',
  'bag-refused',
  'bag-weight-refused',
  'bag-recount-extra',
  'bag-recounted',
  'bag-closed',
  'bag-voided',
  'bag-label-verified',
  'bag-label-refetched',
  'bag-label-redrawn',
]);

/** A print is the desk's own doing, unless it is another copy. */
export function isByPerson(kind: string, detail: Readonly<Record<string, unknown>>): boolean {
  if (kind === 'print-claimed') return typeof detail['copy'] === 'number' && detail['copy'] > 0;
  return byPerson.has(kind);
}
