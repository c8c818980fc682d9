import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeCourier } from '../../test/kit/courier.ts';
import { fixedRandom, silentLog } from '../../test/kit/ports.ts';
import { aJob, openTestStore } from '../../test/kit/store.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { createOutbox } from './outbox.ts';
import type { FakeCourier } from '../../test/kit/courier.ts';
import type { TestStore } from '../../test/kit/store.ts';
import type { VirtualClock } from '../../test/kit/virtual-clock.ts';
import type { Job, ParcelJob } from '../domain/job.ts';
import type { Outbox, OutboxOptions } from './outbox.ts';

let clock: VirtualClock;
let opened: TestStore;
let courier: FakeCourier;
let outbox: Outbox;

const build = (options: Partial<OutboxOptions> = {}): Outbox =>
  createOutbox({
    store: opened.store,
    courier,
    clock,
    random: fixedRandom(0.5),
    ids: opened.ids,
    log: silentLog,
    ...options,
  });
const add = (changes: Partial<ParcelJob> = {}): void => {
  opened.store.jobs.insert(aJob({ createdAt: clock.now(), notBefore: clock.now(), ...changes }));
  outbox?.poke();
};
const job = (id = 'job-1'): Job => {
  const found = opened.store.jobs.get(id);
  if (!found) throw new Error(`No job ${id}.`);
  return found;
};
const done = { kind: 'done', result: { ok: '1' } } as const;
const notSent = { kind: 'not-sent', code: 'connect', message: 'refused' } as const;
const timeout = { kind: 'unknown', code: 'timeout', message: 'no answer' } as const;
const serverError = { kind: 'unknown', code: 'http-500', message: 'the vendor failed' } as const;

beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  courier = createFakeCourier();
  outbox = build();
});
afterEach(async () => {
  const stopped = outbox.stop();
  await clock.advance(10_000);
  await stopped;
  opened.remove();
});

test('a job is marked as sending, with its attempt and times, before the vendor is called', async () => {
  add();
  const states: string[] = [];
  courier.onSend = () => {
    states.push(`${job().state} ${job().attempts} ${job().sentAt === clock.now()}`);
    return done;
  };
  outbox.start();
  await clock.settle();
  expect(states).toEqual(['sending 1 true']);
  expect(job()).toMatchObject({ state: 'done', result: { ok: '1' } });
});

test('what follows from a result is kept in the same transaction', async () => {
  outbox = build({ onDone: (it) => opened.store.values.set('waybill', JSON.stringify(it.result)) });
  courier.onSend = () => done;
  add();
  outbox.start();
  await clock.settle();
  expect(opened.store.values.get('waybill')).toBe('{"ok":"1"}');
});

test('a result that cannot be taken in is kept for a person and holds up nobody else', async () => {
  outbox = build({
    onDone(it) {
      opened.store.values.set(it.id, 'seen');
      if (it.id === 'job-1') throw new Error('waybill missing');
    },
  });
  courier.onSend = () => done;
  add();
  add({ id: 'job-2', lane: 'parcel-2' });
  outbox.start();
  await clock.settle();
  expect(job()).toMatchObject({ state: 'dead', result: { ok: '1' }, lastError: { code: 'result-unusable' } });
  expect(opened.store.values.get('job-1')).toBeNull();
  expect(job('job-2').state).toBe('done');
});

test('listeners hear of every change after it is kept', async () => {
  const heard: string[] = [];
  outbox.onSettled((it) => heard.push(`${it.state} ${job().state}`));
  courier.onSend = () => done;
  add();
  outbox.start();
  await clock.settle();
  expect(heard).toEqual(['sending sending', 'done done']);
});

test('jobs of a lane run in order and see earlier results; other lanes do not wait', async () => {
  add({ id: 'a2', lane: 'a', laneSeq: 2, operation: 'confirm' });
  add({ id: 'a1', lane: 'a', laneSeq: 1 });
  add({ id: 'b1', lane: 'b', laneSeq: 1 });
  outbox.start();
  await clock.settle();
  expect(courier.pending.map(({ call }) => call.requestId)).toEqual(['request-a1', 'request-b1']);
  courier.pending[0]?.answer({ kind: 'done', result: { vendorOrderNumber: '7', waybill: null } });
  await clock.settle();
  expect(courier.sends.at(-1)?.call).toMatchObject({
    requestId: 'request-a2',
    earlier: { placeOrder: { vendorOrderNumber: '7' } },
  });
});

