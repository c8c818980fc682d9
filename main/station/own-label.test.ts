import { expect, test } from 'vitest';
import { ane } from '../vendors/ane/module.ts';
import { asiabill } from '../vendors/asiabill/module.ts';
import { hge } from '../vendors/hge/module.ts';
import type { VendorModule } from '../vendors/kit/vendor.ts';
import { drawsOwnLabel, planJobs, type VendorEntry } from './vendor-set.ts';

const entry = (module: VendorModule): VendorEntry => ({
  id: module.manifest.id,
  module,
  vendor: null,
  virtual: true,
  assumed: false,
  problem: null,
  settings: {},
  reports: [],
});
const entries = [hge, asiabill, ane].map((module) => entry(module as VendorModule));
const steps = (carrier: string): string[] | undefined => planJobs(entries, carrier)?.map((job) => job.operation);

test('a carrier that gives no label ships all the same, without a step for its label', () => {
  expect(steps('ane')).toEqual(['placeOrder']);
  expect(steps('hge')).toEqual(['placeOrder', 'confirm', 'fetchLabel']);
  expect(steps('asiabill')).toBeUndefined();
  expect(entries.map(({ id }) => drawsOwnLabel(entries, id))).toEqual([false, false, true]);
});
