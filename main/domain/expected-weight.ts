/** What a parcel should weigh, and what a weight outside that range most likely means. Pure; the model: item-weights.ts. */
import type { Notice } from '../../preload/contract/index.ts';
import { distribution, isWeighable, itemOf, unitWeightG } from './item-weights.ts';
import type { KnownWeights, ParcelItem } from './item-weights.ts';

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

/** Why a weight outside the range is refused: the range, and the likely cause where one piece would explain it. */
export function unexpectedWeight(expectation: Expectation, grams: number): Notice {
  const { fromG, toG } = expectation;
  const cause = likelyCause(expectation, grams);
  if (cause === null) return { code: 'weight.unexpected', tone: 'stop', params: { grams, fromG, toG } };
  const code = cause.kind === 'missing' ? 'weight.unexpected-missing' : 'weight.unexpected-extra';
  return { code, tone: 'stop', params: { grams, fromG, toG, name: cause.name } };
}