test('a rejected job blocks its lane until it is redriven', async () => {
  add({ id: 'a1', lane: 'a', laneSeq: 1 });
  add({ id: 'a2', lane: 'a', laneSeq: 2 });
  outbox.start();
  await clock.settle();
  courier.pending[0]?.answer({ kind: 'rejected', code: '4001', message: 'bad postcode' });
  await clock.advance(600_000);
  expect(courier.sends).toHaveLength(1);
  expect(job('a1')).toMatchObject({ state: 'rejected', lastError: { code: '4001', message: 'bad postcode' } });
  courier.onSend = () => done;
  outbox.redrive('a1');
  await clock.settle();
  expect([job('a1').state, job('a2').state]).toEqual(['done', 'done']);
});

test('a held job waits until its lane is released', async () => {
  courier.onSend = () => done;
  add({ heldBy: 'label-verified' });
  outbox.start();
  await clock.advance(60_000);
  expect(job().state).toBe('ready');
  opened.store.jobs.release('parcel-1', 'label-verified');
  outbox.poke();
  await clock.settle();
  expect(job().state).toBe('done');
});

test('being offline for hours uses up nothing, and the line coming back drains at once', async () => {
  courier.onSend = () => notSent;
  for (let index = 1; index <= 30; index += 1) add({ id: `job-${index}`, lane: `lane-${index}` });
  outbox.start();
  await clock.advance(4 * 3_600_000);
  expect(courier.sends.length).toBeLessThan((4 * 3_600) / 20);
  expect(outbox.vendorStates()).toMatchObject([{ vendor: 'hge', state: 'offline', reason: { code: 'connect' } }]);
  courier.onSend = () => done;
  outbox.retryNow();
  await clock.advance(1);
  expect(opened.store.jobs.summary()).toMatchObject({ open: 0, dead: 0 });
  expect(outbox.vendorStates()).toMatchObject([{ state: 'online', lastAnswerAt: clock.now() - 1 }]);
});

test('without a hint the line is found to be back within the longest wait', async () => {
  courier.onSend = () => notSent;
  add();
  outbox.start();
  await clock.advance(3_600_000);
  courier.onSend = () => done;
  await clock.advance(60_000);
  expect(job().state).toBe('done');
});

test('an unknown outcome waits out the in-flight time and repeats the same request id inside the window', async () => {
  add();
  outbox.start();
  await clock.settle();
  courier.pending[0]?.answer(timeout);
  await clock.advance(29_999);
  expect(courier.sends).toHaveLength(1);
  await clock.advance(1);
  expect(courier.sends.map(({ call }) => [call.requestId, call.attempt])).toEqual([
    ['request-job-1', 1],
    ['request-job-1', 2],
  ]);
});

test('a keyed job in doubt that missed its window is asked about, and gets a new id only if nothing happened', async () => {
  add();
  outbox.start();
  await clock.settle();
  courier.pending[0]?.answer(timeout);
  await clock.settle();
  outbox.pause('hge');
  await clock.advance(26 * 60_000);
  outbox.resume('hge');
  await clock.settle();
  expect([courier.sends.length, courier.asks.length]).toEqual([1, 1]);
  courier.pendingAsks[0]?.answer({ kind: 'not-found' });
  await clock.settle();
  expect(courier.sends).toHaveLength(2);
  expect(courier.sends[1]?.call.requestId).not.toBe('request-job-1');
});

test('a checkable job is asked about before anything is repeated', async () => {
  courier = createFakeCourier({ effect: 'checkable', keyWindowMs: null });
  outbox = build();
  add({ effect: 'checkable' });
  outbox.start();
  await clock.settle();
  courier.pending[0]?.answer(serverError);
  await clock.advance(30_000);
  courier.pendingAsks[0]?.answer({ kind: 'found', result: { vendorOrderNumber: '9', waybill: 'W' } });
  await clock.settle();
  expect(courier.sends).toHaveLength(1);
  expect(job()).toMatchObject({ state: 'done', result: { waybill: 'W' } });
});

test('questions without an answer end with a person, but not because the line is down', async () => {
  courier = createFakeCourier({ effect: 'checkable', keyWindowMs: null });
  outbox = build({ policy: { maxAsks: 4 } });
  add({ effect: 'checkable' });
  outbox.start();
  await clock.settle();
  courier.pending[0]?.answer(timeout);
  courier.onAsk = () => ({ kind: 'unsure', code: 'connect', message: 'no line' });
  await clock.advance(3_600_000);
  expect(job()).toMatchObject({ state: 'unknown', asks: 0 });
  courier.onAsk = () => ({ kind: 'unsure', code: '900', message: 'busy' });
  await clock.advance(3_600_000);
  expect(job()).toMatchObject({ state: 'dead', asks: 4, doubt: true, lastError: { kind: 'needs-person' } });
});

