/**
 * The desk's configuration file: one JSON file per desk, strict, without secrets. A secret is written
 * `secret:NAME` and looked up in the host's secret store when the station starts.
 * The vendors' own parts are checked by each vendor's settings schema, where the station joins them.
 */
import { z } from 'zod';
import { Locale, PrinterUse, RouteRules, ScannerPlace } from '../../preload/contract/index.ts';
import { usualBagTolerance } from '../domain/bag-weight.ts';
import { usualExpectedWeights } from '../domain/expected-weight.ts';
import { DimensionMachine } from './dws-profile.ts';
import { ReceiptQuirks } from '../domain/receipt.ts';
import { scaleSettingFields } from '../domain/scale-settings.ts';

/** Largest profile read, in bytes. A real one is a few kilobytes. */
export const maxProfileBytes = 256 * 1024;

export const Media = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,2})?x\d{1,4}(\.\d{1,2})?mm$/, 'must look like 100x150mm')
  .transform((text) => {
    const [width, height] = text.slice(0, -2).split('x').map(Number);
    return { widthMm: width ?? 0, heightMm: height ?? 0 };
  });

const DeviceId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1-32 letters, digits, _ or -');

export const PrinterLanguage = z.enum(['zpl', 'tspl', 'escpos', 'cpcl', 'epl']);
export const PrinterDpi = z.union([z.literal(203), z.literal(300), z.literal(600)]);
/** How the printer finds where a label ends: a gap, a black mark on the back, or not at all. */
export const PrinterTracking = z.enum(['gap', 'mark', 'continuous']);
/** Ways in which one printer differs from its language's manual (`LabelQuirks` of the labels room). */
export const PrinterQuirks = z.strictObject({
  inverted: z.boolean().optional(),
  raster: z.enum(['gs-v-0', 'gs-paren-l']).optional(),
  bandDots: z.number().int().min(1).max(2_303).optional(),
  hexadecimal: z.boolean().optional(),
  /** How a receipt printer takes text. */
  receipt: ReceiptQuirks.optional(),
});
/** A printer as the profile gives it. What it leaves out comes from its model, else is the usual (printer-models.ts). */
const Printer = z.strictObject({
  id: DeviceId,
  link: z.string().min(1).max(200),
  /** A model of resources/printers; fields given here win over the model's. */
  model: z.string().min(1).max(60).optional(),
  language: PrinterLanguage.optional(),
  dpi: PrinterDpi.optional(),
  media: Media.optional(),
  tracking: PrinterTracking.optional(),
  /** Between two labels, or the height of the mark, in millimetres. */
  gapMm: z.number().min(0).max(25).optional(),
  /** Relative to the printer's usual darkness. */
  darkness: z.number().int().min(-30).max(30).optional(),
  /** Inches per second. */
  speed: z.number().min(1).max(14).optional(),
  /** Moves the picture to the right and down, in millimetres. */
  offset: z
    .strictObject({ xMm: z.number().min(-20).max(20).default(0), yMm: z.number().min(-20).max(20).default(0) })
    .optional(),
  /** Degrees clockwise by which the media lies in the printer. */
  rotate: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).optional(),
  ending: z.enum(['tear', 'cut', 'peel']).optional(),
  use: z.array(PrinterUse).min(1).default(['parcel']),
  /** Id of the printer that takes over while this one cannot print. */
  fallback: DeviceId.optional(),
  /** False for printers that never answer a status question: a full write then counts as `unknown`. */
  answers: z.boolean().optional(),
  /** True for receipt printers known to send a process id back (ESC/POS `GS ( H`): only their prints can be called printed. */
  confirms: z.boolean().optional(),
  compression: z.enum(['z64', 'acs']).optional(),
  quirks: PrinterQuirks.optional(),
  /** Receipt printers: characters in a line, and how Chinese text reaches it. */
  columns: z.number().int().min(16).max(96).optional(),
  chinese: z.enum(['gb18030', 'gbk', 'none']).optional(),
});

/** Ids are unique, and a fall-back is another printer of the list. */
const PrinterList = z
  .array(Printer)
  .max(16)
  .superRefine((printers, context) => {
    const ids = printers.map((printer) => printer.id);
    for (const [index, printer] of printers.entries()) {
      if (ids.indexOf(printer.id) !== index) {
        context.addIssue({
          code: 'custom',
          path: [index, 'id'],
          message: `two printers are called "${printer.id}"; give each an id of its own`,
        });
      }
      if (printer.fallback !== undefined && (printer.fallback === printer.id || !ids.includes(printer.fallback))) {
        context.addIssue({
          code: 'custom',
          path: [index, 'fallback'],
          message: `"${printer.fallback}" is no other printer of this desk; write the id of one`,
          params: { notice: 'setting.no-printer' },
        });
      }
    }
  })
  .default([]);

