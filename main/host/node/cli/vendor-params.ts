/** Operations and their parameters as a person at the command line names them. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Vendor } from '../../../vendors/kit/vendor.ts';
import { UsageError } from './exit.ts';

const maxParamsBytes = 8 * 1024 * 1024;

/**
 * The name of a call: ours (`scanForm`), the vendor's (`Scan Form`, `新增分销订单`), or its path or a part of it that no
 * other call has (`addZySent`). Null if there is none.
 */
export function operationNamed(vendor: Vendor, word: string): string | null {
  const calls = vendor.calls ?? {};
  if (Object.hasOwn(calls, word)) return word;
  const rows = vendor.manifest.operations.filter((row) => Object.hasOwn(calls, row.name));
  const wanted = word.toLowerCase().replace(/^\/|\/$/g, '');
  const named = rows.find((row) => row.vendorName.toLowerCase() === wanted || row.name.toLowerCase() === wanted);
  if (named !== undefined) return named.name;
  const byPath = rows.filter((row) => {
    const path = row.path.toLowerCase().replace(/^\/|\/$/g, '');
    return path === wanted || path.split('/').includes(wanted);
  });
  return byPath.length === 1 ? (byPath[0]?.name ?? null) : null;
}

/** The exact bytes of a parameter file. */
export function readParamsBytes(file: string): Uint8Array {
  if (!existsSync(file)) throw new UsageError(`--params ${file}: no such file`);
  if (statSync(file).size > maxParamsBytes) throw new UsageError(`--params ${file}: larger than 8 MiB`);
  return readFileSync(file);
}

/** The parameters in a JSON file. */
export function readParams(file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readParamsBytes(file))) as unknown;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--params ${file}: not JSON in UTF-8`);
  }
}

/** Milliseconds since the epoch, or an ISO 8601 instant; without a zone it is taken as UTC, wherever this runs. */
export function readInstant(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(text);
  const at = iso === null ? Number.NaN : Date.parse(iso[1] === undefined && text.length > 10 ? `${text}Z` : text);
  if (Number.isNaN(at) || at < 0) {
    throw new UsageError(
      `--at ${text}: must be milliseconds since 1970 or an instant such as 2026-01-05T08:00:00+08:00`,
    );
  }
  return at;
}
