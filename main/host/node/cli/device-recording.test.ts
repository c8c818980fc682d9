import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../../test/kit/virtual-clock.ts';
import { parseRecording, playRecording } from './device-recording.ts';

const head = {
  ...{ packbench: 'device-recording', version: 1, link: 'tcp://127.0.0.1:1', kind: null, protocol: null, settings: {} },
  startedAt: '2026-01-05T00:00:00.000Z',
};
const file = (...lines: object[]): string => [head, ...lines].map((line) => JSON.stringify(line)).join('\n');

const recording = parseRecording(
  file(
    { at: 3.5, hex: '41' },
    { at: 10, link: 'open' },
    { at: 250, hex: '42' },
    { at: 250, hex: '43' },
    { at: 60_000, hex: '44' },
  ),
);

/** What was handed out, and when. */
async function played(pace: boolean, slowMs = 0): Promise<string[]> {
  const clock = createVirtualClock();
  const startedAt = clock.monotonic();
  const taken: string[] = [];
  const playing = playRecording(recording, clock, pace, async ({ bytes }) => {
    taken.push(`${Buffer.from(bytes).toString()} ${clock.monotonic() - startedAt}`);
    if (slowMs > 0) await new Promise<void>((resolve) => void clock.after(slowMs, resolve));
  });
  await clock.advance(60_000 + 10 * slowMs);
  await playing;
  return taken;
}

test('each chunk leaves at its own time, cut as it was recorded', async () => {
  expect(await played(true)).toEqual(['A 3.5', 'B 250', 'C 250', 'D 60000']);
});

test('a taker that is slow delays what comes next and nothing after that', async () => {
  expect(await played(true, 400)).toEqual(['A 3.5', 'B 403.5', 'C 803.5', 'D 60000']);
});

test('without a pace nothing is waited for', async () => {
  expect(await played(false)).toEqual(['A 0', 'B 0', 'C 0', 'D 0']);
});

test.each([
  ['', 'line 1 is not JSON; the file may have been cut'],
  ['{"hello":1}', 'line 1 is not the head of a recording; make one with `packbench device record`'],
  [file({ at: 1, hex: '4' }), 'line 2 is neither a chunk { at, hex } nor a remark of the recording'],
  [file({ at: 5, hex: '41' }, { at: 4, hex: '42' }), 'line 3 goes back in time'],
  [`${file({ at: 1, hex: '41' })}\n{"at":2,"he`, 'line 3 is not JSON; the file may have been cut'],
])('a file that is no recording is refused in one line: %j', (text, said) => {
  expect(() => parseRecording(text)).toThrow(said);
});
