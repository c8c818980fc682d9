/** Does the weight fit the goods of the order on the desk? Keeps the range of that order, and what was said of it. */
import type { Notice } from '../../preload/contract/index.ts';
import { unexpectedWeight, type Expectation } from '../domain/expected-weight.ts';
import { isComplete } from '../domain/packing.ts';
import type { DeskOptions, Weigher } from './desk-context.ts';
import type { DeskFacts } from './snapshot.ts';

export interface WeightCheck {
  /** What the parcel on the desk should weigh, or null. */
  expectation(): Expectation | null;
  /** The weight for the parcel on the desk, wherever it comes from. */
  judge(): ReturnType<Weigher['judge']>;
  /** Why the weight cannot be that of these goods, or null. Stands until the scale is empty or shows one that can. */
  standing(): Notice | null;
  /** After an event of the scale: what is new. A refusal is said once, not at every frame. `changed`: the screen is old. */
  news(): { readonly changed: boolean; readonly refused: Notice | null };
  /** The order on the desk, or its goods, may have changed. */
  follow(facts: Pick<DeskFacts, 'order' | 'parcel' | 'scans'>): void;
}

/** The weight that did not fit is not on the scale any more, or nobody can tell. */
const noLonger = new Set([
  'weight.zero',
  'weight.below-tare',
  'weight.silent',
  'weight.stale',
  'weight.underload',
  'weight.bag',
]);
/** Less than this is the same weight again, in grams. */
const sameWithinG = 10;

function isApart(before: Notice, now: Notice): boolean {
  return Math.abs(Number(before.params['grams']) - Number(now.params['grams'])) > sameWithinG;
}

export function createWeightCheck({ weigher, expectedWeights }: Pick<DeskOptions, 'weigher' | 'expectedWeights'>) {
  let expectation: Expectation | null = null;
  /** The order and version the range was worked out for. */
  let expectedFor = '';
  let standing: Notice | null = null;

  function judge(): ReturnType<Weigher['judge']> {
    const judged = weigher.judge();
    const { usable, grams } = judged;
    if (!usable || grams === null || expectation === null) return judged;
    // The bench scale knows the range; a machine on the line does not.
    if (grams >= expectation.fromG && grams <= expectation.toG) return judged;
    return { ...judged, usable: false, reason: unexpectedWeight(expectation, grams) };
  }

  const check: WeightCheck = {
    expectation: () => expectation,
    judge,
    standing: () => standing,
    news() {
      const { usable, reason } = judge();
      const refused = reason?.code.startsWith('weight.unexpected') === true ? reason : null;
      if (refused === null) {
        // A scale that only wavers has not been seen to show anything else.
        const over = standing !== null && (usable || noLonger.has(reason?.code ?? ''));
        if (over) standing = null;
        return { changed: over, refused: null };
      }
      const before = standing;
      if (before !== null && before.code === refused.code && !isApart(before, refused)) {
        return { changed: false, refused: null };
      }
      standing = refused;
      return { changed: true, refused };
    },
    follow({ order, parcel, scans }) {
      // Only once all goods are verified: half a parcel is not refused.
      const whole = order !== null && parcel === null && order.upstream === 'waiting' && isComplete(order.lines, scans);
      const wanted = whole ? `${order.id} ${order.version}` : '';
      if (wanted === expectedFor) return;
      expectedFor = wanted;
      standing = null;
      expectation = whole ? (expectedWeights?.of(order) ?? null) : null;
      weigher.expect(expectation);
    },
  };
  return check;
}
