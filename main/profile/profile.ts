/**
 * The desk's configuration file: one JSON file per desk, strict, without secrets. A secret is written
 * `secret:NAME` and looked up in the host's secret store when the station starts.
 * The vendors' own parts are checked by each vendor's settings schema, where the station joins them.
 */
import { z } from 'zod';
import { Locale, RouteRules } from '../../preload/contract/index.ts';

/** Largest profile read, in bytes. A real one is a few kilobytes. */
export const maxProfileBytes = 256 * 1024;

const Media = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,2})?x\d{1,4}(\.\d{1,2})?mm$/, 'must look like 100x150mm')
  .transform((text) => {
    const [width, height] = text.slice(0, -2).split('x').map(Number);
    return { widthMm: width ?? 0, heightMm: height ?? 0 };
  });

const DeviceId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1-32 letters, digits, _ or -');

const Printer = z.strictObject({
  id: DeviceId,
  link: z.string().min(1).max(200),
  language: z.enum(['zpl']).default('zpl'),
  dpi: z.union([z.literal(203), z.literal(300), z.literal(600)]).default(203),
  media: Media.prefault('100x150mm'),
  use: z.array(z.enum(['parcel', 'bag', 'slip', 'document'])).default(['parcel']),
  /** False for printers that never answer a status question: a full write then counts as `unknown`. */
  answers: z.boolean().default(true),
});

const Scale = z.strictObject({
  id: DeviceId,
  link: z.string().min(1).max(200),
  protocol: z.string().min(1).max(40).default('mt-sics'),
  baud: z.number().int().min(300).max(921_600).default(9_600),
  dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
});

/** Dimension, weight and scan machines: known to the profile, not read by this version; the screen says so. */
const DimensionMachine = z.looseObject({ id: DeviceId, link: z.string().min(1).max(200) });

const Limits = z.strictObject({
  /** A parcel lighter or heavier than this stops the packer, in grams. */
  minWeightG: z.number().int().min(1).default(20),
  maxWeightG: z.number().int().min(1).default(30_000),
  /** How long the packer waits for the carrier's label before our own rack label is printed. */
  lpnAfterMs: z.number().int().min(500).max(120_000).default(8_000),
  /** Most questions about parcels on their way that one carrier is asked in a minute, unless its own part says. */
  trackPerMinute: z.number().int().min(1).max(600).default(20),
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
    })
    .prefault({}),
  vendors: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  devices: z
    .strictObject({
      printers: z.array(Printer).default([]),
      scales: z.array(Scale).default([]),
      dws: z.array(DimensionMachine).default([]),
    })
    .prefault({}),
  routes: RouteRules.default([]),
  limits: Limits.prefault({}),
});
export type Profile = z.output<typeof Profile>;
export type Route = Profile['routes'][number];
export type PrinterProfile = Profile['devices']['printers'][number];
export type ScaleProfile = Profile['devices']['scales'][number];

/** A profile that cannot be used. `message` is one line: the place, what is wrong, what to write. */
export class ProfileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProfileError';
  }
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
