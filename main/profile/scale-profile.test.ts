import { expect, test } from 'vitest';
import { parseProfile } from './profile.ts';

const profile = (scale: object): string =>
  JSON.stringify({ devices: { scales: [{ id: 'bench', link: 'serial:///dev/ttyUSB0', ...scale }] } });
const scaleOf = (scale: object) => parseProfile(profile(scale)).devices.scales[0];

test('the line is left open, so that the protocol can say it', () => {
  expect(scaleOf({ protocol: 'and' })).toEqual({ id: 'bench', link: 'serial:///dev/ttyUSB0', protocol: 'and' });
  expect(scaleOf({})).toMatchObject({ protocol: 'mt-sics' });
});

test('what frames leave open can be given', () => {
  const given = {
    protocol: 'xk3190',
    unit: 'kg',
    form: 'c602',
    decimals: 2,
    equalFrames: 4,
    baud: 1_200,
    pollMs: 500,
    ask: false,
  };
  expect(scaleOf(given)).toMatchObject(given);
});

test.each([
  [{ unit: 'tael' }, 'scales.0.unit: must be one of g, kg, lb'],
  [{ equalFrames: 0 }, 'scales.0.equalFrames'],
  [{ decimals: 9 }, 'scales.0.decimals'],
  [{ definition: { end: '0d0a', pattern: '{weight' } }, 'scales.0.definition.pattern: { at character 1 is not closed'],
  [{ definition: { end: '0d0a', pattern: '{weight}', regex: '(a+)+' } }, 'unknown key "regex"'],
  [{ units: 'kg' }, 'unknown key "units"'],
])('%j is refused in one line', (scale, words) => {
  expect(() => parseProfile(profile(scale))).toThrow(words);
});
