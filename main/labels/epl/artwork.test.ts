import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blankBitmap, fillBox } from '../bitmap.ts';
import { HeldError } from '../held.ts';
import { readEplArtwork, stampEpl } from './artwork.ts';
import { encodeEpl } from './encode.ts';
import { drawEplDots, eplBarcodes, isAllDots } from './read.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (data: Uint8Array): string => Buffer.from(data).toString('latin1');

function heldBy(epl: string): string {
  try {
    readEplArtwork(bytes(epl), 800);
  } catch (error) {
    if (error instanceof HeldError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'not held';
}

const label = 'N\nq800\nQ1200,24\nA50,50,0,3,1,1,N,"Ann \\"A\\" Lee"\nB50,200,0,1,3,6,100,B,"ANE00012345"\nP1\n';

test('a label goes through as it came, stamped; one label stays one label, options are left out', () => {
  const artwork = readEplArtwork(bytes(`\nOD\n; theirs\n${label.replace('P1', 'P3,2').replaceAll('\n', '\r\n')}`), 800);
  expect(text(stampEpl(artwork, 'p 1', 0, 1200))).toBe(
    '\nN\n; print=p_1 page=1/1\nq800\nQ1200,24\nA50,50,0,3,1,1,N,"Ann \\"A\\" Lee"\n' +
      'B50,200,0,1,3,6,100,B,"ANE00012345"\nP1\n',
  );
});

test('a second copy says REPRINT and which', () => {
  const artwork = readEplArtwork(bytes(label + label), 800);
  const stamped = text(stampEpl(artwork, 'p', 2, 1200));
  expect(stamped.match(/R0,0\nA8,1164,0,3,1,1,N,"REPRINT 2"\nP1\n/g)).toHaveLength(2);
  expect(stamped.match(/page=\d\/2/g)).toEqual(['page=1/2', 'page=2/2']);
});

test('barcodes are read without their escapes', () => {
  const artwork = readEplArtwork(bytes('N\nB1,1,0,1A,2,4,99,N,"A\\"B"\nb9,9,Q,s6,"https://a.test/w"\nP1\n'), 800);
  expect(eplBarcodes(artwork)).toEqual(['A"B', 'https://a.test/w']);
});

test('a picture keeps its bytes, whatever they are, and can be drawn', () => {
  const page = blankBitmap(24, 4);
  fillBox(page, { x: 4, y: 0, width: 5, height: 3 }, true);
  // 0 burns, so these rows hold LF, CR and the letters of commands.
  page.data.set([0xf5, 0xf2, 0xbf], 3);
  const artwork = readEplArtwork(encodeEpl([page], 'x', { language: 'epl', dpi: 203, widthMm: 3, heightMm: 1 }), 800);
  expect(isAllDots(artwork)).toBe(true);
  expect(drawEplDots(artwork.formats[0] ?? [], 24, 4)).toEqual(page);
  expect(readEplArtwork(stampEpl(artwork, 'y', 1, 4), 800).formats[0]?.[3]?.data).toEqual(
    artwork.formats[0]?.[3]?.data,
  );
});

test('lines and boxes are drawn where the reference point puts them', () => {
  const artwork = readEplArtwork(bytes('N\nR2,1\nLO0,0,4,2\nLW1,0,1,1\nX4,3,1,8,6\nP1\n'), 800);
  const page = drawEplDots(artwork.formats[0] ?? [], 16, 8);
  const rows = Array.from({ length: 8 }, (_, y) =>
    Array.from({ length: 16 }, (__, x) => ((page.data[y * 2 + (x >> 3)] ?? 0) & (0x80 >> (x & 7)) ? '#' : '.')).join(
      '',
    ),
  );
  expect(rows.slice(1, 7)).toEqual([
    '..#.##..........',
    '..####..........',
    '................',
    '......####......',
    '......#..#......',
    '......####......',
  ]);
});

test.each<readonly [string, string, string]>([
  ['<html>login</html>', 'label.not-allowed', '<html>'],
  ['P1\n', 'label.unreadable', 'before N'],
  ['N\nA1,1,0,3,1,1,N,"x"\n', 'label.unreadable', 'cut short'],
  ['N\nP1\n', 'label.blank', 'nothing'],
  ['N\nA1,1,0,3,1,1,N,"x"\nN\nP1\n', 'label.unreadable', 'half made'],
  ['N\nGW0,0,100,100,xx', 'label.unreadable', 'fewer bytes'],
  ['N\nGW0,0,1,1,xx\nP1\n', 'label.unreadable', 'more bytes'],
  ['N\nA1,1,0,3,1,1,N,"a"b"\nP1\n', 'label.not-allowed', 'A1,1'],
  ['N\nA1,1,0,3,1,1,N,V00\nP1\n', 'label.not-allowed', 'V00'],
  ['N\nq1200\nA1,1,0,3,1,1,N,"x"\nP1\n', 'label.too-large', '1200'],
  ['N\nA1,1,0,3,1,1,N,"\u0007"\nP1\n', 'label.not-allowed', 'control'],
  ...['^@', '^default', 'U', 'US', 'UP', 'FK"*"', 'FS"A"', 'FR"A"', 'GK"*"', 'GM"A"1', 'GG1,1,"A"', 'ES"A"', 'EK"*"']
    .concat([
      'M10,20,30',
      'Y38,N,8,1',
      'TS01',
      'TDy4',
      'V00,9,N,"x"',
      'C0,6,N,+1,"x"',
      '?',
      'AUTOFR',
      'dump',
      'PA1',
      'W',
    ])
    .concat(['xa', 'i8,0,001', 'eR!,?', 'EPL'])
    .map((line) => [`N\nA1,1,0,3,1,1,N,"x"\n${line}\nP1\n`, 'label.not-allowed', line.slice(0, 2)] as const),
])('%j is held as %s', (epl, code, words) => {
  expect(heldBy(epl)).toContain(code);
  expect(heldBy(epl)).toContain(JSON.stringify(words).slice(1, -1));
});

test('whatever a vendor sends, it is held, or what leaves are whole labels that only draw', () => {
  const piece = fc.constantFrom(
    ...[
      'N\n',
      'P1\n',
      'P9,9\n',
      'A1,1,0,3,1,1,N,"x"\n',
      'A1,1,0,3,1,1,N,"\n',
      'US\n',
      '^@\n',
      'GW0,0,1,2,',
      'OD\n',
      '"',
      '\\',
    ],
    ...['B1,1,0,1,2,4,9,N,"x"\n', '\n', '\r\n', ';P1\n', 'q800\n', 'FK"*"\n', '\u0000', 'LO1,1,1,1\n'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      let out: string;
      try {
        out = text(stampEpl(readEplArtwork(bytes(pieces.join('')), 800), 'p', 1, 1200));
      } catch (error) {
        expect(error).toBeInstanceOf(HeldError);
        return;
      }
      const lines = out.replace(/GW0,0,1,2,[^]{2}/g, 'GW').split('\n');
      for (const line of lines)
        expect(line).toMatch(/^(?:|N|P1|GW|; print=p page=\d\/\d|R0,0|[AB]\d.*"|LO1,1,1,1|q800)$/);
    }),
    { numRuns: 1_000 },
  );
});

test('no bytes whatever make it throw anything but a reason', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      try {
        readEplArtwork(noise, 800);
      } catch (error) {
        expect(error).toBeInstanceOf(HeldError);
      }
    }),
    { numRuns: 1_000 },
  );
});
