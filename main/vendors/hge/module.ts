/** HGE V2 (hanjinexp): carrier. */
import type { VendorModule } from '../kit/vendor.ts';
import { createHge } from './client.ts';
import { codes } from './errors.ts';
import { manifest } from './manifest.ts';
import { secretFields, settings } from './settings.ts';

export const hge: VendorModule<typeof settings> = { manifest, settings, secretFields, codes, create: createHge };
