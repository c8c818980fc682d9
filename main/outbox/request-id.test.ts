/**
 * What a request id may be repeated for: the same content, inside the vendor's window, measured on the vendor's clock.
 * Real store and outbox; a vendor that de-duplicates by request id for 30 minutes of its own time.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeCourier, type FakeCourier } from '../../test/kit/courier.ts';
import { fixedRandom, silentLog } from '../../test/kit/ports.ts';
import { aJob, openTestStore, someFacts, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { createOutbox, type Outbox } from './outbox.ts';

const minute = 60_000;
let clock: VirtualClock;
let opened: TestStore;
let courier: FakeCourier;
let outbox: Outbox;
let aheadMs: number;

function start(version = '1.0.0'): void {
  courier = Object.assign(createFakeCourier(), { aheadMs: () => aheadMs });
  outbox = createOutbox({
    ...{ store: opened.store, courier, clock, random: fixedRandom(), ids: opened.ids, log: silentLog, version },
  });
  outbox.start();
}

beforeEach(async () => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  aheadMs = 0;
  start();
  opened.store.jobs.insert(aJob({ notBefore: clock.now(), createdAt: clock.now() }));
  outbox.poke();
  await clock.settle();
});
afterEach(async () => {
  const stopping = outbox.stop();
  await clock.advance(10_000);
  await stopping;
  opened.remove();
});

/** The process dies with the call under way, and comes back after the desk's clock shows `shownMs` more. */
async function comeBack(shownMs: number, passedMs: number, version?: string): Promise<void> {
  const stopping = outbox.stop();
  await clock.advance(10_000);
  await stopping;
  opened.reopen();
  await clock.advance(passedMs);
  clock.jumpWall(shownMs - passedMs);
  start(version);
  await clock.advance(31_000);
}
const ids = (): string[] => courier.sends.map(({ call }) => call.requestId);

test('the id is in the database before the call is made', () => {
  expect(ids()).toEqual(['request-job-1']);
  expect(opened.store.jobs.get('job-1')).toMatchObject({ state: 'sending', requestId: 'request-job-1', attempts: 1 });
});

test('inside the window the same id is sent again, with no question', async () => {
  await comeBack(5 * minute, 5 * minute);
  expect(ids()).toEqual(['request-job-1']);
  expect(courier.asks).toEqual([]);
});

test('past the window the vendor is asked, not sent to', async () => {
  await comeBack(26 * minute, 26 * minute);
  expect(ids()).toEqual([]);
  expect(courier.asks).toHaveLength(1);
});

test("a desk whose clock was set back while it was down measures the window on the vendor's clock", async () => {
  // 40 minutes passed and the desk shows 5: the vendor, whose answers say so, has long forgotten the id.
  aheadMs = 35 * minute;
  await comeBack(5 * minute, 40 * minute);
  expect(ids()).toEqual([]);
  expect(courier.asks).toHaveLength(1);
});

test("a vendor's clock that is far ahead from the start closes nothing early", async () => {
  await comeBack(0, 0);
  expect(ids()).toEqual(['request-job-1']);
});

test('after an update the id is not repeated: another version may write the same content in other words', async () => {
  await comeBack(minute, minute, '2.0.0');
  expect(ids()).toEqual([]);
  expect(courier.asks).toHaveLength(1);
  courier.pendingAsks[0]?.answer({ kind: 'not-found' });
  await clock.advance(1_000);
  expect(ids()).toHaveLength(1);
  expect(ids()[0]).not.toBe('request-job-1');
});

test('content that changed after a clear "not done" goes out under a new id; content in doubt does not change', async () => {
  const changed = someFacts({ remark: 'another address' });
  courier.pending[0]?.answer({ kind: 'transient', code: 'busy', message: 'try later' });
  await clock.settle();
  expect(opened.store.jobs.setFacts('parcel-1', changed)).toBe(1);
  await clock.advance(minute);
  expect(ids()).toHaveLength(2);
  expect(ids()[1]).not.toBe('request-job-1');

  courier.pending[0]?.answer({ kind: 'unknown', code: 'timeout', message: 'no answer' });
  await clock.settle();
  expect(opened.store.jobs.setFacts('parcel-1', someFacts())).toBe(0);
  expect(opened.store.jobs.get('job-1')?.facts).toMatchObject({ remark: 'another address' });
});
