import { afterEach, beforeEach, expect, test } from 'vitest';
import { aParcel, aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';
import { blankBitmap } from '../labels/bitmap.ts';
import { encodePng } from '../labels/png.ts';
import type { ParcelPrint } from '../store/store.ts';
import { createLabelInspector, type LabelInspector } from './label-inspector.ts';
import type { PreparedOrHeld } from './label-stock.ts';

let opened: TestStore;
let inspector: LabelInspector;
let label: PreparedOrHeld;
let latest: ParcelPrint | null;
let requested: unknown[];
const waybill = '300012345678';
const zpl = '^XA^FO10,10^FDhello^FS^XZ';

beforeEach(() => {
  opened = openTestStore();
  const { store } = opened;
  const { orderId } = store.orders.upsert('waiqin365', aPulledOrder());
  store.parcels.insert(aParcel(orderId));
  store.parcels.setWaybill('parcel-1', waybill);
  const artworkSha256 = store.parcels.putArtwork({
    type: 'application/zpl',
    base64: Buffer.from(zpl).toString('base64'),
  });
  store.parcels.setLabel('parcel-1', { artworkSha256, held: null });
  latest = null;
  requested = [];
  label = {
    held: false,
    bytes: () => Buffer.from('^XA\x01^XZ'),
    codes: [waybill, 'OTHER'],
    previewPng: () => Promise.resolve(encodePng(blankBitmap(800, 1_200))),
  };
  inspector = createLabelInspector({
    store,
    stock: { bytes: () => Promise.resolve(label) },
    printing: {
      latest: () => latest,
      nextCopy: () => 2,
      request: (...given) => {
        requested.push(given.slice(1));
        return {} as ParcelPrint;
      },
    },
    printersFor: (id) => [{ id: id ?? 'label', target: { language: 'zpl', dpi: 203, widthMm: 100, heightMm: 150 } }],
    printerIds: ['label', 'spare'],
    vendorName: (id) => id.toUpperCase(),
    drawsOwnLabel: () => false,
  });
});
afterEach(() => opened.remove());

const inspect = (printerId: string | null = null) =>
  inspector.inspect({ parcelId: 'parcel-1', kind: 'carrier', printerId });

test('shows artwork, dots, codes and bytes of one label', async () => {
  const shown = await inspect();
  expect(shown.artwork).toMatchObject({ type: 'application/zpl', bytes: zpl.length, text: zpl, base64: null });
  expect(shown.artwork?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(shown.bitmap).toMatchObject({ width: 800, height: 1_200 });
  expect(shown.codes).toEqual([
    { text: waybill, isWaybill: true },
    { text: 'OTHER', isWaybill: false },
  ]);
  expect(shown.output).toEqual({ bytes: 7, plainBytes: 120_000, headHex: '5e5841015e585a', headText: '^XA·^XZ' });
  expect(shown.held).toBeNull();
});

test('is made for the printer that was chosen', async () => {
  expect((await inspect('spare')).printer).toMatchObject({ id: 'spare', language: 'zpl', dpi: 203 });
});

test('a label that cannot be made says why, and one that was held when it came stays held', async () => {
  const code = 'label.unreadable';
  label = { held: true, code, message: 'not a PDF' };
  expect(await inspect()).toMatchObject({
    held: { code, message: 'not a PDF', notice: { code, params: { reason: 'not a PDF' } } },
    bitmap: null,
    output: null,
  });
  label = { held: false, bytes: () => new Uint8Array(3) };
  opened.store.parcels.setLabel('parcel-1', { artworkSha256: null, held: 'another parcel’s label' });
  expect(await inspect()).toMatchObject({ held: { message: 'another parcel’s label' }, artwork: null });
});

test('what to do about a label that was held when it came is told by its reason, as on the pack screen', async () => {
  const held = 'label.wrong-parcel: 300087654321 is on the label, not 300012345678';
  opened.store.parcels.setLabel('parcel-1', { artworkSha256: null, held });
  expect((await inspect()).held).toEqual({
    code: 'label.wrong-parcel',
    message: '300087654321 is on the label, not 300012345678',
    notice: {
      code: 'label.wrong-parcel',
      tone: 'stop',
      params: { reason: '300087654321 is on the label, not 300012345678', waybill, found: '300087654321' },
    },
  });
});

test('dots that were drawn from commands of another printer language say so', async () => {
  expect((await inspect()).drawnFrom).toBeNull();
  label = { held: false, bytes: () => new Uint8Array(3), drawnFrom: 'application/epl' };
  expect((await inspect()).drawnFrom).toBe('application/epl');
});

test('a label without a picture still shows its bytes', async () => {
  label = {
    held: false,
    bytes: () => new Uint8Array(3),
    previewPng: () => Promise.reject(new Error('the ZPL cannot be drawn')),
  };
  expect(await inspect()).toMatchObject({
    bitmap: null,
    bitmapProblem: 'the ZPL cannot be drawn',
    output: { bytes: 3 },
  });
});

test('is found by waybill, order number, rack label and id', () => {
  const { lpn, facts } = opened.store.parcels.get('parcel-1') ?? expect.fail('no parcel');
  for (const query of [waybill, facts.orderNumber, lpn.toLowerCase(), 'parcel-1', `]C1${waybill}`]) {
    expect(
      inspector.find(query).map(({ parcelId }) => parcelId),
      query,
    ).toEqual(['parcel-1']);
  }
  expect(inspector.find('nowhere')).toEqual([]);
});

const again = (printerId: string | null = null) =>
  inspector.reprint({ parcelId: 'parcel-1', kind: 'carrier', reason: 'smeared', printerId });

test('a reprint is the next copy, with its reason, on the printer that was chosen', () => {
  expect(again('spare')).toEqual({ copy: 2 });
  expect(requested).toEqual([['carrier', 2, 'smeared', 'spare']]);
});

test.each([
  ['claimed', /on its way/],
  ['sending', /on its way/],
  ['unknown', /not known whether the last one came out/],
] as const)('no reprint while the last one is %s', (state, message) => {
  latest = { state } as ParcelPrint;
  expect(() => again()).toThrow(message);
  expect(requested).toEqual([]);
});

test('no reprint of a held label, on a printer that is not there, of a parcel nobody knows', () => {
  expect(() => again('nobody')).toThrow('no printer nobody');
  opened.store.parcels.setLabel('parcel-1', { artworkSha256: null, held: 'unreadable' });
  expect(() => again()).toThrow('there is no label to print: unreadable');
  expect(() => inspector.reprint({ parcelId: 'x', kind: 'lpn', reason: 'r', printerId: null })).toThrow('no parcel');
});
