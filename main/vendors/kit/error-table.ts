/** One table per vendor from its codes to what we do. A code that is not listed is `unknown`, always. */
import type { Outcome } from './outcome.ts';
import { cleanText } from './outside.ts';
import type { CodeTable } from './vendor.ts';

/**
 * The outcome of an answer whose code is not the success code. `said` is the vendor's own message. A `done` row never
 * comes out of here: success needs more than its code.
 */
export function outcomeOfCode(table: CodeTable, code: string, said: string): Exclude<Outcome<never>, { kind: 'done' }> {
  const row = table.find((entry) => entry.code === code);
  const shown = code === '' ? 'no-code' : cleanText(code).slice(0, 64);
  const words = cleanText(said).replace(/\n+/g, ' ').slice(0, 300);
  const message = `${words === '' ? (row?.meaning ?? 'no reason given') : words} (code ${shown})`;
  switch (row?.class) {
    case 'rejected':
    case 'auth':
    case 'skew':
    case 'transient':
      return { kind: row.class, code: shown, message };
    case 'throttle':
      return { kind: 'throttled', retryAfterMs: null, code: shown, message };
    case 'done':
    case 'unknown':
    case undefined:
      return { kind: 'unknown', code: shown, message };
  }
}
