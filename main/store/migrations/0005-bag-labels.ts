/**
 * Labels of big bags, and what the Bags screen asks for with every scan.
 *
 * - `prints` also holds the labels of bags: each row is about one parcel or one bag. SQLite cannot drop a NOT NULL, so
 *   the table is made anew; nothing refers to it.
 * - `bags.void_open`: voided here, and the carrier has not confirmed it yet. Its parcels may lie in another bag already,
 *   of which the carrier must hear later.
 * - `loose_counts`: labelled parcels in no bag that are still here, counted by route as they come and go, so that the
 *   screen does not count a day of parcels with every scan.
 */
export const version = 5;
export const name = 'bag labels';
const isLoose = (row: string): string =>
  `${row}.verified_at IS NOT NULL AND ${row}.bag_id IS NULL AND ${row}.handed_over_at IS NULL`;
const countIn = `
  INSERT INTO loose_counts VALUES (new.vendor, new.service, ifnull(new.destination, ''), 1, new.weight_g)
    ON CONFLICT (vendor, service IS NULL, ifnull(service, ''), destination)
    DO UPDATE SET parcels = parcels + 1, weight_g = weight_g + excluded.weight_g;`;
export const up = `
CREATE TABLE prints_of_both (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  parcel_id TEXT REFERENCES parcels (id),
  bag_id TEXT REFERENCES bags (id),
  kind TEXT NOT NULL,
  printer_id TEXT NOT NULL,
  state TEXT NOT NULL,
  copy INTEGER NOT NULL,
  reason TEXT NOT NULL,
  bytes_written INTEGER NOT NULL,
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  CHECK ((parcel_id IS NULL) <> (bag_id IS NULL))
) STRICT;
INSERT INTO prints_of_both SELECT seq, id, parcel_id, NULL, kind, printer_id, state, copy, reason, bytes_written,
  message, created_at, settled_at FROM prints;
DROP TABLE prints;
ALTER TABLE prints_of_both RENAME TO prints;
CREATE INDEX prints_by_parcel ON prints (parcel_id, seq) WHERE parcel_id IS NOT NULL;
CREATE INDEX prints_by_bag ON prints (bag_id, seq) WHERE bag_id IS NOT NULL;
CREATE INDEX prints_by_state ON prints (state, seq);
CREATE INDEX prints_by_printer ON prints (printer_id, seq) WHERE bytes_written <> 0;

ALTER TABLE bags ADD COLUMN void_open INTEGER NOT NULL DEFAULT 0;
CREATE INDEX bags_by_touched ON bags (touched);
CREATE INDEX bags_voided ON bags (seq) WHERE state = 'voided';
CREATE INDEX bags_void_open ON bags (vendor, seq) WHERE void_open = 1;
CREATE INDEX bags_by_follows ON bags (follows) WHERE follows IS NOT NULL;

CREATE TABLE loose_counts (
  vendor TEXT NOT NULL,
  service TEXT,
  destination TEXT NOT NULL,
  parcels INTEGER NOT NULL,
  weight_g INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX loose_counts_by_route ON loose_counts (vendor, service IS NULL, ifnull(service, ''), destination);
INSERT INTO loose_counts SELECT vendor, service, ifnull(destination, ''), count(*), sum(weight_g) FROM parcels AS each
  WHERE ${isLoose('each')} GROUP BY vendor, service, ifnull(destination, '');
CREATE TRIGGER parcels_counted_out AFTER UPDATE ON parcels WHEN ${isLoose('old')} BEGIN
  UPDATE loose_counts SET parcels = parcels - 1, weight_g = weight_g - old.weight_g
    WHERE vendor = old.vendor AND service IS old.service AND destination = ifnull(old.destination, '');
END;
CREATE TRIGGER parcels_counted_in AFTER UPDATE ON parcels WHEN ${isLoose('new')} BEGIN${countIn}
END;
CREATE TRIGGER parcels_counted_new AFTER INSERT ON parcels WHEN ${isLoose('new')} BEGIN${countIn}
END;
`;
