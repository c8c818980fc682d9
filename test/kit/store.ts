/** A real store in its own temporary folder, and plain orders, parcels and jobs to put into it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../main/store/open.ts';
import { sequentialIds, silentLog } from './ports.ts';
import { createVirtualClock } from './virtual-clock.ts';
import type { ParcelJob } from '../../main/domain/job.ts';
import type { Address, ParcelFacts, PulledLine, PulledOrder } from '../../main/domain/shipping.ts';
import type { Clock, Ids } from '../../main/ports.ts';
import type { ParcelRecord, Store } from '../../main/store/store.ts';

export interface TestStore {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly path: string;
  /** Closes the store and opens the same file again, as a restart does. */
  reopen(): Store;
  /** Closes the store and removes its folder. */
  remove(): void;
}

/** Memory instead of a disk where there is one: these tests are about rules, and every commit waits for the disk. */
export const temporaryFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** `folder` is on a disk for whoever measures. */
export function openTestStore(options: { clock?: Clock; ids?: Ids; folder?: string } = {}): TestStore {
  const clock = options.clock ?? createVirtualClock();
  const ids = options.ids ?? sequentialIds();
  const folder = mkdtempSync(join(options.folder ?? temporaryFolder, 'packbench-store-'));
  const path = join(folder, 'station.db');
  const open = (): Store => openStore({ path, clock, ids, log: silentLog });
  let store = open();
  return {
    get store() {
      return store;
    },
    clock,
    ids,
    path,
    reopen() {
      store.close();
      store = open();
      return store;
    },
    remove() {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const anAddress: Address = {
  name: '李雷',
  company: '',
  phone: '13800000000',
  email: '',
  country: 'CN',
  state: '浙江省',
  city: '杭州市',
  postcode: '310000',
  line1: '文三路 1 号',
  line2: '',
};

export function aLine(changes: Partial<PulledLine> = {}): PulledLine {
  return {
    vendorLineId: '1',
    productId: 'p1',
    productCode: 'TEA-001',
    productName: '龙井茶',
    barcodes: ['6901234567892'],
    unitName: '盒',
    quantity: '2',
    baseUnitName: null,
    baseQuantity: null,
    price: null,
    gift: false,
    remark: '',
    ...changes,
  };
}

export function aPulledOrder(changes: Partial<PulledOrder> = {}): PulledOrder {
  return {
    vendorOrderId: 'v1',
    number: 'SO-0001',
    state: 'waiting',
    vendorStatus: '3',
    customerName: '西湖门店',
    receiver: anAddress,
    remark: '',
    dueDate: null,
    orderedAt: 1_767_000_000_000,
    modifiedAt: null,
    lines: [aLine()],
    raw: { id: 'v1' },
    ...changes,
  };
}

export function someFacts(changes: Partial<ParcelFacts> = {}): ParcelFacts {
  return {
    parcelId: 'parcel-1',
    orderNumber: 'SO-0001',
    reference: 'REF-1',
    receiver: anAddress,
    service: null,
    weightG: 500,
    lengthMm: null,
    widthMm: null,
    heightMm: null,
    items: [],
    remark: '',
    ...changes,
  };
}

export function aParcel(
  orderId: string,
  changes: Partial<ParcelRecord> = {},
): Parameters<Store['parcels']['insert']>[0] {
  return {
    id: 'parcel-1',
    orderId,
    reference: 'REF-1',
    vendor: 'hge',
    service: null,
    facts: someFacts(),
    weightG: 500,
    weightFrames: ['0a0b'],
    lpn: 'LPN-0001',
    sealedAt: 1_767_000_000_000,
    ...changes,
  };
}

export function aJob(changes: Partial<ParcelJob> = {}): ParcelJob {
  return {
    id: 'job-1',
    lane: 'parcel-1',
    laneSeq: 1,
    vendor: 'hge',
    operation: 'placeOrder',
    effect: 'keyed',
    facts: someFacts(),
    requestId: `request-${changes.id ?? 'job-1'}`,
    state: 'ready',
    attempts: 0,
    notBefore: 0,
    heldBy: null,
    createdAt: 0,
    sentAt: null,
    firstSentAt: null,
    lastError: null,
    result: null,
    uncounted: 0,
    asks: 0,
    doubt: false,
    ...changes,
  };
}
