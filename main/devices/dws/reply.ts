/**
 * What a machine or sorter is answered after its record was written down: a text with fields, set per profile.
 * `{Code}` the barcodes, `{Weight}` grams, `{Chute}`, `{Status}` OK, DUPLICATE or REFUSED, `{Reason}`, `{Sequence}`.
 * Source of the usual chute of exceptions, 999 with a reason: a public wheel-diverter project, whose answer is
 * `{"ParcelId":..,"ChuteId":101,…}`.
 */
import type { DwsRecord } from '../../domain/dws-record.ts';

/** What became of a record. */
export interface DwsDecision {
  readonly kind: 'accepted' | 'duplicate' | 'refused';
  /** Where the sorter is to put it, empty if the machine is no sorter. */
  readonly chute: string;
  /** One word for the machine, empty if all is well. */
  readonly reason: string;
}

const status = { accepted: 'OK', duplicate: 'DUPLICATE', refused: 'REFUSED' } as const;

/** Fills a template. Values lose control characters, and are escaped where the template is JSON. */
export function fillReply(template: string, decision: DwsDecision, record: DwsRecord | null): string {
  const isJson = template.trimStart().startsWith('{');
  const values: Readonly<Record<string, string>> = {
    Code: record === null || record.barcodes.length === 0 ? 'NOREAD' : record.barcodes.join(';'),
    Weight: record === null || record.weightG === null ? '' : String(record.weightG),
    Chute: decision.chute,
    Status: status[decision.kind],
    Reason: decision.reason,
    Sequence: record?.sequence ?? '',
  };
  return template.replace(/\{(Code|Weight|Chute|Status|Reason|Sequence)\}/g, (_, name: string) => {
    const plain = (values[name] ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
    return isJson ? JSON.stringify(plain).slice(1, -1) : plain;
  });
}
