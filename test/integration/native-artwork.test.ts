import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePdfLabel, makeZplLabel } from '../../main/training/label-artwork.ts';
import { createEngine } from '../../main/labels/engine.ts';
import { HeldError } from '../../main/labels/held.ts';
import { bitmapOfPng } from '../../main/labels/inspect.ts';
import type { PreparedLabel } from '../../main/labels/labels.ts';
import { prepareLabel } from '../../main/labels/labels.ts';
import type { LabelLanguage, LabelTarget } from '../../main/labels/media.ts';
import { readCodes } from '../../main/labels/read-codes.ts';
import { projectDir } from '../kit/station.ts';
import { trainingFacts } from '../golden/labels.ts';

/** ZPL and EPL made by a carrier: passed through, drawn for another language, or held. */
const engine = createEngine(join(projectDir, 'resources'));
const facts = trainingFacts;
const { waybill } = facts;
const on = (language: LabelLanguage, dpi: 203 | 300 = 203): LabelTarget => ({
  language,
  dpi,
  widthMm: 101.6,
  heightMm: 152.4,
});
const prepare = (
  type: 'application/zpl' | 'application/epl',
  bytes: Uint8Array,
  target: LabelTarget,
): Promise<PreparedLabel> => prepareLabel(engine, bytes, type, waybill, target);
const heldCode = (work: Promise<PreparedLabel>): Promise<string> =>
  work.then(
    () => 'not held',
    (error: unknown) => (error instanceof HeldError ? error.code : String(error)),
  );

test.each(['tspl', 'escpos', 'cpcl', 'epl'] as const)(
  'ZPL for a printer of %s is drawn and its waybill read',
  async (language) => {
    const label = await prepare('application/zpl', makeZplLabel(facts), on(language));
    expect(label).toMatchObject({ drawnFrom: 'application/zpl', pages: 1 });
    expect(label.codes).toContain(waybill);
    expect(await readCodes(bitmapOfPng(await label.previewPng()), 'thorough')).toContain(waybill);
  },
);

test('ZPL for a printer of ZPL goes through', async () => {
  const label = await prepare('application/zpl', makeZplLabel(facts), on('zpl'));
  expect(label.drawnFrom).toBeUndefined();
  expect(Buffer.from(label.bytes(0, 'p')).toString('latin1')).toContain('^BC');
});

test('ZPL whose barcode cannot be read when drawn is held', async () => {
  const zpl = Buffer.from(`^XA^PW812^LL1218^FO50,150^BY1^BCN,2,N,N,N^FD${waybill}^FS^FO1,1^GB800,1200,600^FS^XZ`);
  expect(await heldCode(prepare('application/zpl', zpl, on('tspl')))).toBe('label.waybill-missing');
});

const epl = Buffer.from(`N\nq812\nA50,50,0,3,1,1,N,"Ann Lee"\nB50,200,0,1,3,6,100,B,"${waybill}"\nP1\n`);

test('EPL for a printer of EPL goes through, if the waybill is in it', async () => {
  const label = await prepare('application/epl', epl, on('epl'));
  expect(Buffer.from(label.bytes(1, 'p')).toString('latin1')).toContain('REPRINT 1');
  await expect(label.previewPng()).rejects.toThrow('cannot be drawn');
  expect(await heldCode(prepareLabel(engine, epl, 'application/epl', 'PB99912345678', on('epl')))).toMatch(
    /^label\.(?:waybill-missing|wrong-parcel)$/,
  );
});

test('EPL with its own texts for another printer is held', async () => {
  expect(await heldCode(prepare('application/epl', epl, on('zpl')))).toBe('label.wrong-language');
});

test('EPL that is a picture is read back, and printed in any language', async () => {
  const drawn = await prepareLabel(
    engine,
    makePdfLabel(facts, { customsPage: false }),
    'application/pdf',
    waybill,
    on('epl'),
  );
  const picture = drawn.bytes(0, 'x');
  for (const language of ['epl', 'zpl', 'tspl'] as const) {
    const label = await prepare('application/epl', picture, on(language));
    expect(label.codes).toContain(waybill);
    const preview = await label.previewPng();
    expect(bitmapOfPng(preview)).toEqual(bitmapOfPng(await drawn.previewPng()));
  }
});
