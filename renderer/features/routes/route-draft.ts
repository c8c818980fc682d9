/** Rules as they are typed: all text, empty for "any". Pure, so that what is typed and what is meant can be tested. */
import { RouteRules, type CallOutput } from '#contract';

export type Routes = CallOutput<'routes.get'>['routes'];

export const draftFields = [
  'country',
  'province',
  'upstream',
  'field',
  'equals',
  'minG',
  'maxG',
  'vendor',
  'service',
] as const;
export type DraftField = (typeof draftFields)[number];
/** One row of the editor. `key` only tells rows apart. */
export type RouteDraft = Readonly<Record<DraftField, string>> & { readonly key: number };

export type Read =
  | { readonly ok: true; readonly routes: Routes }
  /** `row` is null if it is not about one row. */
  | { readonly ok: false; readonly row: number | null; readonly reason: string };

const empty: Readonly<Record<DraftField, string>> = {
  country: '',
  province: '',
  upstream: '',
  field: '',
  equals: '',
  minG: '',
  maxG: '',
  vendor: '',
  service: '',
};

export function emptyDraft(key: number, vendor: string): RouteDraft {
  return { ...empty, vendor, key };
}

export function draftsOf(routes: Routes): RouteDraft[] {
  return routes.map(({ when, vendor, service = '' }, key) => ({
    key,
    country: when.country ?? '',
    province: when.province ?? '',
    upstream: when.vendor ?? '',
    field: when.customField?.name ?? '',
    equals: when.customField?.equals ?? '',
    minG: when.minG === undefined ? '' : String(when.minG),
    maxG: when.maxG === undefined ? '' : String(when.maxG),
    vendor,
    service,
  }));
}

/** The rules behind what was typed, or which row does not make one and why. */
export function readDrafts(drafts: readonly RouteDraft[]): Read {
  const given = drafts.map((draft) => {
    const text = (field: DraftField): string => draft[field].trim();
    const optional = (name: string, value: string): Record<string, string> => (value === '' ? {} : { [name]: value });
    const grams = (name: 'minG' | 'maxG'): Record<string, unknown> =>
      text(name) === '' ? {} : { [name]: /^\d{1,7}$/.test(text(name)) ? Number(text(name)) : text(name) };
    return {
      when: {
        ...optional('country', text('country').toUpperCase()),
        ...optional('province', text('province')),
        ...optional('vendor', text('upstream')),
        ...(text('field') === '' && text('equals') === ''
          ? {}
          : { customField: { name: text('field'), equals: text('equals') } }),
        ...grams('minG'),
        ...grams('maxG'),
      },
      vendor: text('vendor'),
      ...optional('service', text('service')),
    };
  });
  const parsed = RouteRules.safeParse(given);
  if (parsed.success) return { ok: true, routes: parsed.data };
  const issue = parsed.error.issues[0];
  const [row] = issue?.path ?? [];
  const place = issue?.path.slice(1).join('.') ?? '';
  return {
    ok: false,
    row: typeof row === 'number' ? row : null,
    reason: `${place === '' ? '' : `${place}: `}${issue?.message ?? 'not valid'}`,
  };
}

/** The rule at `index` moved by `step` places; rules are tried from the top. */
export function moved(drafts: readonly RouteDraft[], index: number, step: -1 | 1): RouteDraft[] {
  const target = index + step;
  const draft = drafts[index];
  if (draft === undefined || target < 0 || target >= drafts.length) return [...drafts];
  const rest = drafts.filter((_one, at) => at !== index);
  return [...rest.slice(0, target), draft, ...rest.slice(target)];
}
