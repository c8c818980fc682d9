/** A packer at the bagging place of a test station. */
import type { BagCommand, BagsSnapshot, BagStage, ScanFeedback } from '../../../preload/contract/index.ts';
import type { TestStation } from '../../kit/station.ts';
import { labelVerified, sealParcel } from '../../../main/desk/sealing.ts';
import { planJobs } from '../../../main/station/vendor-set.ts';
import { inStore, shows, waitingOrders } from './packer.ts';

export const bagScan = (desk: TestStation, code: string): Promise<ScanFeedback> =>
  desk.client.call('bags.scan', { code, source: 'demo' });

export const bagCommand = (desk: TestStation, command: BagCommand, reason = ''): Promise<ScanFeedback> =>
  desk.client.call('bags.command', { command, reason });

export const bags = (desk: TestStation): BagsSnapshot => desk.station.inside.bags.snapshot.current();

export interface Shipped {
  readonly id: string;
  readonly number: string;
  readonly waybill: string;
  readonly weightG: number;
  readonly destination: string;
}

/**
 * Seals this many orders, each with its own weight, lets the carrier work on them, and counts their labels as scanned:
 * parcels as the packing desk leaves them, without waiting for scale and printer each time.
 */
export async function labelled(
  desk: TestStation,
  count: number,
  weightOf = (n: number): number => 500 + 37 * n,
): Promise<Shipped[]> {
  const { store, vendors } = desk.station.inside;
  const { clock, ids } = desk.ports;
  await shows(desk, 'queue', ({ counts }) => (counts.waiting ?? 0) >= count);
  const jobs = planJobs(vendors, 'hge') ?? [];
  const sealed = store.transaction(() =>
    waitingOrders(desk)
      .slice(0, count)
      .map((number, n) => {
        const order = store.orders.findByNumber(number);
        if (order === null) throw new Error(`no order ${number}`);
        const common = { order, deskId: 'D01', vendor: 'hge', service: 'P10006', jobs, overrideReason: '' };
        return sealParcel(store, ids, { ...common, weightG: weightOf(n), weightFrames: [], at: clock.now() });
      }),
  );
  // The outbox looks for work when the line comes back.
  await desk.client.call('training.set', { network: 'cut' });
  await desk.client.call('training.set', { network: 'up' });
  await inStore(desk, 'the labels', () => sealed.every(({ id }) => store.parcels.get(id)?.artworkSha256 != null));
  store.transaction(() => {
    for (const { id } of sealed) {
      store.parcels.setVerified(id, clock.now());
      store.jobs.release(id, labelVerified);
    }
  });
  return sealed.map(({ id }) => {
    const parcel = store.parcels.get(id);
    if (parcel === null) throw new Error(`no parcel ${id}`);
    const { waybill, weightG, facts } = parcel;
    const { orderNumber: number, receiver } = facts;
    return { id, number, waybill: waybill ?? '', weightG, destination: receiver.country };
  });
}

/** Puts the chosen bag on the scale and waits for the answer. */
export async function weigh(desk: TestStation, grams: number): Promise<ScanFeedback> {
  await desk.client.call('training.set', { scaleGrams: 0 });
  await shows(desk, 'weight', (now) => now.grams === null || (now.state === 'stable' && now.grams === 0));
  await bagCommand(desk, 'close');
  await desk.client.call('training.set', { scaleGrams: grams });
  const { last } = await shows(desk, 'bags', (now) => now.mode !== 'weigh');
  if (last === null) throw new Error('nothing was said');
  return last;
}

/** Waits until a bag's label lies there, and scans it. */
export async function scanBagLabel(desk: TestStation, bagId: string): Promise<ScanFeedback> {
  const { waiting } = await shows(desk, 'bags', (now) =>
    now.waiting.some((bag) => bag.id === bagId && bag.stage === 'scan-back'),
  );
  return bagScan(desk, waiting.find((bag) => bag.id === bagId)?.label?.number ?? '');
}

/** Waits until a bag stands at this stage. */
export async function bagAt(desk: TestStation, bagId: string, stage: BagStage): Promise<void> {
  await shows(desk, 'bags', (now) =>
    [...now.open, ...now.waiting, ...now.voided].some((bag) => bag.id === bagId && bag.stage === stage),
  );
}
