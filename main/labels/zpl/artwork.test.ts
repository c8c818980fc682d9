import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeldError } from '../held.ts';
import { barcodeFields } from './barcodes.ts';
import { readZplArtwork, stampZpl } from './artwork.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (data: Uint8Array): string => Buffer.from(data).toString('latin1');

function heldBy(zpl: string): string {
  try {
    readZplArtwork(bytes(zpl), 800);
  } catch (error) {
    if (error instanceof HeldError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'not held';
}

test.each([
  ['<html>login</html>', 'label.unreadable', '<html>'],
  ['^XA^FO1,1^FDx^FS', 'label.unreadable', 'cut short'],
  ['^XA^FO1,1^XA^FDx^FS^XZ', 'label.unreadable', 'inside'],
  ['^XA^XZ', 'label.blank', 'nothing'],
  ['^XA^JUS^FDx^FS^XZ', 'label.not-allowed', '^JU'],
  ['^XA~JR^FDx^FS^XZ', 'label.not-allowed', '~JR'],
  ['^XA^FDx^FS^XZ~JA^XA^FDx^FS^XZ', 'label.not-allowed', '~JA'],
  ['^XA^DFR:A.ZPL^FDx^FS^XZ', 'label.not-allowed', '^DF'],
  ['^XA^CC!^FDx^FS^XZ', 'label.not-allowed', '^CC'],
  ['^XA^NS1^FDx^FS^XZ', 'label.not-allowed', '^NS'],
  ['^XA^GFB,1,1,1,x^FS^XZ', 'label.not-allowed', 'binary'],
  ['^XA^FDx^FS^XZ^JUF^XA^FDx^FS^XZ', 'label.not-allowed', 'outside'],
  ['^XA^PW1200^FDx^FS^XZ', 'label.too-large', '1200'],
])('%j is held as %s', (zpl, code, words) => {
  expect(heldBy(zpl)).toContain(code);
  expect(heldBy(zpl)).toContain(words);
});

test('drawing goes through as it came; set-up commands are left out and one label stays one label', () => {
  const artwork = readZplArtwork(bytes('^XA^MNY^MTD^LH0,0^FO10,10^A0N,30,30^FDa_5Eb^FS^PQ5^XZ\n'), 800);
  expect(text(stampZpl(artwork, 'p1', 0, 1200))).toBe(
    '^XA^FXprint=p1 page=1/1^FS^LH0,0^FO10,10^A0N,30,30^FDa_5Eb^FS^PQ1,0,0,Y^XZ\r\n',
  );
});

test('a second copy says REPRINT and which', () => {
  const artwork = readZplArtwork(bytes('^XA^FO1,1^FDx^FS^XZ'), 800);
  expect(text(stampZpl(artwork, 'p1', 2, 1200))).toContain('^FO8,1164^A0N,28,28^FDREPRINT 2^FS^XZ');
});

test('bytes outside ASCII are kept one to one', () => {
  const utf8 = Buffer.from('^XA^CI28^FO1,1^FD张三^FS^XZ', 'utf8');
  const out = Buffer.from(stampZpl(readZplArtwork(utf8, 800), 'p1', 0, 1200)).toString('utf8');
  expect(out).toContain('^FD张三^FS');
});

test.each([
  ['^BCN,100,Y,N,N^FD>:ANE00012345^FS', ['ANE00012345']],
  ['^BY3^BCN,100^FD>;1234>6AB^FS', ['1234AB']],
  ['^BQN,2,6^FDQA,https://a.test/w/AB12^FS', ['https://a.test/w/AB12']],
  ['^BQN,2,6^FDMM,AHELLO^FS', ['HELLO']],
  ['^BXN,8,200^FH^FDA_2D1^FS', ['A-1']],
  ['^A0N,30,30^FDnot a code^FS', []],
  ['^BCN^FDone^FS^FDtext^FS^B3N^FDtwo^FS', ['one', 'two']],
])('the barcodes of %s are %j', (fields, codes) => {
  expect(barcodeFields(readZplArtwork(bytes(`^XA^FO1,1${fields}^FO1,1^FD.^FS^XZ`), 800))).toEqual(codes);
});

test('whatever a vendor sends, what leaves is held or has balanced formats and no control command', () => {
  const piece = fc.constantFrom(
    '^XA',
    '^XZ',
    '^FO1,1',
    '^FDx',
    '^FS',
    '~HS',
    '^JUS',
    '^PQ9',
    '^GFA,1,1,1,80',
    'z',
    '\r\n',
    '^A0',
    '^',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      let out: string;
      try {
        out = text(stampZpl(readZplArtwork(bytes(pieces.join('')), 800), 'p', 1, 1200));
      } catch (error) {
        expect(error).toBeInstanceOf(HeldError);
        return;
      }
      expect(out).not.toMatch(/~|\^JU|\^PQ9/);
      expect(out.replaceAll(/\^XA[^]*?\^XZ\r\n/g, '')).toBe('');
    }),
  );
});
