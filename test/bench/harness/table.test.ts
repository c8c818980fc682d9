import { expect, test } from 'vitest';
import { figure } from './figure.ts';
import { round, tableLines } from './table.ts';

test.each([
  [0, '0'],
  [0.012345, '0.0123'],
  [1.2345, '1.23'],
  [12.345, '12.3'],
  [1234.5, '1235'],
])('%d is shown as %s', (value, text) => {
  expect(round(value)).toBe(text);
});

test('a line says what was measured, whether the budget is met, and how it compares', () => {
  const measured = figure({ name: 'commit', unit: 'ms', samples: [2, 4], budget: 3, against: { 'bare sync': [1, 1] } });
  const lines = tableLines([{ name: 'seal', figures: [measured], notes: ['on a disk'] }]);
  expect(lines).toContain('seal');
  expect(lines).toContain('    on a disk');
  expect(lines.find((line) => line.includes('commit'))).toMatch(
    /2 +2\.00 +4\.00 +4\.00 +ms +<= 3\.00 MISSED +2\.00 x bare sync \(1\.00\)/,
  );
});
