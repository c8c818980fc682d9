/**
 * Bag arithmetic: does the bag on the scale weigh what its parcels and its own weight add up to, and if not, what is
 * the likely cause. Pure.
 *
 * The tolerance grows with the number of parcels the way rounding does. Each parcel's weight is off by at most half a
 * division of its scale; such errors are spread evenly, so the sum of n of them has the standard deviation
 * division / sqrt(12) * sqrt(n). Four of those, plus a fixed part for the bag's own weight and the bag scale. Growing
 * in step with n instead would let a light parcel vanish in a large bag.
 */

export interface BagTolerance {
  /** For the bag's own weight and the bag scale's division, in grams. */
  readonly fixedG: number;
  /** Division of the scale that weighed the parcels, in grams. */
  readonly divisionG: number;
}

/** A bench scale of 5 g divisions; a bag scale of 20 g, and sacks that differ by 30 g. */
export const usualBagTolerance: BagTolerance = { fixedG: 50, divisionG: 5 };

/** Largest difference, in grams, between what is expected and weighed of a bag of `parcels` parcels. */
export function bagToleranceG(parcels: number, tolerance: BagTolerance): number {
  return tolerance.fixedG + 4 * (tolerance.divisionG / Math.sqrt(12)) * Math.sqrt(parcels);
}

export interface WeighedParcel {
  readonly parcelId: string;
  readonly weightG: number;
}

/** Why the weight differs, most likely first within a kind. */
export type BagMismatch =
  /** A parcel that was scanned in is not in the bag; `candidates` by how well their weight explains it. */
  | { readonly cause: 'one-too-few'; readonly candidates: readonly string[] }
  /** A parcel is in the bag that was not scanned in; `candidates` are such parcels that are nowhere else. */
  | { readonly cause: 'one-too-many'; readonly candidates: readonly string[] }
  | { readonly cause: 'several-too-few' | 'several-too-many' | 'unclear'; readonly candidates: readonly [] };

export interface BagWeighing {
  readonly expectedG: number;
  /** Weighed less expected. */
  readonly differenceG: number;
  readonly toleranceG: number;
  /** Null if the weight is right. */
  readonly mismatch: BagMismatch | null;
  /**
   * True if the weight could not tell that the lightest parcel is missing, because it weighs less than the tolerance.
   * The screen says so: a right weight then proves less.
   */
  readonly blind: boolean;
}

const mostCandidates = 5;

/**
 * Compares the bag on the scale with its content. `outside` are labelled parcels of the same route that are in no bag:
 * one of them may have been thrown in without a scan. Weights in grams; `grossG` above 0.
 */
export function checkBagWeight(
  parcels: readonly WeighedParcel[],
  tareG: number,
  grossG: number,
  outside: readonly WeighedParcel[],
  tolerance: BagTolerance,
): BagWeighing {
  const expectedG = parcels.reduce((sum, parcel) => sum + parcel.weightG, tareG);
  const differenceG = grossG - expectedG;
  const toleranceG = bagToleranceG(parcels.length, tolerance);
  const lightest = parcels.reduce((least, parcel) => Math.min(least, parcel.weightG), Infinity);
  const mismatch =
    Math.abs(differenceG) <= toleranceG ? null : explain(parcels, outside, differenceG, toleranceG, lightest);
  return { expectedG, differenceG, toleranceG, mismatch, blind: lightest <= toleranceG };
}

function explain(
  parcels: readonly WeighedParcel[],
  outside: readonly WeighedParcel[],
  differenceG: number,
  toleranceG: number,
  lightest: number,
): BagMismatch {
  const heaviest = parcels.reduce((most, parcel) => Math.max(most, parcel.weightG), 0);
  const by = Math.abs(differenceG);
  if (differenceG < 0) {
    const candidates = closest(parcels, by, toleranceG);
    if (candidates.length > 0) return { cause: 'one-too-few', candidates };
    return { cause: by > heaviest ? 'several-too-few' : 'unclear', candidates: [] };
  }
  const candidates = closest(outside, by, toleranceG);
  // A parcel nobody knows of weighs about what its neighbours weigh.
  if (candidates.length > 0 || (by >= lightest - toleranceG && by <= heaviest + toleranceG)) {
    return { cause: 'one-too-many', candidates };
  }
  return { cause: by > heaviest ? 'several-too-many' : 'unclear', candidates: [] };
}

function closest(parcels: readonly WeighedParcel[], byG: number, toleranceG: number): string[] {
  return parcels
    .map((parcel) => ({ id: parcel.parcelId, offG: Math.abs(parcel.weightG - byG) }))
    .filter((each) => each.offG <= toleranceG)
    .toSorted((a, b) => a.offG - b.offG || (a.id < b.id ? -1 : 1))
    .slice(0, mostCandidates)
    .map((each) => each.id);
}
