/**
 * Printer models as data (`resources/printers/*.json`, one file per make), and how a desk's printer is settled from the
 * profile, its model and the defaults. What the profile says itself always wins.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  describeIssue,
  Media,
  PrinterDpi,
  PrinterLanguage,
  PrinterQuirks,
  PrinterTracking,
  ProfileError,
} from './profile.ts';
import type { PrinterProfile } from './profile.ts';

/** Largest file of models read, in bytes. */
const maxFileBytes = 256 * 1024;
const maxFiles = 100;

const ModelId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be 1-60 small letters, digits and -');

const Model = z.strictObject({
  id: ModelId,
  /** As on the box: make and model. */
  name: z.string().min(1).max(60),
  language: PrinterLanguage,
  dpi: PrinterDpi,
  /** Widest print the head can make, in millimetres. */
  printWidthMm: z.number().min(20).max(300),
  media: Media.optional(),
  tracking: PrinterTracking.optional(),
  /** False: the printer is known never to answer a status question. */
  answers: z.boolean().optional(),
  /** True: it sends a process id back (ESC/POS `GS ( H`). */
  confirms: z.boolean().optional(),
  /** `acs` for firmware that cannot unpack zlib graphics. */
  compression: z.enum(['z64', 'acs']).optional(),
  quirks: PrinterQuirks.optional(),
  /** Receipt printers: characters of normal width in a line. */
  columns: z.number().int().min(16).max(96).optional(),
  /** Receipt printers: how Chinese text reaches it; `none` if it has no Chinese font. */
  chinese: z.enum(['gb18030', 'gbk', 'none']).optional(),
  /** VID:PID pairs it is known to report, hexadecimal. */
  usb: z
    .array(z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/, 'must look like 0a5f:0081'))
    .max(8)
    .optional(),
  /** Where these facts are from: a manual and its section, or a public source. */
  source: z.string().min(1).max(300),
  /**
   * `manual`: language and status read in the maker's manual. `public`: from published source code or reports.
   * `unverified`: general knowledge of the series that no source at hand confirms. None of them means tried here.
   */
  evidence: z.enum(['manual', 'public', 'unverified']),
  /** What a person should know, one line each. */
  notes: z.array(z.string().min(1).max(300)).max(6).optional(),
});

const ModelFile = z.strictObject({ make: z.string().min(1).max(80), models: z.array(Model).max(200) });

export type PrinterModel = z.output<typeof Model>;
export type PrinterModels = ReadonlyMap<string, PrinterModel>;

