/** The interpreters themselves: right on the output of other encoders and on vectors from the manuals, strict on the rest. */
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import receiptline from 'receiptline';
import { expect, test } from 'vitest';
import { rgbaToZ64 } from 'zpl-image';
import { interpretCpcl } from './interpreters/cpcl.ts';
import { interpretEpl } from './interpreters/epl.ts';
import { interpretEscpos } from './interpreters/escpos.ts';
import type { Page } from './interpreters/page.ts';
import { MalformedError } from './interpreters/page.ts';
import { interpretTspl } from './interpreters/tspl.ts';
import { interpretZpl } from './interpreters/zpl.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(' ', ''), 'hex');

function drawn(page: Page | undefined): string[] {
  if (page === undefined) throw new Error('no page');
  return Array.from({ length: page.height }, (_, y) =>
    [...page.dots.subarray(y * page.width, (y + 1) * page.width)].map((dot) => (dot === 1 ? '#' : '.')).join(''),
  );
}

/** A picture as other encoders take it: RGBA, widths of whole bytes and heights of whole 8 dots. */
const anyPicture = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([columns, rows]) =>
    fc
      .array(fc.boolean(), { minLength: columns * rows * 64, maxLength: columns * rows * 64 })
      .map((black) => ({ width: columns * 8, height: rows * 8, black })),
  );
function rgbaOf({ width, height, black }: { width: number; height: number; black: readonly boolean[] }): {
  data: Uint8ClampedArray;
  width: number;
  height: number;
} {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  black.forEach((isBlack, at) => {
    if (isBlack) data.set([0, 0, 0, 255], at * 4);
  });
  return { data, width, height };
}
const dotsOf = (black: readonly boolean[]): Uint8Array => Uint8Array.from(black, (isBlack) => (isBlack ? 1 : 0));
const blackRows = ({ width, black }: { width: number; black: readonly boolean[] }): string[] =>
  Array.from({ length: black.length / width }, (_, y) =>
    black
      .slice(y * width, (y + 1) * width)
      .map((isBlack) => (isBlack ? '#' : '.'))
      .join(''),
  );

test('ZPL of zpl-image gives the picture it was made of', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      const { z64, length, rowlen } = rgbaToZ64(rgbaOf(picture).data, picture.width, { notrim: true });
      const zpl = `^XA^PW${picture.width}^LL${picture.height}^FO0,0^GFA,${length},${length},${rowlen},${z64}^FS^XZ`;
      expect(interpretZpl(bytes(zpl))[0]?.dots).toEqual(dotsOf(picture.black));
    }),
    { numRuns: 50 },
  );
});

test.each(['raster', 'column'] as const)('ESC/POS of receipt-printer-encoder, %s, gives the picture', (imageMode) => {
  fc.assert(
    fc.property(anyPicture, (given) => {
      // Its columns are cut from whole bands of 24 rows.
      const picture = imageMode === 'raster' ? given : tall(given);
      const encoder = new ReceiptPrinterEncoder({ language: 'esc-pos', imageMode, columns: 48 });
      const image = rgbaOf(picture) as unknown as Parameters<typeof encoder.image>[0];
      const sent = encoder.initialize().image(image, picture.width, picture.height, 'threshold').encode();
      expect(drawn(interpretEscpos(sent)[0])).toEqual(blackRows(picture));
    }),
    { numRuns: 50 },
  );
});

const tall = (given: { width: number; black: readonly boolean[] }) => ({
  width: given.width,
  height: 48,
  black: Array.from({ length: given.width * 48 }, (_, at) => given.black[at % given.black.length] ?? false),
});

