import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBagPlace, type BagPlace } from '../../../test/kit/bag-place.ts';

let place: BagPlace;
beforeEach(() => {
  place = openBagPlace();
});
afterEach(() => {
  place.remove();
});

/** Opens a bag with these parcels in it and returns its number. */
function fill(...ids: string[]): string {
  const [first = '', ...rest] = ids;
  place.scan(`W${first}`);
  expect(place.code('PB:BAG:open')).toBe('bag.opened-with');
  for (const id of rest) expect(place.code(`W${id}`)).toBe('bag.parcel-in');
  return place.snapshot().chosen?.number ?? '';
}
const inBag = (number: string): string[] => {
  const bag = place.store.bags.findByNumber(number);
  return bag === null ? [] : place.store.bags.parcels(bag.id).map((parcel) => parcel.parcelId);
};
const stageOf = (number: string): string | undefined => {
  const bag = place.store.bags.findByNumber(number);
  return bag === null ? undefined : place.desk.get(bag.id).bag.stage;
};

test('the right one of several open bags is found by the route; the ear hears that it is another sack', () => {
  place.parcel('1', { country: 'US' });
  place.parcel('2', { country: 'DE' });
  place.parcel('3', { country: 'US' });
  const us = fill('1');
  const de = fill('2');
  expect(place.scan('W3')).toMatchObject({ accepted: true, sound: 'order-open', notice: { params: { number: us } } });
  expect([inBag(us), inBag(de)]).toEqual([['1', '3'], ['2']]);
});

test.each([
  ['not labelled', { labelled: false }, 'bag.refused-not-labelled', 'not-labelled'],
  ['not accepted by the carrier yet', { accepted: false }, 'bag.refused-not-accepted', 'not-accepted'],
  ['of another route', { country: 'DE' }, 'bag.refused-no-route', 'wrong-route'],
] as const)('a parcel that is %s is refused with its own words and sound', (_what, change, code, sound) => {
  place.parcel('1');
  const number = fill('1');
  place.parcel('2', change);
  expect(place.scan('W2')).toMatchObject({ accepted: false, sound, notice: { code } });
  expect(inBag(number)).toEqual(['1']);
});

test('a parcel scanned twice, or in another bag, is told where it is', () => {
  place.parcel('1');
  place.parcel('2');
  place.parcel('3', { country: 'DE' });
  const us = fill('1', '2');
  const de = fill('3');
  expect(place.scan('W1')).toMatchObject({ sound: 'twice', notice: { code: 'bag.refused-already-bagged' } });
  place.scan(de);
  expect(place.scan('W1')).toMatchObject({
    sound: 'elsewhere',
    notice: { code: 'bag.refused-in-other-bag', params: { number: us } },
  });
});

test('a cancelled order does not travel', () => {
  place.parcel('1');
  const { orderId } = place.store.parcels.get('1') ?? { orderId: '' };
  const order = place.store.orders.get(orderId);
  place.store.orders.upsert('waiqin365', {
    ...{ vendorOrderId: 'v1', number: 'SO-0001', state: 'cancelled', vendorStatus: '9', customerName: '' },
    ...{ receiver: order?.receiver ?? someone, remark: '', dueDate: null, orderedAt: null, modifiedAt: null },
    ...{ lines: order?.lines ?? [], raw: { cancelled: true } },
  });
  expect(place.scan('W1')).toMatchObject({ sound: 'void', notice: { code: 'bag.refused-voided' } });
});
const someone = {
  name: '',
  company: '',
  phone: '',
  email: '',
  country: 'CN',
  state: '',
  city: '',
  postcode: '',
  line1: '',
  line2: '',
};

test('a full bag is closed, or another one opened beside it for the parcel that did not fit', () => {
  place.remove();
  place = openBagPlace({ limits: { maxParcels: 2, maxWeightG: 1_200 } });
  for (const id of ['1', '2', '3']) place.parcel(id);
  place.parcel('4', { weightG: 900 });
  place.scan('W1');
  place.code('PB:BAG:open');
  expect(place.scan('W4')).toMatchObject({ sound: 'full', notice: { code: 'bag.refused-full-weight' } });
  expect(place.scan('W2')).toMatchObject({ accepted: true, notice: { code: 'bag.parcel-in-full' } });
  expect(place.scan('W3')).toMatchObject({ sound: 'full', notice: { code: 'bag.refused-full-count' } });
  expect(place.code('PB:BAG:open')).toBe('bag.opened-with');
  expect(place.snapshot().open.map((bag) => bag.parcels)).toEqual([2, 1]);
});

