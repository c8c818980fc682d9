/**
 * The end of a day of 20,000 parcels, in bags of 500 and loose: what the screen shows, a push, a result, the re-scan at
 * loading. Each holds up every scan of the desk for as long as it takes.
 */
import { createDayDesk, type DayDesk } from '../../main/desk/handover/day-desk.ts';
import { createPeople } from '../../main/desk/people.ts';
import { newJob } from '../../main/desk/sealing.ts';
import type { Store } from '../../main/store/store.ts';
import { silentLog } from '../kit/ports.ts';
import { testCarriers, testDetails, testFlight } from '../kit/day.ts';
import { benchmark, timed } from './harness/benchmark.ts';
import { addSealed, benchClock, benchIds, inBulk, openBenchStore, waybillOf } from './harness/history.ts';

const answerMs = 50;
const inBag = 500;
const route = { service: 'P10006', destination: 'US' };

await benchmark(async (bench) => {
  const parcels = bench.quick ? 4_000 : 20_000;
  const bags = Math.floor(parcels / inBag / 2);
  const store = openBenchStore(bench.folder);
  const from = performance.now();
  const ids = fill(store, parcels, bags);
  bench.progress(
    `${parcels} parcels, ${bags} bags of ${inBag} after ${((performance.now() - from) / 1000).toFixed(0)} s`,
  );
  const transactions: number[] = [];
  let watching = false;
  const watched: Store = {
    ...store,
    failure: null,
    transaction(work) {
      if (!watching) return store.transaction(work);
      const begun = performance.now();
      const result = store.transaction(work);
      transactions.push(performance.now() - begun);
      return result;
    },
  };
  const day = deskOver(watched);
  bench.add({
    name: 'snapshot, first of the day',
    unit: 'ms',
    samples: [timed(() => day.snapshot.current())],
    budget: answerMs,
  });
  const shown: number[] = [];
  for (let round = 0; round < 100; round += 1) {
    day.touch();
    shown.push(timed(() => day.snapshot.current()));
  }
  bench.add({ name: 'snapshot after a change', unit: 'ms', samples: shown, budget: answerMs });

  watching = true;
  const push = {
    vendor: 'hge',
    routes: [route],
    bagIds: null,
    looseToo: true,
    details: testDetails,
    flight: testFlight,
  };
  const { handoverIds } = await day.push({ ...push, kind: 'scan-form' });
  bench.add({ name: 'one document of a push', unit: 'ms', samples: transactions.splice(0), budget: answerMs });
  watching = false;
  const between: number[] = [];
  const results = handoverIds.map((id) => {
    const brief = store.jobs.briefs(`handover:${id}`)[1];
    const job = brief === undefined ? null : store.jobs.get(brief.id);
    if (job === null) throw new Error('no result job');
    const said = (store.handovers.get(id)?.content.parcels ?? []).map(({ parcelId }) => ({
      parcelId,
      ok: true,
      reason: '',
    }));
    const done = { ...job, state: 'done' as const, result: { parcels: said } };
    const took = timed(() => store.transaction(() => day.jobDone(done)));
    day.jobSettled(done);
    between.push(timed(() => day.snapshot.current()));
    return took;
  });
  bench.add({ name: 'the result of one document', unit: 'ms', samples: results, budget: answerMs });
  bench.add({ name: 'snapshot after a result', unit: 'ms', samples: between, budget: answerMs });

  bench.add({
    name: 'start of a loading',
    unit: 'ms',
    samples: [timed(() => day.loading({ action: 'start', vendor: 'hge', reason: '' }))],
  });
  const scan = (code: string): number =>
    timed(() => {
      const said = day.scan(code);
      if (!said.accepted) throw new Error(`${code} was refused: ${said.notice.code}`);
    });
  bench.add({
    name: `scan of a bag of ${inBag} at loading`,
    unit: 'ms',
    samples: ids.bags.map(scan),
    budget: answerMs,
  });
  const few = ids.loose.slice(0, 300);
  bench.add({ name: 'scan of a loose parcel at loading', unit: 'ms', samples: few.map(scan), budget: answerMs });
  watching = true;
  day.loading({ action: 'end', vendor: '', reason: 'bench' });
  transactions.length = 0;
  await new Promise<void>((resolve) => {
    const stop = store.onCommit(() => {
      if (store.loadings.current() !== null) return;
      stop();
      resolve();
    });
  });
  bench.add({ name: 'one step of writing down what was loaded', unit: 'ms', samples: transactions, budget: answerMs });
  day.stop();
  store.close();
});

/** Half of the parcels in closed bags, half loose; all labelled. Returns the codes to scan. */
function fill(store: Store, parcels: number, bags: number): { bags: string[]; loose: string[] } {
  for (let bag = 0; bag < bags; bag += 1) {
    store.bags.insert({
      ...{ id: `b${bag}`, number: `BAG-D01-${bag}`, route: { vendor: 'hge', ...route }, tareG: 200, openedAt: 1 },
      ...{ limits: { maxParcels: inBag, maxWeightG: 10_000_000 }, follows: null },
    });
  }
  inBulk(store, 0, parcels, (index) => {
    const parcel = addSealed(store, index, []);
    const placed = newJob(
      benchIds,
      { vendor: 'hge', operation: 'placeOrder', effect: 'safe', heldBy: null },
      parcel.facts,
      10,
      1,
    );
    store.jobs.insert({
      ...placed,
      state: 'done',
      result: { vendorOrderNumber: `HGE${index}`, waybill: waybillOf(index) },
    });
    store.parcels.setWaybill(parcel.id, waybillOf(index));
    store.parcels.setVerified(parcel.id, 2);
    store.orders.setStatus(parcel.orderId, 'shipped');
    const bag = Math.floor(index / inBag);
    if (bag < bags) store.bags.put(`b${bag}`, { parcelId: parcel.id, weightG: parcel.weightG }, index);
  });
  const numbers: string[] = [];
  for (let bag = 0; bag < bags; bag += 1) {
    const change = {
      state: 'closed',
      closedAt: 3,
      grossWeightG: 1_250_000,
      label: 'carrier',
      labelVerifiedAt: 4,
    } as const;
    store.bags.change(`b${bag}`, { ...change, vendorBagNumber: `BG${bag}` });
    numbers.push(`BG${bag}`);
  }
  return {
    bags: numbers,
    loose: Array.from({ length: parcels - bags * inBag }, (_, index) => waybillOf(bags * inBag + index)),
  };
}

function deskOver(store: Store): DayDesk {
  return createDayDesk({
    ...{ store, clock: benchClock, ids: benchIds, log: silentLog, deskId: 'D01', carriers: testCarriers },
    people: createPeople({ store, clock: benchClock, people: [] }),
    refusal: () => null,
    poke: () => undefined,
    redrive: () => undefined,
    settleByHand: () => undefined,
    lists: () => ({
      print: () => Promise.reject(new Error('no printer here')),
      file: () => Promise.reject(new Error('no printer here')),
    }),
  });
}
