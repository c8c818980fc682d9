import { afterEach, expect, test, vi } from 'vitest';
import { setStation } from '../state/actions.ts';
import { resetStore, useStore } from '../state/store.ts';
import { keyName, promptAnswer, runKey, runLoneKey, screenCommands } from './commands.ts';
import type { StationClient } from '../client/connect.ts';
import type { TopicSnapshot } from '#contract';

const idle: TopicSnapshot<'pack'> = {
  stage: 'idle',
  order: null,
  remark: '',
  lines: [],
  parcel: null,
  labelKind: null,
  expects: null,
  next: { code: 'next.scan-order', tone: 'info', params: {} },
  last: null,
  prompt: null,
};

const question: TopicSnapshot<'pack'>['prompt'] = {
  kind: 'print-unknown',
  notice: { code: 'print.unknown', tone: 'ask', params: {} },
  printId: 'p1',
  options: [
    { command: 'no-label', key: 'N' },
    { command: 'release-order', key: 'F9' },
    { command: 'self-destruct', key: 'X' },
  ],
};

afterEach(() => {
  resetStore();
  setStation(null);
});

function fakeStation(): ReturnType<typeof vi.fn> {
  const call = vi.fn(() => new Promise(() => undefined));
  setStation({ call } as unknown as StationClient);
  return call;
}

test.each(['pack', 'bags', 'day'] as const)('no two commands share a key at one place: %s', (place) => {
  const keys = screenCommands
    // The list of decisions lies over the lists of a place, whose arrows then rest.
    .filter((command) => !(place !== 'pack' && ['up', 'down'].includes(command.id)))
    .filter((command) => command.place === undefined || command.place === place)
    .map((command) => command.key);
  expect(new Set(keys).size).toBe(keys.length);
});

test('keys are named by their place on the keyboard', () => {
  const none = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };
  expect(keyName({ ...none, code: 'F9' })).toBe('F9');
  expect(keyName({ ...none, code: 'KeyZ', ctrlKey: true })).toBe('Ctrl+Z');
  expect(keyName({ ...none, code: 'Escape' })).toBe('Esc');
});

test('a key of the question on the screen answers it', () => {
  const call = fakeStation();
  useStore.setState({ pack: { ...idle, prompt: question } });
  expect(runLoneKey('n', useStore.getState())).toBe(true);
  expect(call).toHaveBeenCalledWith('pack.command', { command: 'no-label', reason: '' });
});

test('an option with an unknown command is no answer', () => {
  expect(promptAnswer(question, 'X')).toBeNull();
});

test('a letter answers nothing while nothing is asked', () => {
  const call = fakeStation();
  expect(runLoneKey('n', useStore.getState())).toBe(false);
  expect(call).not.toHaveBeenCalled();
});

test('overriding a weight asks for the reason before anything is sent', () => {
  const call = fakeStation();
  useStore.setState({ pack: { ...idle, stage: 'weigh' } });
  expect(runKey('Ctrl+O', useStore.getState())).toBe(true);
  expect(call).not.toHaveBeenCalled();
  expect(useStore.getState().askingReason).toBe('override-weight');
});
