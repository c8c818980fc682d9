/**
 * Order text handed to a printer's own font: whatever it is, the printer's commands are the same as for harmless text,
 * and what it writes is the text, with a visible mark for each character that cannot be shown.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabelLanguage, LabelTarget } from '../../main/labels/media.ts';
import { labelLanguages } from '../../main/labels/media.ts';
import { encodeTextLabel } from '../../main/labels/text-label.ts';
import { interpret } from './interpreters/index.ts';

const runs = 10_000;

/** Pieces of the five languages' commands, of receipts' drawers and cutters, and of what breaks encodings. */
const attacks = [
  ...['^XZ', '^XA', '^FS', '~JR', '~HS', '^CC!', '!XZ', '_5E', '^FH', '>;', '>:'],
  ...[
    '"',
    '\\',
    '\\["]',
    '\\[R]',
    '\\[L]',
    '"\r\nPRINT 9\r\n',
    '"\r\nINITIALPRINTER\r\n',
    '@1',
    ';',
    '~!T',
    '\u001b!?',
  ],
  ...['\\"', '"\nP9\n', '\nN\nP1\n', '^@', '^ee', 'US\n', 'GW0,0,1,1,', "'", '\\\\"'],
  ...['\r\nPRINT\r\n', '! U1 setvar "x" "y"\r\n', '! 0 200 200 9 9\r\n', '\r\nABORT\r\n', 'ENDQR', '{{', '  lead'],
  ...['\u001b@', '\u001bp\u0000\u0019\u00fa', '\u001dV\u0000', '\u0010\u0004\u0001', '\u001c.', '\u001c&', '\u001d(H'],
  ...['\u0000', '\u0007', '\u0018', '\u007f', '\u0080', '\u0085', '\u009b', '\u00a0', '\u00ad'],
  ...['\u200b', '\u200d', '\u2028', '\u202e', '\u2066', '\u2069', '\u061c', '\ufeff', '\ufffe', '\uffff', '\u3164'],
  ...['😀', '👨‍👩‍👧', '🇨🇳', '❤️', '\ud800', '\udc00', '𠮷', '㐀', '\ue000', '\u{10ffff}'],
  ...['שלום', 'مرحبا', 'ไทย', 'ñ', 'e\u0301', '\u0301', 'ﷺ'],
  // Edges of GBK and GB18030: second bytes 5C, 7C, 7E and 80; the euro; characters with four bytes; compatibility forms.
  ...[
    '誠',
    '嬮',
    '亅',
    '乗',
    '€',
    'ȿ',
    '䶮',
    '龦',
    '﨎',
    '﹫',
    '、',
    '欧阳',
    '中文',
    '１２３',
    '　',
    '\u00b7',
    '—',
    '〜',
    '～',
  ],
];
const hostile = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...attacks) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
      {
        weight: 1,
        arbitrary: fc.array(fc.nat(0xffff), { maxLength: 4 }).map((units) => String.fromCharCode(...units)),
      },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => text !== '');

/** What may stand for a character that cannot be shown; TSPL and EPL have no way to write a few that can. */
const replaced: Readonly<Record<LabelLanguage, Readonly<Record<string, string>>>> = {
  zpl: {},
  tspl: { '\\': '/', '~': '-' },
  epl: { '^': '?' },
  cpcl: {},
  escpos: {},
};
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** True if the printer may write `written` where the order says `given`. */
function stands(language: LabelLanguage, given: string, written: string): boolean {
  const special = replaced[language][given];
  if (special !== undefined) return written === special;
  if (written === given) return !invisible.test(given);
  if (/\p{Zs}/u.test(given)) return written === ' ' || (language === 'cpcl' && written === '?');
  // A character of the printable ASCII is never lost.
  return written === '?' && !/[\x21-\x7e]/.test(given);
}

describe.each(labelLanguages)('%s', (language) => {
  const target: LabelTarget = { language, dpi: 203, widthMm: 12, heightMm: 15 };
  const harmless = interpret(encodeTextLabel(['A', 'B'], 'p', target), target).map((page) => page.commands);

  test(`${runs} hostile texts change no command and are shown or visibly replaced`, () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const pages = interpret(encodeTextLabel([text, 'B'], 'p', target), target);
        expect(pages.map((page) => page.commands)).toEqual(harmless);
        expect(pages).toHaveLength(1);
        const [written = '', second] = pages[0]?.texts ?? [];
        expect(second).toBe('B');
        const given = [...text];
        const shown = [...written];
        expect(shown).toHaveLength(given.length);
        const wrong = given.findIndex((character, at) => !stands(language, character, shown[at] ?? ''));
        expect(wrong < 0 ? null : [given[wrong], shown[wrong]]).toBeNull();
      }),
      { numRuns: runs },
    );
  });

  test('plain text is written as it is', () => {
    const text = 'Order 12-34/5: Ann Lee, 1200 N Harbor Blvd (#4) <a&b> 100%';
    expect(interpret(encodeTextLabel([text], 'p', target), target)[0]?.texts).toEqual([text]);
  });
});

test.each([
  ['zpl', '欧阳 ñ €', '欧阳 ñ €'],
  ['escpos', '欧阳 龙井茶 ñ 😀', '欧阳 龙井茶 ? ?'],
  ['tspl', 'say "hi" \\ ~', 'say "hi" / -'],
  ['epl', 'say "hi" \\ ^', 'say "hi" \\ ?'],
  ['cpcl', '  two 欧', '??two ?'],
] as const)('%s writes %j as %j', (language, text, written) => {
  const target: LabelTarget = { language, dpi: 203, widthMm: 100, heightMm: 150 };
  expect(interpret(encodeTextLabel([text], 'p', target), target)[0]?.texts).toEqual([written]);
});
