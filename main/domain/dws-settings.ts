/**
 * How one dimension-weigh-scan machine writes its records, and what the desk does with them. Shared by the profile and by
 * the decoders; every text has a limit.
 */
import { z } from 'zod';

export const dwsFormats = ['csv', 'template', 'json', 'fixed-width', 'cubiscan', 'sick'] as const;
export const DwsFormatId = z.enum(dwsFormats);
export type DwsFormatId = z.infer<typeof DwsFormatId>;

export const WeightUnit = z.enum(['g', 'kg', 'mg', 't', 'lb', 'oz']);
export const LengthUnit = z.enum(['mm', 'cm', 'm', 'in']);
export const VolumeUnit = z.enum(['mm3', 'cm3', 'dm3', 'm3', 'in3']);

/** What a field of a record may be. `skip` is read over. */
export const DwsField = z.enum([
  'barcode',
  'weight',
  'length',
  'width',
  'height',
  'volume',
  'timestamp',
  'sequence',
  'picture',
  'status',
  'skip',
]);
export type DwsField = z.infer<typeof DwsField>;

/** `\r`, `\n`, `\t`, `\\` and `\xHH` stand for one byte, so that control characters can be written down. */
const Escaped = z
  .string()
  .max(100)
  .transform((text, context) => {
    const plain = unescapeText(text);
    if (plain !== null) return plain;
    context.addIssue({
      code: 'custom',
      message: 'has an unknown escape; write \\r, \\n, \\t, \\\\ or \\x02',
      params: { notice: 'setting.escape' },
    });
    return z.NEVER;
  });

/** The plain text, or null if an escape is not known or a character is no single byte. */
export function unescapeText(text: string): string | null {
  if (!/^(?:[^\\]|\\[rnt\\]|\\x[0-9a-fA-F]{2})*$/s.test(text)) return null;
  const plain = text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/gs, (_, hex: string | undefined, one: string) =>
    hex === undefined ? ({ r: '\r', n: '\n', t: '\t' }[one] ?? one) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\xff]*$/.test(plain) ? plain : null;
}

/** Length of the header and trailer: Datalogic DM3610 manual, "header and trailer", up to 25 characters. */
const Mark = Escaped.refine((text) => text.length <= 25, 'is longer than 25 characters');

const FixedField = z.strictObject({
  field: DwsField,
  /** Position of the first character, counted from 0. */
  at: z.number().int().min(0).max(4_000),
  length: z.number().int().min(1).max(500),
  /** Digits behind a decimal point that is not sent. */
  decimals: z.number().int().min(0).max(6).default(0),
});

/** What the decoders need. */
export const dwsFormatShape = {
  format: DwsFormatId.default('csv'),
  /** Of the numbers in a record that carries no unit of its own (csv, template, json, fixed-width). */
  weightUnit: WeightUnit.optional(),
  lengthUnit: LengthUnit.optional(),
  volumeUnit: VolumeUnit.optional(),
  /** The machine's volume and length × width × height may differ by this fraction. */
  volumeTolerance: z.number().min(0).max(1).default(0.02),
  /** `template` and `csv`: the fields in their order, `{Code},{Weight},{Length},…`; `{_}` is read over. */
  template: Escaped.refine((text) => text.length <= 500, 'is longer than 500 characters').optional(),
  /** `template`, `csv`, `fixed-width`: what a record begins and ends with. Left out: nothing, and any CR or LF. */
  header: Mark.default(''),
  trailer: Mark.default(''),
  /** Digits of a running number in front of the first field. */
  sequence: z.number().int().min(0).max(3).default(0),
  /** Two hexadecimal characters right before the trailer, over what stands between header and check. */
  check: z.enum(['none', 'bcc', 'crc-8']).default('none'),
  /** `json`: where each field is, `{ "barcode": "data.code" }`; what is left out keeps its usual names. */
  fields: z.partialRecord(DwsField, z.string().min(1).max(100)).default({}),
  /** `fixed-width`: the places of the fields, and the length of a whole record without header and trailer. */
  layout: z.array(FixedField).max(40).default([]),
  recordLength: z.number().int().min(1).max(4_000).optional(),
  /** Characters that part several barcodes in one field. */
  barcodeSeparators: z.string().max(8).optional(),
  /** What stands for "no barcode was read", any case; `*` at either end for any text. */
  noRead: z.array(z.string().max(60)).max(40).optional(),
  /** Lines that are no record: signs of life. */
  idle: z.array(z.string().min(1).max(60)).max(20).default(['HB', 'PING', 'HEARTBEAT', 'ALIVE', 'IDLE']),
  /** Keeps the picture of a record if it comes with it (json, base64). */
  pictures: z.boolean().default(false),
};

const DwsDecoding = z.strictObject(dwsFormatShape);
export type DwsDecoding = z.output<typeof DwsDecoding>;
export type DwsDecodingInput = z.input<typeof DwsDecoding>;

/** Fills in what is left out. Throws ZodError. */
export function parseDwsDecoding(given: DwsDecodingInput): DwsDecoding {
  return DwsDecoding.parse(given);
}

/** Frames of these carry their units; the others need them from the profile. */
export const formatsWithUnits: ReadonlySet<DwsFormatId> = new Set<DwsFormatId>(['cubiscan', 'sick']);

/**
 * Spellings of "no barcode read". Sources: public sorting-rule engine (`noread` anywhere in the code, any case); Microscan
 * manual (`NOREAD`, also `NOLABLE` and `No Read d_1, E_2`); a public sorter project (thirteen zeros); Panasonic manual
 * (`BR`). `NR`, `?` and empty are general knowledge, not confirmed.
 */
export const usualNoRead: readonly string[] = [
  '*noread*',
  'no read*',
  'nolable',
  'nolabel',
  '0000000000000',
  'BR',
  'NR',
  '?*',
  '',
];
