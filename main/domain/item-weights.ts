/**
 * What a parcel should weigh, learned from the parcels this desk sealed. Pure: what is known goes in, what is known
 * after one more parcel comes out. All weights in grams, variances in grams squared.
 *
 * The model. A parcel weighs `packaging + sum(quantity * unit weight) + chance`. The packaging weight and every SKU's
 * unit weight are unknown numbers with a normal distribution. A single parcel tells only their sum: a SKU that was
 * packed in ones a thousand times leaves open how much of it is box. So each SKU's weight is kept as a line over the
 * packaging's weight, `intercept + slope * packaging`, with the variance left when the packaging is known. Given the
 * packaging, SKUs are independent, so the posterior of single-SKU parcels is exact (linear Gaussian conditioning:
 * Bishop, "Pattern Recognition and Machine Learning", section 2.3.3), costs one row per line, and knows by itself that
 * ten pieces are less certain than one.
 *
 * Mixed parcels. Their lines are corrected in proportion to their uncertainty, but a line gets more certain only as far
 * as the other lines are certain themselves (their error comes back with every parcel of the same kind, so it does not
 * average out). What is learned of a parcel with one unknown line is thus the rest that the known ones leave; two
 * unknown lines that always come together never count as learned.
 *
 * Chance is split into packaging and pieces by expectation maximisation of variance components (Dempster, Laird and
 * Rubin 1977, section 4.4): each takes the part of the squared residual that its share of the variance explains.
 *
 * The memory is bounded, so that a slow change is followed. A sudden one (a supplier's new box) is refused at first;
 * overridden weights are not learned, but `doubtsToRelearn` of them in a row that agree with each other are taken as
 * the new truth, and the SKU is learned anew.
 */

/** What is known of one SKU. `spread` is the variance of one piece to the next; `samples` counts parcels that told. */
export interface ItemWeight {
  readonly interceptG: number;
  readonly slope: number;
  readonly variance: number;
  readonly spread: number;
  readonly spreadCount: number;
  readonly samples: number;
  /** How many parcels of one piece alone would tell as much; older ones count less. */
  readonly information: number;
  /** The largest quantity in one parcel that was learned. */
  readonly mostUnits: number;
  /** Overridden weights in a row that agree, and the unit weight they mean. */
  readonly doubts: number;
  readonly doubtG: number;
}

/** What is known of boxes, tape and padding: one number for the desk. */
export interface PackagingWeight {
  readonly meanG: number;
  readonly variance: number;
  readonly spread: number;
  readonly spreadCount: number;
  readonly samples: number;
}

/** One SKU of a parcel; each SKU once. */
export interface ParcelItem {
  readonly sku: string;
  /** As a person knows it. */
  readonly name: string;
  readonly quantity: number;
}

export interface KnownWeights {
  readonly packaging: PackagingWeight;
  readonly items: ReadonlyMap<string, ItemWeight>;
}

/** Deviation of 250 g: from a mailing bag to a large carton. */
export const unknownPackaging: PackagingWeight = {
  meanG: 100,
  variance: 250 ** 2,
  spread: 0,
  spreadCount: 0,
  samples: 0,
};

/** Wide enough that the first parcel decides. */
export const unknownItem: ItemWeight = {
  interceptG: 500,
  slope: 0,
  variance: 10_000 ** 2,
  spread: 0,
  spreadCount: 0,
  samples: 0,
  information: 0,
  mostUnits: 0,
  doubts: 0,
  doubtG: 0,
};

/** Until measured, boxes differ by 20 g and pieces by 2 %, at least 2 g; that belief counts as so many parcels. */
const priorPackagingSpread = 20 ** 2;
const priorPieceShare = 0.02;
const priorPieceSpreadG = 2;
const priorCount = 4;
/** Quantities beyond these are no goods a scale could tell of. */
const leastUnits = 0.001;
const mostUnits = 9_999;

/** Merges lines of one SKU; what has no positive quantity weighs nothing. */
export function parcelItems(lines: readonly ParcelItem[]): ParcelItem[] {
  const merged = new Map<string, ParcelItem>();
  for (const line of lines) {
    if (!(line.quantity > 0 && Number.isFinite(line.quantity))) continue;
    const before = merged.get(line.sku)?.quantity ?? 0;
    merged.set(line.sku, { ...line, quantity: before + line.quantity });
  }
  return [...merged.values()];
}

export function isWeighable({ quantity }: ParcelItem): boolean {
  return quantity >= leastUnits && quantity <= mostUnits;
}

/** The unit weight of a SKU as it is believed now. */
export function unitWeightG(item: ItemWeight, packaging: PackagingWeight): number {
  return item.interceptG + item.slope * packaging.meanG;
}

export function itemOf(sku: string, known: KnownWeights): ItemWeight {
  return known.items.get(sku) ?? unknownItem;
}

export function packagingSpread({ spread, spreadCount }: PackagingWeight): number {
  return (priorPackagingSpread * priorCount + spread * spreadCount) / (priorCount + spreadCount);
}

/** Variance of one piece to the next; the belief before measuring grows with the weight. */
export function pieceSpread(item: ItemWeight, packaging: PackagingWeight): number {
  const prior = Math.max(priorPieceSpreadG, priorPieceShare * Math.abs(unitWeightG(item, packaging))) ** 2;
  return (prior * priorCount + item.spread * item.spreadCount) / (priorCount + item.spreadCount);
}

export interface Distribution {
  readonly meanG: number;
  /** Of the parcel's weight: what is not known, plus chance. */
  readonly variance: number;
  /** Sum of quantity * intercept, and the weight of the packaging in the sum. */
  readonly base: number;
  readonly packagingWeight: number;
  /** Of the items when the packaging is known. */
  readonly itemsVariance: number;
  readonly chance: number;
}

export function distribution(items: readonly ParcelItem[], known: KnownWeights): Distribution {
  const { packaging } = known;
  let base = 0;
  let packagingWeight = 1;
  let itemsVariance = 0;
  let chance = packagingSpread(packaging);
  for (const { sku, quantity } of items) {
    const item = itemOf(sku, known);
    base += quantity * item.interceptG;
    packagingWeight += quantity * item.slope;
    itemsVariance += quantity ** 2 * item.variance;
    chance += quantity * pieceSpread(item, packaging);
  }
  const meanG = base + packagingWeight * packaging.meanG;
  const variance = packagingWeight ** 2 * packaging.variance + itemsVariance + chance;
  return { meanG, variance, base, packagingWeight, itemsVariance, chance };
}
