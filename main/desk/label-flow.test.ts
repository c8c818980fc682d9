import { expect, test } from 'vitest';
import { aJob, aParcel, aPulledOrder, openTestStore } from '../../test/kit/store.ts';
import type { ParcelPrint } from '../store/store.ts';
import type { DeskContext } from './desk-context.ts';
import { createLabelFlow } from './label-flow.ts';
import { readDeskFacts } from './snapshot.ts';

/** A parcel that went over the rack, and is on the desk again with the carrier's label in hand. */
function fromTheRack(carrier: Pick<ParcelPrint, 'state' | 'bytesWritten'> | null) {
  const { store } = openTestStore();
  const { orderId } = store.orders.upsert('waiqin365', aPulledOrder());
  store.parcels.insert(aParcel(orderId));
  store.jobs.insert(aJob({ state: 'done', result: {} }));
  store.parcels.setWaybill('parcel-1', 'LH1CN');
  const attempt = (id: string, kind: 'lpn' | 'carrier', rest: Pick<ParcelPrint, 'state' | 'bytesWritten'>) =>
    store.prints.insert({
      id,
      parcelId: 'parcel-1',
      bagId: null,
      kind,
      printerId: 'label',
      copy: 0,
      reason: '',
      message: '',
      createdAt: 1,
      settledAt: null,
      ...rest,
    });
  attempt('p1', 'lpn', { state: 'printed', bytesWritten: 336 });
  if (carrier !== null) attempt('p2', 'carrier', carrier);
  const requested: string[] = [];
  const work = { orderId, orderVersion: 1, parcelId: 'parcel-1', scans: [] };
  // What the rule reads of the desk, and nothing else.
  const desk = {
    store,
    drawsOwnLabel: () => true,
    facts: () => readDeskFacts(store, work),
    work: () => work,
    refresh: () => undefined,
    printing: {
      request: (_parcel: unknown, kind: string, copy: number) => requested.push(`${kind} ${copy}`),
      nextCopy: (_parcelId: string, kind: string) =>
        store.prints.listByParcel('parcel-1').filter((print) => print.kind === kind && print.bytesWritten !== 0).length,
      withdraw: () => false,
    },
  } as unknown as DeskContext;
  return { flow: createLabelFlow(desk), requested };
}

test('a stop between "none came out" and the next copy does not leave the parcel without a label', () => {
  const { flow, requested } = fromTheRack({ state: 'not-printed', bytesWritten: -1 });
  flow.printCarrierIfReady(false);
  expect(requested).toEqual(['carrier 1']);
});

test('a rack label that was not scanned yet keeps the carrier’s label back', () => {
  for (const carrier of [null, { state: 'not-printed', bytesWritten: 0 } as const]) {
    const { flow, requested } = fromTheRack(carrier);
    flow.printCarrierIfReady(false);
    expect(requested).toEqual([]);
    flow.printCarrierIfReady(true);
    expect(requested).toEqual(['carrier 0']);
  }
});
