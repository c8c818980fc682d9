import { expect, test } from 'vitest';
import {
  chosenCarrier,
  chosenRoutes,
  draftOf,
  emptyFlight,
  flightOrNull,
  freeOf,
  missingFields,
  routeKey,
  withField,
  type Carrier,
  type Choice,
} from './handover-choice.ts';
import type { HandoverDetailsForm } from '#contract';
import type { AppState } from './store.ts';

const details: HandoverDetailsForm = {
  handoverNumber: '',
  contactName: '',
  company: '',
  email: '',
  phone: '',
  mobile: '',
  country: '',
  state: '',
  city: '',
  postcode: '',
  houseNumber: '',
  street: '',
  address: '',
};

const carrier = (vendor: string): Carrier => ({
  vendor,
  vendorName: vendor,
  kinds: ['scan-form', 'manifest'],
  bags: true,
  flightNodes: true,
  needs: {
    scanForm: { details: ['contactName'], flight: [] },
    manifest: { details: [], flight: ['airWaybill'] },
  },
  details,
  flight: null,
});

const choice = (vendor: string, destination: string, bags: number, loose: number): Choice => ({
  route: { vendor, vendorName: vendor, service: null, destination },
  bags: [],
  bagCount: bags,
  free: { scanForm: { bags, loose, parcels: bags }, manifest: { bags, loose: 0, parcels: bags } },
  loose,
  parcels: 1,
  netWeightG: 1,
  grossWeightG: 1,
  unweighedBags: 0,
  obstacles: [],
});

const day: NonNullable<AppState['day']> = {
  carriers: [carrier('hge'), carrier('ane')],
  choices: [choice('hge', 'US', 2, 1), choice('hge', 'DE', 1, 4), choice('ane', 'CN', 0, 9)],
  documents: [],
  loading: null,
  next: { code: 'day.next-choose', tone: 'info', params: {} },
  last: null,
  packer: null,
  supervisor: null,
};

test('pushing is about the carrier of the choice under the cursor, also when the list became shorter', () => {
  expect(chosenCarrier({ day, choiceRow: 2 })?.vendor).toBe('ane');
  expect(chosenCarrier({ day, choiceRow: 99 })?.vendor).toBe('ane');
});

test('a route left behind is not counted, loose parcels only if they are to go', () => {
  const [hge] = day.carriers;
  if (hge === undefined) throw new Error('no carrier');
  const kept = chosenRoutes(
    { day, leftBehind: new Set([routeKey(day.choices[1]?.route ?? choice('', '', 0, 0).route)]) },
    hge,
  );
  expect(kept.map((one) => one.route.destination)).toEqual(['US']);
  expect(freeOf(kept, 'scan-form', true)).toEqual({ bags: 2, loose: 1 });
  expect(freeOf(kept, 'scan-form', false)).toEqual({ bags: 2, loose: 0 });
});

test('what the carrier needs and is empty is named, by kind', () => {
  const draft = draftOf({ drafts: {} }, carrier('hge'));
  expect(missingFields(draft, carrier('hge'), 'scan-form')).toEqual(['contactName']);
  expect(missingFields(withField(draft, 'airWaybill', '999-1'), carrier('hge'), 'manifest')).toEqual([]);
});

test('a flight with nothing in it is none', () => {
  expect(flightOrNull({ ...emptyFlight, flightNumber: ' ' })).toBeNull();
  expect(flightOrNull({ ...emptyFlight, flightNumber: 'CA1' })).not.toBeNull();
});