test('an unsafe job in doubt goes to a person at once, who can say that it was done', async () => {
  courier = createFakeCourier({ effect: 'unsafe', keyWindowMs: null });
  outbox = build();
  add({ effect: 'unsafe' });
  outbox.start();
  await clock.settle();
  courier.pending[0]?.answer(timeout);
  await clock.settle();
  expect(job()).toMatchObject({ state: 'dead', lastError: { kind: 'needs-person' } });
  expect(() => outbox.redrive('job-1')).toThrow(/cannot take "redrive"/u);
  outbox.settleByHand('job-1', 'done', { vendorOrderNumber: '5', waybill: null });
  expect(job()).toMatchObject({ state: 'done', result: { vendorOrderNumber: '5' } });
});

test('"slow down" pauses the whole vendor for as long as it says, across a restart, and counts as no attempt', async () => {
  add();
  add({ id: 'job-2', lane: 'parcel-2', vendor: 'ane' });
  outbox.start();
  await clock.settle();
  courier.pending[0]?.answer({ kind: 'throttled', retryAfterMs: 90_000, code: 'http-429', message: 'slow' });
  await clock.settle();
  add({ id: 'job-3', lane: 'parcel-3' });
  await clock.advance(30_000);
  expect(outbox.vendorStates().find(({ vendor }) => vendor === 'hge')?.state).toBe('paused');
  expect(courier.sends.map(({ vendor }) => vendor)).toEqual(['hge', 'ane']);
  courier.onSend = () => done;
  courier.pending[0]?.answer(done);
  const stopped = outbox.stop();
  await clock.advance(5_000);
  await stopped;
  opened.reopen();
  outbox = build();
  outbox.start();
  await clock.advance(54_999);
  expect(courier.sends).toHaveLength(2);
  await clock.advance(2_000);
  expect(job()).toMatchObject({ state: 'done', uncounted: 1, attempts: 2 });
  expect(job('job-3').state).toBe('done');
});

test('a paused vendor stays paused after a restart', async () => {
  outbox.pause('hge');
  await outbox.stop();
  outbox = build({ vendors: ['hge'] });
  add();
  outbox.start();
  await clock.advance(60_000);
  expect(courier.sends).toEqual([]);
  expect(outbox.vendorStates()).toMatchObject([{ vendor: 'hge', state: 'paused' }]);
});

test('refused too often, a job waits for a person; redriven, it has a full set of attempts again', async () => {
  outbox = build({ policy: { maxAttempts: 3 } });
  courier.onSend = () => ({ kind: 'transient', code: 'busy', message: 'later' });
  add();
  outbox.start();
  await clock.advance(600_000);
  expect(job()).toMatchObject({ state: 'dead', attempts: 3, lastError: { kind: 'transient' } });
  courier.onSend = () => done;
  outbox.redrive('job-1');
  await clock.settle();
  expect(job()).toMatchObject({ state: 'done', attempts: 4 });
});

test('one job that always fails never holds up the others of its vendor', async () => {
  courier.onSend = (_vendor, call) => (call.requestId === 'request-poison' ? serverError : done);
  add({ id: 'poison', lane: 'poison', effect: 'safe' });
  outbox.start();
  await clock.advance(300_000);
  add({ id: 'later', lane: 'later' });
  await clock.advance(1_000);
  expect(job('later').state).toBe('done');
});

test('no more calls are under way than allowed, per vendor and in all', async () => {
  outbox = build({ policy: { perVendor: 2, overall: 3 } });
  for (const vendor of ['hge', 'ane']) {
    for (let index = 1; index <= 5; index += 1) add({ id: `${vendor}-${index}`, lane: `${vendor}-${index}`, vendor });
  }
  outbox.start();
  await clock.settle();
  const perVendor = (vendor: string) => courier.pending.filter((it) => it.vendor === vendor).length;
  expect([perVendor('hge'), perVendor('ane')].toSorted()).toEqual([1, 2]);
  let most = 0;
  while (courier.pending.length > 0) {
    courier.pending[0]?.answer(done);
    await clock.settle();
    most = Math.max(most, perVendor('hge'), perVendor('ane'));
    expect(courier.pending.length).toBeLessThanOrEqual(3);
  }
  expect(most).toBe(2);
  expect(courier.sends).toHaveLength(10);
});

test('a call that never comes back is given up on and treated as unknown', async () => {
  add();
  outbox.start();
  await clock.advance(180_000);
  expect(job()).toMatchObject({ state: 'unknown', lastError: { code: 'no-answer' } });
});

test('a courier that throws is an unknown outcome, not a crash', async () => {
  courier.send = () => Promise.reject(new Error('bug'));
  add();
  outbox.start();
  await clock.settle();
  expect(job()).toMatchObject({ state: 'unknown', lastError: { code: 'courier-failed', message: 'bug' } });
});

