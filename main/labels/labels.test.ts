import { afterAll, beforeAll, expect, test } from 'vitest';
import { PNG } from 'pngjs';
import type { Artwork, ArtworkType } from '../domain/shipping.ts';
import type { Clock, Log } from '../ports.ts';
import { codeBitmap, labelPdf } from './fixtures.ts';
import type { HeldLabel, LabelTarget, PreparedLabel } from './index.ts';
import { StoppedError, convertLabel, createLabels, renderZpl } from './index.ts';
import { encodePng } from './png.ts';
import { markReprint } from './reprint-mark.ts';
import { bitmapOfPng } from './inspect.ts';
import { readCodes } from './read-codes.ts';

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
const resourcesDir = new URL('../../resources', import.meta.url).pathname;
const target: LabelTarget = { language: 'zpl', dpi: 203, widthMm: 101.6, heightMm: 152.4 };
const waybill = 'PB54010000010C';
const labels = createLabels({ clock, log, resourcesDir });
beforeAll(() => labels.warmUp());
afterAll(() => labels.stop());

function artwork(type: ArtworkType, bytes: Uint8Array | string): Artwork {
  return { type, base64: Buffer.from(bytes).toString('base64') };
}

async function prepared(work: Artwork, wanted = waybill, on = target): Promise<PreparedLabel> {
  const label = await labels.prepare(work, wanted, on);
  if (label.held) throw new Error(`${label.code}: ${label.message}`);
  return label;
}

async function held(work: Artwork, wanted = waybill, on = target): Promise<HeldLabel> {
  const label = await labels.prepare(work, wanted, on);
  if (!label.held) throw new Error('not held');
  return label;
}

test('a PDF becomes ZPL from which an independent interpreter and reader get the waybill', async () => {
  const label = await prepared(artwork('application/pdf', labelPdf([waybill])));
  const bytes = label.bytes(0, 'print-1');
  expect(Buffer.from(bytes.subarray(0, 80)).toString('latin1')).toContain(
    '^XA^FXprint=print-1 page=1/1^FS^PW812^LL1219^LH0,0^FO0,0^GFA,',
  );
  const [rendered] = await renderZpl(bytes, target);
  expect(rendered?.codes).toEqual([waybill]);
});

test('every dot of the preview is a dot of the printed label', async () => {
  const label = await prepared(artwork('application/pdf', labelPdf([waybill])));
  const [rendered] = await renderZpl(label.bytes(0, 'print-1'), target);
  const wanted = bitmapOfPng(await label.previewPng());
  const printed = bitmapOfPng(rendered?.png ?? new Uint8Array());
  const rows = Math.min(wanted.height, printed.height);
  for (let y = 0; y < rows; y += 1) {
    const row = (bitmap: typeof wanted): string =>
      Buffer.from(bitmap.data.subarray(y * bitmap.rowBytes, y * bitmap.rowBytes + 101)).toString('hex');
    expect(row(printed)).toBe(row(wanted));
  }
});

test('the older compression prints the same label', async () => {
  const label = await prepared(artwork('application/pdf', labelPdf([waybill])), waybill, {
    ...target,
    compression: 'acs',
  });
  const [rendered] = await renderZpl(label.bytes(0, 'p'), target);
  expect(rendered?.codes).toEqual([waybill]);
});

test('each page is a label of its own', async () => {
  const label = await prepared(artwork('application/pdf', labelPdf([waybill, 'SECOND-PAGE'])));
  expect(label.pages).toBe(2);
  const text = Buffer.from(label.bytes(0, 'p')).toString('latin1');
  expect(text.match(/\^FXprint=p page=\d\/2/g)).toEqual(['^FXprint=p page=1/2', '^FXprint=p page=2/2']);
});

test.each([
  ['100 x 150 mm, a little smaller than the page', { ...target, widthMm: 100, heightMm: 150 }, [800, 1200]],
  [
    '76 x 130 mm, so that the page must shrink',
    { ...target, dpi: 300 as const, widthMm: 76, heightMm: 130 },
    [897, 1535],
  ],
  ['300 dpi', { ...target, dpi: 300 as const }, [1200, 1800]],
])('on media of %s the label stays readable', async (_, on, [width, height]) => {
  const label = await prepared(artwork('application/pdf', labelPdf([waybill])), waybill, on);
  const preview = bitmapOfPng(await label.previewPng());
  expect([preview.width, preview.height]).toEqual([width, height]);
});

