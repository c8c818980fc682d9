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

export interface ExpectedWeightSettings {
  /** Parcels a SKU must have been learned from before its weight is relied on. */
  readonly minSamples: number;
  /** Tolerance in standard deviations. */
  readonly factor: number;
  /** Least tolerance: a few divisions of the scale. */
  readonly minToleranceG: number;
}

/** Divisions of 5 g at a bench scale: three of them. Four deviations: one honest parcel in ten thousand or so. */
export const usualExpectedWeights: ExpectedWeightSettings = { minSamples: 5, factor: 4, minToleranceG: 15 };

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
/** Parcels back that still count: estimates follow a slow change. */
const memory = 40;
const packagingMemory = 200;
/** A residual pulls the mean as one of at most so many deviations, and counts as one of so many for the spread. */
const clipAt = 3;
const clipSpreadAt = 4;
const doubtsToRelearn = 3;
/** Few samples widen the tolerance: by 80 % at five, 8 % at fifty. */
const wideningSamples = 4;
/** A quantity more than so many times what was ever learned is packed in ways nobody has seen. */
const mostBeyond = 2;

/** What the parcel should weigh, and what its pieces weigh. */
export interface Expectation {
  readonly expectedG: number;
  readonly toleranceG: number;
  /** The range, inclusive, in whole grams. */
  readonly fromG: number;
  readonly toG: number;
  readonly units: readonly { readonly sku: string; readonly name: string; readonly unitG: number }[];
  /** Names a piece so light that the range cannot tell whether one is missing, or null. */
  readonly blindTo: string | null;
}

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

/** The range of this parcel, or null while too little is known. `items` as `parcelItems` gives them. */
export function expectWeight(
  items: readonly ParcelItem[],
  known: KnownWeights,
  settings: ExpectedWeightSettings,
): Expectation | null {
  if (items.length === 0) return null;
  if (!items.every(isWeighable)) return null;
  let fewest = Infinity;
  for (const { sku, quantity } of items) {
    const item = known.items.get(sku);
    if (item === undefined || item.samples < settings.minSamples) return null;
    if (quantity > mostBeyond * item.mostUnits) return null;
    fewest = Math.min(fewest, item.samples);
  }
  const { meanG, variance } = distribution(items, known);
  const widened = settings.factor * (1 + wideningSamples / fewest);
  const toleranceG = Math.max(settings.minToleranceG, widened * Math.sqrt(variance));
  // A range that is no number must not let everything pass as right, nor refuse everything.
  if (!Number.isFinite(meanG) || !Number.isFinite(toleranceG) || meanG <= 0) return null;
  const units = items.map(({ sku, name }) => ({ sku, name, unitG: unitWeightG(itemOf(sku, known), known.packaging) }));
  const lightest = units.reduce((least, unit) => (unit.unitG < least.unitG ? unit : least));
  return {
    expectedG: Math.round(meanG),
    toleranceG: Math.ceil(toleranceG),
    fromG: Math.max(1, Math.floor(meanG - toleranceG)),
    toG: Math.ceil(meanG + toleranceG),
    units,
    blindTo: lightest.unitG <= toleranceG ? lightest.name : null,
  };
}

/** The piece that would explain the difference, or null: one of it is missing from the parcel, or one is too many. */
export function likelyCause(
  expectation: Expectation,
  grams: number,
): { readonly kind: 'missing' | 'extra'; readonly sku: string; readonly name: string } | null {
  const by = Math.abs(grams - expectation.expectedG);
  const candidates = expectation.units
    .map((unit) => ({ ...unit, offG: Math.abs(unit.unitG - by) }))
    .filter(({ unitG, offG }) => unitG > 0 && offG <= expectation.toleranceG)
    .toSorted((a, b) => a.offG - b.offG || (a.sku < b.sku ? -1 : 1));
  const [best] = candidates;
  if (best === undefined) return null;
  return { kind: grams < expectation.expectedG ? 'missing' : 'extra', sku: best.sku, name: best.name };
}

/** The unit weight of a SKU as it is believed now. */
export function unitWeightG(item: ItemWeight, packaging: PackagingWeight): number {
  return item.interceptG + item.slope * packaging.meanG;
}

/**
 * What is known after this parcel was sealed. `overridden`: a person took the weight against the rules. Only what
 * changed is returned. A weight outside the range is treated as overridden, also where nobody was asked.
 */
export function learnWeight(
  items: readonly ParcelItem[],
  grams: number,
  overridden: boolean,
  known: KnownWeights,
  settings: ExpectedWeightSettings,
): KnownWeights {
  const nothing: KnownWeights = { packaging: known.packaging, items: new Map() };
  if (items.length === 0 || !items.every(isWeighable) || !Number.isFinite(grams) || grams <= 0) return nothing;
  const expectation = expectWeight(items, known, settings);
  const outside = expectation !== null && (grams < expectation.fromG || grams > expectation.toG);
  if (overridden || outside) return doubt(items, grams, known, expectation?.toleranceG ?? settings.minToleranceG);
  return takeIn(items, grams, known, settings.minSamples);
}

function isWeighable({ quantity }: ParcelItem): boolean {
  return quantity >= leastUnits && quantity <= mostUnits;
}

