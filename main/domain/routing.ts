/** Which carrier and service a parcel goes by: the first route of the profile whose conditions all hold. Pure. */

export interface RouteRule {
  readonly when: {
    /** ISO 3166 alpha-2, any case. */
    readonly country?: string | undefined;
    /** The receiver's province or state begins with this: `浙江` holds for `浙江省`. */
    readonly province?: string | undefined;
    /** The upstream vendor the order came from. */
    readonly vendor?: string | undefined;
    /** A custom field of the order has exactly this value. */
    readonly customField?: { readonly name: string; readonly equals: string } | undefined;
    /** Bounds of the weight in grams, both inclusive. */
    readonly minG?: number | undefined;
    readonly maxG?: number | undefined;
  };
  readonly vendor: string;
  readonly service?: string | undefined;
}

export interface RouteQuestion {
  /** ISO 3166 alpha-2 of the receiver. */
  readonly country: string;
  /** Province or state of the receiver, as upstream wrote it. */
  readonly state: string;
  /** The upstream vendor the order came from. */
  readonly upstream: string;
  /** The upstream's custom fields by name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly weightG: number;
}

export interface Route {
  readonly vendor: string;
  readonly service: string | null;
}

/** The route taken, or null if none holds: then the parcel is not sealed and the packer is told. */
export function chooseRoute(routes: readonly RouteRule[], question: RouteQuestion): Route | null {
  const taken = routes.find((route) => holds(route.when, question));
  return taken === undefined ? null : { vendor: taken.vendor, service: taken.service ?? null };
}

function holds(when: RouteRule['when'], question: RouteQuestion): boolean {
  const { country, province, vendor, customField, minG, maxG } = when;
  if (country !== undefined && country.toUpperCase() !== question.country.toUpperCase()) return false;
  if (province !== undefined && !startsWith(question.state, province)) return false;
  if (vendor !== undefined && vendor !== question.upstream) return false;
  if (customField !== undefined && fieldOf(question.fields, customField.name) !== customField.equals) return false;
  if (minG !== undefined && question.weightG < minG) return false;
  return maxG === undefined || question.weightG <= maxG;
}

function startsWith(state: string, province: string): boolean {
  return state.trim().toUpperCase().startsWith(province.trim().toUpperCase());
}

function fieldOf(fields: Readonly<Record<string, string>>, name: string): string | null {
  return Object.hasOwn(fields, name) ? (fields[name] ?? null) : null;
}

/**
 * Every route an order not weighed yet could take, with null for "none", each once, lightest weight first. Between two
 * bounds of the rules nothing changes, so it is enough to try the lightest weight and each bound.
 */
export function possibleRoutes(
  routes: readonly RouteRule[],
  question: Omit<RouteQuestion, 'weightG'>,
  weights: { readonly minG: number; readonly maxG: number },
): (Route | null)[] {
  const bounds = routes.flatMap(({ when }) => [when.minG, when.maxG === undefined ? undefined : when.maxG + 1]);
  const tried = [weights.minG, ...bounds.filter((bound) => bound !== undefined)]
    .filter((weightG) => weightG >= weights.minG && weightG <= weights.maxG)
    .toSorted((a, b) => a - b);
  const found = new Map<string, Route | null>();
  for (const weightG of tried) {
    const route = chooseRoute(routes, { ...question, weightG });
    found.set(JSON.stringify(route), route);
  }
  return [...found.values()];
}
