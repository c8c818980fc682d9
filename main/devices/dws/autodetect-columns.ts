/**
 * Names the columns of a table of texts: which is the barcode, the weight, the three sizes. Only a volume that is the product
 * of three neighbours proves anything; the rest goes by shape and by the order machines usually write in, and is called a guess.
 */
import { isNoRead } from '../../domain/dws-record.ts';
import { LengthUnit, usualNoRead, WeightUnit, type DwsDecodingInput } from '../../domain/dws-settings.ts';
import { fieldNames } from './autodetect-json.ts';

export type ColumnField =
  'barcode' | 'weight' | 'length' | 'width' | 'height' | 'volume' | 'timestamp' | 'sequence' | 'skip';

export interface Column {
  readonly field: ColumnField;
  /** Text that stands around the value in every row: `W:` and `kg`. */
  readonly before: string;
  readonly after: string;
}

export interface NamedColumns {
  readonly columns: readonly Column[];
  /** Units that stand behind the numbers. */
  readonly units: Pick<DwsDecodingInput, 'weightUnit' | 'lengthUnit'>;
  readonly strength: number;
  /** The volume is the product of the three sizes in every row. */
  readonly proved: boolean;
}

/** A table cannot prove more than this by its shape alone. */
const provedStrength = 0.9;
const guessedStrength = 0.7;
/** The other order of columns, where two are as usual. */
const otherStrength = 0.55;
/** Machines round sizes and volume. */
const volumeTolerance = 0.03;
/** A shorter run of digits is a number. */
const leastCodeDigits = 8;

interface Shape {
  readonly kind: 'empty' | 'time' | 'number' | 'code' | 'text';
  readonly before: string;
  readonly after: string;
  readonly values: readonly number[];
  /** Digits behind the point, of the first row. */
  readonly decimals: number;
}

/** Ways to name these columns, the likeliest first; none if there is neither a weight nor a size among them. */
export function nameColumns(columns: readonly (readonly string[])[]): NamedColumns[] {
  const shapes = withoutSpareTimes(columns.map(shapeOf));
  const fields: ColumnField[] = shapes.map(({ kind }) => (kind === 'code' ? 'barcode' : 'skip'));
  const time = shapes.findIndex(({ kind }) => kind === 'time');
  if (time >= 0) fields[time] = 'timestamp';
  const units = named(shapes, fields);
  const proved = proveVolume(shapes, fields);
  // Weights may grow by one as well: what counts is a running number only in front, or where a number is left over.
  const spare = freeNumbers(shapes, fields).length > wantedOf(fields).length;
  const sequence = shapes.findIndex(
    (shape, index) => fields[index] === 'skip' && (index === 0 || spare) && counts(shape),
  );
  if (sequence >= 0) fields[sequence] = 'sequence';
  return byOrder(shapes, fields, proved).flatMap(({ order, strength }) => {
    if (!order.includes('weight') && !order.includes('length')) return [];
    const out = shapes.map(({ before, after, kind }, index): Column => {
      const field = order[index] ?? 'skip';
      return kind === 'number' && field !== 'skip' ? { field, before, after } : { field, before: '', after: '' };
    });
    return [{ columns: out, units, strength, proved }];
  });
}

function shapeOf(column: readonly string[]): Shape {
  const given = column.filter((text) => text !== '');
  const none = { before: '', after: '', values: [], decimals: 0 };
  if (given.length === 0) return { kind: 'empty', ...none };
  if (given.every(isTime)) return { kind: 'time', ...none };
  const parts = given.map((text) => /^(\D{0,12}?)([+-]?\d{1,12}(?:[.,]\d{1,6})?)(\D{0,8})$/.exec(text));
  const [first] = parts;
  const alike = parts.every((each) => each !== null && each[1] === first?.[1] && each[3] === first?.[3]);
  if (first !== null && first !== undefined && alike) {
    const digits = parts.map((each) => each?.[2] ?? '');
    const long = digits.every((text) => /^\d+$/.test(text) && text.length >= leastCodeDigits && !text.startsWith('0'));
    if (!long) {
      const values = column.map((text) => numberOf(text));
      const decimals = /[.,](\d+)$/.exec(digits[0] ?? '')?.[1]?.length ?? 0;
      return { kind: 'number', before: first[1] ?? '', after: first[3] ?? '', values, decimals };
    }
  }
  const isCode = given.every((text) => isNoRead(text, usualNoRead) || /^[\x21-\x7e]{5,128}$/.test(text));
  const read = given.some((text) => !isNoRead(text, usualNoRead) && /\d/.test(text) && text.length >= 5);
  return { kind: isCode && read ? 'code' : 'text', ...none };
}

/** NaN for a cell without a number. */
function numberOf(text: string): number {
  const digits = /[+-]?\d+(?:[.,]\d+)?/.exec(text)?.[0];
  return digits === undefined ? Number.NaN : Number(digits.replace(',', '.'));
}

/** Seconds or milliseconds since the epoch from 2017 on, ISO dates, 14 digits, times of day. */
function isTime(text: string): boolean {
  if (/^(?:1[5-9]|2[01])\d{8}(?:\d{3})?$/.test(text)) return true;
  if (/^20\d{2}[01]\d[0-3]\d[0-2]\d[0-5]\d[0-5]\d(?:\d{3})?$/.test(text)) return true;
  return /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}/.test(text) || /^\d{1,2}:\d{2}(?::\d{2})?/.test(text);
}

