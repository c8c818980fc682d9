import { expect, test } from 'vitest';
import { ScaleDefinition } from '../../domain/scale-definition.ts';
import { seededRandom } from '../../../test/kit/ports.ts';
import { scalePoll, scaleProblem } from './settings.ts';
import { userDefined } from './user-defined.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const lines = ScaleDefinition.parse({
  request: '57 0d',
  end: '0d0a',
  pattern: '{state:2},{weight:8}{unit:2}',
  states: { ST: 'stable', US: 'moving', OL: 'overload', UL: 'underload', ER: 'error' },
  units: { kg: 'kg', g: 'g' },
});
const read = (definition: ScaleDefinition, text: string, more = {}) => {
  const decoder = userDefined.decoder({ definition, ...more });
  return [...decoder.push(bytesOf(text), 0), ...decoder.end(0)];
};

test('lines with a state and a unit', () => {
  expect(read(lines, 'ST,   12.34kg\r\nUS,  -12.34 g\r\nOL,        kg\r\nUL,        kg\r\n')).toMatchObject([
    { grams: 12_340, stable: true },
    { grams: -12.34, stable: false },
    { overload: true, stable: false },
    { underload: true, stable: false },
  ]);
  expect(scalePoll(userDefined, { definition: lines })).toEqual(Uint8Array.of(0x57, 0x0d));
});

test.each([
  ['XX,   12.34kg\r\n', 'text of {state} has no meaning'],
  ['ER,   12.34kg\r\n', 'scale reports an error'],
  ['ST,   12.34lb\r\n', 'unit "lb" is not kg or g'],
  ['ST,   12,34kg\r\n', 'text of {weight} is not a number'],
  ['ST,  12.34kg\r\n', 'does not fit the pattern'],
  ['T,   12.34kg\r\n', 'does not fit the pattern'],
  ['ST,   12.34', 'not complete'],
])('%j is refused: %s', (text, words) => {
  expect(read(lines, text)).toEqual([expect.objectContaining({ error: expect.stringContaining(words) as string })]);
});

test('frames with a beginning and a length, without a unit: equal ones in a row are stable', () => {
  const framed = ScaleDefinition.parse({ start: '02', length: 9, end: '03', pattern: '{sign:1}{weight:6}' });
  const items = read(framed, '\x02+001234\x03\x02+001234\x03\x02-001234\x03', {
    unit: 'kg',
    decimals: 2,
    equalFrames: 2,
  });
  expect(items).toMatchObject([
    { grams: 12_340, stable: false },
    { grams: 12_340, stable: true },
    { grams: -12_340, stable: false },
  ]);
  expect(scaleProblem(userDefined, { definition: framed })).toContain('carry no unit');
  expect(scaleProblem(userDefined, { definition: framed, unit: 'kg' })).toBeNull();
});

test('a frame that lost its end takes only itself along', () => {
  const framed = ScaleDefinition.parse({ start: '02', end: '03', pattern: '{weight}kg', units: {} });
  const items = read(framed, '\x0212.3\x0212.34kg\x03', { unit: 'kg' });
  expect(items).toMatchObject([{ error: 'bytes between frames' }, { grams: 12_340 }]);
});

test('the tail of a line that is too long is no frame', () => {
  const items = read(lines, `${'x'.repeat(200)}ST,   12.34kg\r\nST,   12.35kg\r\n`);
  expect(items.filter((item) => 'grams' in item)).toMatchObject([{ grams: 12_350 }]);
});

test.each([
  [{ end: '0d0a', pattern: '{state:2}' }, 'has no {weight}'],
  [{ pattern: '{weight}' }, 'give the bytes a frame ends with'],
  [{ length: 8, pattern: '{weight}' }, 'without them and without an end'],
  [{ end: '0d0a', pattern: '{state:2}{weight:3}' }, 'say what the texts of {state} mean'],
  [{ end: '0d0', pattern: '{weight}' }, 'must be bytes in hexadecimal'],
  [{ end: '0a', pattern: '(a+)+$' }, 'has no {weight}'],
  [{ end: '0a', pattern: '{weight}', maxBytes: 1e9 }, ''],
  [{ end: '0a', pattern: '{weight}', units: { kg: 'tael' } }, ''],
  [{ end: '0a', pattern: '{weight}', regex: '.*' }, ''],
])('%j is no definition', (given, words) => {
  const parsed = ScaleDefinition.safeParse(given);
  expect(parsed.success).toBe(false);
  expect(parsed.error?.message).toContain(words);
});

test('without a definition everything is refused, and the desk says so before', () => {
  const decoder = userDefined.decoder();
  expect(decoder.push(bytesOf('ST,   12.34kg\r\n'), 0)).toMatchObject([
    { error: expect.stringContaining('does not define') as string },
  ]);
  expect(scaleProblem(userDefined, {})).toContain('needs "definition"');
});

test('1,000,000 damaged bytes: every reading is a whole frame of the definition, in bounded memory', () => {
  const random = seededRandom(5);
  const decoder = userDefined.decoder({ definition: lines });
  const whole = /^(?:ST|US),[ +-]*\d+(?:\.\d+)? *(?:kg| g|g )\r\n$|^(?:OL|UL),.{10}\r\n$/s;
  let readings = 0;
  for (let sent = 0; sent < 1_000_000;) {
    const bytes = [
      ...bytesOf(`${random.next() < 0.5 ? 'ST' : 'US'},${(random.next() * 900).toFixed(2).padStart(8)}kg\r\n`),
    ];
    const spot = Math.floor(random.next() * bytes.length);
    const damage = Math.floor(random.next() * 6);
    if (damage === 0) bytes.splice(spot, 1);
    if (damage === 1) bytes.splice(spot, 0, Math.floor(random.next() * 256));
    if (damage === 2) bytes[spot] = Math.floor(random.next() * 256);
    if (damage === 3) bytes.splice(spot);
    sent += bytes.length;
    for (const item of decoder.push(Uint8Array.from(bytes), sent)) {
      if ('error' in item) continue;
      readings += 1;
      const text = Buffer.from(item.raw, 'hex').toString('latin1');
      if (!whole.test(text)) throw new Error(JSON.stringify(text));
    }
  }
  expect(readings).toBeGreaterThan(10_000);
  expect(decoder.pending().length).toBeLessThanOrEqual(64);
});
