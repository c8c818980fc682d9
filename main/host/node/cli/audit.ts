/**
 * `packbench audit`: the record as a file, with the result of checking its chain. It opens the database itself, so the
 * station of that data folder must not be running; from a running one the screen saves an order's record (F3).
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exportAudit } from '../../../desk/audit.ts';
import { openStore } from '../../../store/open.ts';
import type { EventFilter, Store } from '../../../store/store.ts';
import { defaultDataDir } from '../../shared/data-dir.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions, type ReadOptions } from './options.ts';
import { makePorts } from './station-setup.ts';

export async function runAudit(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    order: { type: 'string' },
    parcel: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    format: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    verify: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const format = options.text('format') ?? 'json';
  if (format !== 'json' && format !== 'csv') throw new UsageError(`--format ${format}: known are json, csv`);
  const verifyOnly = options.flag('verify');
  const asked = ['order', 'parcel', 'from', 'to'].filter((name) => options.text(name) !== undefined);
  if (!verifyOnly && asked.length === 0) {
    throw new UsageError('say what to export: --order N, --parcel P, or --from and --to; or --verify to check only');
  }
  const out = verifyOnly ? null : options.need('out');
  const dataDir = resolve(options.text('data') ?? defaultDataDir());
  const path = join(dataDir, 'packbench.db');
  if (!existsSync(path)) throw new UsageError(`--data ${dataDir}: holds no packbench.db`);
  const ports = makePorts(dataDir);
  try {
    const store = openStore({ path, clock: ports.clock, ids: ports.ids, log: ports.log });
    try {
      return report(store, out === null ? null : filterOf(store, options), format, out, ports.clock.now(), options);
    } finally {
      store.close();
    }
  } finally {
    ports.log.close();
  }
}

function report(
  store: Store,
  filter: EventFilter | null,
  format: 'json' | 'csv',
  out: string | null,
  now: number,
  options: ReadOptions,
): number {
  const made = filter === null ? null : exportAudit(store, filter, format, now);
  const brokenAt = made === null ? store.events.firstBroken() : made.brokenAt;
  if (made !== null && out !== null) writeFileSync(out, made.text, { mode: 0o600 });
  const chain = brokenAt === null ? 'the record is unbroken' : `the record is broken from row ${brokenAt} on`;
  if (options.flag('json')) console.log(JSON.stringify({ rows: made?.rows ?? null, out, brokenAt }));
  else console.log(made === null ? chain : `${made.rows} rows in ${out}; ${chain}`);
  return brokenAt === null ? exitStatus.done : exitStatus.needsPerson;
}

/** `--order` and `--parcel` take the numbers people know. */
function filterOf(store: Store, options: ReadOptions): EventFilter {
  const [order, parcel] = [options.text('order'), options.text('parcel')];
  const orderId = order === undefined ? null : store.orders.findByNumber(order)?.id;
  if (orderId === undefined) throw new UsageError(`--order ${order}: no such order at this desk`);
  const parcelId =
    parcel === undefined
      ? null
      : (
          store.parcels.get(parcel) ??
          store.parcels.findByLpn(parcel.toUpperCase()) ??
          store.parcels.findByWaybill(parcel) ??
          store.parcels.findByReference(parcel)
        )?.id;
  if (parcelId === undefined) {
    throw new UsageError(`--parcel ${parcel}: no such parcel at this desk, by id, rack number, waybill or reference`);
  }
  return { orderId, parcelId, from: instantOf(options, 'from'), to: instantOf(options, 'to') };
}

/** A day (its first instant, on this machine's clock) or an instant as ISO 8601. */
function instantOf(options: ReadOptions, name: string): number | null {
  const text = options.text(name);
  if (text === undefined) return null;
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const at = day === null ? Date.parse(text) : new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3])).getTime();
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(at)) {
    throw new UsageError(
      `--${name} ${text}: must be a day such as 2026-01-31 or an instant such as 2026-01-31T08:00:00Z`,
    );
  }
  return at;
}
