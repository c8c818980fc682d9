/** Jobs that cannot be read, sent or taken in: kept, listed, in nobody's way, and tried again after an update. */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeCourier, type FakeCourier } from '../../test/kit/courier.ts';
import { fixedRandom, silentLog } from '../../test/kit/ports.ts';
import { aJob, openTestStore, someFacts, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import { createOutbox, type Outbox } from './outbox.ts';

let clock: VirtualClock;
let opened: TestStore;
let courier: FakeCourier;
let outbox: Outbox;
const done = { kind: 'done', result: { vendorOrderNumber: '1', waybill: null } } as const;

beforeEach(() => {
  clock = createVirtualClock();
  opened = openTestStore({ clock });
  courier = createFakeCourier();
  courier.onSend = () => done;
  outbox = createOutbox({
    ...{ store: opened.store, courier, clock, random: fixedRandom(), ids: opened.ids, log: silentLog },
    onDone: (job) => {
      if (job.id === 'indigestible') throw new Error('cannot take this in');
    },
  });
});
afterEach(async () => {
  const stopping = outbox.stop();
  await clock.advance(10_000);
  await stopping;
  opened.remove();
});

/** Writes past the store, as another version or a bad disk could. */
function spoil(sql: string): void {
  const raw = new DatabaseSync(opened.path);
  raw.exec(sql);
  raw.close();
}
const add = (id: string, lane: string, laneSeq = 1): void =>
  opened.store.jobs.insert(aJob({ id, lane, laneSeq, facts: someFacts({ reference: id, parcelId: lane }) }));
const state = (id: string): string | undefined => opened.store.jobs.get(id)?.state;

test('a row nobody can read holds up its own lane only, stays whole, and goes on once it can be read', async () => {
  add('spoilt', 'parcel-1');
  add('behind', 'parcel-1', 2);
  add('other', 'parcel-2');
  spoil(`UPDATE jobs SET facts = '{"parcelId": "parcel-1"' WHERE id = 'spoilt'`);
  outbox.start();
  await clock.advance(1_000);
  expect([state('other'), state('behind')]).toEqual(['done', 'ready']);
  expect(opened.store.jobs.unreadable(10)).toMatchObject([
    { id: 'spoilt', parcelId: 'parcel-1', operation: 'placeOrder' },
  ]);
  expect(opened.store.jobs.readAgain('spoilt')).toBeNull();

  spoil(`UPDATE jobs SET facts = facts || '}' WHERE id = 'spoilt'`);
  expect(opened.store.jobs.readAgain('spoilt')).toMatchObject({ state: 'dead', facts: { parcelId: 'parcel-1' } });
  outbox.redrive('spoilt');
  await clock.advance(1_000);
  expect([state('spoilt'), state('behind')]).toEqual(['done', 'done']);
});

test('a row that was on its way when it became unreadable is asked about before anything is sent', async () => {
  add('spoilt', 'parcel-1');
  spoil(
    `UPDATE jobs SET state = 'sending', attempts = 1, sent_at = 1, first_sent_at = 1, facts = '{' WHERE id = 'spoilt'`,
  );
  outbox.start();
  await clock.advance(1_000);
  spoil(`UPDATE jobs SET facts = '${JSON.stringify(someFacts())}' WHERE id = 'spoilt'`);
  expect(opened.store.jobs.readAgain('spoilt')).toMatchObject({ doubt: true });
  outbox.redrive('spoilt');
  await clock.advance(60_000);
  expect(courier.sends).toEqual([]);
  expect(courier.asks).toHaveLength(1);
});

test('a payload of a newer version, a result that cannot be taken in, a call that throws: all kept, others go on', async () => {
  courier.onSend = (_vendor, call) => {
    if (call.facts?.reference === 'newer') throw new TypeError('a field of another version');
    return done;
  };
  add('newer', 'parcel-1');
  add('indigestible', 'parcel-2');
  add('after', 'parcel-2', 2);
  add('other', 'parcel-3');
  outbox.start();
  await clock.advance(1_000);
  expect([state('newer'), state('indigestible'), state('after'), state('other')]).toEqual([
    ...['unknown', 'dead', 'ready', 'done'],
  ]);
  expect(opened.store.jobs.get('indigestible')?.result).toEqual(done.result);
});

test('no job can be deleted, not even by hand', () => {
  add('kept', 'parcel-1');
  expect(() => spoil("DELETE FROM jobs WHERE id = 'kept'")).toThrow('never deleted');
});
