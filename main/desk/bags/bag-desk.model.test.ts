/**
 * The bagging place against a plain model: scans, moves, undo, recounts, weighings right and wrong, closes, voids, bags
 * opened again, answers of the carrier good, bad and missing, transactions that fail half way, and deaths of the process
 * at any moment. The model believes only what the packer was told was accepted.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelRuns } from '../../../test/kit/model-runs.ts';
import { openBagPlace, type BagPlace } from '../../../test/kit/bag-place.ts';
import type { BagContent } from '../../domain/documents.ts';

const parcels = Array.from({ length: 12 }, (_, index) => ({
  id: `${index}`,
  weightG: 300 + 170 * index,
  country: ['US', 'DE'][index % 2] as string,
}));
const tareG = 200;
const limits = { maxParcels: 4, maxWeightG: 6_000, tareG };

interface Model {
  /** What is in each bag that was ever opened, by number: what was accepted. */
  readonly bags: Map<string, { state: 'open' | 'closed' | 'voided'; content: string[] }>;
  /** Live bags at the carrier, by our number: the parcels it counts in them. */
  readonly carrier: Map<string, readonly string[]>;
  readonly wrong: string[];
}

interface Real {
  readonly place: BagPlace;
}

type Command = fc.AsyncCommand<Model, Real>;
const command = (name: string, run: (model: Model, real: Real) => Promise<void> | void): Command => ({
  check: () => true,
  async run(model, real) {
    await run(model, real);
    check(model, real);
  },
  toString: () => name,
});

/** Takes what was accepted into the model; refused things must have changed nothing, which `check` finds. */
function believe(
  model: Model,
  given: { accepted: boolean; notice: { code: string; params: Record<string, string | number> } },
  parcel: string | null,
): void {
  if (!given.accepted) return;
  const number = String(given.notice.params['number'] ?? '');
  const bag = model.bags.get(number);
  const take = (): void => {
    for (const each of model.bags.values()) {
      if (each.state !== 'voided') each.content = each.content.filter((id) => id !== parcel);
    }
  };
  switch (given.notice.code) {
    case 'bag.parcel-in':
    case 'bag.parcel-in-full':
    case 'bag.parcel-moved':
      take();
      if (parcel !== null) bag?.content.push(parcel);
      return;
    case 'bag.parcel-out':
      take();
      return;
    default:
  }
}

/** Content as it lies in the database, by number. */
function stored({ place }: Real): Map<string, string[]> {
  return new Map(
    place.store.bags
      .listRecent(1_000)
      .map((bag) => [bag.number, place.store.bags.parcels(bag.id).map((parcel) => parcel.parcelId)]),
  );
}

function check(model: Model, real: Real): void {
  const { place } = real;
  expect(model.wrong).toEqual([]);
  const seen = new Map<string, string>();
  const content = stored(real);
  expect([...content.keys()].toSorted()).toEqual([...model.bags.keys()].toSorted());
  for (const bag of place.store.bags.listRecent(1_000)) {
    const inside = content.get(bag.number) ?? [];
    const expected = model.bags.get(bag.number);
    expect(bag.state).toBe(expected?.state);
    expect(inside.toSorted(), `content of ${bag.number}`).toEqual(
      bag.state === 'voided' ? [] : expected?.content.toSorted(),
    );
    for (const id of inside) {
      expect(seen.get(id), `${id} is in two bags`).toBeUndefined();
      seen.set(id, bag.number);
    }
    const sum = inside.reduce((total, id) => total + (parcels[Number(id)]?.weightG ?? 0), 0);
    expect([bag.parcels, bag.parcelsWeightG]).toEqual([inside.length, sum]);
    expect(bag.parcels).toBeLessThanOrEqual(limits.maxParcels);
    expect(bag.parcelsWeightG).toBeLessThanOrEqual(limits.maxWeightG);
    // What the carrier is told is what was closed.
    const job = place.store.jobs.listByLane(`bag:${bag.id}`).find((each) => each.operation === 'createBag');
    if (bag.state === 'closed') {
      const told = job?.payload as BagContent;
      expect(told.parcels.map((parcel) => parcel.parcelId)).toEqual(inside);
      expect(told.netWeightG).toBe(sum);
    }
  }
  const shown = place.snapshot();
  if (shown.chosen !== null && shown.chosen.stage !== 'voided') {
    expect(shown.content.reduce((total, parcel) => total + parcel.weightG, 0)).toBe(shown.chosen.parcelsWeightG);
    expect(shown.content.length).toBe(shown.chosen.parcels);
  }
  const loose = parcels.filter(({ id }) => !seen.has(id));
  expect(shown.loose.reduce((total, each) => total + each.parcels, 0)).toBe(loose.length);
  expect(shown.loose.reduce((total, each) => total + each.weightG, 0)).toBe(
    loose.reduce((total, each) => total + each.weightG, 0),
  );
}