test('a bag scanned for the next parcel holds for that one scan', () => {
  for (const id of ['1', '2', '3']) place.parcel(id);
  const first = fill('1');
  place.desk.command({
    command: 'open',
    bagId: null,
    route: { vendor: 'hge', service: 'P1', destination: 'US' },
    reason: '',
  });
  const second = place.snapshot().chosen?.number ?? '';
  expect(place.code(first)).toBe('bag.chosen');
  place.scan('W2');
  expect([inBag(first), inBag(second)]).toEqual([['1', '2'], []]);
  // Both fit; the one touched last is preferred.
  place.scan('W3');
  expect(inBag(first)).toEqual(['1', '2', '3']);
});

test('one is taken out, one moved, and the last step taken back', () => {
  for (const id of ['1', '2', '3']) place.parcel(id);
  const first = fill('1', '2', '3');
  place.code('PB:BAG:take-out');
  expect(place.code('W2')).toBe('bag.parcel-out');
  // For one scan only.
  expect(place.snapshot().mode).toBe('put-in');
  place.desk.command({
    command: 'open',
    bagId: null,
    route: { vendor: 'hge', service: 'P1', destination: 'US' },
    reason: '',
  });
  const second = place.snapshot().chosen?.number ?? '';
  place.code('PB:BAG:move');
  expect(place.code('W3')).toBe('bag.parcel-moved');
  expect([inBag(first), inBag(second)]).toEqual([['1'], ['3']]);
  expect(place.code('PB:BAG:undo-scan')).toBe('bag.undone');
  expect([inBag(first), inBag(second)]).toEqual([['1', '3'], []]);
  expect(place.code('PB:BAG:undo-scan')).toBe('bag.undone');
  expect(inBag(first).toSorted()).toEqual(['1', '2', '3']);
});

test('numbers of bags are never used twice, also not after a restart', () => {
  for (const id of ['1', '2', '3']) place.parcel(id, { country: `X${id}` });
  const numbers = [fill('1')];
  place.restart();
  numbers.push(fill('2'), fill('3'));
  expect(new Set(numbers).size).toBe(3);
  expect(numbers[0]).toMatch(/^BAG-D01-\d{9}$/);
});

test('a code that is nothing of ours, and commands of the other place, are told apart', () => {
  expect(place.scan('HELLO')).toMatchObject({ accepted: false, sound: 'wrong', notice: { code: 'bag.unknown-code' } });
  expect(place.code('PB:CMD:override-weight')).toBe('scan.command-not-now');
  expect(place.code('PB:BAG:open')).toBe('bag.open-which');
  expect(place.code('PB:BAG:close')).toBe('bag.choose-first');
});

test('the right weight closes the bag with all jobs; the label prints, and its scan makes the bag ready', async () => {
  place.parcel('1', { weightG: 600 });
  place.parcel('2', { weightG: 900 });
  const number = fill('1', '2');
  expect(place.code('PB:BAG:close')).toBe('bag.next-weigh');
  expect(place.weigh(1_710)).toMatchObject({ accepted: true, sound: 'sealed', notice: { code: 'bag.closed' } });
  expect(place.store.bags.findByNumber(number)).toMatchObject({ state: 'closed', grossWeightG: 1_710 });
  expect(stageOf(number)).toBe('closing');
  await place.settle();
  expect(place.labels).toEqual(['bag BG0001 0']);
  expect(stageOf(number)).toBe('scan-back');
  expect(place.code('BG0001')).toBe('bag.label-ok');
  expect(stageOf(number)).toBe('ready');
});

test('a parcel scanned while its bag waits for the scale goes in, and the bag stays open', () => {
  place.parcel('1');
  place.parcel('2');
  const number = fill('1');
  place.code('PB:BAG:close');
  expect(place.code('W2')).toBe('bag.parcel-in');
  expect(place.weigh(1_200)).toBeNull();
  expect(stageOf(number)).toBe('filling');
});

test('a missing parcel is found by the weight; the recount names it, and it is taken out', () => {
  place.parcel('1', { weightG: 600 });
  place.parcel('2', { weightG: 900 });
  place.parcel('3', { weightG: 1_400 });
  const number = fill('1', '2', '3');
  place.code('PB:BAG:close');
  // Without the second.
  expect(place.weigh(2_200)).toMatchObject({ accepted: false, notice: { code: 'bag.weight-one-too-few' } });
  expect(place.snapshot().mismatch?.candidates.map((each) => each.waybill)).toEqual(['W2']);
  place.code('PB:BAG:recount');
  place.scan('W1');
  expect(place.code('W1')).toBe('bag.recount-twice');
  place.scan('W3');
  expect(place.snapshot().recount).toMatchObject({ counted: 2, missing: [{ waybill: 'W2' }] });
  expect(place.code('PB:BAG:take-out-missing')).toBe('bag.missing-out');
  expect(inBag(number)).toEqual(['1', '3']);
  place.code('PB:BAG:close');
  expect(place.weigh(2_200)?.notice.code).toBe('bag.closed');
});

