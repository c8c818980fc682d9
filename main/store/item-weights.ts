/** What is known of the weights of SKUs and packaging. What the numbers mean, and how they are learned: ../domain. */
import { unknownPackaging } from '../domain/item-weights.ts';
import type { ItemWeight, KnownWeights, PackagingWeight } from '../domain/item-weights.ts';
import type { Connection, Row } from './connection.ts';

export interface ItemWeightRepository {
  /** What is known of these SKUs; one look-up each. */
  known(skus: readonly string[]): KnownWeights;
  /** Writes what changed; inside the transaction that seals the parcel it was learned from. */
  keep(changed: KnownWeights): void;
}

function toItem(row: Row): ItemWeight {
  return {
    interceptG: Number(row['intercept_g']),
    slope: Number(row['slope']),
    variance: Number(row['variance']),
    spread: Number(row['spread']),
    spreadCount: Number(row['spread_count']),
    samples: Number(row['samples']),
    information: Number(row['information']),
    mostUnits: Number(row['most_units']),
    doubts: Number(row['doubts']),
    doubtG: Number(row['doubt_g']),
  };
}

function toPackaging(row: Row): PackagingWeight {
  return {
    meanG: Number(row['mean_g']),
    variance: Number(row['variance']),
    spread: Number(row['spread']),
    spreadCount: Number(row['spread_count']),
    samples: Number(row['samples']),
  };
}

export function createItemWeightRepository(connection: Connection): ItemWeightRepository {
  return {
    known(skus) {
      const items = new Map<string, ItemWeight>();
      for (const sku of skus) {
        const row = connection.get('SELECT * FROM item_weights WHERE sku = ?', sku);
        if (row !== undefined) items.set(sku, toItem(row));
      }
      const packaging = connection.get('SELECT * FROM packaging_weight WHERE id = 1');
      return { items, packaging: packaging === undefined ? unknownPackaging : toPackaging(packaging) };
    },
    keep({ items, packaging }) {
      connection.atomic(() => {
        for (const [sku, item] of items) {
          connection.run(
            'INSERT OR REPLACE INTO item_weights (sku, intercept_g, slope, variance, spread, spread_count, samples,' +
              ' information, most_units, doubts, doubt_g) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            ...[sku, item.interceptG, item.slope, item.variance, item.spread, item.spreadCount, item.samples],
            ...[item.information, item.mostUnits, item.doubts, item.doubtG],
          );
        }
        connection.run(
          'INSERT OR REPLACE INTO packaging_weight (id, mean_g, variance, spread, spread_count, samples)' +
            ' VALUES (1, ?, ?, ?, ?, ?)',
          ...[packaging.meanG, packaging.variance, packaging.spread, packaging.spreadCount, packaging.samples],
        );
      });
    },
  };
}
