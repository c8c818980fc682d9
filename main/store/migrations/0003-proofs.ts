/**
 * Proofs of delivery that are still asked for: one row per parcel and the carrier that is asked, gone once the proof
 * was passed on or counts as missing. `delivery` is what is passed on with the pictures; `tries` counts answers
 * without a proof.
 */
export const version = 3;
export const name = 'proofs';
export const up = `
CREATE TABLE proofs (
  parcel_id TEXT NOT NULL REFERENCES parcels (id),
  vendor TEXT NOT NULL,
  delivery TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  next_ask_at INTEGER NOT NULL,
  PRIMARY KEY (parcel_id, vendor)
) STRICT, WITHOUT ROWID;
CREATE INDEX proofs_due ON proofs (vendor, next_ask_at);
`;