/** Reads one file of models from its JSON text. Throws ProfileError with one line that names `file`. */
export function parsePrinterModels(text: string, file: string): PrinterModel[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ProfileError(`${file}: not valid JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  const result = ModelFile.safeParse(json);
  if (!result.success) throw new ProfileError(`${file}: ${describeIssue(result.error)}`);
  return result.data.models;
}

/**
 * All models of `resourcesDir`/printers, by id. Throws ProfileError with one line if a file cannot be read or two
 * models share an id.
 */
export function loadPrinterModels(resourcesDir: string): PrinterModels {
  const dir = join(resourcesDir, 'printers');
  const files = readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .slice(0, maxFiles);
  const models = new Map<string, PrinterModel>();
  for (const name of files) {
    const path = join(dir, name);
    if (statSync(path).size > maxFileBytes) throw new ProfileError(`${name}: larger than ${maxFileBytes} bytes`);
    for (const model of parsePrinterModels(readFileSync(path, 'utf8'), `printers/${name}`)) {
      if (models.has(model.id)) throw new ProfileError(`printers/${name}: model ${model.id} is described twice`);
      models.set(model.id, model);
    }
  }
  return models;
}

/** One printer of this desk, everything settled. */
export interface PrinterSettings {
  readonly id: string;
  readonly link: string;
  /** The model it is, or null if the profile describes it by its fields. */
  readonly model: PrinterModel | null;
  readonly language: PrinterModel['language'];
  readonly dpi: PrinterModel['dpi'];
  readonly media: { readonly widthMm: number; readonly heightMm: number };
  readonly tracking: 'gap' | 'mark' | 'continuous';
  /** Between two labels, or the height of the mark, in millimetres. */
  readonly gapMm: number;
  /** Left out: as the printer is set. The scale is the language's own. */
  readonly darkness?: number | undefined;
  /** Inches per second. Left out: as the printer is set. */
  readonly speed?: number | undefined;
  readonly offset: { readonly xMm: number; readonly yMm: number };
  readonly rotate: 0 | 90 | 180 | 270;
  readonly ending: 'tear' | 'cut' | 'peel';
  readonly quirks: z.output<typeof PrinterQuirks>;
  readonly use: readonly PrinterRole[];
  /** The printer that takes its labels while it cannot print. */
  readonly fallback: string | null;
  readonly answers: boolean;
  readonly confirms: boolean;
  readonly compression?: 'z64' | 'acs' | undefined;
  readonly columns: number;
  readonly chinese: 'gb18030' | 'gbk' | 'none';
}

export type PrinterRole = PrinterProfile['use'][number];

/** A 4x6 inch head, the most common label printer. */
const usual = { language: 'zpl', dpi: 203, media: { widthMm: 100, heightMm: 150 } } as const;
/** The gap of die-cut labels on every roll we know of is 2 to 3 mm. */
const usualGapMm = 2;
/** 80 mm receipt paper at 12 dots per character. */
const usualColumns = 48;

/**
 * Settles one printer: the profile's own fields, then its model's, then the usual ones. A profile that names another
 * language than the model's keeps the model's head and media, not what the model says of its own language.
 * Throws ProfileError with one line if the model is not known, or the media is wider than the model's head can print.
 */
export function settlePrinter(given: PrinterProfile, models: PrinterModels): PrinterSettings {
  const model = given.model === undefined ? null : (models.get(given.model) ?? null);
  if (given.model !== undefined && model === null) {
    throw new ProfileError(
      `printer ${given.id}: model "${given.model}" is not known; write one of ${nearest(given.model, models)}, or leave model out and set language and dpi`,
    );
  }
  const language = given.language ?? model?.language ?? usual.language;
  const spoken = model !== null && model.language === language ? model : null;
  const media = given.media ?? model?.media ?? usual.media;
  if (given.media !== undefined && model !== null && media.widthMm > model.printWidthMm + widthAllowanceMm) {
    throw new ProfileError(
      `printer ${given.id}: media ${media.widthMm} mm wide does not fit ${model.name}, which prints ${model.printWidthMm} mm`,
    );
  }
  const compression = given.compression ?? spoken?.compression;
  return {
    id: given.id,
    link: given.link,
    model,
    language,
    dpi: given.dpi ?? model?.dpi ?? usual.dpi,
    media,
    tracking: given.tracking ?? model?.tracking ?? 'gap',
    gapMm: given.gapMm ?? usualGapMm,
    ...(given.darkness === undefined ? {} : { darkness: given.darkness }),
    ...(given.speed === undefined ? {} : { speed: given.speed }),
    offset: given.offset ?? { xMm: 0, yMm: 0 },
    rotate: given.rotate ?? 0,
    ending: given.ending ?? 'tear',
    quirks: { ...spoken?.quirks, ...given.quirks },
    use: given.use,
    fallback: given.fallback ?? null,
    answers: given.answers ?? spoken?.answers ?? true,
    confirms: given.confirms ?? spoken?.confirms ?? false,
    ...(compression === undefined ? {} : { compression }),
    columns: given.columns ?? model?.columns ?? usualColumns,
    chinese: given.chinese ?? model?.chinese ?? 'gb18030',
  };
}

/** Media are a little wider than what is printed on: 100 mm labels run in heads of 104 and, with white edges, of 96. */
const widthAllowanceMm = 8;

/** Up to six ids that begin like the one that was written, else the first ones. */
function nearest(written: string, models: PrinterModels): string {
  const ids = [...models.keys()];
  const make = written.toLowerCase().split('-')[0] ?? '';
  const like = ids.filter((id) => id.startsWith(make));
  return (like.length > 0 ? like : ids).slice(0, 6).join(', ');
}
