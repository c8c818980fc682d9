/** Every vendor folder, one line each. */
import { ane } from './ane/module.ts';
import { asiabill } from './asiabill/module.ts';
import { hge } from './hge/module.ts';
import { hongxun } from './hongxun/module.ts';
import type { VendorModule } from './kit/vendor.ts';
import { waiqin365 } from './waiqin365/module.ts';

/** All vendors that can be named in a profile, in the order they are shown. */
export const vendorModules: readonly VendorModule[] = [waiqin365, hge, asiabill, hongxun, ane];

/** The vendor folder with this id (`waiqin365`, `hge`, ...), or null. */
export function findVendor(id: string): VendorModule | null {
  return vendorModules.find((module) => module.manifest.id === id) ?? null;
}
