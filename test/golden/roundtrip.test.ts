/**
 * Each language's bytes, read by an interpreter that is not ours, give the very bitmap, dot for dot; and what comes out
 * of the interpreter still carries its barcodes.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bitmap } from '../../main/labels/bitmap.ts';
import { createEngine } from '../../main/labels/engine.ts';
import { labelEncoders } from '../../main/labels/languages.ts';
import type { LabelDpi, LabelTarget } from '../../main/labels/media.ts';
import { labelLanguages, mediaDots } from '../../main/labels/media.ts';
import { readCodes } from '../../main/labels/read-codes.ts';
import { makePdfLabel, makePngLabel, makeZplLabel } from '../../main/training/label-artwork.ts';
import { projectDir } from '../kit/station.ts';
import { bitmapOf, dotsOf, interpret } from './interpreters/index.ts';
import {
  badge,
  bagFacts,
  contentsFacts,
  listFacts,
  lpnFacts,
  parcelFacts,
  testFacts,
  trainingFacts,
} from './labels.ts';

const engine = createEngine(join(projectDir, 'resources'));

/** Any dots, more often in runs than not, as labels have them. */
const anyBitmap: fc.Arbitrary<Bitmap> = fc
  .tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 40 }))
  .chain(([width, height]) => {
    const rowBytes = Math.ceil(width / 8);
    const byte = fc.oneof(fc.constantFrom(0, 255, 0x0d, 0x0a, 0x1b, 0x5e, 0x7e), fc.nat(255));
    return fc
      .array(byte, { minLength: rowBytes * height, maxLength: rowBytes * height })
      .map((bytes) => ({ width, height, rowBytes, data: whitePadding(Uint8Array.from(bytes), width, rowBytes) }));
  });

function whitePadding(data: Uint8Array, width: number, rowBytes: number): Uint8Array {
  const mask = width % 8 === 0 ? 0xff : (0xff << (8 - (width % 8))) & 0xff;
  for (let at = rowBytes - 1; at < data.length; at += rowBytes) data[at] = (data[at] ?? 0) & mask;
  return data;
}

const anySettings = fc.record({
  dpi: fc.constantFrom<LabelDpi>(203, 300, 600),
  darkness: fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined }),
  speed: fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }),
  copies: fc.constantFrom(1, 2, 7),
  tracking: fc.constantFrom('gap' as const, 'mark' as const, 'continuous' as const, undefined),
  gapMm: fc.constantFrom(undefined, 2, 3, 25),
  ending: fc.constantFrom('tear' as const, 'cut' as const, 'peel' as const, undefined),
  compression: fc.constantFrom('z64' as const, 'acs' as const, undefined),
  quirks: fc.record({
    raster: fc.constantFrom('gs-v-0' as const, 'gs-paren-l' as const, undefined),
    bandDots: fc.constantFrom(undefined, 1, 7, 24, 2_303),
    hexadecimal: fc.constantFrom(undefined, true, false),
  }),
});

/** ESC/POS ends a page only where something is done after it, so pages are told apart only then. */
const separates = (target: LabelTarget): boolean =>
  target.ending === 'cut' || target.tracking === 'gap' || target.tracking === 'mark';

function expectSame(pages: readonly Bitmap[], target: LabelTarget): void {
  const bytes = labelEncoders[target.language](pages, 'p-1', target);
  const found = interpret(bytes, target);
  const copies = target.copies ?? 1;
  if (target.language !== 'escpos') {
    expect(found.map((page) => [page.width, page.height, page.copies])).toEqual(
      pages.map((page) => [page.width, page.height, copies]),
    );
    found.forEach((page, at) => expect(sameDots(page.dots, dotsOf(pages[at] ?? never()))).toBe(true));
    expect(found.map((page) => page.comments)).toEqual(
      pages.map((_, at) => [`print=p-1 page=${at + 1}/${pages.length}`]),
    );
    return;
  }
  const wanted = pages.flatMap((page) => Array.from({ length: copies }, () => page));
  if (!separates(target)) {
    const width = Math.max(...wanted.map((page) => page.rowBytes * 8));
    const all = Buffer.concat(wanted.map((page) => dotsOf(page, width)));
    expect(found).toHaveLength(1);
    expect(sameDots(found[0]?.dots ?? never(), all)).toBe(true);
    return;
  }
  expect(found.map((page) => [page.width, page.height])).toEqual(
    wanted.map((page) => [page.rowBytes * 8, page.height]),
  );
  found.forEach((page, at) => {
    const bitmap = wanted[at] ?? never();
    expect(sameDots(page.dots, dotsOf(bitmap, bitmap.rowBytes * 8))).toBe(true);
  });
}

const sameDots = (one: Uint8Array, other: Uint8Array): boolean => Buffer.from(one).equals(Buffer.from(other));

function never(): never {
  throw new Error('a page is missing');
}

