import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFont } from './font.ts';
import type { TextLine } from './text-layout.ts';
import { layText, printable, replacement } from './text-layout.ts';

const file = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf',
);
const font = readFont(readFileSync(file));

/** Where a line's ink is, from the font's own outlines. */
function inkOf({ text, x, y, size }: TextLine): { left: number; right: number; top: number; bottom: number } {
  let pen = x;
  const ink = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const character of text) {
    const glyph = font.glyph(character.codePointAt(0) ?? 0);
    if (glyph === null) throw new Error(`no glyph for ${character}`);
    if (glyph.xMax > glyph.xMin) {
      ink.left = Math.min(ink.left, pen + glyph.xMin * size);
      ink.right = Math.max(ink.right, pen + glyph.xMax * size);
      ink.top = Math.min(ink.top, y - glyph.yMax * size);
      ink.bottom = Math.max(ink.bottom, y - glyph.yMin * size);
    }
    pen += glyph.advance * size;
  }
  return ink;
}

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom(
      ...[
        '江',
        '苏',
        '省',
        '（',
        '）',
        '，',
        '。',
        ' ',
        'W',
        'i',
        'Ế',
        'ǘ',
        'g',
        '⸻',
        '😀',
        '👨‍👩‍👧',
        'ש',
        'م',
        '\u202e',
        '\u200d',
      ],
    ),
    maxLength: 200,
  }),
  fc.string({ unit: fc.constantFrom('A', 'b', '1'), minLength: 1, maxLength: 300 }),
);
const anyBox = fc.record({
  x: fc.integer({ min: 0, max: 50 }),
  y: fc.integer({ min: 0, max: 50 }),
  width: fc.integer({ min: 3, max: 95 }),
  height: fc.integer({ min: 1, max: 40 }),
});
const anyStyle = fc.record({
  align: fc.constantFrom('left' as const, 'middle' as const, 'right' as const),
  largest: fc.integer({ min: 2, max: 20 }),
  smallest: fc.constant(2),
});

test('no ink of any text leaves its box, and no two lines overlap', () => {
  fc.assert(
    fc.property(anyText, anyBox, anyStyle, (text, box, style) => {
      const lines = layText(text, box, style, font);
      let above = box.y;
      for (const line of lines) {
        const ink = inkOf(line);
        if (ink.right === -Infinity) continue;
        expect(ink.left).toBeGreaterThanOrEqual(box.x - 1e-6);
        expect(ink.right).toBeLessThanOrEqual(box.x + box.width + 1e-6);
        expect(ink.top).toBeGreaterThanOrEqual(above - 1e-6);
        expect(ink.bottom).toBeLessThanOrEqual(box.y + box.height + 1e-6);
        above = ink.bottom;
        expect(line.size).toBeLessThanOrEqual(style.largest);
        expect(line.size).toBeGreaterThanOrEqual(style.smallest);
      }
    }),
    { numRuns: 1_500 },
  );
});

test('a text is whole, or ends in an ellipsis', () => {
  fc.assert(
    fc.property(anyText, anyBox, anyStyle, (text, box, style) => {
      const shown = layText(text, box, style, font).map((line) => line.text);
      const bare = (some: string): string => some.replace(/ /g, '');
      const whole = bare(printable(text, font));
      const drawn = bare(shown.join(''));
      if (shown.length === 0 || drawn === whole) return;
      expect(drawn.endsWith('…')).toBe(true);
      expect(whole.startsWith(drawn.slice(0, -1))).toBe(true);
    }),
    { numRuns: 800 },
  );
});

test.each([
  ['an emoji', 'a😀b', `a${replacement}b`],
  ['an emoji of several parts is one box', '👨‍👩‍👧‍👦', replacement],
  ['Hebrew', 'שלום', replacement.repeat(4)],
  ['a direction override', 'abc\u202edef', 'abcdef'],
  ['a lone surrogate', 'a\ud800b', `a${replacement}b`],
  ['a decomposed letter', 'e\u0301', 'é'],
  ['control characters and line ends', 'a\u0000\r\n\tb\u009bc', 'a b c'],
  ['a rare Chinese character outside the font', '\u{2f81a}\u{3134a}', `冬${replacement}`],
  ['Chinese and Latin as they are', '顺丰 SF-Express №1', '顺丰 SF-Express №1'],
])('%s', (_, text, shown) => {
  expect(printable(text, font)).toBe(shown);
});

test('a short text is as large as it may be, a long one is made smaller, not cut', () => {
  const box = { x: 0, y: 0, width: 85, height: 24 };
  const style = { align: 'left' as const, largest: 8, smallest: 2 };
  expect(layText('杭州', box, style, font)[0]?.size).toBe(8);
  const long = layText('江苏省南京市建邺区云龙山路66号'.repeat(12), box, style, font);
  expect(long.map((line) => line.text).join('')).toBe('江苏省南京市建邺区云龙山路66号'.repeat(12));
  expect(long[0]?.size).toBeGreaterThan(2);
});

test('a line does not begin with a closing mark, and a word is kept whole', () => {
  const style = { align: 'left' as const, largest: 4, smallest: 4 };
  const lines = layText('不转换大小写（AIM ID），不去掉开头的零', { x: 0, y: 0, width: 45, height: 40 }, style, font);
  expect(lines.length).toBeGreaterThan(1);
  for (const { text } of lines) expect(text).not.toMatch(/^[，）]|（$/);
  const words = layText('Turn on Data Matrix and PDF417', { x: 0, y: 0, width: 30, height: 40 }, style, font);
  for (const { text } of words)
    expect('Turn on Data Matrix and PDF417'.split(' ')).toEqual(expect.arrayContaining(text.split(' ')));
});