const scan = (index: number): Command =>
  command(`scan ${index}`, (model, { place }) => {
    const id = parcels[index % parcels.length]?.id ?? '';
    believe(model, place.scan(`W${id}`), id);
  });

const say = (
  name: 'put-in' | 'take-out' | 'move' | 'recount' | 'close' | 'retry' | 'label-here' | 'no-label',
): Command => command(name, (_model, { place }) => void place.code(`PB:BAG:${name}`));

const open = command('open', (model, real) => {
  const { place } = real;
  const before = new Set(model.bags.keys());
  const given = place.scan('PB:BAG:open');
  if (!given.accepted) return;
  const number = String(given.notice.params['number']);
  if (!before.has(number)) model.bags.set(number, { state: 'open', content: [] });
  // The parcel it was opened for is in at once; nothing else may have changed.
  const inside = stored(real).get(number) ?? [];
  const bag = model.bags.get(number);
  const added = inside.filter((id) => bag?.content.includes(id) !== true);
  expect(added.length).toBe(given.notice.code === 'bag.opened-with' ? 1 : 0);
  bag?.content.push(...added);
});

const choose = (index: number): Command =>
  command(`choose ${index}`, (model, { place }) => {
    const numbers = [...model.bags.keys()];
    const number = numbers[index % Math.max(1, numbers.length)];
    if (number !== undefined) place.scan(number);
  });

const undo = command('undo', (model, real) => {
  const before = stored(real);
  const given = real.place.scan('PB:BAG:undo-scan');
  const after = stored(real);
  const changed = [...after].filter(([number, inside]) => before.get(number)?.length !== inside.length);
  // At most one parcel moves, and only if it was said.
  const distance = changed.reduce(
    (sum, [number, inside]) => sum + Math.abs(inside.length - (before.get(number)?.length ?? 0)),
    0,
  );
  expect(distance).toBeLessThanOrEqual(given.accepted ? 2 : 0);
  for (const [number] of changed) {
    const bag = model.bags.get(number);
    if (bag?.state === 'open') bag.content = [...(after.get(number) ?? [])];
    else model.wrong.push(`undo changed ${number}, which is not open`);
  }
});

const takeOutMissing = command('take out missing', (model, { place }) => {
  const { recount, chosen } = place.snapshot();
  const given = place.scan('PB:BAG:take-out-missing');
  if (!given.accepted) return;
  const missing = recount?.missing.map((parcel) => parcel.parcelId) ?? [];
  const bag = model.bags.get(chosen?.number ?? '');
  if (bag !== undefined) bag.content = bag.content.filter((id) => !missing.includes(id));
});

const weigh = (offG: number): Command =>
  command(`weigh ${offG}`, (model, { place }) => {
    const { chosen } = place.snapshot();
    if (chosen === null) return;
    const given = place.weigh(chosen.parcelsWeightG + tareG + offG);
    if (given?.accepted !== true) return;
    // A bag is closed by its weight only if the weight is about right.
    expect(Math.abs(offG)).toBeLessThan(100);
    const bag = model.bags.get(chosen.number);
    if (bag !== undefined) bag.state = 'closed';
  });

