/** ANE (安能物流): carrier for parcels within China; gives no label, so the desk draws its own. */
import type { VendorModule } from '../kit/vendor.ts';
import { createAne } from './client.ts';
import { codes } from './errors.ts';
import { manifest } from './manifest.ts';
import { secretFields, settings } from './settings.ts';

export const ane: VendorModule<typeof settings> = { manifest, settings, secretFields, codes, create: createAne };
