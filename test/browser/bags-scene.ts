/** Snapshots of the bags and of the end of the day for the fake station. */
import type { BagsSnapshot, BagView, DaySnapshot, HandoverDetailsForm } from '../../preload/contract/index.ts';
import { bags as noBags, day as noDay } from './scene.ts';

const now = Date.UTC(2026, 10, 22, 9, 0, 0);

export function bag(destination: string, parcels: number, rest: Partial<BagView> = {}): BagView {
  return {
    id: `bag-${destination}`,
    number: `BAG-D01-6112${destination.charCodeAt(0)}000017`,
    vendorBagNumber: null,
    route: { vendor: 'hge', vendorName: 'HGE 韩进', service: 'P10006', destination },
    stage: 'filling',
    parcels,
    parcelsWeightG: parcels * 731,
    tareG: 200,
    grossWeightG: null,
    maxParcels: 500,
    maxWeightG: 30_000,
    openedAt: now,
    closedAt: null,
    voidReason: null,
    follows: null,
    label: null,
    notice: null,
    jobId: null,
    ...rest,
  };
}

const us = bag('US', 27);
const de = bag('DE', 41, { parcelsWeightG: 29_400 });
const jp = bag('JP', 6);

export const content: BagsSnapshot['content'] = Array.from({ length: 27 }, (_, index) => ({
  parcelId: `parcel-${index}`,
  orderNumber: `XS20261122${String(27 - index).padStart(5, '0')}`,
  waybill: `HGE25070800${String(270 - index).padStart(5, '0')}`,
  weightG: 400 + index * 23,
  baggedAt: now - index * 4_000,
}));

export const filling: BagsSnapshot = {
  ...noBags,
  open: [us, de, jp],
  waiting: [
    bag('AU', 12, {
      stage: 'scan-back',
      grossWeightG: 9_870,
      vendorBagNumber: 'HGEB2026112200031',
      label: { from: 'carrier', number: 'HGEB2026112200031', print: 'printed' },
    }),
    bag('CA', 9, {
      stage: 'label',
      grossWeightG: 5_020,
      label: { from: 'desk', number: 'BAG-D01-CA', print: 'sending' },
    }),
    bag('BR', 30, {
      stage: 'attention',
      grossWeightG: 21_000,
      notice: {
        code: 'vendor.rejected',
        tone: 'stop',
        params: { vendor: 'HGE', operation: 'createBag', code: '10071', reason: '目的地未开通大包' },
      },
    }),
  ],
  voided: [bag('MX', 3, { stage: 'voided', voidReason: '袋子破损或受潮' })],
  chosen: us,
  content,
  loose: [
    { route: us.route, parcels: 14, weightG: 9_120, open: true },
    { route: { ...us.route, destination: 'FR' }, parcels: 3, weightG: 2_210, open: false },
  ],
  next: { code: 'bag.next-scan', tone: 'info', params: { number: us.number } },
  options: [
    { command: 'close', key: 'C', reason: false },
    { command: 'void', key: 'V', reason: true },
  ],
};

export const mismatch: BagsSnapshot = {
  ...filling,
  mismatch: {
    expectedG: 19_937,
    foundG: 19_417,
    differenceG: -520,
    toleranceG: 80,
    cause: 'one-too-few',
    candidates: content.slice(4, 7),
  },
  options: [
    { command: 'recount', key: 'R', reason: false },
    { command: 'close-anyway', key: 'S', reason: true },
  ],
};

export const recount: BagsSnapshot = {
  ...mismatch,
  mode: 'recount',
  recount: { counted: 24, missing: content.slice(4, 7) },
  options: [{ command: 'take-out-missing', key: 'T', reason: false }],
};

const details: HandoverDetailsForm = {
  handoverNumber: '浙A·88K12',
  contactName: '李国强',
  company: '杭州明德物流有限公司',
  email: '',
  phone: '0571-88886666',
  mobile: '',
  country: 'CN',
  state: '浙江省',
  city: '杭州市',
  postcode: '310000',
  houseNumber: '',
  street: '文一西路',
  address: '余杭区仓前街道 1218 号',
};

const route = (destination: string) => ({ vendor: 'hge', vendorName: 'HGE 韩进', service: 'P10006', destination });
const documentBase = {
  vendor: 'hge',
  vendorName: 'HGE 韩进',
  bags: 2,
  open: 0,
  netWeightG: 34_560,
  grossWeightG: 35_010,
  createdAt: now,
  settledAt: now + 40_000,
  repeats: null,
  actions: [],
  jobId: null,
  listsPrinted: 1,
  flight: null,
  nodes: [],
} satisfies Partial<DaySnapshot['documents'][number]>;

export const partial: DaySnapshot['documents'][number] = {
  ...documentBase,
  id: 'h1',
  kind: 'scan-form',
  reference: 'SF-D01-6112000004',
  stage: 'partial',
  notice: { code: 'ui.day.document.partial', tone: 'warn', params: {} },
  parcels: 68,
  ok: 66,
  failed: 2,
  repeatable: 2,
};

export const choosing: DaySnapshot = {
  ...noDay,
  carriers: [
    {
      vendor: 'hge',
      vendorName: 'HGE 韩进',
      kinds: ['scan-form', 'manifest'],
      bags: true,
      flightNodes: true,
      needs: {
        scanForm: { details: ['contactName', 'address'], flight: [] },
        manifest: { details: [], flight: ['airWaybill'] },
      },
      details,
      flight: null,
    },
  ],
  choices: ['US', 'DE', 'JP'].map((destination, index) => ({
    route: route(destination),
    bags: [],
    bagCount: 3 - index,
    free: {
      scanForm: { bags: 2, loose: index * 4, parcels: 68 },
      manifest: { bags: 2, loose: 0, parcels: 68 },
    },
    loose: index * 4,
    parcels: 68 + index,
    netWeightG: 34_560,
    grossWeightG: 35_010,
    unweighedBags: index === 1 ? 1 : 0,
    obstacles: index === 1 ? [{ code: 'ui.day.loose-count', tone: 'warn', params: { count: 4 } }] : [],
  })),
  documents: [
    {
      ...partial,
      id: 'h2',
      kind: 'manifest',
      reference: 'MF-D01-6112000002',
      stage: 'waiting',
      notice: { code: 'ui.day.document.waiting', tone: 'info', params: {} },
      ok: 0,
      failed: 0,
      open: 68,
      repeatable: 0,
    },
    partial,
  ],
};

export const loading: DaySnapshot = {
  ...choosing,
  loading: {
    id: 'l1',
    vendor: 'hge',
    vendorName: 'HGE 韩进',
    state: 'loading',
    expected: 18,
    loaded: 11,
    parcelsExpected: 312,
    parcelsLoaded: 201,
    missing: Array.from({ length: 7 }, (_, index) => ({
      kind: index < 4 ? ('bag' as const) : ('parcel' as const),
      id: `item-${index}`,
      number: `HGEB20261122000${index}`,
      parcels: index < 4 ? 24 : 1,
    })),
    startedAt: now,
  },
};