const anyway = command('close anyway', (model, { place }) => {
  const { chosen } = place.snapshot();
  const given = place.desk.command({ command: 'close-anyway', bagId: null, route: null, reason: 'said so' });
  const bag = model.bags.get(chosen?.number ?? '');
  if (given.accepted && bag !== undefined) bag.state = 'closed';
});

const voidIt = command('void', (model, { place }) => {
  const { chosen, open: opened } = place.snapshot();
  const about = chosen ?? (opened.length === 1 ? opened[0] : undefined);
  const given = place.desk.command({ command: 'void', bagId: null, route: null, reason: 'wrong' });
  const bag = model.bags.get(about?.number ?? '');
  if (given.accepted && bag !== undefined) {
    bag.state = 'voided';
    bag.content = [];
  }
});

const reopen = command('reopen', (model, real) => {
  const given = real.place.desk.command({ command: 'reopen', bagId: null, route: null, reason: '' });
  if (!given.accepted) return;
  const number = String(given.notice.params['number']);
  expect(model.bags.has(number)).toBe(false);
  const inside = stored(real).get(number) ?? [];
  expect(inside.length).toBe(given.notice.params['count']);
  model.bags.set(number, { state: 'open', content: [...inside] });
});

type Fate = 'done' | 'rejected' | 'transient' | 'cut-before' | 'cut-after' | 'tell';
/** The carrier works on the oldest call: what it did and what it said of it are two things. */
const answer = (fate: Fate): Command =>
  command(`carrier ${fate}`, async (model, { place }) => {
    await place.settle();
    const waiting = place.calls.shift();
    if (waiting === undefined) return;
    const { call, asked } = waiting;
    const ours = (call.payload as { reference: string }).reference;
    if (asked) {
      const known = model.carrier.has(ours);
      const there = call.operation === 'voidBag' ? !known : known;
      if (fate === 'rejected') waiting.answer({ kind: 'unsure', code: 'busy', message: 'busy' });
      else if (there) waiting.answer({ kind: 'found', result: { bagNumber: `BG-${ours}` } });
      else waiting.answer({ kind: 'not-found' });
    } else if (fate === 'rejected' || fate === 'transient') {
      waiting.answer({ kind: fate, code: '400', message: 'no' });
    } else {
      if (fate !== 'cut-before') effect(model, call.operation, ours, call.payload);
      if (fate === 'done' || fate === 'tell') {
        const result = { bagNumber: `BG-${ours}`, artwork: null, confirmation: 'done' };
        waiting.answer({ kind: 'done', result });
      } else waiting.answer({ kind: 'unknown', code: 'reset', message: 'cut' });
    }
    await place.settle();
  });

function effect(model: Model, operation: string, ours: string, payload: unknown): void {
  if (operation === 'createBag') {
    const inside = (payload as BagContent).parcels.map((parcel) => parcel.parcelId);
    if (model.carrier.has(ours)) model.wrong.push(`${ours} was created twice`);
    for (const [other, content] of model.carrier) {
      const twice = inside.find((id) => content.includes(id));
      if (twice !== undefined) model.wrong.push(`${twice} is in ${other} and ${ours} at the carrier`);
    }
    model.carrier.set(ours, inside);
  }
  if (operation === 'voidBag') {
    if (!model.carrier.delete(ours)) model.wrong.push(`${ours} was voided though it was not there`);
  }
}

const crash = command('crash', (_model, { place }) => {
  place.restart();
});

/** The disk fails in the middle of the next transaction: nothing of it may stay, and nothing may be said to be done. */
const fails = (inner: Command): Command => ({
  check: () => true,
  async run(model, real) {
    const { store } = real.place;
    const append = store.events.append.bind(store.events);
    let armed = true;
    Object.defineProperty(store.events, 'append', {
      configurable: true,
      value: (...given: Parameters<typeof append>) => {
        append(...given);
        if (armed && given[0].startsWith('bag-')) {
          armed = false;
          throw new Error('the disk is gone');
        }
      },
    });
    try {
      await inner.run(model, real);
    } finally {
      Object.defineProperty(store.events, 'append', { configurable: true, value: append });
    }
  },
  toString: () => `${String(inner)} (fails)`,
});

