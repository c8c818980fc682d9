/**
 * What dimension-weigh-scan machines said, each record as it came. A row is in here before the machine is answered, stays
 * for a bounded time, and is used for one parcel at most.
 *
 * - `state`: `held` waits for its order · `paired` its weight belongs to `parcel_id` · `refused` was told to the packer and is
 *   never used · `unread` no barcode was read · `expired` its order did not come in time.
 * - `dws_codes`: one row per barcode, capitals only; `at` and `machine` are repeated so that a duplicate is one look-up.
 */
export const version = 7;
export const name = 'dws';
export const up = `
CREATE TABLE dws_records (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  machine TEXT NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  record TEXT NOT NULL,
  raw TEXT NOT NULL,
  /* how often the machine said it again within its window */
  repeats INTEGER NOT NULL DEFAULT 0,
  reason TEXT,
  order_id TEXT,
  parcel_id TEXT UNIQUE,
  settled_at INTEGER
) STRICT;
CREATE INDEX dws_records_by_time ON dws_records (at);
CREATE INDEX dws_records_held ON dws_records (machine, at) WHERE state = 'held';

CREATE TABLE dws_codes (
  code TEXT NOT NULL,
  seq INTEGER NOT NULL REFERENCES dws_records (seq) ON DELETE CASCADE,
  machine TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (code, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dws_codes_by_record ON dws_codes (seq);
`;
