import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupSeparator, gtinOf, hasCheckDigit, inBrackets, readGs1, splitAim, ssccOf, symbologyOf } from './gs1.ts';

const gs = groupSeparator;

test.each([
  [']C10106901234567892', '(01)06901234567892'],
  [`]d2${gs}010690123456789210AB1${gs}17261231`, '(01)06901234567892(10)AB1(17)261231'],
  [']Q30106901234567892310300125021S1', '(01)06901234567892(3103)001250(21)S1'],
  [']e00106901234567892', '(01)06901234567892'],
  ['00106141411234567897', '(00)106141411234567897'],
  ['0106901234567892', '(01)06901234567892'],
  [`10AB1${gs}2112`, '(10)AB1(21)12'],
  [']C110AB1', '(10)AB1'],
])('%j is GS1: %s', (text, written) => {
  expect(inBrackets(readGs1(text) ?? [])).toBe(written);
});

test.each([
  // A check digit that is wrong.
  '0106901234567893',
  ']C10106901234567893',
  // A carrier's numbers that look like application identifiers.
  '10AB1',
  '9912345',
  '420123456789',
  '01069012345678',
  // Cut short, or nothing of an element.
  ']C10106901234',
  ']C1010690123456789210',
  // Not marked as GS1 by its identifier.
  ']C010AB1',
  'SO-2026',
  '',
])('%j is not GS1', (text) => {
  expect(readGs1(text)).toBeNull();
});

test('an AIM identifier is split off and named', () => {
  expect(splitAim(']C1ABC')).toEqual({ aim: ']C1', rest: 'ABC' });
  expect(splitAim(']x0ABC')).toBeNull();
  expect(splitAim(']C1')).toBeNull();
  expect([']C1', ']d2', ']Q3', ']e0', ']E0', ']d1', ']x0'].map(symbologyOf)).toEqual([
    'GS1 Code 128',
    'GS1 Data Matrix',
    'GS1 QR Code',
    'GS1 DataBar',
    'EAN/UPC',
    'Data Matrix',
    null,
  ]);
});

test.each([
  ['6901234567892', '06901234567892'],
  ['06901234567892', '06901234567892'],
  [']E06901234567892', '06901234567892'],
  ['0106901234567892', '06901234567892'],
  [`010690123456789210AB1${gs}`, '06901234567892'],
  ['036000291452', '00036000291452'],
  ['0036000291452', '00036000291452'],
  ['96385074', '00000096385074'],
  ['6901234567893', null],
  ['123', null],
])('the product of %j is %s', (text, gtin) => {
  expect(gtinOf(text)).toBe(gtin);
});

/** Any digits, with their check digit. */
const checked = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length - 1, maxLength: length - 1 })
    .map((digits) => digits.join(''))
    .map((body) => body + String([...Array(10).keys()].find((digit) => hasCheckDigit(`${body}${digit}`)) ?? 0));

test('every number has exactly one check digit, and no single wrong digit passes', () => {
  fc.assert(
    fc.property(checked(13), fc.nat(12), fc.integer({ min: 1, max: 9 }), (number, at, by) => {
      expect(hasCheckDigit(number)).toBe(true);
      const wrong = number.slice(0, at) + String((Number(number[at]) + by) % 10) + number.slice(at + 1);
      expect(hasCheckDigit(wrong)).toBe(false);
    }),
  );
});

const element = fc.oneof(
  checked(14).map((value) => ({ ai: '01', value, fixed: true })),
  checked(18).map((value) => ({ ai: '00', value, fixed: true })),
  fc.stringMatching(/^\d{6}$/).map((value) => ({ ai: '3103', value, fixed: true })),
  fc.stringMatching(/^[!-&(-Z]{1,20}$/).map((value) => ({ ai: '10', value, fixed: false })),
  fc.stringMatching(/^[!-&(-Z]{1,20}$/).map((value) => ({ ai: '21', value, fixed: false })),
  fc.stringMatching(/^\d{1,8}$/).map((value) => ({ ai: '37', value, fixed: false })),
);

test('what was put together with separators comes apart again, with any identifier', () => {
  fc.assert(
    fc.property(
      fc.array(element, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(']C1', ']d2', ']Q3', ']e0', ']J1'),
      fc.boolean(),
      (elements, aim, leading) => {
        const body = elements.map(({ ai, value, fixed }) => ai + value + (fixed ? '' : gs)).join('');
        expect(readGs1(`${aim}${leading ? gs : ''}${body}`)).toEqual(elements.map(({ ai, value }) => ({ ai, value })));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('any text at all is answered, and nothing of it is lost', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(']', 'C', '1', 'd', '2', '0', gs, '(', ')', '9', 'A'), maxLength: 40 }),
  );
  fc.assert(
    fc.property(text, (any) => {
      const elements = readGs1(any);
      const body = (splitAim(any)?.rest ?? any).replaceAll(gs, '');
      if (elements !== null) expect(elements.map(({ ai, value }) => ai + value).join('')).toBe(body);
      gtinOf(any);
      ssccOf(any);
    }),
    { numRuns: 5_000 },
  );
});