const Scale = z.strictObject({
  id: DeviceId,
  link: z.string().min(1).max(200),
  protocol: z.string().min(1).max(40).default('mt-sics'),
  /** The serial line; what is left out is as the protocol's manual has it. */
  baud: z.number().int().min(300).max(921_600).optional(),
  dataBits: z.union([z.literal(7), z.literal(8)]).optional(),
  parity: z.enum(['none', 'even', 'odd']).optional(),
  stopBits: z.union([z.literal(1), z.literal(2)]).optional(),
  /** Time from one question to the next, in milliseconds. */
  pollMs: z.number().int().min(50).max(10_000).optional(),
  /** False: the scale sends by itself, although its protocol could be asked. */
  ask: z.boolean().optional(),
  ...scaleSettingFields,
});

/** A scanner the station reads itself; one in keyboard mode needs no entry. */
const Scanner = z.strictObject({
  id: DeviceId,
  link: z.string().min(1).max(200),
  protocol: z.enum(['serial-text', 'hid-pos']).default('serial-text'),
  /** Where its scans go: to one place of the desk, or to the place that is open on the screen. */
  place: ScannerPlace.default('screen'),
  /** `serial-text`: what stands before and after each code. An empty suffix: silence ends a code. */
  prefix: z.string().max(8).default(''),
  suffix: z.string().max(8).default('\r'),
  /** Without a byte for this long a code has ended, or lost its end. */
  silenceMs: z.number().int().min(20).max(2_000).default(150),
  /** How two-dimensional codes with Chinese text are sent. */
  encoding: z.enum(['utf-8', 'gb18030']).default('utf-8'),
  baud: z.number().int().min(300).max(921_600).default(9_600),
  dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
});

const ScannerList = z
  .array(Scanner)
  .max(8)
  .superRefine((scanners, context) => {
    const ids = scanners.map(({ id }) => id);
    for (const [index, id] of ids.entries()) {
      if (ids.indexOf(id) === index) continue;
      const message = `two scanners are called "${id}"; give each an id of its own`;
      context.addIssue({ code: 'custom', path: [index, 'id'], message });
    }
  })
  .default([]);

/** Big bags. Weights in grams. */
const BagLimits = z.strictObject({
  /** Most parcels in one bag. A sack of light parcels holds some hundreds; more is a wrong number. */
  maxParcels: z.number().int().min(1).max(5_000).default(500),
  /** Of the parcels in one bag: what one person may lift and a sack holds. */
  maxWeightG: z.number().int().min(1).max(1_000_000).default(30_000),
  /** The empty sack. */
  tareG: z.number().int().min(0).max(50_000).default(200),
  /** Fixed part of the tolerance: sacks differ, and the bag scale has a division of its own. */
  toleranceFixedG: z.number().min(0).max(5_000).default(usualBagTolerance.fixedG),
  /** Division of the scale that weighed the parcels. */
  divisionG: z.number().min(0).max(1_000).default(usualBagTolerance.divisionG),
  /** Prints a tag with the bag's number when it is opened, so that the bag can be chosen by scanning it. */
  tags: z.boolean().default(false),
});

/** The check of a parcel's weight against what its goods should weigh, learned from earlier parcels. */
const ExpectedWeightLimits = z.strictObject({
  /** False: no parcel is refused for it; the weights are learned all the same. */
  on: z.boolean().default(true),
  /** Parcels a product must have been in before its weight is relied on. */
  minSamples: z.number().int().min(2).max(1_000).default(usualExpectedWeights.minSamples),
  /** Tolerance in standard deviations. */
  factor: z.number().min(2).max(20).default(usualExpectedWeights.factor),
  /** Least tolerance, in grams: a few divisions of the scale. */
  minToleranceG: z.number().min(1).max(5_000).default(usualExpectedWeights.minToleranceG),
});

const Limits = z.strictObject({
  /** A parcel lighter or heavier than this stops the packer, in grams. */
  minWeightG: z.number().int().min(1).default(20),
  maxWeightG: z.number().int().min(1).default(30_000),
  /** How long the packer waits for the carrier's label before our own rack label is printed. */
  lpnAfterMs: z.number().int().min(500).max(120_000).default(8_000),
  /** Most questions about parcels on their way that one carrier is asked in a minute, unless its own part says. */
  trackPerMinute: z.number().int().min(1).max(600).default(20),
  bags: BagLimits.prefault({}),
  expectedWeight: ExpectedWeightLimits.prefault({}),
});

