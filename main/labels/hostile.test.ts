/** Broken and hostile artwork: refused with a reason, in little time and memory, and the next label is printed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArtworkType } from '../domain/shipping.ts';
import type { Clock, Log } from '../ports.ts';
import { labelPdf } from './fixtures.ts';
import * as files from './hostile-files.ts';
import type { LabelTarget } from './index.ts';
import { createLabels } from './index.ts';

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
const silent = (): void => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
const target: LabelTarget = { language: 'zpl', dpi: 203, widthMm: 101.6, heightMm: 152.4 };
const waybill = 'PB54010000010C';
const labels = createLabels({ clock, log, resourcesDir: '' });
beforeAll(() => labels.warmUp());
afterAll(() => labels.stop());

const cases: readonly [name: string, type: ArtworkType, make: () => Buffer | string, code: string, words: string][] = [
  [
    'a PDF cut short',
    'application/pdf',
    () => Buffer.from(labelPdf([waybill]).subarray(0, 900)),
    'unreadable',
    'cut short',
  ],
  ['a PDF with a password', 'application/pdf', files.encryptedPdf, 'encrypted', 'password'],
  ['a PDF without pages', 'application/pdf', files.pdfWithoutPages, 'unreadable', 'no pages'],
  ['a PDF of 1,000 pages', 'application/pdf', () => files.pdfOfManyPages(1_000), 'too-heavy', '1000 pages'],
  ['a PDF page of five metres', 'application/pdf', files.pdfOfHugePage, 'too-large', '5080 x 5080 mm'],
  ['a PDF that unpacks to 1 GB', 'application/pdf', files.pdfThatInflates, 'too-heavy', ''],
  ['a PDF of a thousand million laughs', 'application/pdf', files.pdfOfLaughs, 'too-heavy', ''],
  ['a PDF with a picture of 40,000 x 40,000', 'application/pdf', files.pdfOfHugePicture, '', ''],
  ['a PDF of brackets', 'application/pdf', files.pdfOfBrackets, '', ''],
  ['a PDF that is its own child', 'application/pdf', files.pdfOfItself, '', ''],
  ['a PNG of 65,000 x 65,000', 'image/png', files.pngOfHugeSize, 'too-heavy', '65000 x 65000'],
  ['a PNG that unpacks to 500 MB', 'image/png', () => files.pngThatInflates(false), '', ''],
  ['an interlaced PNG that unpacks to 500 MB', 'image/png', () => files.pngThatInflates(true), 'too-heavy', 'unpacks'],
  ['a GIF of 65,000 x 65,000', 'image/gif', files.gifOfHugeSize, 'too-heavy', '65000 x 65000'],
  ['a GIF of comments', 'image/gif', files.gifOfComments, 'unreadable', 'cut short'],
  ['a JPEG of 65,000 x 65,000', 'image/jpeg', files.jpegOfHugeSize, 'too-heavy', '65000 x 65000'],
  ['ZPL with a picture of 2 GB', 'application/zpl', files.zplOfHugePicture, 'too-heavy', 'pictures'],
  ['ZPL with a picture of repeats', 'application/zpl', files.zplOfRepeats, 'too-heavy', 'pictures'],
  ['ZPL with a picture that unpacks to 300 MB', 'application/zpl', files.zplThatInflates, 'too-heavy', 'pictures'],
  ['ZPL of 100,000 fields', 'application/zpl', files.zplOfFields, 'too-heavy', 'fields'],
  ['ZPL of 10,000 labels', 'application/zpl', files.zplOfLabels, 'too-heavy', '10000 labels'],
  ['a picture of 100 MB', 'image/png', () => Buffer.alloc(100_000_000, 0x89), 'too-heavy', '10 MB'],
];

test.each(cases)('%s is refused', async (_, type, make, code, words) => {
  const base64 = Buffer.from(make()).toString('base64');
  await labels.warmUp();
  const memoryBefore = process.memoryUsage().rss;
  const processorBefore = process.cpuUsage();
  let most = memoryBefore;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
  const label = await labels.prepare({ type, base64 }, waybill, target);
  const { user, system } = process.cpuUsage(processorBefore);
  clearInterval(watch);
  expect(label).toMatchObject({ held: true, code: code === '' ? expect.any(String) : `label.${code}` });
  expect(label.held && label.message).toContain(words);
  // Processor time, not the wall's: other work on the machine makes a label no heavier.
  expect((user + system) / 1_000).toBeLessThan(2_500);
  expect(most - memoryBefore).toBeLessThan(700_000_000);
});

test('the label behind a hostile one is printed', async () => {
  const bomb = { type: 'application/pdf', base64: files.pdfOfLaughs().toString('base64') } as const;
  const good = { type: 'application/pdf', base64: Buffer.from(labelPdf([waybill])).toString('base64') } as const;
  const [refused, printed] = await Promise.all([
    labels.prepare(bomb, waybill, target),
    labels.prepare(good, waybill, target),
  ]);
  expect([refused.held, printed.held]).toEqual([true, false]);
});
