import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BagCommand, PackCommand } from '../../../preload/contract/index.ts';
import { judgeScannerTest } from '../../domain/scanner-test.ts';
import { readScan } from '../../domain/scan.ts';
import type { Bitmap, Box } from '../bitmap.ts';
import { inkBounds, isBlack } from '../bitmap.ts';
import type { LabelDpi } from '../media.ts';
import { mediaDots } from '../media.ts';
import { readCodes } from '../read-codes.ts';
import { drawLpn } from '../lpn.ts';
import type { BagLabelFacts } from './bag-label.ts';
import type { ContentsFacts } from './contents-slip.ts';
import type { OwnRequest } from './draw-own.ts';
import { drawOwn } from './draw-own.ts';
import type { PageMedia } from './pages.ts';
import { drawScene, loadTemplate } from './scene.ts';

const resourcesDir = new URL('../../../resources', import.meta.url).pathname;
const bag = {
  bagNumber: 'BG2512130000001',
  destination: 'US LAX',
  carrier: 'HGE',
  service: 'P10006',
  parcels: 48,
  grossG: 23_456,
  netG: 22_980,
  closedAt: new Date(2026, 0, 5, 8, 30).getTime(),
  deskId: 'D01',
} satisfies BagLabelFacts;
/** Of a bag that is still open. */
const tag: BagLabelFacts = {
  ...bag,
  bagNumber: 'BAG-D01-512000042',
  parcels: null,
  grossG: null,
  netG: null,
  closedAt: null,
};
const contents: ContentsFacts = {
  orderNumber: 'DD201612090000001',
  receiverName: '欧阳娜娜',
  parcel: 'HGE2507080000516',
  lines: Array.from({ length: 30 }, (_, index) => ({
    sku: `SKU-${index}`,
    name: '有机龙井茶 礼盒装',
    quantity: index + 1,
  })),
  sealedAt: bag.closedAt,
};
const badges = [
  { name: '欧阳娜娜', role: 'packer' as const, badge: 'P017', site: 'HZ1' },
  { name: 'Alexandra Schmidt', role: 'supervisor' as const, badge: 's002', site: 'HZ1' },
];
const requests: readonly (readonly [string, OwnRequest, readonly string[]])[] = [
  ['bag label', { kind: 'bag', facts: bag }, ['BG2512130000001']],
  ['bag tag', { kind: 'bag', facts: tag }, ['BAG-D01-512000042']],
  [
    'test print',
    {
      kind: 'test',
      facts: { code: 'PB:PRINT:17', printerId: 'label', language: 'zpl', offsetXMm: 0, offsetYMm: -1.5 },
    },
    ['PB:PRINT:17'],
  ],
  ['contents slip', { kind: 'contents', facts: contents }, ['DD201612090000001']],
  ['badge cards', { kind: 'badges', badges, locale: 'zh-CN' }, ['PB:BADGE:P017', 'PB:BADGE:S002']],
  [
    'command sheet',
    { kind: 'commands', locale: 'zh-CN' },
    [
      ...PackCommand.options.map((command) => `PB:CMD:${command}`),
      ...BagCommand.options.map((command) => `PB:BAG:${command}`),
      ...['PB:GO:pack', 'PB:GO:bags', 'PB:GO:day'],
    ],
  ],
  ['scanner sheet', { kind: 'scanner', locale: 'en' }, ['PB:TEST:Az09-_/+#@']],
];
const dpis: readonly LabelDpi[] = [203, 300, 600];
const sizes = [
  [100, 150],
  [101.6, 152.4],
  [100, 100],
  [76, 130],
] as const;

const cases = requests.flatMap(([name, request, codes]) =>
  sizes.flatMap(([widthMm, heightMm]) =>
    // 600 dpi takes ten times as long to draw; one size of it stands for all.
    dpis.filter((dpi) => dpi < 600 || widthMm === 76).map((dpi) => ({ name, request, codes, dpi, widthMm, heightMm })),
  ),
);