export const Profile = z.strictObject({
  desk: z
    .strictObject({
      id: z
        .string()
        .regex(/^[A-Za-z0-9]{1,12}$/, 'must be 1-12 letters or digits')
        .default('D01'),
      site: z.string().max(40).default('TRAINING'),
      locale: Locale.default('zh-CN'),
      /** Who works here. Empty: any badge signs a packer on, and weights are let pass without a supervisor. */
      people: z
        .array(
          z.strictObject({
            badge: z
              .string()
              .regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1-32 letters, digits, _ or -')
              .transform((badge) => badge.toUpperCase()),
            name: z.string().min(1).max(60),
            role: z.enum(['packer', 'supervisor']).default('packer'),
          }),
        )
        .max(500)
        .default([]),
    })
    .prefault({}),
  vendors: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  devices: z
    .strictObject({
      printers: PrinterList,
      scales: z.array(Scale).default([]),
      dws: z.array(DimensionMachine).max(16).default([]),
      scanners: ScannerList,
    })
    .prefault({}),
  routes: RouteRules.default([]),
  limits: Limits.prefault({}),
});
export type Profile = z.output<typeof Profile>;
export type BagLimitsProfile = Profile['limits']['bags'];
export type Route = Profile['routes'][number];
export type PrinterProfile = Profile['devices']['printers'][number];
export type ScaleProfile = Profile['devices']['scales'][number];
export type ScannerProfile = Profile['devices']['scanners'][number];

/** A profile that cannot be used. `message` is one line: the place, what is wrong, what to write. */
export class ProfileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProfileError';
  }
}

/** Checks one printer as a profile would give it; for printers that stand in for one. Throws ZodError. */
export function parsePrinter(given: z.input<typeof Printer>): PrinterProfile {
  return Printer.parse(given);
}

/** Checks one scanner as a profile would give it. Throws ZodError. */
export function parseScanner(given: unknown): ScannerProfile {
  return Scanner.parse(given);
}

/** Checks one scale as a profile would give it. Throws ZodError. */
export function parseScale(given: unknown): ScaleProfile {
  return Scale.parse(given);
}

/** Reads a profile from its JSON text. Throws ProfileError with one line. */
export function parseProfile(text: string): Profile {
  if (Buffer.byteLength(text) > maxProfileBytes) {
    throw new ProfileError(`profile: larger than ${maxProfileBytes} bytes; keep pictures and data out of it`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ProfileError(`profile: not valid JSON (${oneLine(error)}); comments and trailing commas are not allowed`);
  }
  const result = Profile.safeParse(json);
  if (!result.success) throw new ProfileError(`profile: ${describeIssue(result.error)}`);
  return result.data;
}

/**
 * The first problem zod found, as `path: what is wrong`, unknown keys by name. `under` is the path of the part that
 * was parsed, empty for the whole profile.
 */
export function describeIssue(error: z.ZodError, under = ''): string {
  const issue = error.issues[0];
  const path = [...(under === '' ? [] : [under]), ...(issue?.path ?? [])];
  const place = path.length > 0 ? path.join('.') : 'top level';
  if (issue === undefined) return `${place}: not valid`;
  if (issue.code === 'unrecognized_keys') {
    return `${place}: unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}; remove it or correct its spelling`;
  }
  return `${place}: ${issue.message}`;
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 160);
}

/**
 * Replaces every `secret:NAME` of one vendor's part by its value. A secret field that holds plain text is refused:
 * secrets do not belong in the profile. Returns what is missing instead of throwing, so that a desk with one
 * vendor not set up still packs.
 */
export function resolveSecrets(
  vendor: string,
  settings: Readonly<Record<string, unknown>>,
  secretFields: readonly string[],
  secrets: { get(name: string): string | undefined },
): { settings: Record<string, unknown>; problem: string | null } {
  const resolved: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(settings)) {
    if (typeof value === 'string' && value.startsWith('secret:')) {
      const name = value.slice('secret:'.length);
      const secret = secrets.get(name);
      if (secret === undefined || secret === '') {
        const variable = `PACKBENCH_SECRET_${name.replaceAll('.', '_')}`;
        return {
          settings: resolved,
          problem: `vendors.${vendor}.${key}: secret ${name} is not set; set ${variable} or enter it in the desk's secret store`,
        };
      }
      resolved[key] = secret;
    } else if (secretFields.includes(key) && value !== undefined && value !== null && value !== '') {
      return {
        settings: resolved,
        problem: `vendors.${vendor}.${key}: holds a secret in plain text; write "secret:${vendor}.${key}" and store the value outside the profile`,
      };
    } else {
      resolved[key] = value;
    }
  }
  return { settings: resolved, problem: null };
}
