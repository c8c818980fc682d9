/**
 * The re-scan at loading, and what lists of documents show without reading their contents.
 *
 * - `loadings`, `loading_items`: what is to be scanned at the truck and what was; one loading at a time. Counts are kept
 *   with the loading, so that a scan costs the same whatever the day holds. `place` is the order of the scans; `settled`
 *   says that the item was handed over when the loading ended, so that a stop in between goes on where it was.
 * - `handovers`: numbers of the document and how often its list was printed.
 * - `orders_withdrawn`: cancelled orders, for finding labelled parcels among them.
 */
export const version = 6;
export const name = 'loading';
export const up = `
ALTER TABLE handovers ADD COLUMN parcel_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handovers ADD COLUMN bag_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handovers ADD COLUMN ok_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handovers ADD COLUMN failed_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handovers ADD COLUMN net_weight_g INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handovers ADD COLUMN gross_weight_g INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handovers ADD COLUMN flight TEXT;
ALTER TABLE handovers ADD COLUMN lists_printed INTEGER NOT NULL DEFAULT 0;
UPDATE handovers SET
  parcel_count = json_array_length(content, '$.parcels'),
  bag_count = json_array_length(content, '$.bags'),
  ok_count = (SELECT count(*) FROM handover_parcels WHERE handover_id = handovers.id AND state = 'ok'),
  failed_count = (SELECT count(*) FROM handover_parcels WHERE handover_id = handovers.id AND state = 'failed'),
  net_weight_g = json_extract(content, '$.netWeightG'),
  gross_weight_g = json_extract(content, '$.grossWeightG'),
  flight = json_extract(content, '$.flight');

CREATE INDEX orders_withdrawn ON orders (id) WHERE upstream IN ('cancelled', 'deleted');

CREATE TABLE loadings (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  vendor TEXT NOT NULL,
  state TEXT NOT NULL,
  expected INTEGER NOT NULL,
  loaded INTEGER NOT NULL,
  parcels_expected INTEGER NOT NULL,
  parcels_loaded INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  /* end, end-unread or cancel */
  ended_by TEXT,
  reason TEXT
) STRICT;
CREATE UNIQUE INDEX loadings_one ON loadings ((state <> 'ended')) WHERE state <> 'ended';

CREATE TABLE loading_items (
  loading_id TEXT NOT NULL REFERENCES loadings (id),
  kind TEXT NOT NULL,
  item_id TEXT NOT NULL,
  number TEXT NOT NULL,
  parcels INTEGER NOT NULL,
  loaded_at INTEGER,
  place INTEGER,
  settled INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (loading_id, kind, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX loading_items_missing ON loading_items (loading_id, kind, number) WHERE loaded_at IS NULL;
CREATE INDEX loading_items_unsettled ON loading_items (loading_id, kind, item_id) WHERE settled = 0;
CREATE INDEX loading_items_by_place ON loading_items (loading_id, place) WHERE loaded_at IS NOT NULL;
`;