test('a landscape page is turned', async () => {
  const label = await prepared(artwork('application/pdf', labelPdf([waybill], { widthPt: 432, heightPt: 288 })));
  const preview = bitmapOfPng(await label.previewPng());
  expect([preview.width, preview.height]).toEqual([812, 1219]);
  expect(label.codes).toEqual([waybill]);
});

test('a label in the corner of an A4 page is printed at its true size', async () => {
  const label = await prepared(artwork('application/pdf', labelPdf([waybill], { widthPt: 595, heightPt: 842 })));
  expect(label.codes).toEqual([waybill]);
});

test('a picture is printed pixel for dot, and transparent is white', async () => {
  const picture = PNG.sync.read(Buffer.from(encodePng(codeBitmap(waybill, 812, 1218))));
  for (let at = 0; at < picture.data.length; at += 4) {
    if (picture.data[at] === 255) picture.data.set([0, 0, 0, 0], at);
  }
  const label = await prepared(artwork('image/png', PNG.sync.write(picture)));
  expect(label.codes).toEqual([waybill]);
});

test('a small picture is enlarged by a whole number', async () => {
  const label = await prepared(artwork('image/png', encodePng(codeBitmap(waybill, 405, 600))));
  const preview = bitmapOfPng(await label.previewPng());
  expect([preview.width, preview.height]).toEqual([812, 1219]);
});

test('a vendor’s ZPL passes through, stamped', async () => {
  const zpl = `^XA^PW812^LL1218^FO50,150^BY3^BCN,150,Y,N,N^FD${waybill}^FS^XZ`;
  const label = await prepared(artwork('application/zpl', zpl));
  expect(label.codes).toEqual([waybill]);
  expect(Buffer.from(label.bytes(0, 'p9')).toString('latin1')).toBe(
    `^XA^FXprint=p9 page=1/1^FS^PW812^LL1218^FO50,150^BY3^BCN,150,Y,N,N^FD${waybill}^FS^XZ\r\n`,
  );
});

test('ZPL whose barcode is a picture is drawn and read', async () => {
  const drawn = await prepared(artwork('application/pdf', labelPdf([waybill])));
  const zpl = Buffer.from(drawn.bytes(0, 'x')).toString('latin1');
  expect((await prepared(artwork('application/zpl', zpl))).codes).toEqual([waybill]);
});

const truncated = labelPdf([waybill]).subarray(0, 900);
test.each<[string, Artwork, string, string]>([
  [
    'an HTML page sent as PDF',
    artwork('application/pdf', '<html><body>Please log in</body></html>'),
    'label.unreadable',
    '<html>',
  ],
  ['a PDF cut short', artwork('application/pdf', truncated), 'label.unreadable', 'cut short'],
  ['a PDF of garbage', artwork('application/pdf', '%PDF-1.4\ngarbage\n%%EOF'), 'label.unreadable', 'damaged'],
  ['nothing', artwork('application/pdf', ''), 'label.unreadable', 'empty'],
  ['text that is not base64', { type: 'application/pdf', base64: '{"error":1}' }, 'label.unreadable', 'base64'],
  [
    'a picture cut short',
    artwork('image/png', encodePng(codeBitmap(waybill, 400, 400)).subarray(0, 120)),
    'label.unreadable',
    'damaged',
  ],
  ['a picture that is not PNG', artwork('image/png', 'BM......'), 'label.unreadable', 'PNG'],
  ['a picture that ends at once', artwork('image/png', 'GIF89a'), 'label.unreadable', 'cut short'],
  ['ZPL that resets the printer', artwork('application/zpl', '^XA^JUF^FDx^FS^XZ'), 'label.not-allowed', '^JU'],
  [
    'a PDF page of a poster',
    artwork('application/pdf', labelPdf([waybill], { widthPt: 1250, heightPt: 1250, modulePt: 9 })),
    'label.too-large',
    'larger labels',
  ],
  [
    'a PDF page of two metres',
    artwork('application/pdf', labelPdf([waybill], { widthPt: 5700, heightPt: 5700 })),
    'label.too-large',
    '2011 x 2011 mm',
  ],
  ['another parcel’s PDF', artwork('application/pdf', labelPdf(['PB999'])), 'label.wrong-parcel', 'PB999'],
  ['a PDF with some other code', artwork('application/pdf', labelPdf(['REF-1'])), 'label.waybill-missing', 'REF-1'],
  ['another parcel’s ZPL', artwork('application/zpl', '^XA^FO9,9^BCN,90^FDPB999^FS^XZ'), 'label.wrong-parcel', 'PB999'],
])('%s is held', async (_, work, code, words) => {
  const label = await held(work);
  expect(label.code).toBe(code);
  expect(label.message).toContain(words);
  expect(label.message).not.toContain('\n');
});

