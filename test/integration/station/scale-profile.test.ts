/** Scales as a profile gives them: what is missing is said on the screen in one line, and the desk works without the scale. */
import { afterEach, expect, test } from 'vitest';
import { startTestStation } from '../../kit/station.ts';
import { shows } from './packer.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function problemOf(scale: object): Promise<string> {
  const desk = await startTestStation({
    profile: { devices: { scales: [{ id: 'bench', link: 'tcp://127.0.0.1:9', ...scale }] } },
    orders: 1,
  });
  cleanups.push(() => desk.stop());
  const { problems } = await shows(desk, 'status', (now) => now.problems.length > 0);
  expect(problems[0]).toMatchObject({ code: 'device.problem', params: { device: 'bench' } });
  return String(problems[0]?.params['reason']);
}

test.each([
  [{ protocol: 'toledo-8217' }, 'frames of protocol toledo-8217 carry no unit; write "unit"'],
  [{ protocol: 'xk3190', unit: 'kg', form: 'sideways' }, 'form "sideways" is none of xk3190'],
  [{ protocol: 'user-defined' }, 'needs "definition"'],
  [{ protocol: 'toledo-8142' }, 'is not known; known are hid-pos'],
])('%j', async (scale, words) => {
  expect(await problemOf(scale)).toContain(words);
});
