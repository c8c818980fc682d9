/**
 * How a device's settings are described: what kind of value each takes and where it applies. The wizard draws its fields
 * from these descriptions, and a test holds them against the schema of the profile. Names and explanations are sentences
 * of the locales: `ui.setting.<words>` and `ui.setting.<words>.how`.
 */
import type { DeviceKind, PrinterModelFacts, ScaleFormFacts, ScaleProtocolFacts } from '#contract';

/** One column of a setting that is a table. */
export interface Column {
  readonly name: string;
  readonly value:
    | { readonly kind: 'choice'; readonly options: readonly string[] }
    | { readonly kind: 'text'; readonly most: number }
    | { readonly kind: 'number'; readonly least: number; readonly most: number };
}

export type SettingValue =
  /** One of a few; `from`: the station or the profile says which. */
  | {
      readonly kind: 'choice';
      readonly options: readonly (string | number)[];
      readonly from?: 'protocols' | 'forms' | 'models' | 'printers';
    }
  /** `per`: one of what is shown is so many of what is stored, 1 if left out (seconds shown, milliseconds stored: 1,000). */
  | {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      readonly whole: boolean;
      readonly unit?: 'ms' | 's' | 'mm' | '%' | 'ips';
      readonly per?: number;
    }
  /** `escaped`: control characters are written `\r` or `\x02`; `characters`: the same, and the profile holds them plain. */
  | {
      readonly kind: 'text';
      readonly most: number;
      readonly control?: 'escaped' | 'characters';
      readonly suggestions?: readonly string[];
      /** Pieces that are put in by a button. */
      readonly pieces?: readonly string[];
      /** The empty text says something else than none at all. */
      readonly empty?: true;
    }
  /** Bytes in hexadecimal. */
  | { readonly kind: 'bytes'; readonly most: number }
  | { readonly kind: 'switch' }
  /** Some of a few. */
  | { readonly kind: 'several'; readonly options: readonly string[] }
  /** Several texts. `empty`: one of them may be empty. */
  | { readonly kind: 'texts'; readonly most: number; readonly length: number; readonly empty?: true }
  /** A map has two columns, its keys and what they mean. */
  | { readonly kind: 'table'; readonly as: 'map' | 'list'; readonly columns: readonly Column[]; readonly most: number };

/** Where a setting applies; all that is given has to hold. Left out: everywhere. */
export interface Where {
  /** Protocols of scales and scanners, formats, or languages. */
  readonly protocols?: readonly string[];
  /** Begins of links. */
  readonly links?: readonly string[];
  /** The scale's protocol takes the setting of this name. */
  readonly taken?: string;
  /** The scale is asked, under its protocol and form. */
  readonly asked?: true;
  /** The scale's form leaves the point out, or is described by the profile. */
  readonly pointless?: true;
  /** Another setting has been given, or has the value. */
  readonly given?: { readonly path: readonly string[]; readonly value?: unknown };
}

export interface Setting {
  readonly path: readonly string[];
  /** Tail of the locale keys. */
  readonly words: string;
  readonly value: SettingValue;
  /** Of the schema, or what the station does where nothing is said. */
  readonly usual?: string | number | boolean | readonly string[] | Readonly<Record<string, string>>;
  /** The station knows what is usual under these settings: of the protocol's line, or of the printer's model. */
  readonly usualFrom?: 'line' | 'model';
  readonly where?: Where;
  /** Takes the whole width. */
  readonly wide?: true;
}

export interface Section {
  /** Tail of the locale key `ui.setting.section.<id>`. */
  readonly id: string;
  /** Folded away until something of it was said or is wrong. */
  readonly folded: boolean;
  readonly settings: readonly Setting[];
}

/** What the station and the draft say about a device whose settings are shown. */
export interface Circumstances {
  readonly kind: DeviceKind;
  readonly link: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Of a scale. */
  readonly protocol: ScaleProtocolFacts | null;
  readonly model: PrinterModelFacts | null;
}

/** A stored value as text: texts as they are, all else as JSON; nothing is empty. */
export function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value at a path, or undefined. */
export function valueAt(fields: unknown, path: readonly string[]): unknown {
  let value = fields;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, step) ? (value as Readonly<Record<string, unknown>>)[step] : undefined;
  }
  return value;
}

/** The same fields with another value at a path; undefined takes it out, and what is empty after that with it. */
export function withValueAt(
  fields: Readonly<Record<string, unknown>>,
  path: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  const [step = '', ...rest] = path;
  const { [step]: before, ...others } = fields;
  if (rest.length === 0) {
    if (value === undefined) return others;
    return Object.hasOwn(fields, step) ? { ...fields, [step]: value } : { ...others, [step]: value };
  }
  const inner = typeof before === 'object' && before !== null && !Array.isArray(before) ? before : {};
  const changed = withValueAt(inner as Readonly<Record<string, unknown>>, rest, value);
  if (Object.keys(changed).length === 0) return others;
  return { ...fields, [step]: changed };
}

/** The form of a scale's protocol that is chosen; the usual one if none is, null if the protocol has no such form. */
export function formOf({ protocol, fields }: Circumstances): ScaleFormFacts | null {
  const chosen = fields['form'];
  return protocol?.forms.find(({ id }) => chosen === undefined || id === chosen) ?? null;
}

/** What decides which settings apply: protocol, format or language. */
function spoken({ kind, fields, model }: Circumstances): string {
  const usual = { scale: 'mt-sics', scanner: 'serial-text', dws: 'csv', printer: model?.gives['language'] ?? 'zpl' };
  const name = { scale: 'protocol', scanner: 'protocol', dws: 'format', printer: 'language' }[kind];
  return plainText(fields[name] ?? usual[kind]);
}

/** Whether a setting has a meaning for this device as it is set now. */
export function applies({ where }: Setting, circumstances: Circumstances): boolean {
  if (where === undefined) return true;
  const { fields, link, protocol } = circumstances;
  if (where.protocols !== undefined && !where.protocols.includes(spoken(circumstances))) return false;
  if (where.links !== undefined && !where.links.some((begin) => link.trim().startsWith(begin))) return false;
  if (where.taken !== undefined && protocol?.settings.includes(where.taken) !== true) return false;
  if (where.given !== undefined) {
    const value = valueAt(fields, where.given.path);
    if (where.given.value === undefined ? value === undefined : value !== where.given.value) return false;
  }
  if (where.pointless === true) {
    const isDescribed = protocol?.settings.includes('definition') === true;
    if (!isDescribed && formOf(circumstances)?.needsDecimals !== true) return false;
  }
  if (where.asked === true) {
    const asks = formOf(circumstances)?.asked === true || valueAt(fields, ['definition', 'request']) !== undefined;
    if (!asks) return false;
  }
  return true;
}

/** What the station does where this setting is left out; undefined if there is nothing to say. */
export function usualOf(setting: Setting, { protocol, model }: Circumstances): Setting['usual'] {
  const name = setting.path.at(-1) ?? '';
  if (setting.usualFrom === 'line' && protocol?.line !== undefined && protocol.line !== null) {
    return (protocol.line as Readonly<Record<string, string | number>>)[name] ?? setting.usual;
  }
  if (setting.usualFrom === 'model') return model?.gives[name] ?? setting.usual;
  if (name === 'form') return protocol?.forms[0]?.id;
  return setting.usual;
}