test('a blank PDF is held', async () => {
  const blank = Buffer.from(labelPdf(['X']))
    .toString('latin1')
    .replace('0 g', '1 g');
  expect((await held(artwork('application/pdf', Buffer.from(blank, 'latin1')))).code).toBe('label.blank');
});

test('a picture that claims to be enormous is refused by its header', async () => {
  const bomb = Buffer.from(encodePng(codeBitmap(waybill, 200, 200)));
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  expect((await held(artwork('image/png', bomb))).code).toBe('label.too-heavy');
});

test('a reprint says so on the label, and the waybill is still readable', async () => {
  const label = await prepared(artwork('application/pdf', labelPdf([waybill])));
  const first = bitmapOfPng(await label.previewPng());
  const second = markReprint(first, 3);
  expect(Buffer.from(second.data).equals(Buffer.from(first.data))).toBe(false);
  expect(await readCodes(second, 'bars')).toEqual([waybill]);
  const [rendered] = await renderZpl(label.bytes(3, 'p'), target);
  expect(rendered?.codes).toEqual([waybill]);
});

test.each([
  ['100 x 150 mm', { ...target, widthMm: 100, heightMm: 150 }],
  ['76 x 130 mm', { ...target, widthMm: 76, heightMm: 130 }],
  ['100 x 150 mm at 300 dpi', { ...target, dpi: 300 as const, widthMm: 100, heightMm: 150 }],
])('the rack label on %s carries its number, whatever the names', async (_, on) => {
  const facts = {
    lpn: 'D01-000123',
    orderNumber: '<&">\u0000SO-1',
    receiverName: '欧阳 & 张三丰的很长很长的名字',
    weightG: 1234,
    sealedAt: 0,
    deskId: 'D01',
  };
  const label = await labels.lpnLabel(facts, on);
  const [rendered] = await renderZpl(label.bytes(0, 'lpn-1'), on);
  expect(rendered?.codes).toEqual(['D01-000123']);
});

test.each([
  ['100 x 150 mm', { ...target, widthMm: 100, heightMm: 150 }],
  ['76 x 130 mm', { ...target, widthMm: 76, heightMm: 130 }],
])('our own parcel label on %s carries the waybill, whatever the texts', async (_, on) => {
  const facts = {
    waybill: '300012345678',
    carrier: '安能物流',
    service: '次晨达',
    place: '新疆维吾尔自治区 克孜勒苏柯尔克孜自治州 阿克陶县',
    receiver: {
      name: '<欧阳> & 张三\u0000',
      phone: '13912345678',
      address: '江苏省南京市建邺区云龙山路66号'.repeat(12),
    },
    sender: { name: '江南优选', phone: '0571-88888888', address: '浙江省杭州市萧山区市心北路1号' },
    weightG: 1234,
    pieces: 1,
    orderNumber: 'DD201612090000001',
    reference: 'PBD01MGQ0QHXK001',
    sealedAt: 0,
  };
  const label = await labels.parcelLabel(facts, on);
  if (label.held) throw new Error(label.message);
  const [rendered] = await renderZpl(label.bytes(0, 'parcel-1'), on);
  expect(rendered?.codes).toEqual(['300012345678']);
  expect((await labels.parcelLabel({ ...facts, waybill: '' }, on)).held).toBe(true);
});

test('the command line gets bytes, picture and codes of any label file', async () => {
  const converted = await convertLabel({ input: labelPdf([waybill]), target, waybill });
  if (converted.held) throw new Error(converted.message);
  expect(converted.codes).toEqual([waybill]);
  expect(bitmapOfPng(converted.png ?? new Uint8Array()).width).toBe(812);
  const refused = await convertLabel({ input: Buffer.from('<html>'), target });
  expect(refused).toMatchObject({
    held: true,
    code: 'label.unreadable',
    message: expect.stringContaining('not a PDF'),
  });
});

test('stopping says nothing of the label in work', async () => {
  const short = createLabels({ clock, log, resourcesDir });
  const label = short.prepare(artwork('application/pdf', labelPdf([waybill])), waybill, target);
  await Promise.all([expect(label).rejects.toThrow(StoppedError), short.stop()]);
});
