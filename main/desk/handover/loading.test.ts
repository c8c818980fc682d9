/** The re-scan at loading: what is on the truck, what may not be, and what is handed over when it ends. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestDay, type TestDay } from '../../../test/kit/day.ts';
import type { LoadingView, ScanFeedback } from '../../../preload/contract/index.ts';

let desk: TestDay;
beforeEach(async () => {
  desk = await openTestDay([
    { badge: 'P1', name: 'Li', role: 'packer' },
    { badge: 'S1', name: 'Wang', role: 'supervisor' },
  ]);
});
afterEach(() => desk.close());

const view = (): LoadingView | null => desk.day.snapshot.current().loading;
const scan = (code: string): ScanFeedback => desk.day.scan(code, 'wedge');
const act = (action: 'start' | 'end' | 'end-unread' | 'cancel', reason = ''): ScanFeedback =>
  desk.day.loading({ action, vendor: action === 'start' ? 'hge' : '', reason });
const isGone = (parcelId: string): boolean => desk.store.bags.placeOf(parcelId)?.handedOverAt !== null;
const eventsOf = (parcelId: string): string[] =>
  desk.store.events.list({ parcelId }, 0, 100).map((event) => event.kind);

/** Two bags and a loose parcel that the carrier took. */
async function pushedDay(): Promise<void> {
  desk.bag('b1', 2);
  desk.bag('b2', 1);
  desk.parcel('l1');
  await desk.push();
  await desk.run();
}

test('everything scanned once is handed over, with an event for each parcel', async () => {
  await pushedDay();
  expect(act('start')).toMatchObject({ accepted: true, notice: { code: 'day.load-started', params: { count: 3 } } });
  expect(view()?.missing.map((item) => item.number)).toEqual(['BG-b1', 'BG-b2', 'W-l1']);
  expect(scan('BG-b1')).toMatchObject({ accepted: true, notice: { code: 'day.load-scanned' } });
  expect(view()).toMatchObject({ expected: 3, loaded: 1, parcelsExpected: 4, parcelsLoaded: 2 });
  expect(isGone('b1-0')).toBe(false);
  scan('W-l1');
  // Our own number of the bag counts as the carrier's does.
  expect(scan('BAG-D01-b2')).toMatchObject({ accepted: true, notice: { code: 'day.load-done' }, sound: 'done' });
  expect(view()?.state).toBe('finishing');
  await desk.run();
  expect(view()).toBeNull();
  expect(['b1-0', 'b1-1', 'b2-0', 'l1'].map(isGone)).toEqual([true, true, true, true]);
  expect(desk.store.bags.get('b1')?.handedOver).toBe(true);
  expect(eventsOf('b1-1')).toEqual(['handover-pushed', 'handover-through', 'handed-over']);
  expect(eventsOf('l1').at(-1)).toBe('handed-over');
  expect(desk.day.snapshot.current().choices).toEqual([]);
});

test('what does not belong on the truck stops it, each with its own words', async () => {
  await pushedDay();
  desk.bag('b3', 1);
  desk.bag('b4', 1, { ready: false });
  desk.parcel('x1', { vendor: 'ane' });
  act('start');
  const said = (code: string): [boolean, string, string] => {
    const { accepted, notice, sound } = scan(code);
    return [accepted, notice.code, sound];
  };
  expect(said('NOBODY')).toEqual([false, 'day.load-unknown', 'stop']);
  expect(said('W-x1')).toEqual([false, 'day.load-wrong-carrier', 'stop']);
  expect(said('W-b1-0')).toEqual([false, 'day.load-in-bag', 'stop']);
  expect(said('BG-b3')).toEqual([false, 'day.load-not-pushed', 'stop']);
  expect(said('BG-b4')).toEqual([false, 'day.load-not-ready', 'stop']);
  expect(said('BG-b1')).toEqual([true, 'day.load-scanned', 'item']);
  expect(said('BG-b1')).toEqual([false, 'day.load-already', 'twice']);
  desk.cancelOrder('b2-0');
  expect(said('BG-b2')).toEqual([false, 'day.load-cancelled', 'stop']);
  expect(view()).toMatchObject({ expected: 3, loaded: 1 });
});

