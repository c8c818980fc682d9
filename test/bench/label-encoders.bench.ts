/**
 * One typical label, a 4 x 6 inch PDF at 203 dpi, from bitmap to printer bytes in every language: time, bytes, and how
 * much smaller than the bitmap itself. Beside ours: zpl-image (both of its compressions) and plain hexadecimal for ZPL,
 * receipt-printer-encoder and receiptline for ESC/POS. For TSPL, CPCL and EPL2 npm has no other encoder of pictures;
 * those languages have no compression, so plain copying of the bits stands beside them.
 */
import { join } from 'node:path';
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import { PNG } from 'pngjs';
import receiptline from 'receiptline';
import zplImage from 'zpl-image';
import type { Bitmap } from '../../main/labels/bitmap.ts';
import { toRgba } from '../../main/labels/bitmap.ts';
import { createEngine } from '../../main/labels/engine.ts';
import { labelEncoders } from '../../main/labels/languages.ts';
import type { LabelTarget } from '../../main/labels/media.ts';
import { labelLanguages } from '../../main/labels/media.ts';
import { makePdfLabel } from '../../main/training/label-artwork.ts';
import { trainingFacts } from '../golden/labels.ts';
import { projectDir } from '../kit/station.ts';
import { benchmark, timed, type Bench } from './harness/benchmark.ts';

const warmUp = 3;
/** A typical label must be so many times smaller than its uncompressed bits. */
const leastRatio = 5;

const target: LabelTarget = { language: 'zpl', dpi: 203, widthMm: 101.6, heightMm: 152.4 };

async function run(bench: Bench): Promise<void> {
  const rounds = bench.quick ? 15 : 60;
  const engine = createEngine(join(projectDir, 'resources'));
  const pdf = makePdfLabel(trainingFacts, { customsPage: false });
  const { pages } = await engine.raster('application/pdf', pdf, trainingFacts.waybill, target);
  const [page] = pages;
  if (page === undefined) throw new Error('the label has no page');
  const plain = page.data.length;
  const peers = peersOf(page);
  const ours = Object.fromEntries([
    ...labelLanguages.map((language) => [
      language,
      () => labelEncoders[language]([page], 'p', { ...target, language }),
    ]),
    ['zpl for old printers', () => labelEncoders.zpl([page], 'p', { ...target, compression: 'acs' })],
  ]) as Readonly<Record<string, () => Uint8Array>>;
  const all: Readonly<Record<string, () => { readonly length: number }>> = { ...ours, ...peers };
  const times = new Map<string, number[]>();
  const sizes = new Map<string, number>();
  // In turns, so that a busy moment of the machine touches all of them.
  for (let round = 0; round < rounds + warmUp; round += 1) {
    for (const [name, encode] of Object.entries(all)) {
      const ms = timed(() => sizes.set(name, encode().length));
      if (round >= warmUp) times.set(name, [...(times.get(name) ?? []), ms]);
    }
  }
  const beside: Readonly<Record<string, readonly string[]>> = {
    zpl: ['zpl-image Z64', 'zpl-image ACS', 'plain hexadecimal'],
    'zpl for old printers': ['zpl-image ACS', 'plain hexadecimal'],
    escpos: ['receipt-printer-encoder', 'receiptline'],
  };
  for (const name of Object.keys(ours)) {
    const others = beside[name] ?? ['copying the bits'];
    const timesOf = (each: string): [string, readonly number[]] => [each, times.get(each) ?? []];
    const size = sizes.get(name) ?? 0;
    bench.add({
      name: `bitmap to ${name}: time`,
      unit: 'ms',
      samples: times.get(name) ?? [],
      against: Object.fromEntries(others.map(timesOf)),
    });
    bench.add({
      name: `bitmap to ${name}: size`,
      unit: 'bytes',
      samples: [size],
      against: Object.fromEntries(others.map((each) => [each, [sizes.get(each) ?? 0]])),
    });
    if (name.startsWith('zpl')) {
      bench.add({
        name: `bitmap to ${name}: times smaller than the bits`,
        unit: 'times',
        better: 'larger',
        samples: [plain / size],
        ...(name === 'zpl' ? { budget: leastRatio } : {}),
      });
    }
  }
  bench.note(
    `${page.width} x ${page.height} dots, ${plain} bytes of bits; TSPL, ESC/POS, CPCL and EPL2 cannot compress`,
  );
  bench.note('the peers start from RGBA or PNG, one byte per colour, and threshold it; ours starts from bits');
}

/** What others make of the same dots. */
function peersOf(page: Bitmap): Readonly<Record<string, () => { readonly length: number }>> {
  const rgba = toRgba(page);
  // receipt-printer-encoder takes whole bands of 8 rows and widths of whole bytes.
  const [width, height] = [page.rowBytes * 8, Math.ceil(page.height / 8) * 8];
  const wide = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < page.height; y += 1)
    wide.set(rgba.subarray(y * page.width * 4, (y + 1) * page.width * 4), y * width * 4);
  const png = new PNG({ width: page.width, height: page.height });
  png.data.set(rgba);
  const base64 = PNG.sync.write(png).toString('base64');
  return {
    'zpl-image Z64': () => zplImage.rgbaToZ64(rgba, page.width, { notrim: true }).z64,
    'zpl-image ACS': () => zplImage.rgbaToACS(rgba, page.width, { notrim: true }).acs,
    'plain hexadecimal': () => Buffer.from(page.data).toString('hex'),
    'copying the bits': () => page.data.slice(),
    'receipt-printer-encoder': () => {
      const encoder = new ReceiptPrinterEncoder({ language: 'esc-pos', imageMode: 'raster' });
      const image = { data: wide, width, height } as unknown as Parameters<typeof encoder.image>[0];
      return encoder.initialize().image(image, width, height, 'threshold').encode();
    },
    receiptline: () => receiptline.transform(`{i:${base64}}`, { command: 'escpos', cpl: 68, gradient: false }),
  };
}

await benchmark(run);
