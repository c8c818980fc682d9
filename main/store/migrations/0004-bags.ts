/**
 * Big bags and the end of the day.
 *
 * - `parcels.bag_id`: the one bag the parcel is in; a column, not a table of pairs, so that it cannot be in two.
 * - `parcels.handed_over_at`: given to the carrier. Parcels labelled before there were bags count as handed over then:
 *   they left by whatever way was used, and must not stand in the list of what is still here.
 * - `parcels.destination`: the receiver's country, from the facts, for lists by route.
 * - `parcels_loose` holds only what is labelled, in no bag and still here, so it stays small beside years of parcels.
 * - `handover_parcels_live`: a parcel is in at most one document of a kind that has not failed for it.
 */
export const version = 4;
export const name = 'bags';
export const up = `
ALTER TABLE parcels ADD COLUMN bag_id TEXT;
ALTER TABLE parcels ADD COLUMN bagged_at INTEGER;
ALTER TABLE parcels ADD COLUMN handed_over_at INTEGER;
ALTER TABLE parcels ADD COLUMN destination TEXT GENERATED ALWAYS AS (json_extract(facts, '$.receiver.country')) VIRTUAL;
UPDATE parcels SET handed_over_at = verified_at WHERE verified_at IS NOT NULL;
CREATE INDEX parcels_by_bag ON parcels (bag_id, bagged_at, seq) WHERE bag_id IS NOT NULL;
CREATE INDEX parcels_loose ON parcels (vendor, service, destination, seq)
  WHERE verified_at IS NOT NULL AND bag_id IS NULL AND handed_over_at IS NULL;

CREATE TABLE bags (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  number TEXT NOT NULL UNIQUE,
  vendor TEXT NOT NULL,
  service TEXT,
  destination TEXT NOT NULL,
  max_parcels INTEGER NOT NULL,
  max_weight_g INTEGER NOT NULL,
  tare_g INTEGER NOT NULL,
  state TEXT NOT NULL,
  parcels INTEGER NOT NULL,
  parcels_weight_g INTEGER NOT NULL,
  gross_weight_g INTEGER,
  vendor_bag_number TEXT,
  artwork_sha256 TEXT REFERENCES artwork (sha256),
  label TEXT NOT NULL,
  label_verified_at INTEGER,
  handed_over_at INTEGER,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  voided_at INTEGER,
  void_reason TEXT,
  /* Ids of its parcels when it was voided, for opening it again. */
  voided_parcels TEXT,
  /* The voided bag this one goes on from. */
  follows TEXT,
  touched INTEGER NOT NULL
) STRICT;
CREATE INDEX bags_open ON bags (touched) WHERE state = 'open';
CREATE INDEX bags_here ON bags (vendor, state, seq) WHERE handed_over_at IS NULL;
CREATE INDEX bags_by_vendor_number ON bags (vendor_bag_number) WHERE vendor_bag_number IS NOT NULL;
CREATE TRIGGER bags_kept BEFORE DELETE ON bags BEGIN
  SELECT RAISE(ABORT, 'a bag is never deleted');
END;

CREATE TABLE handovers (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  reference TEXT NOT NULL UNIQUE,
  vendor TEXT NOT NULL,
  state TEXT NOT NULL,
  content TEXT NOT NULL,
  /* The document whose failed parcels this one pushes again. */
  repeats TEXT,
  created_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE INDEX handovers_open ON handovers (seq) WHERE settled_at IS NULL;

CREATE TABLE handover_parcels (
  handover_id TEXT NOT NULL REFERENCES handovers (id),
  parcel_id TEXT NOT NULL REFERENCES parcels (id),
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (handover_id, parcel_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX handover_parcels_live ON handover_parcels (kind, parcel_id) WHERE state <> 'failed';
CREATE INDEX handover_parcels_by_parcel ON handover_parcels (parcel_id);
`;