/** Without any code, long digits that look like an instant are the code. */
function withoutSpareTimes(shapes: readonly Shape[]): Shape[] {
  const hasCode = shapes.some(({ kind }) => kind === 'code');
  const times = shapes.filter(({ kind }) => kind === 'time').length;
  let first = !hasCode && times > 1;
  return shapes.map((shape) => {
    if (!first || shape.kind !== 'time') return shape;
    first = false;
    return { ...shape, kind: 'code' };
  });
}

/** Columns that say themselves what they are: by a unit behind the number, or a name in front. */
function named(shapes: readonly Shape[], fields: ColumnField[]): NamedColumns['units'] {
  let weightUnit: DwsDecodingInput['weightUnit'];
  let lengthUnit: DwsDecodingInput['lengthUnit'];
  for (const [index, { kind, before, after }] of shapes.entries()) {
    if (kind !== 'number') continue;
    const name = before.toLowerCase().replace(/[^a-z]/g, '');
    const field = (['weight', 'length', 'width', 'height', 'volume'] as const).find((each) =>
      fieldNames[each].includes(name),
    );
    const unit = after.trim().toLowerCase();
    const weighs = WeightUnit.safeParse(unit);
    const measures = LengthUnit.safeParse(unit);
    if (weighs.success && !fields.includes('weight')) {
      fields[index] = 'weight';
      weightUnit ??= weighs.data;
    } else if (field !== undefined && !fields.includes(field)) fields[index] = field;
    // Which of the three sizes it is, its place says.
    if (measures.success) lengthUnit ??= measures.data;
  }
  return { ...(weightUnit === undefined ? {} : { weightUnit }), ...(lengthUnit === undefined ? {} : { lengthUnit }) };
}

/** Three neighbours whose product is another column, but for a power of ten that stays the same. */
function proveVolume(shapes: readonly Shape[], fields: ColumnField[]): boolean {
  const free = freeNumbers(shapes, fields);
  for (const [place, a] of free.entries()) {
    const [b, c] = [free[place + 1], free[place + 2]];
    if (b === undefined || c === undefined) return false;
    for (const v of free) {
      if (v === a || v === b || v === c || !isProduct(shapes, a, b, c, v)) continue;
      [fields[a], fields[b], fields[c], fields[v]] = ['length', 'width', 'height', 'volume'];
      return true;
    }
  }
  return false;
}

function isProduct(shapes: readonly Shape[], a: number, b: number, c: number, v: number): boolean {
  const at = (column: number, row: number): number => shapes[column]?.values[row] ?? Number.NaN;
  let power: number | null = null;
  for (let row = 0; row < (shapes[v]?.values.length ?? 0); row += 1) {
    const product = at(a, row) * at(b, row) * at(c, row);
    const volume = at(v, row);
    if (!(product > 0) || !(volume > 0)) continue;
    const exact = Math.log10(volume / product);
    const nearest = Math.round(exact);
    if (Math.abs(volume / product / 10 ** nearest - 1) > volumeTolerance) return false;
    // 1 × 1 × 1 with a volume of 1 proves nothing.
    if (product <= 1) continue;
    if (power !== null && power !== nearest) return false;
    power = nearest;
  }
  return power !== null;
}

/** Grows by one from row to row. */
function counts({ kind, values, before, after }: Shape): boolean {
  if (kind !== 'number' || before + after !== '' || values.length < 3) return false;
  return values.every((value, row) => row === 0 || value - (values[row - 1] ?? 0) === 1);
}

/** Numbers that are left, by the order machines write in: weight, then the sizes; or the sizes, then weight. */
function byOrder(
  shapes: readonly Shape[],
  fields: readonly ColumnField[],
  proved: boolean,
): { readonly order: readonly ColumnField[]; readonly strength: number }[] {
  const free = freeNumbers(shapes, fields);
  const wanted = wantedOf(fields);
  const put = (names: readonly ColumnField[]): readonly ColumnField[] => {
    const order = [...fields];
    for (const [place, index] of free.entries()) order[index] = names[place] ?? 'skip';
    return order;
  };
  const strength = proved ? provedStrength : guessedStrength;
  const sizes = wanted.filter((field) => field !== 'weight');
  if (free.length === 0 || wanted.length === 0) return [{ order: put([]), strength }];
  // Three numbers and no weight known: the sizes. Fewer than the sizes: the weight alone.
  if (wanted.length === 4 && free.length === 3) return [{ order: put(sizes), strength }];
  if (sizes.length === 0 || free.length < sizes.length) return [{ order: put(wanted.slice(0, 1)), strength }];
  if (!wanted.includes('weight')) return [{ order: put(sizes), strength }];
  const [ahead, behind] = [put(['weight', ...sizes]), put([...sizes, 'weight'])];
  const decimals = free.slice(0, 4).map((index) => shapes[index]?.decimals ?? 0);
  const last = decimals.at(-1);
  const lastDiffers =
    decimals.length === 4 && decimals.slice(0, 3).every((each) => each === decimals[0] && each !== last);
  return lastDiffers
    ? [
        { order: behind, strength },
        { order: ahead, strength: otherStrength },
      ]
    : [
        { order: ahead, strength },
        { order: behind, strength: otherStrength },
      ];
}

/** Columns of numbers that have no name yet. */
function freeNumbers(shapes: readonly Shape[], fields: readonly ColumnField[]): number[] {
  return shapes.flatMap(({ kind }, index) => (kind === 'number' && fields[index] === 'skip' ? [index] : []));
}

function wantedOf(fields: readonly ColumnField[]): ('weight' | 'length' | 'width' | 'height')[] {
  return (['weight', 'length', 'width', 'height'] as const).filter((field) => !fields.includes(field));
}
