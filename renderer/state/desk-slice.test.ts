import { expect, test } from 'vitest';
import { ContractError } from '#contract';
import type { ScanFeedback, TopicSnapshot } from '#contract';
import { failureNotice } from './actions.ts';
import { initialDesk, withAnswer, withLocalNotice, withPack } from './desk-slice.ts';
import { withConnection } from './follow.ts';

const answer = (seq: number): ScanFeedback => ({
  seq,
  at: 0,
  code: 'A1',
  accepted: true,
  notice: { code: 'scan.item-ok', tone: 'ok', params: {} },
  sound: 'item',
});

const pack = (last: ScanFeedback | null): TopicSnapshot<'pack'> => ({
  stage: 'idle',
  order: null,
  remark: '',
  lines: [],
  parcel: null,
  labelKind: null,
  expects: null,
  next: { code: 'next.scan-order', tone: 'info', params: {} },
  last,
  prompt: null,
});

test('an answer that comes as reply and in the snapshot is shown once', () => {
  const primed = { ...initialDesk, ...withPack(initialDesk, pack(null)) };
  const replied = { ...primed, ...withAnswer(primed, answer(1)) };
  const shown = { ...replied, ...withPack(replied, pack(answer(1))) };
  expect(shown.feedback?.id).toBe(1);
});

test('the same words twice are two answers', () => {
  const primed = { ...initialDesk, ...withPack(initialDesk, pack(answer(4))) };
  const next = { ...primed, ...withAnswer(primed, answer(5)) };
  expect(next.feedback?.id).toBe((primed.feedback?.id ?? 0) + 1);
  expect(next.feedback?.fresh).toBe(true);
});

test('what was said before the page connected is shown but not sounded', () => {
  const primed = { ...initialDesk, ...withPack(initialDesk, pack(answer(4))) };
  expect(primed.feedback?.fresh).toBe(false);
});

test('after a reconnect a restarted station is heard from its first answer on', () => {
  const before = { ...initialDesk, ...withPack(initialDesk, pack(answer(40))) };
  const again = { ...before, ...withConnection(before, { kind: 'connected' }, 0) };
  const primed = { ...again, ...withPack(again, pack(null)) };
  expect(withAnswer(primed, answer(1)).feedback?.fresh).toBe(true);
});

test('a notice that a scan was lost stays through the reconnect', () => {
  const lost = {
    ...initialDesk,
    ...withLocalNotice(initialDesk, { code: 'ui.connection.scan-lost', tone: 'stop', params: {} }),
  };
  const again = { ...lost, ...withPack(lost, pack(answer(4))) };
  expect(again.feedback?.notice.code).toBe('ui.connection.scan-lost');
});

test('a loss is dated from its beginning, and a weight from before it is not shown', () => {
  const first = {
    ...initialDesk,
    ...withConnection(initialDesk, { kind: 'waiting', retryInMs: 250, reason: 'x' }, 100),
  };
  const later = { ...first, ...withConnection(first, { kind: 'connecting' }, 400) };
  const again = { ...later, ...withConnection(later, { kind: 'waiting', retryInMs: 500, reason: 'x' }, 500) };
  expect(again.reach).toMatchObject({ kind: 'lost', since: 100 });
  expect(again.weight).toBeNull();
});

test('a lost scan and an unanswered one are told apart', () => {
  expect(failureNotice(new ContractError('disconnected', 'x'), 'A1').code).toBe('ui.connection.scan-lost');
  expect(failureNotice(new ContractError('timeout', 'x'), 'A1').code).toBe('ui.scan.no-answer');
  expect(failureNotice(new Error('odd'), 'A1')).toMatchObject({ code: 'ui.call.failed', params: { reason: 'odd' } });
});
