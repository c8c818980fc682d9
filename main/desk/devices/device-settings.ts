/**
 * What the screen has to know to ask for a device's settings, and whether settings will do: each problem at its place, in
 * words a person can act on. Pure.
 */
import type { z } from 'zod';
import type {
  DeviceKind,
  DevicesSnapshot,
  Notice,
  PrinterModelFacts,
  ScaleProtocolFacts,
  SettingProblem,
} from '../../../preload/contract/index.ts';
import { scaleProtocols, scaleSettingProblem } from '../../devices/scale/index.ts';
import { dwsFormats } from '../../domain/dws-settings.ts';
import type { ScaleProtocol, ScaleSettingName } from '../../domain/device.ts';
import { parseScale, Profile, ProfileError } from '../../profile/profile.ts';
import { settlePrinter, type PrinterModel, type PrinterModels } from '../../profile/printer-models.ts';
import type { WrittenDevice } from '../../profile/profile-book.ts';

/** What the topic `devices` says of protocols and models. */
export function deviceProtocols(models: PrinterModels): DevicesSnapshot['protocols'] {
  return {
    scale: Object.keys(scaleProtocols),
    dws: [...dwsFormats],
    scales: Object.values(scaleProtocols).map(scaleFacts),
    printers: [...models.values()].map(printerFacts),
  };
}

function scaleFacts({ id, makes, serial, settings, forms }: ScaleProtocol): ScaleProtocolFacts {
  return {
    ...{ id, makes, settings: [...settings] },
    line: serial === null ? null : { ...serial },
    forms: forms.map((form) => ({
      id: form.id,
      layout: form.layout,
      carriesUnit: form.carriesUnit,
      saysStable: form.saysStable,
      needsDecimals: form.needsDecimals === true,
      asked: form.poll !== null,
      documented: form.standing === 'documented',
    })),
  };
}

function printerFacts(model: PrinterModel): PrinterModelFacts {
  const { id, name, language, dpi, media, tracking, answers, confirms, compression, columns, chinese } = model;
  const said = { tracking, answers, confirms, compression, columns, chinese };
  const gives: PrinterModelFacts['gives'] = { language, dpi };
  if (media !== undefined) gives['media'] = `${media.widthMm}x${media.heightMm}mm`;
  for (const [setting, value] of Object.entries(said)) if (value !== undefined) gives[setting] = value;
  return { id, name, gives };
}

/** The schemas of the profile's lists of devices, by kind. */
const lists = Profile.shape.devices.unwrap().shape;
const schemas: Readonly<Record<DeviceKind, z.ZodType>> = {
  scale: lists.scales,
  dws: lists.dws,
  scanner: lists.scanners,
  printer: lists.printers,
};

/** Most problems that are named. */
const most = 40;

/**
 * What keeps `device` from being used in place of the device `replaces` of `listed`, or as a further one. Empty if
 * nothing does; whether it answers is another question.
 */
export function deviceProblems(
  kind: DeviceKind,
  device: WrittenDevice,
  replaces: string | null,
  listed: readonly WrittenDevice[],
  models: PrinterModels,
): SettingProblem[] {
  const others = listed.filter((each) => each['id'] !== replaces);
  const at = others.length;
  const read = schemas[kind].safeParse([...others, device]);
  if (read.success) return problemsOfUse(kind, device, others, models);
  return read.error.issues
    .filter(({ path }) => path[0] === at)
    .flatMap(problemsOf)
    .slice(0, most);
}

/**
 * What the protocol or the model needs beyond the schema, so that the device can be used at all; each with its English
 * sentence as `message`. Empty if the schema itself refuses the device.
 */
export function problemsOfUse(
  kind: DeviceKind,
  device: WrittenDevice,
  others: readonly WrittenDevice[],
  models: PrinterModels,
): SettingProblem[] {
  const list = [...others, device];
  if (!schemas[kind].safeParse(list).success) return [];
  if (kind === 'scale') return scaleProblems(device);
  return kind === 'printer' ? printerProblems(lists.printers.parse(list).at(-1), models) : [];
}

/** What a protocol needs beyond the schema. */
function scaleProblems(device: WrittenDevice): SettingProblem[] {
  const { protocol: id, unit, form, equalFrames, decimals, definition } = parseScale(device);
  const protocol = Object.hasOwn(scaleProtocols, id) ? scaleProtocols[id] : undefined;
  if (protocol === undefined) {
    const message = `there is no protocol "${id}"; docs/scales.md has their names`;
    return [problem(['protocol'], 'setting.no-protocol', { protocol: id, message })];
  }
  const found = scaleSettingProblem(protocol, { unit, form, equalFrames, decimals, definition });
  if (found === null) return [];
  const { setting, what, message } = found;
  return [problem([setting], what === 'not-used' ? 'setting.not-used' : scaleWords[setting], { message })];
}

const scaleWords: Readonly<Record<ScaleSettingName, Notice['code']>> = {
  unit: 'setting.unit-needed',
  form: 'setting.no-such-form',
  decimals: 'setting.decimals-needed',
  equalFrames: 'setting.equal-frames',
  definition: 'setting.definition-needed',
};

function printerProblems(printer: Parameters<typeof settlePrinter>[0] | undefined, models: PrinterModels) {
  if (printer === undefined) return [];
  try {
    settlePrinter(printer, models);
    return [];
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    const unknown = printer.model !== undefined && !models.has(printer.model);
    return unknown
      ? [problem(['model'], 'setting.no-model', { message: error.message })]
      : [problem(['media'], 'setting.too-wide', { message: error.message })];
  }
}

/** One issue of the schema; unknown keys become a problem each. */
function problemsOf(issue: z.core.$ZodIssue): SettingProblem[] {
  const path = issue.path.slice(1).map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem([...path, key], 'setting.unknown', { name: key }));
  }
  const message = issue.message;
  if (issue.code === 'custom') {
    const said: unknown = issue.params?.['notice'];
    return [problem(path, typeof said === 'string' ? said : 'setting.not-valid', { message })];
  }
  // zod gives no input with its issues; this is how it says that there is none.
  const missing = issue.code === 'invalid_type' && /received undefined/.test(message);
  return [problem(path, missing ? 'setting.missing' : 'setting.not-valid', { message })];
}

function problem(path: readonly string[], code: string, params: Notice['params']): SettingProblem {
  const words = Object.entries(params).map(([name, value]) => [name, String(value).slice(0, 200)]);
  return {
    path: path.slice(0, 8).map((step) => step.slice(0, 60)),
    notice: { code, tone: 'stop', params: Object.fromEntries(words) as Notice['params'] },
  };
}
