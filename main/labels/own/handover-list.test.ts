import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { handoverListBytes } from '../receipt/receipts.ts';
import { drawOwn } from './draw-own.ts';
import type { HandoverListFacts } from './handover-list.ts';
import { loadTexts } from './texts.ts';

const resourcesDir = fileURLToPath(new URL('../../../resources', import.meta.url));
const facts: HandoverListFacts = {
  ...{
    kind: 'manifest',
    reference: 'MF-D01-261122153012-7',
    carrier: '韩进 HGE',
    service: 'P10006',
    destination: 'US',
  },
  ...{ contact: 'Roken Chan · company · 1 401-311-2522', flight: 'KE856 · 180-12345675' },
  bags: [
    { number: 'BG2512130000001', parcels: 50, netG: 25_000, grossG: 25_240 },
    { number: 'BG2512130000002', parcels: 3, netG: 1_500, grossG: null },
  ],
  loose: [{ waybill: '92612901000000000000010', weightG: 700 }],
  ...{ looseCount: 1, parcels: 54, netG: 27_200, grossG: 27_640 },
  ...{ createdAt: Date.UTC(2026, 10, 22, 7, 30), deskId: 'D01', site: 'HZ1', copy: 0 },
};

test.each([
  ['a label', { dpi: 203, widthMm: 100, heightMm: 150 }],
  ['A4', { dpi: 300, widthMm: 210, heightMm: 297 }],
] as const)('the list fits on %s, and its reference reads back', async (_what, media) => {
  const { pages, codes } = await drawOwn({ kind: 'handover-list', facts }, media, resourcesDir);
  expect(codes).toEqual([facts.reference]);
  expect(pages).toHaveLength(1);
});

test(
  'a long list goes on over further labels; parcels beyond those named are counted',
  { timeout: 60_000 },
  async () => {
    const loose = Array.from({ length: 40 }, (_, index) => ({ waybill: `LH${index}CN`, weightG: 500 }));
    const long = { ...facts, loose, looseCount: 940 };
    const { pages, codes } = await drawOwn(
      { kind: 'handover-list', facts: long },
      { dpi: 203, widthMm: 100, heightMm: 150 },
      resourcesDir,
    );
    expect(pages.length).toBeGreaterThan(2);
    expect(codes).toEqual([facts.reference]);
  },
);

test('media that is too small is refused in one line', async () => {
  const media = { dpi: 203, widthMm: 60, heightMm: 40 } as const;
  await expect(drawOwn({ kind: 'handover-list', facts }, media, resourcesDir)).rejects.toThrow(
    'does not fit media of 60 x 40 mm',
  );
});

test('the same on a roll: every number of the list, the sums, the barcode, a copy says so', async () => {
  const say = (await loadTexts(resourcesDir, 'en')).lead;
  const text = (copy: number): string =>
    Buffer.from(handoverListBytes({ ...facts, carrier: 'HGE', copy }, { columns: 48, chinese: 'none' }, say)).toString(
      'latin1',
    );
  const first = text(0);
  for (const part of [
    'Hand-over list',
    'BG2512130000001',
    '50 / 25.240',
    '3 / 1.500',
    '92612901000000000000010',
    '54 / 27.640',
  ]) {
    expect(first).toContain(part);
  }
  expect(first).toContain(facts.reference);
  expect(first).not.toContain('REPRINT');
  expect(text(2)).toContain('REPRINT 2');
});
