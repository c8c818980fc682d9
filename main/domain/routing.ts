/** Which carrier and service a parcel goes by: the first route of the profile whose conditions all hold. */

export interface RouteRule {
  readonly when: {
    readonly country?: string | undefined;
    readonly vendor?: string | undefined;
    readonly minG?: number | undefined;
    readonly maxG?: number | undefined;
  };
  readonly vendor: string;
  readonly service?: string | undefined;
}

export interface RouteQuestion {
  /** ISO 3166 alpha-2 of the receiver. */
  readonly country: string;
  /** The upstream vendor the order came from. */
  readonly upstream: string;
  readonly weightG: number;
}

/** The route taken, or null if none holds: then the parcel is not sealed and the packer is told. */
export function chooseRoute(
  routes: readonly RouteRule[],
  question: RouteQuestion,
): { vendor: string; service: string | null } | null {
  for (const route of routes) {
    const { country, vendor, minG, maxG } = route.when;
    if (country !== undefined && country.toUpperCase() !== question.country.toUpperCase()) continue;
    if (vendor !== undefined && vendor !== question.upstream) continue;
    if (minG !== undefined && question.weightG < minG) continue;
    if (maxG !== undefined && question.weightG > maxG) continue;
    return { vendor: route.vendor, service: route.service ?? null };
  }
  return null;
}
