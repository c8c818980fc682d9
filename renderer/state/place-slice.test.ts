import { expect, test } from 'vitest';
import type { ScanFeedback } from '#contract';
import { initialPlaces, spokenAnswer, spokenLocally, spokenSnapshot } from './place-slice.ts';

const silent = initialPlaces.spokenAtBags;
const answer = (seq: number, code = 'PB1'): ScanFeedback => ({
  seq,
  at: 1,
  code,
  accepted: true,
  notice: { code: 'bag.in', tone: 'ok', params: {} },
  sound: 'item',
});

test('an answer that comes as reply and in the snapshot is shown once', () => {
  const once = spokenAnswer(spokenSnapshot(silent, null), answer(3));
  expect(spokenSnapshot(once, answer(3)).feedback?.id).toBe(once.feedback?.id);
});

test('the same words again count anew', () => {
  const first = spokenAnswer(spokenSnapshot(silent, null), answer(3));
  expect(spokenAnswer(first, answer(4)).feedback?.id).toBe((first.feedback?.id ?? 0) + 1);
});

test('what was said before this page was there is shown without a sound', () => {
  expect(spokenSnapshot(silent, answer(9)).feedback?.fresh).toBe(false);
});

test('a lost scan stays on the screen over an older answer of the station', () => {
  const lost = spokenLocally(silent, { code: 'ui.connection.scan-lost', tone: 'stop', params: {} }, 'X');
  expect(spokenSnapshot(lost, answer(9)).feedback?.notice.code).toBe('ui.connection.scan-lost');
});
