/**
 * What parcels should weigh, learned from those that were sealed (domain/item-weights.ts says what the numbers mean), and
 * the container whose weight was taken off a parcel's.
 *
 * - `item_weights`: one row per SKU that was ever in a parcel, changed in the transaction that seals it.
 * - `packaging_weight`: one row for the desk.
 * - `parcels.tare_g`: the gross weight is `weight_g` plus this.
 */
export const version = 8;
export const name = 'item weights';
export const up = `
CREATE TABLE item_weights (
  sku TEXT PRIMARY KEY,
  intercept_g REAL NOT NULL,
  slope REAL NOT NULL,
  variance REAL NOT NULL,
  spread REAL NOT NULL,
  spread_count REAL NOT NULL,
  samples INTEGER NOT NULL,
  information REAL NOT NULL,
  most_units REAL NOT NULL,
  doubts INTEGER NOT NULL,
  doubt_g REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE packaging_weight (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  mean_g REAL NOT NULL,
  variance REAL NOT NULL,
  spread REAL NOT NULL,
  spread_count REAL NOT NULL,
  samples INTEGER NOT NULL
) STRICT;

ALTER TABLE parcels ADD COLUMN tare_g INTEGER NOT NULL DEFAULT 0;
`;
