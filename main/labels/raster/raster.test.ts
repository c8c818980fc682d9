/** Artwork of every shape, drawn and laid on 4 x 6 inch media. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeBitmap, labelPdf } from '../fixtures.ts';
import { encodePng } from '../png.ts';
import { readCodes, readSymbols } from '../read-codes.ts';
import { measureModule } from '../symbols.ts';
import type { Bitmap } from '../bitmap.ts';
import { blankBitmap, fillBox, inkBounds, isBlack, placeOn } from '../bitmap.ts';
import { createEngine } from '../engine.ts';
import type { LayWishes, RasterResult } from '../engine.ts';
import type { LabelTarget } from '../media.ts';
import { encodeGif, encodeJpeg, sheetPdf } from './artwork-files.ts';
import { findParts } from './parts.ts';
import { decodeGif } from './gif.ts';
import { resampleGray } from './resample.ts';
import { toneToBitmap } from './tone.ts';
import { turnBitmap } from './turn.ts';

const engine = createEngine('');
const target: LabelTarget = { language: 'tspl', dpi: 203, widthMm: 101.6, heightMm: 152.4 };
const waybill = 'PB54010000010C';
const pdf = (
  bytes: Uint8Array,
  wanted: string | null = waybill,
  on = target,
  wishes?: LayWishes,
): Promise<RasterResult> => engine.raster('application/pdf', bytes, wanted, on, wishes);

async function moduleOf(page: Bitmap | undefined): Promise<number> {
  if (page === undefined) throw new Error('no page');
  const [symbol] = await readSymbols(page, 'bars');
  return (symbol === undefined ? null : measureModule(page, symbol))?.dots ?? 0;
}

test.each([90, 180, 270])('a page with /Rotate %i is drawn as it is to be seen', async (angle) => {
  const size = angle === 180 ? { widthPt: 288, heightPt: 432 } : { widthPt: 432, heightPt: 288 };
  const text = Buffer.from(labelPdf([waybill], size))
    .toString('latin1')
    .replace('/Type/Page/', `/Type/Page/Rotate ${angle}/`);
  const { pages, codes } = await pdf(Buffer.from(text, 'latin1'));
  expect(codes).toContain(waybill);
  expect(pages.map(({ width, height }) => [width, height])).toEqual([[812, 1219]]);
});

test('blank pages behind the label are left out', async () => {
  const { pages } = await pdf(sheetPdf(288, 432, [[{ code: waybill, x: 0, y: 0, width: 288, height: 432 }], []]));
  expect(pages.length).toBe(1);
});

const a4 = [595, 842] as const;
const label = (code: string, x: number, y: number, width = 280, height = 400) => ({ code, x, y, width, height });

test('a label on A4 among instructions is cut out at its true size', async () => {
  const { pages, codes } = await pdf(
    sheetPdf(...a4, [[label(waybill, 20, 20), { code: '', x: 20, y: 480, width: 550, height: 300 }]]),
  );
  expect([pages.length, codes]).toEqual([1, [waybill]]);
  const ink = inkBounds(pages[0] ?? blankBitmap(1, 1));
  expect(ink?.width).toBeGreaterThan(770);
  expect(ink?.width).toBeLessThan(800);
});

test('a landscape label on a portrait A4 page is cut out and turned', async () => {
  const { pages, codes } = await pdf(
    sheetPdf(...a4, [[label(waybill, 40, 30, 420, 280), { code: '', x: 40, y: 400, width: 520, height: 400 }]]),
  );
  expect([pages.length, codes]).toEqual([1, [waybill]]);
  const ink = inkBounds(pages[0] ?? blankBitmap(1, 1));
  expect(ink?.height).toBeGreaterThan(ink?.width ?? 0);
});

test('of four labels on a sheet with cutting lines, the parcel’s own is printed', async () => {
  const four = [
    label('PB00000000001', 8, 10),
    label('PB00000000002', 307, 10),
    label(waybill, 8, 431),
    label('PB00000000004', 307, 431),
  ];
  const sheet = sheetPdf(...a4, [four], { cuttingLines: true });
  const own = await pdf(sheet);
  expect([own.pages.length, own.codes]).toEqual([1, [waybill]]);
  const all = await pdf(sheet, null);
  expect(all.pages.length).toBe(4);
  expect(new Set(all.codes)).toEqual(new Set(four.map(({ code }) => code)));
});

test('a large label without a sheet around it is never cut', async () => {
  // 148 x 210 mm on 100 x 150: seven tenths, in blocks with wide gutters.
  const { pages } = await pdf(
    sheetPdf(420, 595, [
      [
        { ...label(waybill, 10, 10, 400, 200), modulePt: 1.1 },
        { code: '', x: 10, y: 260, width: 400, height: 320 },
      ],
    ]),
  );
  expect(pages.length).toBe(1);
  const ink = inkBounds(pages[0] ?? blankBitmap(1, 1));
  expect(ink?.height).toBeGreaterThan(950);
});

test.each([0, 90, 180, 270] as const)('a forced turn of %i degrees is kept', async (turn) => {
  const { pages } = await pdf(labelPdf([waybill]), null, target, { turn });
  const upright = turnBitmap(pages[0] ?? blankBitmap(1, 1), ((360 - turn) % 360) as 0 | 90 | 180 | 270);
  expect(await readCodes(upright, 'bars')).toEqual([waybill]);
});

test('a margin keeps the edges white', async () => {
  const { pages } = await pdf(sheetPdf(288, 432, [[label(waybill, 0, 0, 288, 432)]]), waybill, target, { marginMm: 3 });
  const ink = inkBounds(pages[0] ?? blankBitmap(1, 1));
  expect([ink?.x, ink?.y].every((side) => (side ?? 0) >= 24)).toBe(true);
});

test.each([
  [203, 0.75],
  [203, 0.73],
  [203, 0.7],
  [300, 0.5],
] as const)('at %i dpi a module of %s points is printed in whole dots', async (dpi, modulePt) => {
  const { pages } = await pdf(labelPdf([waybill], { modulePt }), waybill, { ...target, dpi });
  const dots = await moduleOf(pages[0]);
  expect(Math.abs(dots - Math.round(dots))).toBeLessThanOrEqual(1 / 156);
});

test('a page drawn far too small to be read is enlarged and turned to fill the media', async () => {
  // A landscape label squeezed onto a portrait page: bars of 1.3 dots.
  const page = sheetPdf(288, 432, [[{ code: waybill, x: 0, y: 0, width: 288, height: 180, modulePt: 0.45 }]]);
  const { codes, pages } = await pdf(page);
  expect(codes).toContain(waybill);
  expect(inkBounds(pages[0] ?? blankBitmap(1, 1))?.height).toBeGreaterThan(1_000);
});

test('bars too fine for any size on this media are named as such', async () => {
  const long = 'PB54010000010C-54010000010C-54010000010C-54010000010C-54010000010C';
  const page = labelPdf([long], { widthPt: 840, heightPt: 500, modulePt: 0.7 });
  await expect(pdf(page, long, { ...target, widthMm: 60, heightMm: 90 })).rejects.toMatchObject({
    code: expect.stringMatching(/^label\.too-(?:fine|large)$/),
  });
});

test.each(['image/jpeg', 'image/gif', 'image/png'] as const)('%s is printed pixel for dot', async (type) => {
  const drawn = codeBitmap(waybill, 812, 1_218);
  const bytes = type === 'image/png' ? encodePng(drawn) : type === 'image/gif' ? encodeGif(drawn) : encodeJpeg(drawn);
  const { pages, codes } = await engine.raster(type, bytes, waybill, target);
  expect(codes).toEqual([waybill]);
  const wanted = placeOn(812, 1_219, drawn, 0, 0);
  expect(Buffer.from(pages[0]?.data ?? []).equals(Buffer.from(wanted.data))).toBe(true);
});

test('a JPEG that says it lies on its side is turned', async () => {
  const drawn = codeBitmap(waybill, 812, 1_216);
  // Orientation 6: shown a quarter clockwise, so it is stored a quarter counter-clockwise.
  const bytes = encodeJpeg(turnBitmap(drawn, 270), { orientation: 6 });
  const { pages, codes } = await engine.raster('image/jpeg', bytes, waybill, target);
  expect([codes, pages[0]?.height]).toEqual([[waybill], 1_219]);
});

test.each([2, 3])(
  'a picture of 203 dpi with modules of %i dots is enlarged to whole modules at 300 dpi',
  async (dots) => {
    const drawn = placeOn(812, 1_218, codeBitmap(waybill, 20 + 178 * dots, 600), 60, 60);
    const before = await moduleOf(drawn);
    const { pages } = await engine.raster('image/png', encodePng(drawn), waybill, { ...target, dpi: 300 });
    expect(before).toBe(dots);
    expect(await moduleOf(pages[0])).toBeCloseTo(dots + 1, 1);
  },
);

test('a picture that states its density has its true size', async () => {
  const drawn = encodePng(codeBitmap(waybill, 600, 900));
  // pHYs behind IHDR: 300 dpi is 11,811 pixels per metre.
  const chunk = Buffer.from('00000009' + '70485973' + '00002e23' + '00002e23' + '01' + '00000000', 'hex');
  const stated = withCheck(Buffer.concat([drawn.subarray(0, 33), chunk, drawn.subarray(33)]));
  const widthOf = async (bytes: Uint8Array): Promise<number> => {
    const { pages } = await engine.raster('image/png', bytes, null, target);
    return inkBounds(pages[0] ?? blankBitmap(1, 1))?.width ?? 0;
  };
  // Without it, it is enlarged to fill the media: a third more, at which its bars are whole dots.
  expect((await widthOf(stated)) / (await widthOf(drawn))).toBeCloseTo(203 / 300 / (4 / 3), 1);
});

/** The chunk's sum, which the decoder checks. */
function withCheck(bytes: Buffer): Buffer {
  const { crc32 } = process.getBuiltinModule('node:zlib');
  bytes.writeUInt32BE(crc32(bytes.subarray(37, 50)), 50);
  return bytes;
}

