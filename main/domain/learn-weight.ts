/** Learning from one more sealed parcel. Pure; the model and its sources: item-weights.ts. */
import { expectWeight, type ExpectedWeightSettings } from './expected-weight.ts';
import { distribution, isWeighable, itemOf, packagingSpread, pieceSpread, unknownItem } from './item-weights.ts';
import type { Distribution, ItemWeight, KnownWeights, PackagingWeight, ParcelItem } from './item-weights.ts';

/** Parcels back that still count: estimates follow a slow change. */
const memory = 40;
const packagingMemory = 200;
/** A residual pulls the mean as one of at most so many deviations, and counts as one of so many for the spread. */
const clipAt = 3;
const clipSpreadAt = 4;
const doubtsToRelearn = 3;
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
