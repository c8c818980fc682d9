/** The settings that the wizard asks for are those of the profile: none is missing, none is asked for otherwise. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { deviceProblems, deviceProtocols } from '../../main/desk/devices/device-settings.ts';
import { usualNoRead } from '../../main/domain/dws-settings.ts';
import { Profile } from '../../main/profile/profile.ts';
import { loadPrinterModels } from '../../main/profile/printer-models.ts';
import type { DeviceKind } from '../../preload/contract/index.ts';
import { settingsOf } from '../../renderer/features/devices/settings/index.ts';
import { withValueAt, type Setting, type SettingValue } from '../../renderer/features/devices/settings/setting.ts';
import { projectDir } from '../kit/station.ts';

/** The parts of a JSON schema that are looked at. */
interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | false;
  readonly propertyNames?: Shape;
  readonly items?: Shape;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly { readonly const?: number }[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly default?: unknown;
}

const lists = Profile.shape.devices.unwrap().shape;
const schemas: Readonly<Record<DeviceKind, z.ZodType>> = {
  scale: lists.scales,
  dws: lists.dws,
  scanner: lists.scanners,
  printer: lists.printers,
};
const kinds = Object.keys(schemas) as DeviceKind[];
const shapeOf = (kind: DeviceKind): Shape =>
  (z.toJSONSchema(schemas[kind], { io: 'input', unrepresentable: 'any' }) as { items: Shape }).items;

/** Every setting of a schema by its path; those of the whole device are the wizard's own. */
function leaves(shape: Shape, path: readonly string[] = []): [string, Shape][] {
  return Object.entries(shape.properties ?? {}).flatMap(([name, inner]): [string, Shape][] => {
    const at = [...path, name];
    return inner.properties === undefined ? [[at.join('.'), inner]] : leaves(inner, at);
  });
}
const ofTheWizard = new Set(['id', 'link']);
const all = kinds.flatMap((kind) =>
  settingsOf(kind).map((setting) => ({ kind, setting, path: setting.path.join('.') })),
);
const shapes = new Map(kinds.map((kind) => [kind, new Map(leaves(shapeOf(kind)))]));
const shapeAt = (kind: DeviceKind, path: string): Shape => shapes.get(kind)?.get(path) ?? {};

test.each(kinds)('every setting of the schema of a %s has one field, and no field is without a setting', (kind) => {
  const asked = settingsOf(kind).map(({ path }) => path.join('.'));
  const known = [...(shapes.get(kind)?.keys() ?? [])].filter((path) => !ofTheWizard.has(path));
  expect(asked.toSorted()).toEqual(known.toSorted());
});

/** What a schema of this shape takes, told in the words of a setting's kind. */
function kindOf(shape: Shape, value: SettingValue): unknown {
  switch (value.kind) {
    case 'choice':
      if (value.from !== undefined) return { ...value };
      // Rates are numbers of which a menu offers some.
      if (shape.type === 'integer') {
        const isWithin = (rate: string | number): boolean =>
          typeof rate === 'number' && rate >= (shape.minimum ?? 0) && rate <= (shape.maximum ?? 0);
        return { ...value, options: value.options.filter(isWithin) };
      }
      return { kind: 'choice', options: new Set<unknown>(shape.enum ?? shape.anyOf?.map((each) => each.const)) };
    case 'number': {
      const { unit: _unit, per: _per, ...rest } = value;
      return { ...rest, least: shape.minimum, most: shape.maximum, whole: shape.type === 'integer' };
    }
    case 'text':
      return { kind: 'text', most: shape.pattern === undefined ? shape.maxLength : value.most };
    case 'bytes':
      // Two digits for a byte and a blank.
      return { kind: 'bytes', most: (shape.maxLength ?? 0) / 3 };
    case 'switch':
      return { kind: shape.type === 'boolean' ? 'switch' : shape.type };
    case 'several':
      return { kind: 'several', options: shape.items?.enum };
    case 'texts':
      return {
        ...{ kind: 'texts', most: shape.maxItems, length: shape.items?.maxLength },
        ...(shape.items?.minLength === undefined ? { empty: true } : {}),
      };
    case 'table':
      return value.as === 'map'
        ? {
            kind: 'table',
            as: 'map',
            columns: [cell(shape.propertyNames), cell(shape.additionalProperties || undefined)],
          }
        : {
            ...{ kind: 'table', as: 'list', most: shape.maxItems },
            columns: Object.entries(shape.items?.properties ?? {}).map(([name, inner]) => ({ name, ...cell(inner) })),
          };
  }
}

function cell(shape: Shape | undefined): object {
  if (shape?.enum !== undefined) return { value: { kind: 'choice', options: new Set(shape.enum) } };
  if (shape?.type === 'integer') return { value: { kind: 'number', least: shape.minimum, most: shape.maximum } };
  return { value: { kind: 'text', most: shape?.maxLength } };
}