test('photographs are dithered, bars and text beside them are not', () => {
  const [width, height] = [320, 160];
  const data = new Uint8Array(width * height).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < 160; x += 1) data[y * width + x] = 40 + Math.round((x + y) * 0.55);
    for (let x = 176; x < 304; x += 1) data[y * width + x] = Math.floor(x / 3) % 2 === 0 ? 0 : 255;
  }
  const bitmap = toneToBitmap({ width, height, data });
  let black = 0;
  for (let y = 0; y < height; y += 1) for (let x = 0; x < 160; x += 1) if (isBlack(bitmap, x, y)) black += 1;
  const mean = 1 - (40 + 159 * 0.55) / 255;
  expect(black / (160 * height)).toBeCloseTo(mean, 1);
  // Dithered: black and white alternate within a stretch that a threshold would make all black.
  const row = Array.from({ length: 32 }, (_, x) => isBlack(bitmap, x + 8, 20));
  expect(new Set(row).size).toBe(2);
  for (let x = 176; x < 304; x += 1) expect(isBlack(bitmap, x, 77)).toBe(Math.floor(x / 3) % 2 === 0);
});

test('a GIF decodes to its pixels, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      fc.boolean(),
      fc.infiniteStream(fc.boolean()),
      (width, height, interlaced, packed, bits) => {
        const bitmap = blankBitmap(width, height);
        for (let y = 0; y < height; y += 1) {
          for (let x = 0; x < width; x += 1) {
            if (bits.next().value === true) fillBox(bitmap, { x, y, width: 1, height: 1 }, true);
          }
        }
        const gray = decodeGif(encodeGif(bitmap, { interlaced, packed }));
        for (let y = 0; y < height; y += 1) {
          for (let x = 0; x < width; x += 1) {
            if ((gray.data[y * width + x] ?? 0) !== (isBlack(bitmap, x, y) ? 0 : 255)) return false;
          }
        }
        return true;
      },
    ),
    { numRuns: 200 },
  );
});

