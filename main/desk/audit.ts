/** The record of an order, a parcel or a time as a file: JSON, or CSV that a spreadsheet cannot be tricked with. */
import { ContractError, type CallOutput } from '../../preload/contract/index.ts';
import { redactRecord, requestSummary } from '../domain/redaction.ts';
import type { Finished } from '../outbox/job-writer.ts';
import type { Log } from '../ports.ts';
import { StoreError, type AuditEvent, type EventFilter, type Store } from '../store/store.ts';

export interface AuditExport {
  readonly text: string;
  readonly rows: number;
  /** The first row of the whole record whose hash does not follow from the one before, or null. */
  readonly brokenAt: number | null;
}

const pageRows = 1_000;
const columns = ['seq', 'at', 'kind', 'orderNumber', 'orderId', 'parcelId', 'person', 'detail', 'hash'] as const;

/**
 * One cell. A cell that a spreadsheet would take for a formula (first character = + - @, tab or carriage return, also
 * behind white space) gets an apostrophe in front: CWE-1236, OWASP "CSV Injection". Quotes as RFC 4180 section 2 says.
 */
export function csvCell(value: string): string {
  const safe = /^[\s\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n\t']/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Reads the record a page at a time and checks its whole chain. `now` is the wall clock of the export. */
export function exportAudit(store: Store, filter: EventFilter, format: 'json' | 'csv', now: number): AuditExport {
  const brokenAt = store.events.firstBroken();
  const events: AuditEvent[] = [];
  for (let after = 0; ;) {
    const page = store.events.list(filter, after, pageRows);
    events.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows) break;
    after = last.seq;
  }
  const numbers = new Map<string, string>();
  const numberOf = (orderId: string | null): string => {
    if (orderId === null) return '';
    const known = numbers.get(orderId) ?? store.orders.get(orderId)?.number ?? '';
    numbers.set(orderId, known);
    return known;
  };
  const rows = events.map((event) => ({
    ...event,
    at: new Date(event.at).toISOString(),
    orderNumber: numberOf(event.orderId),
    detail: redactRecord(event.detail) as Record<string, unknown>,
  }));
  const checked = {
    exportedAt: new Date(now).toISOString(),
    chain: brokenAt === null ? 'unbroken' : 'broken',
    brokenAt,
  };
  if (format === 'json') {
    return {
      text: `${JSON.stringify({ ...checked, rows: rows.length, events: rows }, null, 1)}\n`,
      rows: rows.length,
      brokenAt,
    };
  }
  const lines = rows.map(({ detail, ...row }) => {
    const { person = '', ...rest } = detail;
    const cells = { ...row, person: String(person), detail: JSON.stringify(rest) };
    return csvRow(columns.map((column) => String(cells[column] ?? '')));
  });
  // The byte order mark makes spreadsheets read it as UTF-8.
  const head = csvRow([...columns, `chain ${checked.chain}`, checked.exportedAt]);
  return { text: `\uFEFF${head}${lines.join('')}`, rows: rows.length, brokenAt };
}

/** The record of one order, as the screen saves it. Throws ContractError `not-found`. */
export function exportOrder(
  store: Store,
  orderId: string,
  format: 'json' | 'csv',
  now: number,
): CallOutput<'audit.export'> {
  const order = store.orders.get(orderId);
  if (order === null) throw new ContractError('not-found', `order ${orderId} is not at this desk`);
  const { text, rows, brokenAt } = exportAudit(store, { orderId }, format, now);
  const name = order.number.replace(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 60);
  const mimeType = format === 'json' ? 'application/json' : 'text/csv;charset=utf-8';
  return { fileName: `audit-${name}.${format}`, mimeType, text, rows, brokenAt };
}

/** Writes each vendor call that came back into the record of its parcel, with the outcome it is settled with. */
export function recordCall(store: Store, log: Log): (call: Finished) => void {
  return ({ job, kind, outcome, tookMs }) => {
    try {
      const { vendor, operation, requestId, attempts, facts, payload } = job;
      const said = 'code' in outcome ? { code: outcome.code, message: outcome.message } : {};
      const answer = 'result' in outcome ? { answer: redactRecord(outcome.result) } : {};
      const about = typeof facts?.parcelId === 'string' ? { parcelId: facts.parcelId } : {};
      store.events.append('vendor-called', about, {
        ...{ vendor, operation, requestId, attempt: attempts, question: kind === 'asked' },
        ...{ outcome: outcome.kind, ...said, durationMs: tookMs === null ? null : Math.round(tookMs) },
        ...{ request: requestSummary(facts, payload), ...answer },
      });
    } catch (error) {
      if (error instanceof StoreError) throw error;
      // Facts of another version must not keep the outcome from being written down.
      log.warn({ job: job.id, error: String(error) }, 'a vendor call could not be put on record');
    }
  };
}