test('one too many is found by the weight and named in the recount', () => {
  place.parcel('1', { weightG: 600 });
  place.parcel('2', { weightG: 900 });
  place.parcel('3', { weightG: 1_400 });
  fill('1', '2');
  place.code('PB:BAG:close');
  expect(place.weigh(200 + 1_500 + 1_400)?.notice.code).toBe('bag.weight-one-too-many');
  expect(place.snapshot().mismatch?.candidates.map((each) => each.waybill)).toEqual(['W3']);
  place.code('PB:BAG:recount');
  expect(place.code('W3')).toBe('bag.recount-extra');
  place.scan('W1');
  expect(place.code('W2')).toBe('bag.recount-all');
});

test('a wrong weight is let pass only by a supervisor with a reason, and both are on record', () => {
  place.remove();
  place = openBagPlace({
    people: [
      { badge: 'P1', name: 'Ann', role: 'packer' },
      { badge: 'S1', name: 'Bo', role: 'supervisor' },
    ],
  });
  place.parcel('1');
  const number = fill('1');
  place.scan('PB:BADGE:P1');
  expect(place.code('PB:BAG:close-anyway', 'wet')).toBe('bag.weigh-first');
  place.code('PB:BAG:close');
  place.weigh(5_000);
  expect(place.code('PB:BAG:close-anyway', 'wet')).toBe('people.supervisor-needed');
  place.scan('PB:BADGE:S1');
  expect(place.code('PB:BAG:close-anyway')).toBe('scan.reason-needed');
  expect(place.code('PB:BAG:close-anyway', 'wet')).toBe('bag.closed');
  expect(place.store.bags.findByNumber(number)?.grossWeightG).toBe(5_000);
  const closed = place.store.events.list({}, 0, 1_000).find((event) => event.kind === 'bag-closed');
  expect(closed?.detail).toMatchObject({ overrideReason: 'wet', supervisor: 'S1 Bo' });
});

test('without a scale a supervisor closes the bag with its weight unknown', () => {
  place.scaleSays = 'weight.no-scale';
  place.parcel('1');
  const number = fill('1');
  expect(place.code('PB:BAG:close')).toBe('bag.no-scale');
  expect(place.code('PB:BAG:close-anyway', 'no scale')).toBe('bag.closed-unweighed');
  expect(place.store.bags.findByNumber(number)).toMatchObject({ state: 'closed', grossWeightG: null });
});

test('a carrier that takes no bags: no jobs, our own label at once', async () => {
  place.remove();
  place = openBagPlace({ takesBags: false });
  place.parcel('1');
  const number = fill('1');
  place.code('PB:BAG:close');
  place.weigh(700);
  await place.settle();
  expect(place.labels).toEqual([`bag ${number} 0`]);
  expect(place.store.jobs.listByLane(`bag:${place.store.bags.findByNumber(number)?.id ?? ''}`)).toEqual([]);
  expect(place.code(number)).toBe('bag.label-ok');
});

/** Closes the bag with its parcels of 500 g and returns its number. */
function closed(...ids: string[]): string {
  const number = fill(...ids);
  place.code('PB:BAG:close');
  expect(place.weigh(200 + 500 * ids.length)?.notice.code).toBe('bag.closed');
  return number;
}

test('whether the label came out is asked; a person says no, and the next is marked', async () => {
  place.parcel('1');
  place.printer = 'unknown';
  const number = closed('1');
  await place.settle();
  expect(place.snapshot().options.map((each) => each.command)).toEqual(['label-here', 'no-label', 'void']);
  expect(place.desk.questions.prints(place.store.prints.listByState('unknown'))).toHaveLength(1);
  place.printer = 'printed';
  expect(place.code('PB:BAG:no-label')).toBe('print.reprint');
  await place.settle();
  expect(place.labels).toEqual(['bag BG0001 0', 'bag BG0001 1']);
  expect(place.code('BG0001')).toBe('bag.label-ok');
  expect(stageOf(number)).toBe('ready');
});