describe.each(labelLanguages)('%s', (language) => {
  test('any bitmaps, with any settings, come out dot for dot', () => {
    fc.assert(
      fc.property(fc.array(anyBitmap, { minLength: 1, maxLength: 3 }), anySettings, (pages, settings) => {
        expectSame(pages, { language, widthMm: 50, heightMm: 50, ...settings });
      }),
      { numRuns: 150 },
    );
  });

  test('a printer that burns the other bits gets them', () => {
    fc.assert(
      fc.property(anyBitmap, (page) => {
        const target: LabelTarget = { language, dpi: 203, widthMm: 50, heightMm: 50, compression: 'acs' };
        const bytes = labelEncoders[language]([page], 'p', { ...target, quirks: { inverted: true } });
        const turned = language === 'tspl' || language === 'epl';
        const white = { ...page, data: page.data.map((byte) => ~byte) };
        const plain = labelEncoders[language]([turned ? white : page], 'p', target);
        expect(Buffer.from(bytes).equals(Buffer.from(plain))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('no print id can be more than a comment', () => {
    const page = { width: 8, height: 1, rowBytes: 1, data: Uint8Array.of(0x80) };
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (printId) => {
        const target: LabelTarget = { language, dpi: 203, widthMm: 50, heightMm: 50 };
        const found = interpret(labelEncoders[language]([page], printId, target), target);
        expect(found.map((each) => each.commands)).toEqual(
          interpret(labelEncoders[language]([page], 'x', target), target).map((each) => each.commands),
        );
        if (language !== 'escpos') expect(found[0]?.comments[0]).toMatch(/^print=[\w.-]* page=1\/1$/);
      }),
      { numRuns: 300 },
    );
  });
});

describe.each([203, 300] as const)('at %i dpi', (dpi) => {
  const target: LabelTarget = { language: 'zpl', dpi, widthMm: 101.6, heightMm: 152.4 };
  const labels: readonly (readonly [string, readonly string[], () => Promise<readonly Bitmap[]>])[] = [
    [
      'a training PDF',
      [trainingFacts.waybill],
      () => raster('application/pdf', makePdfLabel(trainingFacts, { customsPage: true })),
    ],
    ['a training PNG', [trainingFacts.waybill], () => raster('image/png', makePngLabel(trainingFacts))],
    ['training ZPL, drawn', [trainingFacts.waybill], drawnZpl],
    ['the rack label', [lpnFacts.lpn], async () => [await engine.drawLpn(lpnFacts, target)]],
    ['our own parcel label', [parcelFacts.waybill], async () => [await engine.drawParcelLabel(parcelFacts, target)]],
    ['the big-bag label', [bagFacts.bagNumber], () => own({ kind: 'bag', facts: bagFacts })],
    ['the contents slip', [contentsFacts.orderNumber], () => own({ kind: 'contents', facts: contentsFacts })],
    ['the command sheet', ['PB:CMD:retry', 'PB:QTY:2'], () => own({ kind: 'commands', locale: 'zh-CN' })],
    ['the scanner sheet', [], () => own({ kind: 'scanner', locale: 'en' })],
    ['the test print', [testFacts.code], () => own({ kind: 'test', facts: testFacts })],
    ['the hand-over list', [listFacts.reference], () => own({ kind: 'handover-list', facts: listFacts })],
    ['badges', ['PB:BADGE:P001'], () => own({ kind: 'badges', badges: [badge], locale: 'en' })],
  ];

  const raster = async (type: 'application/pdf' | 'image/png', bytes: Uint8Array): Promise<readonly Bitmap[]> =>
    (await engine.raster(type, bytes, trainingFacts.waybill, target)).pages;
  const own = async (request: Parameters<typeof engine.drawOwn>[0]): Promise<readonly Bitmap[]> =>
    (await engine.drawOwn(request, target)).pages;
  async function drawnZpl(): Promise<readonly Bitmap[]> {
    const { width, height } = mediaDots(target);
    const [label] = await engine.renderZpl(makeZplLabel(trainingFacts), target);
    return [(await raster('image/png', label?.png ?? never()))[0] ?? never()].filter(
      (page) => page.width === width && page.height === height,
    );
  }

  test.each(labels)('%s is the same in every language, and its barcodes are read', async (_, codes, draw) => {
    const pages = await draw();
    expect(pages.length).toBeGreaterThan(0);
    const wanted = await allCodes(pages);
    for (const code of codes) expect(wanted).toContain(code);
    for (const language of labelLanguages) {
      const on: LabelTarget = { ...target, language, ending: 'cut' };
      expectSame(pages, on);
      // The interpreter's page, not ours, is read back.
      const found = interpret(labelEncoders[language](pages, 'p', on), on);
      expect(await allCodes(found.map((page, at) => bitmapOf(page, pages[at]?.width)))).toEqual(wanted);
    }
  });
});

/** Codes by the digest of the very dots: the same picture is not read once per language. */
const known = new Map<string, Promise<string[]>>();

async function allCodes(pages: readonly Bitmap[]): Promise<string[]> {
  const codes: string[] = [];
  for (const page of pages) {
    const key = `${page.width}x${page.height} ${createHash('sha256').update(page.data).digest('hex')}`;
    const read = known.get(key) ?? readCodes(page, 'thorough');
    known.set(key, read);
    codes.push(...(await read));
  }
  return codes.toSorted();
}