/** Several of these in a row: the ways that a random walk takes too seldom. */
const chain = (name: string, parts: readonly Command[]): Command => ({
  check: () => true,
  async run(model, real) {
    for (const part of parts) await part.run(model, real);
  },
  toString: () => name,
});
const fillAndClose = fc
  .tuple(fc.nat(parcels.length - 1), fc.nat(3))
  .map(([from, more]) =>
    chain(`fill from ${from} and close`, [
      ...[scan(from), open],
      ...Array.from({ length: more }, (_, index) => scan(from + 2 * (index + 1))),
      ...[say('close'), weigh(0)],
    ]),
  );
const again = chain('void, open again and close', [voidIt, reopen, say('close'), weigh(0)]);

const scans = fc.nat(parcels.length - 1).map(scan);
const steps: fc.Arbitrary<Command>[] = [
  scans,
  scans,
  scans,
  fc.constant(open),
  fc.constant(open),
  fc.nat(5).map(choose),
  fc.constantFrom('put-in' as const, 'take-out' as const, 'move' as const, 'recount' as const).map(say),
  fc.constantFrom('retry' as const, 'label-here' as const, 'no-label' as const).map(say),
  fc.constant(say('close')),
  fc.constantFrom(0, 0, 0, 20, -400, 900).map(weigh),
  fc.constantFrom(undo, takeOutMissing, anyway),
  fc.constant(voidIt),
  fc.constant(reopen),
  fillAndClose,
  fillAndClose,
  fc.constant(again),
  fc.constantFrom<Fate[]>('done', 'done', 'done', 'rejected', 'transient', 'cut-before', 'cut-after').map(answer),
  fc.constantFrom(1, 1_500, 40_000).map((ms) => command(`wait ${ms}`, (_model, { place }) => place.clock.advance(ms))),
  fc.constant(crash),
  fc.constantFrom(...[0, 3, 6].map(scan), voidIt, reopen, anyway, undo, takeOutMissing).map(fails),
];

/** The carrier works again, nobody does anything more: what is here and what it knows become the same. */
async function drain(model: Model, real: Real): Promise<void> {
  const { place } = real;
  for (let round = 0; round < 80; round += 1) {
    for (const job of place.store.jobs.list({ states: ['rejected', 'dead'], offset: 0, limit: 100 })) {
      const question = place.desk.questions.about(job);
      expect(question, 'a stopped job belongs to a bag').not.toBeNull();
      if (job.doubt !== true || job.effect !== 'unsafe') place.outbox.redrive(job.id);
    }
    // All of them: calls that were given up stay in this list too, and must not keep those behind them waiting.
    for (let waiting = place.calls.length; waiting > 0; waiting -= 1) await answer('done').run(model, real);
    await place.clock.advance(35_000);
  }
  const here = [...model.bags].filter(([, bag]) => bag.state === 'closed').map(([number]) => number);
  expect([...model.carrier.keys()].toSorted()).toEqual(here.toSorted());
  for (const number of here) {
    expect(model.carrier.get(number)?.toSorted()).toEqual(model.bags.get(number)?.content.toSorted());
  }
  expect(place.store.jobs.summary().open).toBe(0);
}

test(
  'whatever is scanned, weighed, closed, voided and cut off: each parcel is in at most one bag, here and at the carrier',
  { timeout: 240_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: 'max' }), async (run) => {
        const place = openBagPlace({ limits });
        place.carrier = null;
        place.ask = null;
        const model: Model = { bags: new Map(), carrier: new Map(), wrong: [] };
        try {
          for (const { id, weightG, country } of parcels) place.parcel(id, { weightG, country });
          place.desk.restore();
          await fc.asyncModelRun(() => ({ model, real: { place } }), run);
          await drain(model, { place });
        } finally {
          place.remove();
        }
      }),
      modelRuns(15),
    );
  },
);
