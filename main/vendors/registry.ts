/** Every vendor folder, one line each. */
import type { VendorModule } from './kit/vendor.ts';

/** All vendors that can be named in a profile, in the order they are shown. */
export const vendorModules: readonly VendorModule[] = [];

/** The vendor folder with this id (`waiqin365`, `hge`, ...), or null. */
export function findVendor(id: string): VendorModule | null {
  return vendorModules.find((module) => module.manifest.id === id) ?? null;
}
