/**
 * The first tables. All STRICT: without it SQLite turns a waybill such as `00123456789` in a badly typed column into
 * a number. Every outside number is TEXT.
 *
 * - Order lines are one JSON column: they are always read and written with their order, and nothing asks for a line
 *   by itself; product codes are found through `order_search`.
 * - `order_search` holds overlapping pairs of characters (see search.ts), so that two Chinese characters are enough
 *   to find a name; SQLite's own trigram tokenizer needs three. Contentless: the text is in `orders` already.
 * - `jobs.head` is 1 for the first job of its lane that is not done. It keeps the claim an index look-up with 100,000
 *   open jobs, most of which wait behind another one or for a vendor that is down.
 * - Counts are kept by triggers, so that the queue and the status bar never count rows.
 * - `events` is append-only and each row carries a hash over the one before, so that a removed row shows.
 */
export const version = 1;
export const name = 'first tables';
export const up = `
CREATE TABLE orders (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  vendor TEXT NOT NULL,
  vendor_order_id TEXT NOT NULL,
  number TEXT NOT NULL,
  status TEXT NOT NULL,
  upstream TEXT NOT NULL,
  vendor_status TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  receiver TEXT NOT NULL,
  remark TEXT NOT NULL,
  due_date TEXT,
  ordered_at INTEGER,
  modified_at INTEGER,
  lines TEXT NOT NULL,
  version INTEGER NOT NULL,
  content_digest TEXT NOT NULL,
  record_digest TEXT NOT NULL,
  receiver_name TEXT NOT NULL,
  receiver_address TEXT NOT NULL,
  country TEXT NOT NULL,
  line_count INTEGER NOT NULL,
  has_gift INTEGER NOT NULL,
  waybill TEXT,
  lpn TEXT,
  sort_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (vendor, vendor_order_id)
) STRICT;
CREATE INDEX orders_by_number ON orders (number);
CREATE INDEX orders_by_status ON orders (status, sort_at, seq);
CREATE INDEX orders_by_time ON orders (sort_at, seq);

CREATE VIRTUAL TABLE order_search USING fts5 (
  pairs, content = '', contentless_delete = 1, tokenize = 'ascii'
);

CREATE TABLE order_counts (status TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE order_revision (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT;
INSERT INTO order_revision VALUES (1, 0);
CREATE TRIGGER orders_added AFTER INSERT ON orders BEGIN
  INSERT INTO order_counts VALUES (new.status, 1) ON CONFLICT DO UPDATE SET count = count + 1;
  UPDATE order_revision SET value = value + 1;
END;
CREATE TRIGGER orders_changed AFTER UPDATE ON orders BEGIN
  UPDATE order_revision SET value = value + 1;
END;
CREATE TRIGGER orders_moved AFTER UPDATE OF status ON orders WHEN old.status <> new.status BEGIN
  UPDATE order_counts SET count = count - 1 WHERE status = old.status;
  INSERT INTO order_counts VALUES (new.status, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER orders_removed AFTER DELETE ON orders BEGIN
  UPDATE order_counts SET count = count - 1 WHERE status = old.status;
  UPDATE order_revision SET value = value + 1;
END;

CREATE TABLE raw_records (
  seq INTEGER PRIMARY KEY,
  vendor TEXT NOT NULL,
  order_id TEXT REFERENCES orders (id),
  number TEXT,
  refused TEXT,
  digest TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX raw_records_by_order ON raw_records (order_id, seq) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX raw_records_refused ON raw_records (vendor, digest) WHERE refused IS NOT NULL;

CREATE TABLE artwork (
  sha256 TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  bytes BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE parcels (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  order_id TEXT NOT NULL REFERENCES orders (id),
  reference TEXT NOT NULL UNIQUE,
  vendor TEXT NOT NULL,
  service TEXT,
  facts TEXT NOT NULL,
  weight_g INTEGER NOT NULL,
  weight_frames TEXT NOT NULL,
  lpn TEXT NOT NULL UNIQUE,
  waybill TEXT,
  artwork_sha256 TEXT REFERENCES artwork (sha256),
  label_held TEXT,
  sealed_at INTEGER NOT NULL,
  verified_at INTEGER,
  racked_at INTEGER
) STRICT;
CREATE INDEX parcels_by_order ON parcels (order_id, seq);
CREATE INDEX parcels_by_waybill ON parcels (waybill) WHERE waybill IS NOT NULL;

CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  lane TEXT NOT NULL,
  lane_seq INTEGER NOT NULL,
  head INTEGER NOT NULL,
  vendor TEXT NOT NULL,
  operation TEXT NOT NULL,
  effect TEXT NOT NULL,
  facts TEXT NOT NULL,
  request_id TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  uncounted INTEGER NOT NULL,
  asks INTEGER NOT NULL,
  doubt INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  held_by TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  first_sent_at INTEGER,
  last_error TEXT,
  last_error_kind TEXT,
  result TEXT,
  UNIQUE (lane, lane_seq)
) STRICT;
CREATE INDEX jobs_ready ON jobs (vendor, not_before, seq) WHERE state = 'ready' AND head = 1 AND held_by IS NULL;
CREATE INDEX jobs_unknown ON jobs (vendor, not_before, seq) WHERE state = 'unknown';
CREATE INDEX jobs_open ON jobs (created_at) WHERE state IN ('ready', 'sending', 'unknown', 'reconciling');
CREATE INDEX jobs_by_state ON jobs (state, seq) WHERE state <> 'done';

CREATE TABLE job_vendors (vendor TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE job_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER jobs_added AFTER INSERT ON jobs BEGIN
  INSERT INTO job_counts VALUES (new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER jobs_moved AFTER UPDATE OF state ON jobs WHEN old.state <> new.state BEGIN
  UPDATE job_counts SET count = count - 1 WHERE state = old.state;
  INSERT INTO job_counts VALUES (new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER jobs_kept BEFORE DELETE ON jobs BEGIN
  SELECT RAISE(ABORT, 'a job is never deleted');
END;
CREATE TRIGGER jobs_final BEFORE UPDATE OF state ON jobs WHEN old.state = 'done' AND new.state <> 'done' BEGIN
  SELECT RAISE(ABORT, 'a done job stays done');
END;

CREATE TABLE prints (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  parcel_id TEXT NOT NULL REFERENCES parcels (id),
  kind TEXT NOT NULL,
  printer_id TEXT NOT NULL,
  state TEXT NOT NULL,
  copy INTEGER NOT NULL,
  reason TEXT NOT NULL,
  bytes_written INTEGER NOT NULL,
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE INDEX prints_by_parcel ON prints (parcel_id, seq);
CREATE INDEX prints_by_state ON prints (state, seq);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  order_id TEXT,
  parcel_id TEXT,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_order ON events (order_id, seq) WHERE order_id IS NOT NULL;
CREATE TRIGGER events_fixed BEFORE UPDATE ON events BEGIN
  SELECT RAISE(ABORT, 'an event is never changed');
END;
CREATE TRIGGER events_kept BEFORE DELETE ON events BEGIN
  SELECT RAISE(ABORT, 'an event is never deleted');
END;

CREATE TABLE station_values (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counters (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;
