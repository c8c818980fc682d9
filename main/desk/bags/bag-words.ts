/** What the bagging place says: each refusal in its own words and with its own sound, and what to do next. */
import type { Notice, Sound } from '../../../preload/contract/index.ts';
import type { BagRefusal, BagRoute } from '../../domain/bag.ts';
import type { BagRecord } from '../../store/bags.ts';
import { no, notice, type Answer } from '../answer.ts';

const spoken: Readonly<Record<BagRefusal, readonly [code: string, tone: Notice['tone'], sound: Sound]>> = {
  voided: ['bag.refused-voided', 'stop', 'void'],
  'handed-over': ['bag.refused-handed-over', 'stop', 'twice'],
  'not-labelled': ['bag.refused-not-labelled', 'stop', 'not-labelled'],
  'not-accepted': ['bag.refused-not-accepted', 'warn', 'not-accepted'],
  'already-bagged': ['bag.refused-already-bagged', 'warn', 'twice'],
  'in-other-bag': ['bag.refused-in-other-bag', 'stop', 'elsewhere'],
  'no-bag': ['bag.refused-no-bag', 'ask', 'no-bag'],
  'wrong-route': ['bag.refused-wrong-route', 'stop', 'wrong-route'],
  'full-count': ['bag.refused-full-count', 'ask', 'full'],
  'full-weight': ['bag.refused-full-weight', 'ask', 'full'],
};

/** How a route is called: carrier, service, destination. */
export function routeWords(route: BagRoute, nameOf: (vendor: string) => string): string {
  return [nameOf(route.vendor), route.service, route.destination]
    .filter((part) => part !== null && part !== '')
    .join(' ');
}

/**
 * The answer to a parcel that may not go in. `bag` is the one the refusal is about: the one it is in, or that goes
 * elsewhere, or is full.
 */
export function refusalAnswer(
  reason: BagRefusal,
  parcel: { readonly number: string; readonly route: BagRoute },
  bag: BagRecord | null,
  nameOf: (vendor: string) => string,
): Answer {
  const [code, tone, sound] = spoken[reason];
  const params = {
    parcel: parcel.number,
    carrier: nameOf(parcel.route.vendor),
    route: routeWords(parcel.route, nameOf),
    number: bag?.number ?? '',
    bagRoute: bag === null ? '' : routeWords(bag.route, nameOf),
    max: bag?.limits.maxParcels ?? 0,
    maxG: bag?.limits.maxWeightG ?? 0,
  };
  // With bags open, but none for this route, there is no bag to name.
  const words = reason === 'wrong-route' && bag === null ? 'bag.refused-no-route' : code;
  return no(notice(words, tone, params), sound);
}
