/** 鸿讯 (Hongxun): takes parcel measurements, routes, signatures and proof pictures; warehouse orders by name. */
import type { VendorModule } from '../kit/vendor.ts';
import { createHongxun } from './client.ts';
import { codes } from './errors.ts';
import { manifest } from './manifest.ts';
import { secretFields, settings } from './settings.ts';

export const hongxun: VendorModule<typeof settings> = {
  manifest,
  settings,
  secretFields,
  codes,
  create: createHongxun,
  plans: ({ report }) => [
    ...(report.parcels ? (['reportParcel'] as const) : []),
    ...(report.routes ? (['pushRoute'] as const) : []),
    ...(report.signs ? (['pushSignInfo'] as const) : []),
    ...(report.images ? (['pushSignImages'] as const) : []),
  ],
};
