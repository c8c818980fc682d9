/** 外勤365 (waiqin365, 勤策): upstream of orders. */
import type { VendorModule } from '../kit/vendor.ts';
import { createWaiqin365 } from './client.ts';
import { codes } from './errors.ts';
import { manifest } from './manifest.ts';
import { secretFields, settings } from './settings.ts';

export const waiqin365: VendorModule<typeof settings> = {
  manifest,
  settings,
  secretFields,
  codes,
  // Not recordSigned: no interface we know tells the ids it needs, so it would be refused for every parcel.
  plans: ({ writeBack }) => (writeBack.kind === 'none' ? [] : ['recordShipment']),
  create: createWaiqin365,
};