test('what the carrier refused stays here until a document took it', async () => {
  desk.bag('b1', 2);
  desk.carrier.failing.add('HGE-b1-0');
  const { handoverIds } = await desk.push();
  await desk.run();
  expect(act('start')).toMatchObject({ notice: { code: 'day.load-nothing' } });
  expect(scan('BG-b1').notice.code).toBe('day.load-refused');
  desk.carrier.failing.clear();
  desk.day.repeat({ handoverId: handoverIds[0] ?? '', leaveOut: [], reason: '', details: null, flight: null });
  // Pushed while the truck stands here: it is expected from now on.
  expect(scan('BG-b1')).toMatchObject({ accepted: true, notice: { code: 'day.load-done' } });
});

test('a carrier without documents takes whatever is labelled', () => {
  desk.parcel('x1', { vendor: 'ane' });
  desk.parcel('x2', { vendor: 'ane' });
  desk.day.loading({ action: 'start', vendor: 'ane', reason: '' });
  expect(view()?.expected).toBe(2);
  expect(scan('W-x1').accepted).toBe(true);
});

test('ending with something missing wants a reason; the missing stays here', async () => {
  await pushedDay();
  act('start');
  scan('BG-b1');
  expect(act('end').notice.code).toBe('day.load-why-missing');
  expect(scan('PB:DAY:END').notice.code).toBe('day.load-why-missing');
  expect(act('end', 'no room')).toMatchObject({
    accepted: true,
    notice: { code: 'day.load-ended', params: { missing: 2 } },
  });
  await desk.run();
  expect(['b1-0', 'b2-0', 'l1'].map(isGone)).toEqual([true, false, false]);
  const ended = desk.store.events.list({}, 0, 500).find((event) => event.kind === 'loading-ended');
  expect(ended?.detail).toMatchObject({ reason: 'no room', missing: 2, numbers: ['BG-b2', 'W-l1'] });
  // The next truck takes the rest.
  expect(act('start').notice.params['count']).toBe(2);
});

test('a label that does not read leaves only on a supervisor, and is recorded as unproven', async () => {
  await pushedDay();
  act('start');
  scan('PB:BADGE:P1');
  scan('BG-b1');
  expect(act('end-unread', 'torn').notice.code).toBe('day.load-supervisor');
  scan('PB:BADGE:S1');
  expect(act('end-unread', 'torn').accepted).toBe(true);
  await desk.run();
  expect(['b1-0', 'b2-0', 'l1'].map(isGone)).toEqual([true, true, true]);
  const proven = (parcelId: string): unknown =>
    desk.store.events.list({ parcelId }, 0, 100).find((event) => event.kind === 'handed-over')?.detail['proven'];
  expect([proven('b1-0'), proven('b2-0')]).toEqual([true, false]);
});

test('given up: nothing is handed over', async () => {
  await pushedDay();
  act('start');
  scan('BG-b1');
  expect(act('cancel').notice.code).toBe('day.load-why-cancel');
  expect(act('cancel', 'wrong truck').accepted).toBe(true);
  await desk.run();
  expect(view()).toBeNull();
  expect(isGone('b1-0')).toBe(false);
});

test('the last one can be taken off the truck again', async () => {
  await pushedDay();
  act('start');
  scan('BG-b1');
  scan('W-l1');
  expect(scan('PB:DAY:UNDO')).toMatchObject({ accepted: true, notice: { params: { number: 'W-l1' } } });
  expect(view()).toMatchObject({ loaded: 1, parcelsLoaded: 2 });
  expect(scan('W-l1').accepted).toBe(true);
});

test('a restart goes on with the same truck, and with an end that was cut off', async () => {
  await pushedDay();
  act('start');
  scan('BG-b1');
  await desk.crash();
  expect(view()).toMatchObject({ expected: 3, loaded: 1 });
  expect(scan('BG-b1').notice.code).toBe('day.load-already');
  scan('BG-b2');
  scan('W-l1');
  // Killed before anything of the end was written down.
  await desk.crash();
  await desk.run();
  expect(view()).toBeNull();
  expect(['b1-0', 'b1-1', 'b2-0', 'l1'].map(isGone)).toEqual([true, true, true, true]);
});

test('nobody waits for a bag that was voided since the loading began', async () => {
  await pushedDay();
  act('start');
  desk.store.bags.empty('b2');
  desk.store.bags.change('b2', { state: 'voided', voidedAt: 5, voidReason: 'torn' });
  scan('BG-b1');
  expect(scan('W-l1').notice.code).toBe('day.load-done');
});

test('one loading at a time; without one a scan says so', async () => {
  await pushedDay();
  expect(scan('BG-b1').notice.code).toBe('day.load-none');
  act('start');
  expect(act('start').notice.code).toBe('day.load-open');
  expect(desk.day.loading({ action: 'end', vendor: '', reason: 'x' }).accepted).toBe(true);
});
