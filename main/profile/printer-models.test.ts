import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadPrinterModels, parsePrinterModels, settlePrinter } from './printer-models.ts';
import { parsePrinter, parseProfile } from './profile.ts';

const models = loadPrinterModels(join(import.meta.dirname, '../../resources'));
const link = 'tcp://127.0.0.1:9100';

test('every model that is shipped reads, and says where its facts are from', () => {
  expect(models.size).toBeGreaterThan(10);
  for (const model of models.values()) expect(model.source.length, model.id).toBeGreaterThan(10);
});

test('a printer without a model is the usual one', () => {
  expect(settlePrinter(parsePrinter({ id: 'a', link }), models)).toMatchObject({
    model: null,
    language: 'zpl',
    dpi: 203,
    media: { widthMm: 100, heightMm: 150 },
    tracking: 'gap',
    ending: 'tear',
    answers: true,
    use: ['parcel'],
    fallback: null,
  });
});

test('a model gives what the profile leaves out, and the profile wins', () => {
  const given = parsePrinter({ id: 'slip', link, model: 'escpos-58', chinese: 'gbk', use: ['slip'] });
  expect(settlePrinter(given, models)).toMatchObject({
    language: 'escpos',
    media: { widthMm: 48, heightMm: 150 },
    tracking: 'continuous',
    columns: 32,
    chinese: 'gbk',
  });
});

test('in another language than its model, what the model says of its own language does not count', () => {
  const mute = parsePrinter({ id: 'a', link, model: 'tspl-clone' });
  expect(settlePrinter(mute, models).answers).toBe(false);
  const other = parsePrinter({ id: 'a', link, model: 'tspl-clone', language: 'zpl' });
  expect(settlePrinter(other, models)).toMatchObject({ answers: true, dpi: 203 });
});

test('an unknown model is refused with models like it', () => {
  const given = parsePrinter({ id: 'label', link, model: 'zebra-gk999' });
  expect(() => settlePrinter(given, models)).toThrow(
    /^printer label: model "zebra-gk999" is not known; write one of zebra-/,
  );
});

test('media wider than the head is refused', () => {
  const given = parsePrinter({ id: 'label', link, model: 'gprinter-gp-2120t', media: '100x150mm' });
  expect(() => settlePrinter(given, models)).toThrow(/100 mm wide does not fit Gprinter GP-2120T, which prints 56 mm/);
});

test.each([
  [
    'two printers of one id',
    [
      { id: 'a', link },
      { id: 'a', link },
    ],
    /two printers are called "a"/,
  ],
  ['a fall-back that is not there', [{ id: 'a', link, fallback: 'b' }], /"b" is no other printer of this desk/],
  ['a printer that falls back on itself', [{ id: 'a', link, fallback: 'a' }], /"a" is no other printer/],
  ['no role at all', [{ id: 'a', link, use: [] }], /use/],
])('a profile with %s is refused', (_what, printers, message) => {
  expect(() => parseProfile(JSON.stringify({ devices: { printers } }))).toThrow(message);
});

test('a broken file of models names itself and the place', () => {
  expect(() => parsePrinterModels('{', 'x.json')).toThrow(/^x\.json: not valid JSON/);
  expect(() => parsePrinterModels('{"make":"A","models":[{"id":"A B"}]}', 'x.json')).toThrow(/^x\.json: models\.0\.id/);
});

test('two models of one id are refused', () => {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-models-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, 'printers'));
  const model = { id: 'a', name: 'A', language: 'zpl', dpi: 203, printWidthMm: 100, source: 's', evidence: 'public' };
  writeFileSync(join(dir, 'printers', 'a.json'), JSON.stringify({ make: 'A', models: [model, model] }));
  expect(() => loadPrinterModels(dir)).toThrow('printers/a.json: model a is described twice');
});