test.each(cases)(
  '$name on $widthMm x $heightMm mm at $dpi dpi: its codes are read back, its size is the media’s',
  { timeout: 60_000 },
  async ({ request, codes, dpi, widthMm, heightMm }) => {
    const drawn = await drawOwn(request, { dpi, widthMm, heightMm }, resourcesDir);
    expect(drawn.codes).toEqual(expect.arrayContaining([...codes]));
    const { width, height } = mediaDots({ dpi, widthMm, heightMm });
    for (const page of drawn.pages) {
      expect([page.width, page.height]).toEqual([width, height]);
      expect(inkBounds(page)).not.toBeNull();
    }
  },
);

test('whole pages are readable too, not only each code alone', async () => {
  for (const [, request] of requests) {
    const { pages, codes } = await drawOwn(request, { dpi: 203, widthMm: 100, heightMm: 150 }, resourcesDir);
    const seen = new Set<string>();
    for (const page of pages) for (const code of await readCodes(page, 'thorough')) seen.add(code);
    for (const code of codes) expect(seen).toContain(code);
  }
});

test.each([
  ['bag label', requests[0]?.[1], 'the bag label needs media of at least 60 x 60 mm; 60 x 40 mm is loaded'],
  ['contents slip', requests[3]?.[1], 'the contents slip does not fit media of 60 x 40 mm; load larger labels'],
  ['command sheet', requests[5]?.[1], 'does not fit the label; use wider media'],
])('%s on 60 x 40 mm: one line says what is needed', async (_, request, words) => {
  if (request === undefined) throw new Error('no request');
  const drawn = drawOwn(request, { dpi: 203, widthMm: 60, heightMm: 40 }, resourcesDir);
  await expect(drawn).rejects.toMatchObject({
    code: 'label.too-large',
    message: expect.stringContaining(words) as string,
  });
});

test.each([
  [100, 150],
  [100, 100],
  [76, 130],
  [60, 40],
])('the rack label on %d x %d mm is readable', async (widthMm, heightMm) => {
  const facts = {
    lpn: 'LPN-D01-000123',
    orderNumber: 'DD1',
    receiverName: '欧阳',
    weightG: 1,
    sealedAt: 0,
    deskId: 'D01',
  };
  const page = await drawLpn(facts, { dpi: 203, widthMm, heightMm }, resourcesDir);
  expect(await readCodes(page, 'bars')).toEqual(['LPN-D01-000123']);
});

test('a long order goes on over further labels: all lines, one barcode, pages numbered', async () => {
  const media: PageMedia = { dpi: 203, widthMm: 100, heightMm: 150 };
  const { pages, codes } = await drawOwn({ kind: 'contents', facts: contents }, media, resourcesDir);
  expect(pages.length).toBe(4);
  expect(codes).toEqual(['DD201612090000001']);
  const endless = { ...contents, lines: Array.from({ length: 2_000 }, () => ({ sku: '', name: 'x', quantity: 1 })) };
  await expect(drawOwn({ kind: 'contents', facts: endless }, media, resourcesDir)).rejects.toThrow(
    'more than 50 labels',
  );
});

test('an order number that Code 128 cannot hold is a QR code', async () => {
  const facts = { ...contents, orderNumber: '订单-2026-001' };
  const { codes } = await drawOwn({ kind: 'contents', facts }, { dpi: 203, widthMm: 100, heightMm: 150 }, resourcesDir);
  expect(codes).toEqual(['订单-2026-001']);
});

test('every barcode of the command sheet is understood by the scan grammar', async () => {
  const { codes } = await drawOwn(
    { kind: 'commands', locale: 'en' },
    { dpi: 203, widthMm: 100, heightMm: 150 },
    resourcesDir,
  );
  // Places of the screen are read by the screen (renderer/input/screen-codes.ts).
  const kinds = codes.filter((code) => !code.startsWith('PB:GO:')).map((code) => readScan(code).kind);
  expect(new Set(kinds)).toEqual(new Set(['command', 'bag-command', 'quantity']));
  expect(kinds.filter((kind) => kind === 'command')).toHaveLength(PackCommand.options.length);
  expect(kinds.filter((kind) => kind === 'bag-command')).toHaveLength(BagCommand.options.length);
});