test('a GIF with any byte changed or cut is decoded or refused, never more', () => {
  const whole = encodeGif(codeBitmap('X1', 120, 60), { packed: true });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, value, cut) => {
      const bytes = Uint8Array.from(cut ? whole.subarray(0, at) : whole);
      if (!cut) bytes[at] = value;
      try {
        return decodeGif(bytes).data.length > 0;
      } catch (error) {
        return (error as Error).name === 'HeldError';
      }
    }),
    { numRuns: 500 },
  );
});

test('resampling keeps the mean, and whole factors copy', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (data, width, height) => {
        const source = { width: 4, height: 3, data };
        const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
        const made = resampleGray(source, width, height);
        const twice = resampleGray(source, 8, 6);
        const copies = twice.data.every(
          (value, at) => value === data[Math.floor(Math.floor(at / 8) / 2) * 4 + Math.floor((at % 8) / 2)],
        );
        return Math.abs(mean(made.data) - mean(data)) <= 1 && copies;
      },
    ),
  );
});

test('turning four times a quarter is no turn', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), fc.nat(), (width, height, seed) => {
      const page = blankBitmap(width, height);
      fillBox(page, { x: seed % width, y: seed % height, width: 3, height: 2 }, true);
      let turned = page;
      for (let time = 0; time < 4; time += 1) turned = turnBitmap(turned, 90);
      return Buffer.from(turned.data).equals(Buffer.from(page.data));
    }),
  );
});

test('the parts of a sheet hold all of its ink', () => {
  const page = blankBitmap(1_600, 2_300);
  for (const [x, y] of [
    [40, 40],
    [860, 40],
    [40, 1_300],
  ] as const)
    fillBox(page, { x, y, width: 700, height: 1_000 }, true);
  const parts = findParts(page, { width: 812, height: 1_219 }, 8);
  expect(parts.map(({ x, y }) => [x, y]).toSorted()).toEqual(
    [
      [40, 1_296],
      [40, 40],
      [856, 40],
    ].toSorted(),
  );
});
