import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DeviceKind } from '../../../preload/contract/index.ts';
import { loadPrinterModels } from '../../profile/printer-models.ts';
import { deviceProblems } from './device-settings.ts';

const models = loadPrinterModels(join(import.meta.dirname, '../../../resources'));
const scale = { id: 'bench', link: 'serial:///dev/ttyUSB0' };
const dws = { id: 'line1', link: 'tcp://h:1', weightUnit: 'g', lengthUnit: 'mm' };
const printer = { id: 'label', link: 'usb://printer' };
const definition = { end: '0d0a', pattern: '{weight}' };

function problems(kind: DeviceKind, device: Record<string, unknown>, listed: readonly Record<string, unknown>[] = []) {
  return deviceProblems(kind, device, null, listed, models).map(({ path, notice }) => [path.join('.'), notice.code]);
}

test.each<[DeviceKind, Record<string, unknown>, string, string]>([
  ['scale', { ...scale, protocol: 'nothing' }, 'protocol', 'setting.no-protocol'],
  ['scale', { ...scale, protocol: 'xk3190' }, 'unit', 'setting.unit-needed'],
  ['scale', { ...scale, protocol: 'xk3190', unit: 'kg', form: 'c602' }, 'decimals', 'setting.decimals-needed'],
  ['scale', { ...scale, protocol: 'xk3190', unit: 'kg', form: 'sma' }, 'form', 'setting.no-such-form'],
  ['scale', { ...scale, protocol: 'xk3190', unit: 'kg', equalFrames: 1 }, 'equalFrames', 'setting.equal-frames'],
  ['scale', { ...scale, protocol: 'mt-sics', unit: 'kg' }, 'unit', 'setting.not-used'],
  ['scale', { ...scale, protocol: 'user-defined' }, 'definition', 'setting.definition-needed'],
  ['scale', { ...scale, protocol: 'user-defined', definition }, 'unit', 'setting.unit-needed'],
  ['scale', { ...scale, pollMs: 1 }, 'pollMs', 'setting.not-valid'],
  ['scale', { ...scale, colour: 'red' }, 'colour', 'setting.unknown'],
  ['scale', { id: 'bench' }, 'link', 'setting.missing'],
  ['dws', { ...dws, weightUnit: undefined }, 'weightUnit', 'setting.unit-needed'],
  ['dws', { ...dws, format: 'fixed-width' }, 'layout', 'setting.layout-needed'],
  ['dws', { ...dws, reply: '\\q' }, 'reply', 'setting.escape'],
  ['dws', { ...dws, sorting: { exception: '1' } }, 'sorting.chute', 'setting.missing'],
  ['dws', { ...dws, link: 'http-listen://0.0.0.0:1' }, 'token', 'setting.token-needed'],
  ['printer', { ...printer, media: '100' }, 'media', 'setting.not-valid'],
  ['printer', { ...printer, model: 'none-such' }, 'model', 'setting.no-model'],
  ['printer', { ...printer, model: 'zebra-gk420d', media: '210x297mm' }, 'media', 'setting.too-wide'],
  ['printer', { ...printer, fallback: 'spare' }, 'fallback', 'setting.no-printer'],
])('%s %j: %s %s', (kind, device, path, code) => {
  expect(problems(kind, device)).toEqual([[path, code]]);
});

test.each([
  [{ pattern: '{weight}' }, 'end', 'setting.frame-end'],
  [{ length: 4, pattern: '{weight}' }, 'start', 'setting.frame-start'],
  [{ ...definition, request: 'W' }, 'request', 'setting.hex'],
  [{ end: '0d', pattern: '{weight' }, 'pattern', 'setting.pattern'],
  [{ end: '0d', pattern: '{any:3}' }, 'pattern', 'setting.no-weight'],
  [{ end: '0d', pattern: '{weight:3}{unit:2}' }, 'units', 'setting.meaning'],
])('a definition %j is wrong at its %s', (given, path, code) => {
  const device = { ...scale, protocol: 'user-defined', unit: 'kg', definition: given };
  expect(problems('scale', device)).toContainEqual([`definition.${path}`, code]);
});

test('a device that can be used has no problems, in the place of the one it replaces', () => {
  const listed = [
    { ...printer, id: 'label', fallback: 'spare' },
    { ...printer, id: 'spare' },
  ];
  expect(deviceProblems('printer', { ...printer, fallback: 'spare' }, 'label', listed, models)).toEqual([]);
  expect(problems('printer', printer, listed)).toEqual([['id', 'setting.not-valid']]);
  expect(problems('scale', { ...scale, protocol: 'xk3190', form: 'reversed', unit: 'kg' })).toEqual([]);
  expect(problems('scanner', { id: 'left', link: 'hid://0c2e:0b8f', protocol: 'hid-pos' })).toEqual([]);
});
