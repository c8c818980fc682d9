import { expect, test } from 'vitest';
import { calibrationOf } from './calibrate.ts';

const textOf = (...given: Parameters<typeof calibrationOf>): string | null => {
  const found = calibrationOf(...given);
  return found === null ? null : Buffer.from(found.bytes).toString('latin1');
};

test.each([
  ['zpl', 'gap', '~JC\r\n'],
  ['zpl', 'mark', '~JC\r\n'],
  ['tspl', 'gap', 'GAPDETECT\r\n'],
  ['tspl', 'mark', 'BLINEDETECT\r\n'],
  ['epl', 'gap', '\nxa\n'],
  ['cpcl', 'gap', null],
  ['escpos', 'gap', null],
] as const)('%s with %s', (language, tracking, command) => {
  expect(textOf(language, tracking)).toBe(command);
});

test('continuous media have nothing to measure', () => {
  expect(textOf('zpl', 'continuous')).toBeNull();
});
