/** AsiaBill: takes tracking numbers for paid orders. */
import type { VendorModule } from '../kit/vendor.ts';
import { createAsiabill } from './client.ts';
import { codes } from './errors.ts';
import { manifest } from './manifest.ts';
import { secretFields, settings } from './settings.ts';

export const asiabill: VendorModule<typeof settings> = {
  manifest,
  settings,
  secretFields,
  codes,
  create: createAsiabill,
};
