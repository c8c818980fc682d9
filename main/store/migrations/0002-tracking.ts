/**
 * Tracking after hand-over, payloads of jobs, and the upstream's custom fields.
 *
 * - `jobs.payload`: what an operation needs beyond the parcel's facts.
 * - `orders.fields`: custom fields by name, for routing rules.
 * - `tracking`: one row per parcel and the vendor that is asked about it. `next_ask_at` is null once nothing more is
 *   asked; the index of what is due holds open rows only, so it stays small beside years of delivered parcels.
 * - `tracking_events`: what happened on the way, as the vendor says it. The unique index makes an answer that is
 *   heard again change nothing. Our reading (`status`) is not part of it: a better reading is not another event.
 * - `pushes`: what vendors sent us by themselves, kept before it is read; the digest makes a repeat harmless.
 */
export const version = 2;
export const name = 'tracking';
export const up = `
ALTER TABLE jobs ADD COLUMN payload TEXT;
ALTER TABLE orders ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';

CREATE TABLE tracking (
  parcel_id TEXT NOT NULL REFERENCES parcels (id),
  vendor TEXT NOT NULL,
  status TEXT NOT NULL,
  vendor_status TEXT NOT NULL,
  status_at INTEGER,
  started_at INTEGER NOT NULL,
  last_asked_at INTEGER,
  last_heard_at INTEGER,
  next_ask_at INTEGER,
  failures INTEGER NOT NULL,
  last_error TEXT,
  delivered_at INTEGER,
  closed TEXT,
  PRIMARY KEY (parcel_id, vendor)
) STRICT, WITHOUT ROWID;
CREATE INDEX tracking_due ON tracking (vendor, next_ask_at) WHERE next_ask_at IS NOT NULL;

CREATE TABLE tracking_events (
  seq INTEGER PRIMARY KEY,
  parcel_id TEXT NOT NULL REFERENCES parcels (id),
  vendor TEXT NOT NULL,
  at INTEGER,
  status TEXT NOT NULL,
  vendor_status TEXT NOT NULL,
  place TEXT NOT NULL,
  text TEXT NOT NULL,
  heard_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tracking_events_once
  ON tracking_events (parcel_id, vendor, ifnull(at, -1), vendor_status, place, text);

CREATE TABLE pushes (
  seq INTEGER PRIMARY KEY,
  vendor TEXT NOT NULL,
  digest TEXT NOT NULL,
  body TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  taken_at INTEGER,
  refused TEXT,
  UNIQUE (vendor, digest)
) STRICT;
CREATE INDEX pushes_open ON pushes (seq) WHERE taken_at IS NULL AND refused IS NULL;
`;
