/** Records of dimension-weigh-scan machines. Which may be used for which parcel is decided in ../domain/dws.ts. */
import type { DwsRecord } from '../domain/dws-record.ts';
import type { Connection, Row } from './connection.ts';

export type DwsRecordState = 'held' | 'paired' | 'refused' | 'unread' | 'expired';

/** What is kept of a record. `at` and `settledAt` are wall clock; barcodes are as the machine read them. */
export interface StoredDwsRecord {
  readonly seq: number;
  readonly machine: string;
  readonly at: number;
  readonly state: DwsRecordState;
  readonly record: Omit<DwsRecord, 'at' | 'raw' | 'pictureData'>;
  /** Hexadecimal. */
  readonly raw: string;
  readonly repeats: number;
  /** Notice code of a refusal. */
  readonly reason: string | null;
  readonly orderId: string | null;
  readonly parcelId: string | null;
}

export interface NewDwsRecord {
  readonly machine: string;
  readonly at: number;
  readonly state: 'held' | 'unread';
  readonly record: DwsRecord;
}

export interface DwsRepository {
  /** Inside the caller's transaction, if there is one. Returns the record's number. */
  insert(record: NewDwsRecord): number;
  get(seq: number): StoredDwsRecord | null;
  /**
   * The machine's newest record since `since` with exactly these codes, in any state. Codes that many parcels share (a route,
   * a customer) make no two parcels one.
   */
  latestWithCodes(machine: string, codes: readonly string[], since: number): StoredDwsRecord | null;
  /** The machine's newest waiting record since `since` that came as these very bytes. */
  latestWithRaw(machine: string, raw: string, since: number): StoredDwsRecord | null;
  /** Waiting records with this code, newest first. */
  heldWithCode(code: string, limit: number): StoredDwsRecord[];
  /** Waiting records of the machine since `since` that carry no code, newest first. */
  heldWithoutCode(machine: string, since: number, limit: number): StoredDwsRecord[];
  countRepeat(seq: number): void;
  /** The record's weight becomes this parcel's. Throws if it does not wait any more, or the parcel has one. */
  pair(seq: number, orderId: string, parcelId: string, at: number): void;
  /** A waiting record is not to be used; false if it does not wait any more. */
  settle(seq: number, state: 'refused' | 'expired', reason: string, at: number): boolean;
  /** Waiting records of the machine. */
  heldCount(machine: string): number;
  /** The oldest waiting records of the machine expire: those before `before`, and `surplus` more. Returns how many. */
  expire(machine: string, before: number, surplus: number, at: number): number;
  /** Deletes at most `limit` records older than `before`; returns how many. */
  purge(before: number, limit: number): number;
  ofParcel(parcelId: string): StoredDwsRecord | null;
  count(): number;
}

function toRecord(row: Row): StoredDwsRecord {
  return {
    seq: Number(row['seq']),
    machine: String(row['machine']),
    at: Number(row['at']),
    state: String(row['state']) as DwsRecordState,
    record: JSON.parse(String(row['record'])) as StoredDwsRecord['record'],
    raw: String(row['raw']),
    repeats: Number(row['repeats']),
    reason: row['reason'] as string | null,
    orderId: row['order_id'] as string | null,
    parcelId: row['parcel_id'] as string | null,
  };
}