test('the self-test barcodes judge themselves right', async () => {
  const { codes } = await drawOwn(
    { kind: 'scanner', locale: 'en' },
    { dpi: 203, widthMm: 100, heightMm: 150 },
    resourcesDir,
  );
  expect(codes).toHaveLength(2);
  for (const code of codes) expect(judgeScannerTest(code)).toEqual({ fault: null });
});

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(
    '',
    ' ',
    '<text>&amp;</text></svg>',
    'W'.repeat(200),
    '阿'.repeat(200),
    '😀'.repeat(30),
    'مرحبا '.repeat(20),
    'Ế'.repeat(40),
  ),
);

test('whatever the texts of a bag are, every field keeps to its rectangle', { timeout: 120_000 }, async () => {
  const template = await loadTemplate(resourcesDir, 'bag');
  await fc.assert(
    fc.asyncProperty(
      hostile,
      fc.constantFrom(...template.boxes.keys()),
      fc.constantFrom(203, 300),
      async (text, id, dpi) => {
        if (id === 'barcode') return;
        const draw = async (blocks: Readonly<Record<string, string>>): Promise<Bitmap> => {
          const part = { template: 'bag', x: 0, y: 0, zoom: 1, blocks, codes: {} };
          return (await drawScene({ widthMm: 100, heightMm: 150, parts: [part] }, dpi, resourcesDir)).page;
        };
        const changed = difference(await draw({}), await draw({ [id]: text }));
        if (changed === null) return;
        const box = template.boxes.get(id);
        if (box === undefined) throw new Error('no box');
        const scale = dpi === 203 ? 8 : 300 / 25.4;
        // A dot on the edge is rounded to the nearer side.
        expect(changed.x).toBeGreaterThanOrEqual(Math.floor(box.x * scale) - 1);
        expect(changed.y).toBeGreaterThanOrEqual(Math.floor(box.y * scale) - 1);
        expect(changed.x + changed.width).toBeLessThanOrEqual(Math.ceil((box.x + box.width) * scale) + 1);
        expect(changed.y + changed.height).toBeLessThanOrEqual(Math.ceil((box.y + box.height) * scale) + 1);
      },
    ),
    { numRuns: 60 },
  );
});

/** Where two bitmaps of one size differ. */
function difference(a: Bitmap, b: Bitmap): Box | null {
  const data = a.data.map((byte, index) => byte ^ (b.data[index] ?? 0));
  return inkBounds({ ...a, data });
}

test('no two rectangles of a template overlap', async () => {
  const names = ['lpn', 'lpn-square', 'lpn-small', 'bag', 'bag-square', 'parcel', 'badge', 'contents-head'];
  for (const name of [...names, 'contents-more', 'contents-line', 'contents-foot', 'sheet-code', 'sheet-step-paper']) {
    const template = await loadTemplate(resourcesDir, name);
    const boxes = [...template.boxes];
    for (const [first, a] of boxes) {
      expect(a.x + a.width, `${name} ${first}`).toBeLessThanOrEqual(template.widthMm + 1e-9);
      expect(a.y + a.height, `${name} ${first}`).toBeLessThanOrEqual(template.heightMm + 1e-9);
      for (const [second, b] of boxes) {
        if (first >= second) continue;
        const apart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y + 1e-9 || b.y + b.height <= a.y + 1e-9;
        expect(apart, `${name}: ${first} and ${second}`).toBe(true);
      }
    }
  }
});

test('bars are whole dots with white at both ends, and none is a single dot at 203 dpi', async () => {
  const { pages } = await drawOwn({ kind: 'bag', facts: bag }, { dpi: 203, widthMm: 76, heightMm: 130 }, resourcesDir);
  const [page] = pages;
  if (page === undefined) throw new Error('no page');
  const y = Math.round(66 * 0.76 * 8);
  const runs: number[] = [];
  let start = 0;
  for (let x = 1; x <= page.width; x += 1) {
    if (x < page.width && isBlack(page, x, y) === isBlack(page, x - 1, y)) continue;
    runs.push(x - start);
    start = x;
  }
  const bars = runs.slice(1, -1);
  const module = Math.min(...bars);
  expect(module).toBeGreaterThanOrEqual(2);
  for (const run of bars) expect(run % module).toBe(0);
  expect(Math.min(runs[0] ?? 0, runs.at(-1) ?? 0)).toBeGreaterThanOrEqual(10 * module);
});
