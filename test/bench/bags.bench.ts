/**
 * A day at the bagging place: 20,000 labelled parcels of four routes, scanned into bags of 500 that are weighed and closed
 * as they fill. Each answer is measured with what the screen gets after it: the new picture, checked by the contract and
 * written out as it goes over the wire. Real database on a disk; carrier and printer answer at once.
 */
import { BagsSnapshot } from '../../preload/contract/index.ts';
import { openBagPlace, type BagPlace } from '../kit/bag-place.ts';
import { benchmark, timed } from './harness/benchmark.ts';

/** From the scan to the answer and its picture. */
const answerMs = 50;
const perBag = 500;
const countries = ['US', 'DE', 'JP', 'AU'];
const tareG = 200;
const weightOf = (index: number): number => 40 + ((index * 37) % 400);

function show(place: BagPlace): void {
  JSON.stringify(BagsSnapshot.parse(place.snapshot()));
}

await benchmark(async (bench) => {
  const parcels = bench.quick ? 4_000 : 20_000;
  const place = openBagPlace({ folder: bench.folder, limits: { maxParcels: perBag, maxWeightG: 1_000_000, tareG } });
  for (let from = 0; from < parcels; from += 500) {
    place.store.transaction(() => {
      for (let index = from; index < from + 500; index += 1) {
        const country = countries[index % countries.length] ?? '';
        place.parcel(`${index}`, { country, weightG: weightOf(index) });
      }
    });
  }
  place.desk.restore();
  bench.progress(`${parcels} labelled parcels in no bag`);

  const scans: number[] = [];
  const emptyBag: number[] = [];
  const fullBag: number[] = [];
  const closes: number[] = [];
  const answers = (work: () => unknown): number =>
    timed(() => {
      work();
      show(place);
    });
  for (let index = 0; index < parcels; index += 1) {
    let accepted = false;
    const ms = answers(() => {
      const given = place.scan(`W${index}`);
      accepted = given.accepted;
      if (!accepted) place.scan('PB:BAG:open');
    });
    if (accepted) scans.push(ms);
    const chosen = place.snapshot().chosen;
    if (chosen === null) throw new Error(`parcel ${index} went nowhere`);
    if (accepted && chosen.parcels <= 50) emptyBag.push(ms);
    if (accepted && chosen.parcels > perBag - 50) fullBag.push(ms);
    if (chosen.parcels < perBag) continue;
    place.scan('PB:BAG:close');
    closes.push(answers(() => place.weigh(chosen.parcelsWeightG + tareG)));
    if (place.store.bags.get(chosen.id)?.state !== 'closed') throw new Error(`${chosen.number} did not close`);
    await place.settle();
    const label = place.desk.get(chosen.id).bag.label;
    place.scan(label?.number ?? '');
  }
  const early = scans.slice(0, 1_000);
  const late = scans.slice(-1_000);
  bench.add({ name: `scan into a bag, first 1,000 of ${parcels}`, unit: 'ms', samples: early, budget: answerMs });
  bench.add({ name: `scan into a bag, last 1,000 of ${parcels}`, unit: 'ms', samples: late, budget: answerMs });
  bench.add({ name: 'scan into a bag of 1 to 50', unit: 'ms', samples: emptyBag, budget: answerMs });
  bench.add({ name: `scan into a bag of ${perBag - 49} to ${perBag}`, unit: 'ms', samples: fullBag, budget: answerMs });
  bench.add({ name: `weighing and closing a bag of ${perBag}`, unit: 'ms', samples: closes, budget: answerMs });

  const [ready] = place.snapshot().waiting;
  if (ready === undefined) throw new Error('no bag is ready');
  const order = { bagId: ready.id, route: null, reason: 'measured' };
  bench.add({
    name: `voiding a bag of ${perBag}`,
    unit: 'ms',
    samples: [answers(() => place.desk.command({ ...order, command: 'void' }))],
  });
  bench.add({
    name: `opening it again with its ${perBag} parcels`,
    unit: 'ms',
    samples: [answers(() => place.desk.command({ ...order, command: 'reopen' }))],
  });
  const restart = timed(() => {
    place.restart();
  });
  bench.add({ name: 'the place after a restart', unit: 'ms', samples: [restart] });
  bench.note(`${place.store.bags.listRecent(1_000).length} bags; each figure includes the picture for the screen`);
  place.remove();
});