/** As codes are compared: capitals of the Latin letters. */
export function dwsCode(code: string): string {
  return code.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

function codeKey(codes: readonly string[]): string {
  return [...new Set(codes.map(dwsCode))].sort().join('\n');
}

export function createDwsRepository(connection: Connection): DwsRepository {
  const one = (row: Row | undefined): StoredDwsRecord | null => (row === undefined ? null : toRecord(row));
  return {
    insert: ({ machine, at, state, record }) =>
      connection.atomic(() => {
        const { at: _, raw, pictureData: __, ...kept } = record;
        const row = connection.get(
          'INSERT INTO dws_records (machine, at, state, record, raw) VALUES (?, ?, ?, ?, ?) RETURNING seq',
          ...[machine, at, state, JSON.stringify(kept), raw],
        );
        const seq = Number(row?.['seq']);
        for (const code of new Set(record.barcodes.map(dwsCode))) {
          connection.run('INSERT INTO dws_codes (code, seq, machine, at) VALUES (?, ?, ?, ?)', code, seq, machine, at);
        }
        return seq;
      }),
    get: (seq) => one(connection.get('SELECT * FROM dws_records WHERE seq = ?', seq)),
    latestWithCodes(machine, codes, since) {
      const wanted = codeKey(codes);
      const [first] = codes;
      if (first === undefined) return null;
      const rows = connection.all(
        'SELECT r.* FROM dws_codes c JOIN dws_records r ON r.seq = c.seq WHERE c.code = ? AND c.machine = ?' +
          ' AND c.at >= ? ORDER BY c.seq DESC LIMIT 20',
        ...[dwsCode(first), machine, since],
      );
      return rows.map(toRecord).find(({ record }) => codeKey(record.barcodes) === wanted) ?? null;
    },
    latestWithRaw: (machine, raw, since) =>
      one(
        connection.get(
          "SELECT * FROM dws_records WHERE machine = ? AND raw = ? AND at >= ? AND state = 'held'" +
            ' ORDER BY at DESC, seq DESC LIMIT 1',
          ...[machine, raw, since],
        ),
      ),
    heldWithCode: (code, limit) =>
      connection
        .all(
          "SELECT r.* FROM dws_codes c JOIN dws_records r ON r.seq = c.seq WHERE c.code = ? AND r.state = 'held'" +
            ' ORDER BY c.seq DESC LIMIT ?',
          ...[dwsCode(code), limit],
        )
        .map(toRecord),
    heldWithoutCode: (machine, since, limit) =>
      connection
        .all(
          "SELECT * FROM dws_records r WHERE machine = ? AND at >= ? AND state = 'held'" +
            ' AND NOT EXISTS (SELECT 1 FROM dws_codes c WHERE c.seq = r.seq) ORDER BY at DESC, seq DESC LIMIT ?',
          ...[machine, since, limit],
        )
        .map(toRecord),
    countRepeat: (seq) => void connection.run('UPDATE dws_records SET repeats = repeats + 1 WHERE seq = ?', seq),
    pair(seq, orderId, parcelId, at) {
      const changed = connection.run(
        "UPDATE dws_records SET state = 'paired', order_id = ?, parcel_id = ?, settled_at = ?" +
          " WHERE seq = ? AND state = 'held'",
        ...[orderId, parcelId, at, seq],
      );
      if (changed !== 1) throw new Error(`DWS record ${seq} was used before, or is not to be used`);
    },
    settle: (seq, state, reason, at) =>
      connection.run(
        "UPDATE dws_records SET state = ?, reason = ?, settled_at = ? WHERE seq = ? AND state = 'held'",
        ...[state, reason, at, seq],
      ) === 1,
    heldCount: (machine) =>
      Number(
        connection.get("SELECT count(*) AS held FROM dws_records WHERE machine = ? AND state = 'held'", machine)?.[
          'held'
        ],
      ),
    expire(machine, before, surplus, at) {
      const late = "UPDATE dws_records SET state = 'expired', settled_at = ? WHERE seq IN (SELECT seq FROM dws_records";
      let changed = connection.run(
        `${late} WHERE machine = ? AND state = 'held' AND at < ? ORDER BY at LIMIT 500)`,
        ...[at, machine, before],
      );
      if (surplus > changed) {
        changed += connection.run(
          `${late} WHERE machine = ? AND state = 'held' ORDER BY at, seq LIMIT ?)`,
          ...[at, machine, surplus - changed],
        );
      }
      return changed;
    },
    purge(before, limit) {
      return connection.run(
        'DELETE FROM dws_records WHERE seq IN (SELECT seq FROM dws_records WHERE at < ? ORDER BY at LIMIT ?)',
        ...[before, limit],
      );
    },
    ofParcel: (parcelId) => one(connection.get('SELECT * FROM dws_records WHERE parcel_id = ?', parcelId)),
    count: () => Number(connection.get('SELECT count(*) AS records FROM dws_records')?.['records']),
  };
}