function itemOf(sku: string, known: KnownWeights): ItemWeight {
  return known.items.get(sku) ?? unknownItem;
}

function packagingSpread({ spread, spreadCount }: PackagingWeight): number {
  return (priorPackagingSpread * priorCount + spread * spreadCount) / (priorCount + spreadCount);
}

/** Variance of one piece to the next; the belief before measuring grows with the weight. */
function pieceSpread(item: ItemWeight, packaging: PackagingWeight): number {
  const prior = Math.max(priorPieceSpreadG, priorPieceShare * Math.abs(unitWeightG(item, packaging))) ** 2;
  return (prior * priorCount + item.spread * item.spreadCount) / (priorCount + item.spreadCount);
}

interface Distribution {
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

function distribution(items: readonly ParcelItem[], known: KnownWeights): Distribution {
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

function takeIn(items: readonly ParcelItem[], grams: number, known: KnownWeights, minSamples: number): KnownWeights {
  const { packaging } = known;
  const before = distribution(items, known);
  const residual = grams - before.meanG;
  const off = Math.abs(residual) / Math.sqrt(before.variance);
  const settled = items.every(({ sku }) => itemOf(sku, known).samples >= minSamples);
  // Huber's weight: a residual beyond the clip pulls as much as one at the clip.
  const chance = settled && off > clipAt ? before.chance * (off / clipAt) : before.chance;
  const given = before.itemsVariance + chance;
  const variance = before.packagingWeight ** 2 * packaging.variance + given;
  const mixed = items.length > 1;

  const gain = (before.packagingWeight * packaging.variance) / variance;
  const packagingFloor = mixed ? before.itemsVariance / Math.max(before.packagingWeight ** 2, 1e-9) : 0;
  const kept = packaging.variance * (1 - gain * before.packagingWeight);
  const spreads = spreadStep(before, residual);
  const nextPackaging: PackagingWeight = {
    meanG: packaging.meanG + gain * residual,
    variance: Math.max(kept, Math.min(packaging.variance, packagingFloor + before.chance / packagingMemory)),
    ...spreads(packaging, packagingSpread(packaging), 1, packagingMemory),
    samples: packaging.samples + 1,
  };

  const learned = new Map<string, ItemWeight>();
  for (const { sku, quantity } of items) {
    const item = itemOf(sku, known);
    const share = (quantity * item.variance) / given;
    const others = before.itemsVariance - quantity ** 2 * item.variance;
    const floor = mixed ? Math.min(item.variance, others / quantity ** 2) : 0;
    const certain = item.variance * (1 - share * quantity);
    const spread = spreads(item, pieceSpread(item, packaging), quantity, memory);
    // A mean of so many parcels is no surer than that, also when it turns out only now that they differ more.
    const own = packagingSpread(packaging) + pieceSpread({ ...item, ...spread }, packaging);
    const told = (quantity ** 2 * own) / (before.chance + others);
    const information = item.information * (1 - 1 / memory) + told;
    learned.set(sku, {
      interceptG: item.interceptG + share * (grams - before.base),
      slope: item.slope - share * before.packagingWeight,
      variance: Math.max(certain, floor, Math.min(unknownItem.variance, own / information)),
      ...spread,
      information,
      samples: item.samples + (others <= before.chance ? 1 : 0),
      mostUnits: Math.max(item.mostUnits, quantity),
      doubts: 0,
      doubtG: 0,
    });
  }
  return { packaging: nextPackaging, items: learned };
}

interface Spread {
  readonly spread: number;
  readonly spreadCount: number;
}

/** One step of expectation maximisation for the variance of a component that is in the parcel `times` times. */
function spreadStep(before: Distribution, residual: number) {
  const squared = Math.min(residual ** 2, clipSpreadAt ** 2 * before.variance);
  const told = before.chance / before.variance;
  return (now: Spread, believed: number, times: number, most: number): Spread => {
    const share = (believed * times) / before.variance;
    const part = believed * times * (1 - share) + share ** 2 * squared;
    const spreadCount = Math.min(now.spreadCount + told, most);
    return { spread: now.spread + (part / times - now.spread) * (told / Math.max(spreadCount, told)), spreadCount };
  };
}

/** Not learned. Overridden weights of one SKU alone that agree with each other are the new truth in the end. */
function doubt(items: readonly ParcelItem[], grams: number, known: KnownWeights, toleranceG: number): KnownWeights {
  const nothing: KnownWeights = { packaging: known.packaging, items: new Map() };
  const [only, second] = items;
  if (only === undefined || second !== undefined) return nothing;
  const item = known.items.get(only.sku);
  if (item === undefined || item.samples === 0) return nothing;
  const doubtG = (grams - known.packaging.meanG) / only.quantity;
  const agrees = item.doubts > 0 && Math.abs(doubtG - item.doubtG) * only.quantity <= toleranceG;
  const doubts = agrees ? item.doubts + 1 : 1;
  if (doubts < doubtsToRelearn) {
    return { ...nothing, items: new Map([[only.sku, { ...item, doubts, doubtG }]]) };
  }
  const anew = takeIn(items, grams, { ...known, items: new Map() }, Infinity);
  // The packaging did not change because a SKU did.
  return { packaging: known.packaging, items: anew.items };
}
