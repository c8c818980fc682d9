/** What is chosen at the end of the day, read from the state. Pure: which parcels may go is the station's affair. */
import type { BagRouteView, FlightForm, HandoverDetailsForm, HandoverKind } from '#contract';
import type { HandoverDraft } from './place-slice.ts';
import type { AppState } from './store.ts';

type Day = NonNullable<AppState['day']>;
export type Choice = Day['choices'][number];
export type Carrier = Day['carriers'][number];

export const detailFields = [
  'handoverNumber',
  'contactName',
  'company',
  'phone',
  'mobile',
  'email',
  'country',
  'state',
  'city',
  'postcode',
  'houseNumber',
  'street',
  'address',
] as const satisfies readonly (keyof HandoverDetailsForm)[];

export const flightFields = [
  'airWaybill',
  'flightNumber',
  'departsAt',
  'arrivesAt',
  'departurePort',
  'arrivalPort',
  'transitPort',
  'transitDepartsAt',
  'transitArrivesAt',
] as const satisfies readonly (keyof FlightForm)[];

export const emptyFlight: FlightForm = {
  airWaybill: '',
  flightNumber: '',
  departsAt: '',
  arrivesAt: '',
  departurePort: '',
  transitPort: '',
  arrivalPort: '',
  transitDepartsAt: '',
  transitArrivesAt: '',
};

export function routeKey({ vendor, service, destination }: Omit<BagRouteView, 'vendorName'>): string {
  return JSON.stringify([vendor, service, destination]);
}

/** The choice under the cursor; choices may have gone since it was moved. */
export function shownChoiceRow({ day, choiceRow }: Pick<AppState, 'day' | 'choiceRow'>): number {
  return Math.min(choiceRow, Math.max(0, (day?.choices.length ?? 0) - 1));
}

export function shownDocumentRow({ day, documentRow }: Pick<AppState, 'day' | 'documentRow'>): number {
  return Math.min(documentRow, Math.max(0, (day?.documents.length ?? 0) - 1));
}

/** The carrier that pushing and loading are about: that of the choice under the cursor, else the only one. */
export function chosenCarrier(state: Pick<AppState, 'day' | 'choiceRow'>): Carrier | null {
  const { day } = state;
  if (day === null) return null;
  const vendor = day.choices[shownChoiceRow(state)]?.route.vendor;
  return day.carriers.find((carrier) => carrier.vendor === vendor) ?? day.carriers[0] ?? null;
}

/** Routes of the carrier that are to go now. */
export function chosenRoutes(state: Pick<AppState, 'day' | 'leftBehind'>, carrier: Carrier): readonly Choice[] {
  const { day, leftBehind } = state;
  return (day?.choices ?? []).filter(
    ({ route }) => route.vendor === carrier.vendor && !leftBehind.has(routeKey(route)),
  );
}

/** What a push of this kind would take of the chosen routes now, by the station's own count. */
export function freeOf(
  choices: readonly Choice[],
  kind: HandoverKind,
  looseToo: boolean,
): { readonly bags: number; readonly loose: number } {
  const free = choices.map((choice) => (kind === 'scan-form' ? choice.free.scanForm : choice.free.manifest));
  return {
    bags: free.reduce((sum, one) => sum + one.bags, 0),
    loose: looseToo ? free.reduce((sum, one) => sum + one.loose, 0) : 0,
  };
}

/** What was typed since, else what the station remembers of the last push. */
export function draftOf({ drafts }: Pick<AppState, 'drafts'>, carrier: Carrier): HandoverDraft {
  return drafts[carrier.vendor] ?? { details: carrier.details, flight: carrier.flight ?? emptyFlight };
}

/** Fields the carrier cannot do without that are still empty, as names of the forms. */
export function missingFields(draft: HandoverDraft, carrier: Carrier, kind: HandoverKind): readonly string[] {
  const needs = kind === 'scan-form' ? carrier.needs.scanForm : carrier.needs.manifest;
  return [
    ...detailFields.filter((field) => needs.details.includes(field) && draft.details[field].trim() === ''),
    ...flightFields.filter((field) => needs.flight.includes(field) && draft.flight[field].trim() === ''),
  ];
}

/** A flight with nothing in it is no flight. */
export function flightOrNull(flight: FlightForm): FlightForm | null {
  return flightFields.every((field) => flight[field].trim() === '') ? null : flight;
}

/** Takes `value` into a field of either form. */
export function withField(draft: HandoverDraft, field: string, value: string): HandoverDraft {
  if (detailFields.some((one) => one === field)) return { ...draft, details: { ...draft.details, [field]: value } };
  if (flightFields.some((one) => one === field)) return { ...draft, flight: { ...draft.flight, [field]: value } };
  return draft;
}
