/** Which vendors of this desk can ship, and whether its routes name only such. */
import { ProfileError, type Profile } from '../profile/profile.ts';
import { planJobs, type VendorEntry } from './vendor-set.ts';

/** The carriers of this desk by the names its screen shows. */
export function carriersOf(
  vendors: readonly VendorEntry[],
  locale: Profile['desk']['locale'],
): { id: string; name: string }[] {
  return vendors
    .filter((entry) => planJobs(vendors, entry.id) !== null)
    .map(({ id, module }) => ({ id, name: locale === 'en' ? module.manifest.name.en : module.manifest.name.zh }));
}

/** Throws ProfileError that names the first route to a vendor that ships nothing. */
export function checkRoutes(routes: Profile['routes'], vendors: readonly VendorEntry[]): void {
  const carriers = carriersOf(vendors, 'en').map((carrier) => carrier.id);
  routes.forEach((route, index) => {
    if (!carriers.includes(route.vendor)) {
      const known = carriers.join(', ');
      throw new ProfileError(
        `profile: routes.${index}.vendor: ${route.vendor} is no carrier of this version; known are ${known}`,
      );
    }
  });
}
