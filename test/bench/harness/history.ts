/** Orders and parcels of earlier days, written through the repositories in big transactions. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { newJob, sealParcel, type PlannedJob } from '../../../main/desk/sealing.ts';
import type { PulledLine, PulledOrder } from '../../../main/domain/shipping.ts';
import { createSystemClock } from '../../../main/host/shared/clock.ts';
import { createIds } from '../../../main/host/shared/ids.ts';
import { openStore } from '../../../main/store/open.ts';
import type { OrderRecord, ParcelRecord, Store } from '../../../main/store/store.ts';
import { silentLog } from '../../kit/ports.ts';

export const benchClock = createSystemClock();
export const benchIds = createIds(benchClock);

/** The store under the name the station looks for in `folder`. */
export function openBenchStore(folder: string): Store {
  return openStore({ path: join(folder, 'packbench.db'), clock: benchClock, ids: benchIds, log: silentLog });
}

/** The four jobs of a parcel by the usual carrier. */
export const fourJobs: readonly PlannedJob[] = [
  { vendor: 'hge', operation: 'placeOrder', effect: 'checkable', heldBy: null },
  { vendor: 'hge', operation: 'confirm', effect: 'checkable', heldBy: null },
  { vendor: 'hge', operation: 'fetchLabel', effect: 'safe', heldBy: null },
  { vendor: 'asiabill', operation: 'uploadTracking', effect: 'checkable', heldBy: null },
];

const products = 400;
const day = 86_400_000;

export const orderNumber = (index: number): string => `XS${String(2_025_000_000 + index)}`;
export const waybillOf = (index: number): string => `LH${String(100_000_000 + index)}CN`;
export const productCode = (index: number): string => `P-${String(1_000 + (index % products))}`;

function aLine(order: number, line: number): PulledLine {
  const product = order * 7 + line * 131;
  return {
    vendorLineId: String(line + 1),
    productId: String(product % products),
    productCode: productCode(product),
    productName: `货品 ${product % products}`,
    barcodes: [String(6_900_000_000_000 + (product % products))],
    unitName: '盒',
    quantity: '1',
    baseUnitName: null,
    baseQuantity: null,
    price: '9.50',
    gift: false,
    remark: '',
  };
}

/** Order `index` as the upstream would give it. `lines` 2 unless told. */
export function pulledOrder(index: number, lines = 2): PulledOrder {
  return {
    vendorOrderId: String(7_000_000_000 + index),
    number: orderNumber(index),
    state: 'waiting',
    vendorStatus: '3',
    customerName: `门店 ${index % 5_000}`,
    receiver: {
      name: `Receiver ${index % 90_000}`,
      company: '',
      phone: `+1 555 ${String(index % 10_000_000).padStart(7, '0')}`,
      email: '',
      country: 'US',
      state: 'CA',
      city: 'Los Angeles',
      postcode: String(90_000 + (index % 900)),
      line1: `${index % 9_999} Main Street`,
      line2: '',
    },
    remark: '',
    dueDate: null,
    orderedAt: 1_735_700_000_000 + index * 1_000,
    modifiedAt: null,
    lines: Array.from({ length: lines }, (_, line) => aLine(index, line)),
    raw: { id: index },
  };
}

/** Puts one order in and reads it back, as a scan does. */
export function addOrder(store: Store, index: number, lines?: number): OrderRecord {
  const { orderId } = store.orders.upsert('waiqin365', pulledOrder(index, lines));
  const order = store.orders.get(orderId);
  if (order === null) throw new Error(`order ${index} is not there`);
  return order;
}

/** One sealed parcel of order `index`, with `jobs`. Inside a transaction. */
export function addSealed(store: Store, index: number, jobs: readonly PlannedJob[]): ParcelRecord {
  return sealParcel(store, benchIds, {
    order: addOrder(store, index),
    deskId: 'D01',
    vendor: 'hge',
    service: 'P10006',
    weightG: 500 + (index % 4_000),
    weightFrames: ['5320532020202020302e353030206b67'],
    jobs,
    at: 1_735_700_000_000 + index * 1_000,
    overrideReason: '',
  });
}

/**
 * One parcel that went all the way: sealed, its jobs done, waybill known, label scanned back, order shipped. The jobs
 * are written as done at once instead of going through their states. Inside a transaction.
 */
export function addShipped(store: Store, index: number, withJobs: boolean): void {
  const parcel = addSealed(store, index, []);
  if (withJobs) {
    fourJobs.forEach((planned, step) => {
      const job = newJob(benchIds, planned, parcel.facts, (step + 1) * 10, parcel.sealedAt);
      store.jobs.insert({
        ...job,
        state: 'done',
        attempts: 1,
        sentAt: parcel.sealedAt,
        result: { number: randomUUID() },
      });
    });
  }
  store.parcels.setWaybill(parcel.id, waybillOf(index));
  store.parcels.setVerified(parcel.id, parcel.sealedAt + day / 24);
  store.orders.setStatus(parcel.orderId, 'shipped');
}

const perTransaction = 5_000;

/** Runs `add` for every index from `from` below `to`, thousands in one transaction. */
export function inBulk(store: Store, from: number, to: number, add: (index: number) => void): void {
  for (let start = from; start < to; start += perTransaction) {
    store.transaction(() => {
      for (let index = start; index < Math.min(to, start + perTransaction); index += 1) add(index);
    });
  }
}