test('ESC/POS of receiptline gives the picture', () => {
  fc.assert(
    fc.property(anyPicture, (picture) => {
      const png = new PNG({ width: picture.width, height: picture.height });
      png.data.set(rgbaOf(picture).data);
      const sent = receiptline.transform(`{i:${PNG.sync.write(png).toString('base64')}}`, {
        command: 'escpos',
        cpl: 32,
        encoding: 'cp437',
        gradient: false,
      });
      expect(drawn(interpretEscpos(bytes(sent))[0])).toEqual(blackRows(picture));
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['1d7630000100010080', ['#.......']],
  ['1d7630000100020 0c000'.replace(' ', ''), ['##......', '........']],
  ['1d284c0b0030703001013101000100801d284c02003032', ['#']],
  ['1b33101b2a2101008000000a1b32', ['#', ...Array.from({ length: 23 }, () => '.')]],
])('the published ESC/POS vector %s draws %j', (vector, rows) => {
  expect(drawn(interpretEscpos(hex(vector))[0])).toEqual(rows);
});

test('in TSPL a 0 bit burns, and the data may hold line ends and escapes', () => {
  const head = bytes('SIZE 1 mm,0.25 mm\r\nCLS\r\nBITMAP 0,0,1,2,0,');
  const [half] = interpretTspl(Buffer.concat([head, hex('0f 0a'), bytes('\r\nPRINT 1,2\r\n')]), 8);
  expect(drawn(half)).toEqual(['####....', '####.#.#']);
  expect(half?.copies).toBe(2);
});

test('in EPL2 a 0 bit burns; in CPCL a 1 bit', () => {
  const epl = Buffer.concat([bytes('\nN\nq8\nZT\nGW0,0,1,2,'), hex('0f 0a'), bytes('\nP1\n')]);
  expect(drawn(interpretEpl(epl)[0])).toEqual(['####....', '####.#.#']);
  const cpcl = Buffer.concat([
    bytes('! 0 203 203 2 1\r\nPAGE-WIDTH 8\r\nCG 1 2 0 0 '),
    hex('f0 0d'),
    bytes('\r\nPRINT\r\n'),
  ]);
  expect(drawn(interpretCpcl(cpcl)[0])).toEqual(['####....', '....##.#']);
});

// Zebra, "CPCL Programming Manual", the example of EXPANDED-GRAPHICS: 2 bytes wide, 16 high, a chessboard of 4 x 4 dots.
test('the CPCL manual’s picture is drawn', () => {
  const digits = 'F0F0F0F0F0F0F0F00F0F0F0F0F0F0F0FF0F0F0F0F0F0F0F00F0F0F0F0F0F0F0F';
  const [page] = interpretCpcl(bytes(`! 0 200 200 16 1\r\nPAGE-WIDTH 16\r\nEG 2 16 0 0 ${digits}\r\nPRINT\r\n`));
  expect(drawn(page).slice(3, 5)).toEqual(['####....####....', '....####....####']);
});

const tspl = (text: string) => (): unknown => interpretTspl(bytes(text), 8);
const epl = (text: string) => (): unknown => interpretEpl(bytes(text));
const cpcl = (text: string) => (): unknown => interpretCpcl(bytes(text));
const zpl = (text: string) => (): unknown => interpretZpl(bytes(text));
const escpos = (digits: string) => (): unknown => interpretEscpos(hex(digits));
test.each<[string, () => unknown]>([
  ['TSPL picture cut short', tspl('SIZE 1 mm,1 mm\r\nCLS\r\nBITMAP 0,0,1,8,0,abc')],
  ['TSPL picture too long', tspl('SIZE 1 mm,1 mm\r\nCLS\r\nBITMAP 0,0,1,1,0,abc\r\nPRINT 1\r\n')],
  ['TSPL picture beyond the label', tspl('SIZE 1 mm,1 mm\r\nCLS\r\nBITMAP 1,0,1,1,0,\u0000\r\nPRINT 1\r\n')],
  ['TSPL without CLS', tspl('SIZE 1 mm,1 mm\r\nPRINT 1\r\n')],
  ['TSPL of a stranger', tspl('SIZE 1 mm,1 mm\r\nCLS\r\nINITIALPRINTER\r\nPRINT 1\r\n')],
  ['TSPL with bare line feeds', tspl('SIZE 1 mm,1 mm\nCLS\nPRINT 1\n')],
  ['TSPL text that ends early', tspl('SIZE 9 mm,9 mm\r\nCLS\r\nTEXT 1,1,"3",0,1,1,"a"b"\r\nPRINT 1\r\n')],
  ['TSPL never printed', tspl('SIZE 1 mm,1 mm\r\nCLS\r\n')],
  ['EPL picture cut short', epl('N\nq8\nZT\nGW0,0,1,8,abc')],
  ['EPL picture too long', epl('N\nq8\nZT\nGW0,0,1,1,abc\nP1\n')],
  ['EPL without N', epl('q8\nGW0,0,1,1,a\nP1\n')],
  ['EPL of a stranger', epl('N\nq8\nZT\nUS\nP1\n')],
  ['EPL text that ends early', epl('N\nq8\nZT\nA0,0,0,3,1,1,N,"a"b"\nP1\n')],
  ['CPCL picture cut short', cpcl('! 0 200 200 9 1\r\nPAGE-WIDTH 8\r\nCG 1 9 0 0 abc')],
  ['CPCL picture with too few digits', cpcl('! 0 200 200 9 1\r\nPAGE-WIDTH 8\r\nEG 1 2 0 0 FF\r\nPRINT\r\n')],
  ['CPCL without PRINT', cpcl('! 0 200 200 9 1\r\nPAGE-WIDTH 8\r\n')],
  ['CPCL of a stranger', cpcl('! 0 200 200 9 1\r\nPAGE-WIDTH 8\r\nABORT\r\nPRINT\r\n')],
  ['CPCL outside of a session', cpcl('PRINT\r\n')],
  ['ZPL picture cut short', zpl('^XA^PW8^LL8^FO0,0^GFA,8,8,1,FFFF^FS^XZ')],
  ['ZPL picture too long', zpl('^XA^PW8^LL1^FO0,0^GFA,1,1,1,FFFF^FS^XZ')],
  [
    'ZPL with a wrong checksum',
    zpl('^XA^PW80^LL8^FO0,0^GFA,80,80,10,:Z64:eNr7/x8GGhj+/2cAYUZsLCjNAFKJjQUDAOLDM1I=:8f38^FS^XZ'),
  ],
  ['ZPL of a stranger', zpl('^XA^PW8^LL8^JUS^XZ')],
  ['ZPL control command', zpl('^XA^PW8^LL8^XZ~JR')],
  ['ZPL field not ended', zpl('^XA^PW8^LL8^FO0,0^FDx^XZ')],
  ['ESC/POS picture cut short', escpos('1d763000 0100 0800 80')],
  ['ESC/POS picture of a wrong length', escpos('1d284c0c0030703001013101000100 8000 1d284c02003032')],
  ['ESC/POS stored and not printed', escpos('1d284c0b003070300101310100010080')],
  ['ESC/POS drawer command', escpos('1b700019fa')],
  ['ESC/POS control character', escpos('41 07 41')],
  ['ESC/POS half a Chinese character', escpos('1c26 c4 0a')],
])('%s is refused', (_, run) => {
  expect(run).toThrow(MalformedError);
});
