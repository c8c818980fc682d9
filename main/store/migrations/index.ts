/** Every step, in order. Published steps never change; add the next number instead. */
import * as firstTables from './0001-first-tables.ts';
import * as tracking from './0002-tracking.ts';
import * as proofs from './0003-proofs.ts';
import * as bags from './0004-bags.ts';
import * as bagLabels from './0005-bag-labels.ts';
import * as loading from './0006-loading.ts';
import * as dws from './0007-dws.ts';
import * as itemWeights from './0008-item-weights.ts';
import type { Migration } from '../migrate.ts';

export const migrations: readonly Migration[] = [
  firstTables,
  tracking,
  proofs,
  bags,
  bagLabels,
  loading,
  dws,
  itemWeights,
];