/** The kind of a setting without what only the screen needs. */
function comparable(value: SettingValue): unknown {
  switch (value.kind) {
    case 'choice':
      return value.from === undefined && value.options.every((one) => typeof one !== 'number' || one < 1_000)
        ? { kind: 'choice', options: new Set(value.options) }
        : value;
    case 'number':
      return { kind: 'number', least: value.least, most: value.most, whole: value.whole };
    case 'text':
      return { kind: 'text', most: value.most };
    case 'table': {
      const columns = value.columns.map(({ name, value: inside }) => ({
        ...(value.as === 'map' ? {} : { name }),
        value: inside.kind === 'choice' ? { kind: 'choice', options: new Set(inside.options) } : inside,
      }));
      return { kind: 'table', as: value.as, columns, ...(value.as === 'map' ? {} : { most: value.most }) };
    }
    default:
      return value;
  }
}

test.each(all)('$kind $path takes what the schema takes', ({ kind, setting, path }) => {
  expect(comparable(setting.value)).toEqual(kindOf(shapeAt(kind, path), setting.value));
});

test.each(all.filter(({ kind, path }) => shapeAt(kind, path).default !== undefined))(
  '$kind $path shows what is usual',
  ({ kind, setting, path }) => {
    const usual = shapeAt(kind, path).default;
    // An empty map says nothing.
    expect(setting.usual ?? {}).toEqual(usual);
  },
);

test('the spellings of "not read" are those of the station', () => {
  expect(settingsOf('dws').find(({ path }) => path[0] === 'noRead')?.usual).toEqual(usualNoRead);
});

const read = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(projectDir, 'resources/locales', `${name}.json`), 'utf8')) as Record<string, string>;
describe.each(['zh-CN', 'en'])('in %s', (name) => {
  const sentences = read(name);
  test.each(all)('$kind $path has a name and one line that explains it', ({ setting }) => {
    expect(sentences[`ui.setting.${setting.words}`]).toMatch(/^.{1,40}$/);
    expect(sentences[`ui.setting.${setting.words}.how`]).toMatch(/^.{4,160}$/);
  });
});

/** A value of each kind that the station takes. */
function example({ value, path }: Setting): unknown {
  switch (value.kind) {
    case 'choice':
      return value.from === undefined ? value.options.at(-1) : undefined;
    case 'number':
      return value.most;
    case 'text':
      return { media: '60x40mm', token: 'secret:dws.line1', pattern: '{weight}' }[path.at(-1) ?? ''] ?? 'A';
    case 'bytes':
      return '57 0d';
    case 'switch':
      return true;
    case 'several':
      return value.options;
    case 'texts':
      return ['A'];
    case 'table': {
      const row = value.columns.map(({ value: inside }) =>
        inside.kind === 'choice' ? inside.options[0] : inside.kind === 'number' ? inside.most : 'A',
      );
      return value.as === 'map'
        ? { [String(row[0])]: row[1] }
        : [Object.fromEntries(value.columns.map(({ name }, index) => [name, row[index]]))];
    }
  }
}

test.each(kinds)('a %s with every setting given is one the schema reads', (kind) => {
  let device: Readonly<Record<string, unknown>> = { id: 'a', link: kind === 'dws' ? 'http-listen://0.0.0.0:1' : '-' };
  for (const setting of settingsOf(kind)) {
    const value = example(setting);
    if (value !== undefined) device = withValueAt(device, setting.path, value);
  }
  const result = schemas[kind].safeParse([device]);
  expect(result.error?.issues ?? []).toEqual([]);
});

test('what the station says of its protocols fits the contract, forms and all', () => {
  const { scales, printers, scale } = deviceProtocols(loadPrinterModels(join(projectDir, 'resources')));
  expect(scales.map(({ id }) => id)).toEqual(scale);
  const forms = scales.find(({ id }) => id === 'xk3190')?.forms ?? [];
  expect(forms.map(({ id }) => id)).toContain('reversed');
  expect(forms.find(({ id }) => id === 'c602')).toMatchObject({ needsDecimals: true, carriesUnit: false });
  expect(printers.find(({ id }) => id === 'zebra-gk420d')?.gives).toMatchObject({ language: 'zpl', dpi: 203 });
});

test('what the wizard writes for a form of each protocol is a scale that can be used, once the unit is said', () => {
  for (const { id, forms, settings } of deviceProtocols(new Map()).scales) {
    if (id === 'user-defined') continue;
    for (const form of forms) {
      const device = {
        ...{ id: 'bench', link: '-', protocol: id },
        ...(settings.includes('form') ? { form: form.id } : {}),
        ...(settings.includes('unit') ? { unit: 'kg' } : {}),
        ...(form.needsDecimals ? { decimals: 2 } : {}),
      };
      expect(deviceProblems('scale', device, null, [], new Map()), `${id} ${form.id}`).toEqual([]);
    }
  }
});
