import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchScalePattern, parseScalePattern } from './scale-pattern.ts';

const match = (pattern: string, text: string) => matchScalePattern(parseScalePattern(pattern), text);

test.each([
  ['{state:2},{weight:9}{unit:3}', 'ST,+001234.5  g', { state: 'ST', weight: '+001234.5', unit: '  g' }],
  ['{weight} {unit}', '12.50 kg', { weight: '12.50', unit: 'kg' }],
  ['W={weight};{any}', 'W=12.5;rest', { weight: '12.5', any: 'rest' }],
  ['{{{weight}}}', '{1.5}', { weight: '1.5' }],
  ['\\x1b{weight:3}\\x03', '\u001b1.5\u0003', { weight: '1.5' }],
])('%s', (pattern, text, fields) => {
  expect(match(pattern, text)).toEqual(fields);
});

test.each([
  ['{weight:9}', '12345678'],
  ['{weight:3}', '1.50'],
  ['{weight} {unit}', '12.50kg'],
  ['ST,{weight}', 'US,1'],
])('%s does not fit %j', (pattern, text) => {
  expect(match(pattern, text)).toBeNull();
});

test.each([
  ['{weight', 'is not closed'],
  ['weight}', 'closes nothing'],
  ['{mass}', 'is no field; fields are weight'],
  ['{weight:0}', '0 characters wide'],
  ['{weight}{unit}', 'needs a width'],
  ['{weight:3}{weight:3}', 'is there twice'],
  ['\\xg1{weight}', 'needs two hexadecimal digits'],
  ['{weight}\u4e2d', 'is no single byte'],
  ['{any:1}'.repeat(33), 'more than 32 parts'],
])('%s is refused: %s', (pattern, words) => {
  expect(() => parseScalePattern(pattern)).toThrow(words);
});

test('whatever the pattern and the text, a match takes the whole text, in its order', () => {
  const part = fc.oneof(
    fc.constantFrom('{any:2}', '{any:1},', '{any};', ','),
    fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', ',', ';', ' ') }),
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('a', ',', ';', ' '), maxLength: 20 }),
      (parts, text) => {
        const fields = match(`${parts.join('')}|{weight}`, `${text}|12`);
        if (fields !== null) expect(fields.weight).toBe('12');
      },
    ),
  );
});

test('a text made to be slow is matched in one pass', () => {
  const pattern = parseScalePattern(`${'{any}a'.repeat(15)}{weight}b`);
  const started = performance.now();
  for (let round = 0; round < 1_000; round++) matchScalePattern(pattern, 'a'.repeat(128));
  // 15 fields over 128 characters, 1,000 times; a matcher that tries again would not end in a lifetime.
  expect(performance.now() - started).toBeLessThan(5_000);
});
