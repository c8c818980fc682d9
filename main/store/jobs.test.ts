import { afterEach, beforeEach, expect, test } from 'vitest';
import { aJob, openTestStore } from '../../test/kit/store.ts';
import type { TestStore } from '../../test/kit/store.ts';
import type { ParcelJob } from '../domain/job.ts';

let opened: TestStore;
beforeEach(() => {
  opened = openTestStore();
});
afterEach(() => opened.remove());

const add = (changes: Partial<ParcelJob> = {}): void => opened.store.jobs.insert(aJob(changes));
const ready = (now = 1_000, skip: string[] = [], limit = 100): string[] =>
  opened.store.jobs.nextReady(now, skip, limit).map(({ id }) => id);
const finish = (id: string): void => {
  const { jobs } = opened.store;
  const job = jobs.get(id);
  if (!job) throw new Error(id);
  expect(jobs.update({ ...job, state: 'done' }, job.state)).toBe(true);
};

test('a job comes back as it went in', () => {
  const job = aJob({
    lastError: { kind: 'transient', code: '007', message: '稍后', at: 5 },
    result: { waybill: '0012' },
    sentAt: 3,
    firstSentAt: 2,
    doubt: true,
    uncounted: 1,
    asks: 2,
    attempts: 4,
  });
  opened.store.jobs.insert(job);
  expect(opened.store.jobs.get('job-1')).toEqual(job);
});

test('only the first unfinished job of a lane may run, in whatever order they were written', () => {
  add({ id: 'a3', lane: 'a', laneSeq: 3 });
  add({ id: 'a1', lane: 'a', laneSeq: 1 });
  add({ id: 'a2', lane: 'a', laneSeq: 2 });
  for (const id of ['a1', 'a2', 'a3']) {
    expect(ready()).toEqual([id]);
    finish(id);
  }
  expect(ready()).toEqual([]);
  add({ id: 'a4', lane: 'a', laneSeq: 4 });
  expect(ready()).toEqual(['a4']);
});

test('a lane waits behind a job that failed', () => {
  add({ id: 'a1', lane: 'a', laneSeq: 1, state: 'rejected' });
  add({ id: 'a2', lane: 'a', laneSeq: 2 });
  add({ id: 'b1', lane: 'b', laneSeq: 1 });
  expect(ready()).toEqual(['b1']);
});

test('what is due comes oldest first, without skipped vendors, held jobs, or jobs for later', () => {
  add({ id: 'late', lane: '1', notBefore: 900 });
  add({ id: 'early', lane: '2', notBefore: 100 });
  add({ id: 'ane', lane: '3', notBefore: 500, vendor: 'ane' });
  add({ id: 'future', lane: '4', notBefore: 1_001 });
  add({ id: 'held', lane: '5', heldBy: 'label-verified' });
  expect(ready()).toEqual(['early', 'ane', 'late']);
  expect(ready(1_000, [], 2)).toEqual(['early', 'ane']);
  expect(ready(1_000, ['hge'])).toEqual(['ane']);
  opened.store.jobs.release('5', 'something-else');
  expect(ready()).not.toContain('held');
  opened.store.jobs.release('5', 'label-verified');
  expect(ready()).toContain('held');
});

test('an update happens only if the job is still in the state it was read in', () => {
  add();
  const { jobs } = opened.store;
  expect(jobs.update(aJob({ state: 'sending' }), 'unknown')).toBe(false);
  expect(jobs.get('job-1')?.state).toBe('ready');
  expect(jobs.update(aJob({ state: 'sending', attempts: 1 }), 'ready')).toBe(true);
  expect(jobs.get('job-1')).toMatchObject({ state: 'sending', attempts: 1 });
});

test('after a crash everything that was on its way is unknown', () => {
  add({ id: 'a', lane: 'a', state: 'sending' });
  add({ id: 'b', lane: 'b', state: 'reconciling' });
  add({ id: 'c', lane: 'c' });
  const { jobs } = opened.reopen();
  expect(jobs.recoverInterrupted(7)).toBe(2);
  expect(['a', 'b', 'c'].map((id) => jobs.get(id)?.state)).toEqual(['unknown', 'unknown', 'ready']);
  expect(jobs.nextUnknown(7, [], 10).map(({ id }) => id)).toEqual(['a', 'b']);
});

test('the next moment something could run is known without looking at every job', () => {
  const { jobs } = opened.store;
  expect(jobs.nextDueAt()).toBeNull();
  add({ id: 'a1', lane: 'a', notBefore: 500 });
  add({ id: 'a2', lane: 'a', laneSeq: 2, notBefore: 1 });
  add({ id: 'b', lane: 'b', notBefore: 300, vendor: 'ane', state: 'unknown' });
  add({ id: 'c', lane: 'c', notBefore: 2, heldBy: 'x' });
  expect([jobs.nextDueAt(), jobs.nextDueAt(['ane'])]).toEqual([300, 500]);
});

test('the summary counts by state and knows the oldest open job', () => {
  const { jobs } = opened.store;
  add({ id: 'a', lane: 'a', createdAt: 30 });
  add({ id: 'b', lane: 'b', createdAt: 20, state: 'unknown' });
  add({ id: 'c', lane: 'c', createdAt: 10, state: 'dead' });
  add({ id: 'd', lane: 'd', createdAt: 5, state: 'rejected' });
  expect(jobs.summary()).toEqual({ open: 2, unknown: 1, dead: 1, rejected: 1, oldestAt: 20 });
  finish('b');
  expect(jobs.summary()).toEqual({ open: 1, unknown: 0, dead: 1, rejected: 1, oldestAt: 30 });
  expect(jobs.list({ states: ['dead', 'rejected'], offset: 0, limit: 10 }).map(({ id }) => id)).toEqual(['c', 'd']);
});

test('a job sees the results of the jobs before it in its lane', () => {
  add({ id: 'a1', lane: 'a', laneSeq: 1, state: 'done', result: { waybill: '001' } });
  add({ id: 'a2', lane: 'a', laneSeq: 2, operation: 'confirm' });
  add({ id: 'b1', lane: 'b', laneSeq: 1, operation: 'fetchLabel', state: 'done', result: 1 });
  expect(opened.store.jobs.earlierResults('a', 2)).toEqual({ placeOrder: { waybill: '001' } });
});

test('jobs that wait for the line are made due, others keep their back-off', () => {
  const failed = (kind: 'not-sent' | 'throttled') => ({ kind, code: '', message: '', at: 0 });
  add({ id: 'a', lane: 'a', notBefore: 5_000, createdAt: 1, lastError: failed('not-sent') });
  add({ id: 'b', lane: 'b', notBefore: 5_000, lastError: failed('throttled') });
  expect(opened.store.jobs.hasten('hge', 1_000, ['not-sent'])).toBe(1);
  expect(ready()).toEqual(['a']);
});

test('the line coming back makes a job due at once even if the clock was set back since it was made', () => {
  const lastError = { kind: 'not-sent', code: 'line-down', message: 'the line is down', at: 900 } as const;
  add({ id: 'a', createdAt: 9_000, notBefore: 2_000, lastError });
  expect(opened.store.jobs.hasten('hge', 1_000, ['not-sent'])).toBe(1);
  expect(ready()).toEqual(['a']);
});

test('a rolled back insert leaves the lane as it was', () => {
  expect(() =>
    opened.store.transaction(() => {
      add();
      throw new Error('no');
    }),
  ).toThrow('no');
  expect([ready(), opened.store.jobs.summary().open]).toEqual([[], 0]);
  add();
  expect(ready()).toEqual(['job-1']);
});
