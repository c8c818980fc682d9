import { expect, test } from 'vitest';
import type { ScaleProtocolFacts } from '#contract';
import { settingsOf } from './index.ts';
import { applies, usualOf, valueAt, withValueAt, type Circumstances } from './setting.ts';

const form = {
  id: 'checked',
  layout: '',
  carriesUnit: false,
  saysStable: false,
  needsDecimals: false,
  asked: false,
  documented: true,
};
const xk3190: ScaleProtocolFacts = {
  ...{ id: 'xk3190', makes: 'Yaohua', settings: ['unit', 'form', 'equalFrames', 'decimals'] },
  line: { baud: 1_200, dataBits: 7, parity: 'even', stopBits: 1 },
  forms: [form, { ...form, id: 'command', asked: true }, { ...form, id: 'c602', needsDecimals: true }],
};
const scale = (fields: Record<string, unknown>, link = 'serial:///dev/ttyUSB0'): Circumstances => ({
  ...{ kind: 'scale', link, fields, protocol: xk3190, model: null },
});
const shown = (circumstances: Circumstances): string[] =>
  settingsOf(circumstances.kind)
    .filter((setting) => applies(setting, circumstances))
    .map(({ path }) => path.join('.'));
const other = (
  kind: 'dws' | 'scanner' | 'printer',
  fields: Record<string, unknown>,
  link = 'tcp://h:1',
): Circumstances => ({
  ...{ kind, link, fields, protocol: null, model: null },
});

test('a scale shows what its protocol takes, the line only where there is one, asking only where it is asked', () => {
  const settings = shown(scale({ protocol: 'xk3190' }));
  expect(settings).toEqual(expect.arrayContaining(['form', 'unit', 'equalFrames', 'baud', 'parity']));
  expect(settings).not.toEqual(expect.arrayContaining(['definition.pattern']));
  expect(settings).not.toContain('pollMs');
  expect(settings).not.toContain('decimals');
  expect(shown(scale({ protocol: 'xk3190', form: 'c602' }))).toContain('decimals');
  expect(shown(scale({ protocol: 'xk3190', form: 'command' }))).toContain('pollMs');
  expect(shown(scale({}, 'tcp://h:1'))).not.toContain('baud');
});

test('a machine shows what its format and link use', () => {
  expect(shown(other('dws', {}))).toEqual(expect.arrayContaining(['template', 'weightUnit', 'trailer']));
  expect(shown(other('dws', { format: 'json' }))).toEqual(expect.arrayContaining(['fields', 'pictures']));
  expect(shown(other('dws', { format: 'sick' }))).not.toContain('weightUnit');
  expect(shown(other('dws', { format: 'fixed-width' }))).toContain('layout');
  expect(shown(other('dws', {}, 'http-listen://0.0.0.0:1/dws'))).toContain('token');
  expect(shown(other('dws', { sorting: { chute: '1' } }))).toContain('sorting.carriers');
});

test('a printer shows what its language has, a scanner what its protocol has', () => {
  expect(shown(other('printer', { language: 'escpos' }))).toEqual(
    expect.arrayContaining(['columns', 'quirks.receipt.cut']),
  );
  expect(shown(other('printer', {}))).not.toContain('columns');
  const receipts = { id: 'xp', name: 'XP', gives: { language: 'escpos', columns: 32 } };
  expect(shown({ ...other('printer', { model: 'xp' }), model: receipts })).toContain('columns');
  expect(shown(other('scanner', {}))).toContain('suffix');
  expect(shown(other('scanner', { protocol: 'hid-pos' }))).not.toContain('suffix');
});

test('what is usual comes from the protocol or the model where they say it', () => {
  const setting = (kind: Circumstances['kind'], path: string) =>
    settingsOf(kind).find((each) => each.path.join('.') === path) ?? expect.fail(path);
  expect(usualOf(setting('scale', 'baud'), scale({}))).toBe(1_200);
  expect(usualOf(setting('scale', 'form'), scale({}))).toBe('checked');
  const model = { id: 'm', name: 'M', gives: { dpi: 300 } };
  expect(usualOf(setting('printer', 'dpi'), { ...other('printer', {}), model })).toBe(300);
  expect(usualOf(setting('printer', 'dpi'), other('printer', {}))).toBe(203);
});

test('a value is put at its path, and what gets empty goes with it', () => {
  const fields = { id: 'a', quirks: { receipt: { cut: 'full' } } };
  expect(valueAt(fields, ['quirks', 'receipt', 'cut'])).toBe('full');
  expect(valueAt(fields, ['quirks', 'none', 'cut'])).toBeUndefined();
  expect(withValueAt(fields, ['quirks', 'inverted'], true)).toEqual({
    ...{ id: 'a' },
    quirks: { receipt: { cut: 'full' }, inverted: true },
  });
  expect(withValueAt(fields, ['quirks', 'receipt', 'cut'], undefined)).toEqual({ id: 'a' });
  expect(withValueAt({}, ['offset', 'xMm'], 1)).toEqual({ offset: { xMm: 1 } });
});