test('a second copy needs a reason, and is scanned like the first', async () => {
  place.parcel('1');
  const number = closed('1');
  await place.settle();
  place.scan('BG0001');
  expect(place.code('PB:BAG:reprint')).toBe('scan.reason-needed');
  expect(place.code('PB:BAG:reprint', 'torn')).toBe('print.reprint');
  await place.settle();
  expect(stageOf(number)).toBe('scan-back');
  expect(place.code('BG0001')).toBe('bag.label-ok');
});

test('a bag voided before the carrier heard of it: nothing is sent, nothing is left over', async () => {
  place.parcel('1');
  place.carrier = () => ({ kind: 'not-sent', code: 'line-down', message: 'no line' });
  const number = closed('1');
  await place.settle();
  expect(place.code('PB:BAG:void')).toBe('scan.reason-needed');
  expect(place.code('PB:BAG:void', 'wrong truck')).toBe('bag.voided-closed');
  expect(stageOf(number)).toBe('voided');
  expect(place.store.jobs.summary()).toMatchObject({ open: 0, dead: 0, rejected: 0 });
  expect(place.store.bags.placeOf('1')?.bagId).toBeNull();
});

test('a bag the carrier has is voided there, in its own lane; its parcels wait for that in their next bag', async () => {
  place.parcel('1');
  place.parcel('2');
  const old = closed('1', '2');
  await place.settle();
  place.carrier = null;
  place.code('PB:BAG:void', 'wrong sack');
  expect(place.code('PB:BAG:reopen')).toBe('bag.reopened');
  const next = place.snapshot().chosen?.number ?? '';
  expect(next).not.toBe(old);
  expect(inBag(next)).toEqual(['1', '2']);
  place.code('PB:BAG:close');
  place.weigh(1_200);
  await place.settle();
  // The carrier hears of the new bag only after it has voided the old one.
  expect(place.calls.map(({ call }) => call.operation)).toEqual(['voidBag']);
  place.calls.shift()?.answer({ kind: 'done', result: { confirmation: 'done' } });
  await place.settle();
  expect(place.calls.map(({ call }) => call.operation)).toEqual(['createBag']);
});

test('a bag whose creation is unknown is voided only after it is known', async () => {
  place.parcel('1');
  place.carrier = () => ({ kind: 'unknown', code: 'reset', message: 'cut' });
  place.ask = null;
  const number = closed('1');
  await place.settle();
  place.code('PB:BAG:void', 'wrong sack');
  place.carrier = null;
  await place.clock.advance(2_000);
  expect(place.calls.map(({ call, asked }) => `${call.operation} ${asked}`)).toEqual(['createBag true']);
  place.calls.shift()?.answer({ kind: 'found', result: { bagNumber: 'BG77' } });
  await place.settle();
  const [told] = place.calls;
  expect(told?.call).toMatchObject({ operation: 'voidBag', earlier: { createBag: { bagNumber: 'BG77' } } });
  place.calls.shift()?.answer({ kind: 'done', result: { confirmation: 'done' } });
  await place.settle();
  expect(place.store.jobs.summary()).toMatchObject({ open: 0, dead: 0, rejected: 0 });
  expect(place.store.bags.findByNumber(number)?.voidOpen).toBe(false);
  expect(place.labels).toEqual([]);
});

test('a refused bag asks; voiding it tells the carrier nothing', async () => {
  place.parcel('1');
  place.carrier = () => ({ kind: 'rejected', code: '400', message: 'order is cancelled' });
  const number = closed('1');
  await place.settle();
  expect(place.snapshot().chosen).toMatchObject({ stage: 'attention', notice: { code: 'bag.call-rejected' } });
  place.carrier = null;
  place.code('PB:BAG:void', 'cancelled order inside');
  await place.settle();
  expect(place.calls).toEqual([]);
  expect(stageOf(number)).toBe('voided');
  expect(place.store.jobs.summary().rejected).toBe(0);
});

test('nobody can tell: the packer scans the number that the carrier gave', async () => {
  place.parcel('1');
  place.carrier = () => ({ kind: 'unknown', code: 'reset', message: 'cut' });
  place.ask = () => ({ kind: 'unsure', code: 'cannot-ask', message: 'cannot be asked' });
  const number = closed('1');
  await place.clock.advance(2_000);
  expect(place.snapshot().options.map((each) => each.command)).toEqual([
    'vendor-did',
    'vendor-did-not',
    'retry',
    'void',
  ]);
  expect(place.code('PB:BAG:vendor-did')).toBe('bag.next-scan-number');
  place.carrier = () => ({ kind: 'done', result: { artwork: null } });
  expect(place.code('BG4711')).toBe('bag.next-wait-label');
  await place.settle();
  expect(place.store.bags.findByNumber(number)).toMatchObject({ vendorBagNumber: 'BG4711', label: 'own' });
  expect(place.labels).toEqual(['bag BG4711 0']);
});