test('a job cut off by a crash is unknown after the restart and waits out the in-flight time', async () => {
  add();
  outbox.start();
  await clock.settle();
  expect(job().state).toBe('sending');
  const lost = outbox.stop();
  await clock.advance(10_000);
  await lost;
  opened.reopen();
  outbox = build();
  outbox.start();
  expect(job()).toMatchObject({ state: 'unknown', doubt: true, attempts: 1, lastError: { code: 'interrupted' } });
  await clock.advance(29_000);
  expect(courier.sends).toHaveLength(1);
  await clock.advance(1_000);
  expect(courier.sends.at(-1)?.call).toMatchObject({ requestId: 'request-job-1', attempt: 2 });
});

test('stopping keeps the outcome of calls under way and starts nothing more', async () => {
  add();
  add({ id: 'job-2', laneSeq: 2 });
  outbox.start();
  await clock.settle();
  const stopped = outbox.stop();
  courier.pending[0]?.answer(done);
  await stopped;
  expect([job().state, job('job-2').state]).toEqual(['done', 'ready']);
  expect(courier.sends).toHaveLength(1);
});

test('a wall clock set back or forward neither hurries nor delays what waits', async () => {
  for (const jump of [-86_400_000, 86_400_000]) {
    courier = createFakeCourier({ effect: 'checkable', keyWindowMs: null });
    const id = `job${jump}`;
    outbox = build();
    add({ id, lane: id, effect: 'checkable' });
    outbox.start();
    await clock.settle();
    courier.pending[0]?.answer(timeout);
    await clock.settle();
    clock.jumpWall(jump);
    outbox.poke();
    await clock.advance(29_000);
    expect(courier.asks).toHaveLength(0);
    await clock.advance(1_000);
    expect(courier.asks).toHaveLength(1);
    courier.pendingAsks[0]?.answer({ kind: 'found', result: null });
    await clock.settle();
  }
});

test('after a long sleep a key window counts as closed', async () => {
  add();
  outbox.start();
  await clock.settle();
  courier.pending[0]?.answer(timeout);
  await clock.settle();
  clock.jumpWall(3_600_000);
  outbox.poke();
  await clock.advance(30_000);
  expect([courier.sends.length, courier.asks.length]).toEqual([1, 1]);
});

test('a jump is met on a platform whose monotonic clock has fractions', async () => {
  let fraction = 0.125;
  const finer = { ...clock, monotonic: () => clock.monotonic() + fraction };
  outbox = build({ clock: finer });
  add();
  outbox.start();
  await clock.settle();
  courier.pending[0]?.answer(timeout);
  await clock.settle();
  fraction = 0.75;
  clock.jumpWall(86_400_000);
  outbox.poke();
  await clock.advance(30_000);
  expect([courier.sends.length, courier.asks.length]).toEqual([1, 1]);
});

test.each([-86_400_000, 86_400_000])(
  'a clock set by %i ms during a stop leaves the in-flight wait whole',
  async (jump) => {
    courier = createFakeCourier({ effect: 'checkable', keyWindowMs: null });
    outbox = build();
    add({ effect: 'checkable' });
    outbox.start();
    await clock.settle();
    courier.pending[0]?.answer(timeout);
    await clock.settle();
    await outbox.stop();
    clock.jumpWall(jump);
    outbox = build();
    outbox.start();
    await clock.advance(29_000);
    expect(courier.asks).toHaveLength(0);
    await clock.advance(1_000);
    expect(courier.asks).toHaveLength(1);
  },
);

test('a clock set back during a stop does not keep a job waiting until that day comes again', async () => {
  courier.onSend = () => ({ kind: 'transient', code: '500', message: 'later' });
  add();
  outbox.start();
  await clock.settle();
  await outbox.stop();
  clock.jumpWall(-86_400_000);
  outbox = build();
  outbox.start();
  await clock.advance(60_000);
  expect(job().attempts).toBeGreaterThan(1);
});

test('an attempt that a stop cut off is on record as well', async () => {
  const heard: string[] = [];
  const onCall: NonNullable<OutboxOptions['onCall']> = ({ job: { attempts }, kind, outcome }) =>
    heard.push(`${attempts} ${kind} ${'code' in outcome ? outcome.code : outcome.kind}`);
  outbox = build({ onCall });
  add();
  outbox.start();
  await clock.settle();
  // The process ends here: whatever comes of the call, nobody hears of it.
  outbox = build({ onCall });
  outbox.start();
  await clock.settle();
  expect(heard).toEqual(['1 sent interrupted']);
});
