import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../../test/kit/store.ts';
import type { DwsRecord } from '../domain/dws-record.ts';

let opened: TestStore;
beforeEach(() => {
  opened = openTestStore();
});
afterEach(() => opened.remove());

const measured: DwsRecord = {
  barcodes: ['so-1', 'X9'],
  noRead: false,
  weightG: 500,
  lengthMm: 100,
  widthMm: 50,
  heightMm: 20,
  volumeCm3: null,
  volumeComputedCm3: 100,
  volumeMismatch: false,
  stamp: null,
  stampText: '',
  sequence: null,
  picture: null,
  errors: [],
  at: 1,
  raw: '0a',
};

function insert(at: number, change: Partial<DwsRecord> = {}, machine = 'line1'): number {
  return opened.store.dws.insert({ machine, at, state: 'held', record: { ...measured, ...change } });
}

test('a record survives a restart whole, and is found by any of its codes in any case', () => {
  const seq = insert(10);
  const { at: _, raw, ...record } = measured;
  const kept = { seq, machine: 'line1', at: 10, state: 'held', record, raw, repeats: 0, reason: null } as const;
  expect(opened.reopen().dws.get(seq)).toEqual({ ...kept, orderId: null, parcelId: null });
  expect(opened.store.dws.heldWithCode('SO-1', 5)).toHaveLength(1);
  expect(opened.store.dws.heldWithCode('x9', 5)).toHaveLength(1);
});

test('one record is one parcel’s, and one parcel has one record', () => {
  const [first, second] = [insert(10), insert(20)];
  opened.store.dws.pair(first, 'order', 'parcel', 30);
  expect(() => opened.store.dws.pair(first, 'order', 'other', 31)).toThrow('used before');
  expect(() => opened.store.dws.pair(second, 'order', 'parcel', 31)).toThrow();
  expect(opened.store.dws.ofParcel('parcel')?.seq).toBe(first);
  expect(opened.store.dws.heldWithCode('SO-1', 5).map(({ seq }) => seq)).toEqual([second]);
});

test('the latest with these codes has no other, is of this machine and not older than asked', () => {
  insert(10);
  const { dws } = opened.store;
  expect(dws.latestWithCodes('line1', ['x9', 'SO-1'], 10)?.at).toBe(10);
  expect(dws.latestWithCodes('line1', ['SO-1', 'X9'], 11)).toBeNull();
  expect(dws.latestWithCodes('line2', ['SO-1', 'X9'], 0)).toBeNull();
  expect(dws.latestWithCodes('line1', ['X9'], 0)).toBeNull();
});

test('records without a code are the machine’s own, and found by their bytes', () => {
  insert(10);
  const plain = insert(20, { barcodes: [], raw: 'bb' });
  const { dws } = opened.store;
  expect(dws.heldWithoutCode('line1', 0, 5).map(({ seq }) => seq)).toEqual([plain]);
  expect(dws.latestWithRaw('line1', 'bb', 15)?.seq).toBe(plain);
  expect(dws.latestWithRaw('line1', 'cc', 15)).toBeNull();
});

test('what is too old or too much expires, oldest first', () => {
  const numbers = [10, 20, 30, 40].map((at) => insert(at));
  const { dws } = opened.store;
  expect(dws.expire('line1', 15, 2, 50)).toBe(2);
  expect([dws.heldCount('line1'), numbers.map((seq) => dws.get(seq)?.state)]).toEqual([
    2,
    ['expired', 'expired', 'held', 'held'],
  ]);
  expect(() => dws.pair(numbers[0] ?? 0, 'o', 'p', 60)).toThrow();
});

test('old records go with their codes, at most so many at a time, and numbers are never used again', () => {
  const last = [10, 20, 30].map((at) => insert(at)).at(-1) ?? 0;
  const { dws } = opened.store;
  expect([dws.purge(31, 2), dws.count(), dws.purge(31, 2), dws.count()]).toEqual([2, 1, 1, 0]);
  expect(dws.latestWithCodes('line1', ['so-1', 'x9'], 0)).toBeNull();
  expect(insert(40)).toBeGreaterThan(last);
});
