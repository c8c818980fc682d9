/** What the order on the desk should weigh, and what a sealed parcel teaches. The rules: domain/expected-weight.ts. */
import { expectWeight, type Expectation, type ExpectedWeightSettings } from '../domain/expected-weight.ts';
import { parcelItems, type ParcelItem } from '../domain/item-weights.ts';
import { learnWeight } from '../domain/learn-weight.ts';
import type { OrderRecord, Store } from '../store/store.ts';

export interface ExpectedWeights {
  /** Null while too little is known, or where the profile turns the check off. */
  of(order: OrderRecord): Expectation | null;
  /**
   * Learns from this parcel, inside the transaction that seals it: a parcel is learned once or, if the commit fails, not
   * at all. `overridden`: a person took the weight against the rules.
   */
  learn(order: OrderRecord, netG: number, overridden: boolean): void;
}

/** The goods of an order as the weights know them: a product of one upstream system, by the unit it is sold in. */
export function weighedItems({ vendor, lines }: Pick<OrderRecord, 'vendor' | 'lines'>): ParcelItem[] {
  return parcelItems(
    lines.map((line) => {
      const product = line.productId || line.productCode || line.productName;
      return {
        sku: JSON.stringify([vendor, product, line.unitName]),
        name: line.productName || line.productCode,
        quantity: Number(line.quantity),
      };
    }),
  );
}

export function createExpectedWeights(options: {
  readonly store: Pick<Store, 'itemWeights'>;
  /** `on` false: learned all the same, so that the ranges are there when it is turned on. */
  readonly settings: ExpectedWeightSettings & { readonly on: boolean };
}): ExpectedWeights {
  const { store, settings } = options;
  const skusOf = (items: readonly ParcelItem[]): string[] => items.map(({ sku }) => sku);
  return {
    of(order) {
      if (!settings.on) return null;
      const items = weighedItems(order);
      return expectWeight(items, store.itemWeights.known(skusOf(items)), settings);
    },
    learn(order, netG, overridden) {
      const items = weighedItems(order);
      const known = store.itemWeights.known(skusOf(items));
      const next = learnWeight(items, netG, overridden, known, settings);
      // Sealing never fails because of what could be learned from it.
      const sound = [...next.items.values(), next.packaging].every((each) =>
        Object.values(each).every(Number.isFinite),
      );
      if (next.items.size > 0 && sound) store.itemWeights.keep(next);
    },
  };
}