test('everything of a bag stands in the timeline of its parcels', () => {
  place.parcel('1');
  const number = closed('1');
  place.code('PB:BAG:void', 'wrong truck');
  const events = place.store.events.list({ parcelId: '1' }, 0, 100).map(({ kind, detail }) => [kind, detail['bag']]);
  expect(events).toEqual([
    ['bag-refused', undefined],
    ['bag-parcel-in', number],
    ['bag-parcel-out', number],
  ]);
});

test('a voided bag is opened again once; the second time shows where it went', () => {
  place.parcel('1');
  closed('1');
  place.code('PB:BAG:void', 'torn');
  place.code('PB:BAG:reopen');
  const next = place.snapshot().chosen?.number;
  const [old] = place.store.bags.listRecent(2).filter((bag) => bag.state === 'voided');
  const again = place.desk.command({ command: 'reopen', bagId: old?.id ?? '', route: null, reason: '' });
  expect(again.notice).toMatchObject({ code: 'bag.reopened-already', params: { later: next } });
  expect(place.snapshot().chosen?.number).toBe(next);
});

test('parcels that went elsewhere meanwhile stay there when their bag is opened again', () => {
  place.parcel('1');
  place.parcel('2');
  const old = closed('1', '2');
  place.code('PB:BAG:void', 'torn');
  const other = fill('1');
  place.scan(old);
  expect(place.code('PB:BAG:reopen')).toBe('bag.reopened-part');
  expect([inBag(other), inBag(place.snapshot().chosen?.number ?? '')]).toEqual([['1'], ['2']]);
});

test('a bag in a living manifest is not voided', () => {
  place.parcel('1');
  const number = closed('1');
  place.store.handovers.insert({
    ...{ id: 'h', kind: 'manifest', reference: 'MF1', vendor: 'hge', repeats: null, createdAt: 1 },
    content: { parcels: [{ parcelId: '1' }], bags: [], netWeightG: 1, grossWeightG: 1, flight: null } as never,
  });
  expect(place.code('PB:BAG:void', 'torn')).toBe('bag.in-manifest');
  expect(inBag(number)).toEqual(['1']);
});

test('with tags, each bag gets one with its number when it is opened', async () => {
  place.remove();
  place = openBagPlace({ limits: { tags: true } });
  place.parcel('1');
  const number = fill('1');
  await place.settle();
  expect(place.labels).toEqual([`bag-tag ${number} 0`]);
  expect(place.code(number)).toBe('bag.chosen');
});

test('a disk that fails in the middle of a scan leaves nothing of it, and the packer is told', () => {
  place.parcel('1');
  place.parcel('2');
  const number = fill('1');
  const { events } = place.store;
  const append = events.append.bind(events);
  Object.defineProperty(events, 'append', {
    configurable: true,
    value: () => {
      throw new Error('the disk is gone');
    },
  });
  expect(place.scan('W2')).toMatchObject({ accepted: false, sound: 'stop', notice: { code: 'store.problem' } });
  Object.defineProperty(events, 'append', { configurable: true, value: append });
  expect(inBag(number)).toEqual(['1']);
  expect(place.code('W2')).toBe('bag.parcel-in');
});

test('a scan costs the same number of statements in a full bag as in an empty one', () => {
  const ids = Array.from({ length: 120 }, (_, index) => `${index}`);
  for (const id of ids) place.parcel(id, { weightG: 20 });
  fill(ids[0] ?? '');
  const counts = ids.slice(1).map((id) => {
    const { store } = place;
    let reads = 0;
    const counted = <K extends 'bags' | 'jobs' | 'prints' | 'parcels' | 'orders'>(name: K): (() => void) => {
      const repository = store[name] as unknown as Record<string, (...given: unknown[]) => unknown>;
      const kept = { ...repository };
      for (const [method, work] of Object.entries(kept)) {
        repository[method] = (...given) => {
          reads += 1;
          return work.apply(repository, given);
        };
      }
      return () => void Object.assign(repository, kept);
    };
    const restore = (['bags', 'jobs', 'prints', 'parcels', 'orders'] as const).map(counted);
    expect(place.scan(`W${id}`).accepted).toBe(true);
    for (const each of restore) each();
    return reads;
  });
  expect(Math.max(...counts)).toBe(Math.min(...counts));
  expect(counts[0]).toBeLessThan(30);
});
