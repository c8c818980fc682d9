/** Every training label on every head: the bitmap that is printed carries the waybill and the order number. */
import { expect, test } from 'vitest';
import { createEngine } from '../../main/labels/engine.ts';
import { bitmapOfPng } from '../../main/labels/inspect.ts';
import { prepareLabel } from '../../main/labels/labels.ts';
import type { LabelDpi, LabelTarget } from '../../main/labels/media.ts';
import { measureModule } from '../../main/labels/symbols.ts';
import { readSymbols } from '../../main/labels/read-codes.ts';
import type { LabelFacts } from '../../main/training/label-artwork.ts';
import { makePdfLabel, makePngLabel, makeZplLabel } from '../../main/training/label-artwork.ts';
import { trainingFacts } from '../golden/labels.ts';

const engine = createEngine('');
const facts: LabelFacts = trainingFacts;
const artworks = {
  PDF: ['application/pdf', makePdfLabel(facts, { customsPage: false })],
  'PDF with a customs page': ['application/pdf', makePdfLabel(facts, { customsPage: true })],
  PNG: ['image/png', makePngLabel(facts)],
  ZPL: ['application/zpl', makeZplLabel(facts)],
} as const;
const medias = [
  [101.6, 152.4],
  [100, 150],
  [102, 152.5],
] as const;
const rounds = Object.keys(artworks).flatMap((name) =>
  ([203, 300, 600] as const).flatMap((dpi) =>
    // One medium is enough for the slowest.
    medias.slice(0, dpi === 600 ? 1 : undefined).map((media) => [name as keyof typeof artworks, dpi, media] as const),
  ),
);

const targetOf = (dpi: LabelDpi, [widthMm, heightMm]: readonly [number, number]): LabelTarget => ({
  language: 'tspl',
  dpi,
  widthMm,
  heightMm,
});

// Drawn for a printer that speaks no ZPL, ZPL becomes a bitmap like the others; its sizes are dots of 203 dpi, so that on
// finer heads it comes out smaller, which its own printer does as well.
test.each(rounds)('%s at %i dpi on %j mm', async (name, dpi, media) => {
  const [type, bytes] = artworks[name];
  const label = await prepareLabel(engine, bytes, type, facts.waybill, targetOf(dpi, media));
  const page = bitmapOfPng(await label.previewPng());
  const symbols = await readSymbols(page, 'thorough');
  const texts = symbols.map(({ text }) => text);
  expect(texts).toContain(facts.waybill);
  expect(texts).toContain(facts.orderNumber);
  const waybill = symbols.find(({ text }) => text === facts.waybill);
  const module = waybill === undefined ? null : measureModule(page, waybill);
  // Two dots and more, as thermal printers are asked for (0.25 mm at 203 dpi, ISO/IEC 15417 leaves it to the application).
  expect(module?.dots).toBeGreaterThanOrEqual(2);
});

// A printer too old for zlib is compared with what it would get without any compression: two digits per byte.
test.each([
  ['PDF', 'z64', 1],
  ['PNG', 'z64', 1],
  ['PDF', 'acs', 2],
  ['PNG', 'acs', 2],
] as const)('%s as ZPL (%s) is at least five times smaller than uncompressed', async (name, compression, perByte) => {
  const [type, bytes] = artworks[name];
  const target: LabelTarget = { ...targetOf(203, [101.6, 152.4]), language: 'zpl', compression };
  const label = await prepareLabel(engine, bytes, type, facts.waybill, target);
  const uncompressed = 102 * 1_219 * perByte;
  expect(label.bytes(0, 'p').byteLength).toBeLessThan(uncompressed / 5);
});
