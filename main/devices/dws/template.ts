/**
 * Records whose order of fields, delimiters, header and trailer are set at the machine.
 *
 * Sources: a public sorting-rule engine of a Chinese integrator (2025-12): template
 * `{Code},{Weight},{Length},{Width},{Height},{Volume},{Timestamp}`, delimiter configurable, g, mm, cm³, timestamps in s,
 * ms or ISO; `9811962888027,0.000,0,0,0,0,1765365164205`, `PIPE123|456.78|100|50|25|125.0|1765365164205`; a wrong number of
 * fields is no record. Datalogic DM3610/DC3000 manual: user-defined header and trailer (at most 25 characters), optional
 * running number of up to 3 digits, optional BCC or CRC as 2 hexadecimal characters before the trailer, order of length,
 * width and height selectable.
 */
import { frameProblem, refusedFrame, type FrameProblem } from '../../domain/frame-problems.ts';
import { makeRecord, type DwsFormat, type DwsTexts } from '../../domain/dws-record.ts';
import type { DwsDecoding, DwsField } from '../../domain/dws-settings.ts';
import { textDecoder } from './text-lines.ts';

export const csvTemplate = '{Code},{Weight},{Length},{Width},{Height},{Volume},{Timestamp}';

export const template: DwsFormat = { id: 'template', poll: null, decoder: (settings) => decoder(settings) };

/** The same with the public template as its default. */
export const csv: DwsFormat = { id: 'csv', poll: null, decoder: (settings) => decoder(settings) };

function decoder(settings: DwsDecoding): ReturnType<DwsFormat['decoder']> {
  const parts = readTemplate(settings.template ?? csvTemplate);
  const separators = (settings.barcodeSeparators ?? ';|').replaceAll(parts.delimiter ?? '', '');
  const own = { ...settings, barcodeSeparators: settings.barcodeSeparators ?? separators };
  return textDecoder(settings, {}, ({ text, sequence }, raw, at) => {
    const values = cut(text, parts);
    if ('code' in values) return refusedFrame(values, at, raw);
    const texts: Record<string, string> = {};
    const codes: string[] = [];
    for (const [index, field] of parts.fields.entries()) {
      const value = unquote(values[index] ?? '');
      if (field === 'barcode') codes.push(value);
      else if (field !== 'skip' && field !== 'status') texts[field] = value;
    }
    const record: DwsTexts = {
      ...texts,
      ...(parts.fields.includes('barcode') ? { codes } : {}),
      ...(sequence === undefined ? {} : { sequence }),
    };
    return makeRecord(record, own, raw, at);
  });
}

interface TemplateParts {
  readonly fields: readonly DwsField[];
  /** Text in front of the first field, between two, and behind the last: one more than there are fields. */
  readonly literals: readonly string[];
  /** The text between any two fields, if it is the same everywhere; then fields can be counted. */
  readonly delimiter: string | null;
}

const names: Readonly<Record<string, DwsField>> = {
  code: 'barcode',
  codes: 'barcode',
  barcode: 'barcode',
  weight: 'weight',
  length: 'length',
  width: 'width',
  height: 'height',
  volume: 'volume',
  timestamp: 'timestamp',
  time: 'timestamp',
  sequence: 'sequence',
  picture: 'picture',
  image: 'picture',
  status: 'status',
  _: 'skip',
  skip: 'skip',
};

/** Reads a template. Throws a one-line Error that names the fault. */
export function readTemplate(text: string): TemplateParts {
  const fields: DwsField[] = [];
  const literals: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{([A-Za-z_]+)\}/g)) {
    const name = (match[1] ?? '').toLowerCase();
    const field = Object.hasOwn(names, name) ? names[name] : undefined;
    if (field === undefined) {
      throw new Error(
        `template field {${match[1]}} is not known; known are {Code}, {Weight}, {Length}, {Width}, {Height}, {Volume}, {Timestamp}, {Sequence}, {Picture}, {Status}, {_}`,
      );
    }
    if (field !== 'skip' && field !== 'barcode' && fields.includes(field)) {
      throw new Error(`template has {${match[1]}} twice`);
    }
    const literal = text.slice(from, match.index);
    if (fields.length > 0 && literal === '') throw new Error(`template needs a delimiter in front of {${match[1]}}`);
    literals.push(literal);
    fields.push(field);
    from = match.index + match[0].length;
  }
  if (fields.length === 0) throw new Error('template has no field; write {Code},{Weight}, and so on');
  if (!fields.some((field) => field === 'barcode' || field === 'weight' || field === 'length')) {
    throw new Error('template has neither {Code} nor {Weight} nor {Length}');
  }
  literals.push(text.slice(from));
  const between = literals.slice(1, -1);
  const [first] = between;
  const same = first !== undefined && between.every((literal) => literal === first);
  return { fields, literals, delimiter: same ? first : null };
}

/** The fields' texts in order, or why the text does not fit the template. */
function cut(text: string, { fields, literals, delimiter }: TemplateParts): string[] | FrameProblem {
  const before = literals[0] ?? '';
  const after = literals.at(-1) ?? '';
  if (!text.startsWith(before) || !text.endsWith(after) || text.length < before.length + after.length) {
    return frameProblem('record-template');
  }
  const body = text.slice(before.length, text.length - after.length);
  if (delimiter !== null) {
    const values = body.split(delimiter);
    if (values.length === fields.length) return values;
    return frameProblem('record-fields', { count: values.length, wanted: fields.length });
  }
  const values: string[] = [];
  let from = 0;
  for (let index = 1; index < fields.length; index += 1) {
    const literal = literals[index] ?? '';
    const to = body.indexOf(literal, from);
    if (to < 0) return frameProblem('record-ends', { index: index + 1, wanted: fields.length });
    values.push(body.slice(from, to));
    from = to + literal.length;
  }
  return [...values, body.slice(from)];
}

/** Some machines put texts in quotation marks. */
function unquote(text: string): string {
  const plain = text.trim();
  return plain.length >= 2 && plain.startsWith('"') && plain.endsWith('"') ? plain.slice(1, -1) : plain;
}
