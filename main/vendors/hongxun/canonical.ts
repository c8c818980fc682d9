/**
 * The JSON text that 鸿讯 signs: compact, keys ascending at every level, arrays in their order, text beyond ASCII as it
 * is. Source: public page 附录一 签名规则 (`JSONObject.parseObject`, then a marshaller that sorts). What the page, which
 * is cut, does not show is inferred from that library's defaults: null members are dropped, keys are ascending by
 * UTF-16 code unit (Java's order of strings).
 */

export type NullHandling = 'drop' | 'keep';

/** A number of a text we received, with the digits as they were written: `1.0` stays `1.0`. */
export class WrittenNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value that has no safe place in a signed text. `message` is one line that names where. */
export class CanonicalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CanonicalError';
  }
}

const deepest = 32;

/**
 * `value` as signed text. Members that are `undefined`, and with `drop` those that are null, are left out; a null in an
 * array always stays. Throws CanonicalError for what JSON cannot say, for numbers whose text differs between programs
 * (exponents, more than 15 digits), and beyond 32 levels.
 */
export function canonicalText(value: unknown, nulls: NullHandling): string {
  return textOf(value, nulls, 'request', 0);
}

function textOf(value: unknown, nulls: NullHandling, where: string, depth: number): string {
  if (depth > deepest) throw new CanonicalError(`${where}: nests deeper than ${deepest} levels`);
  if (value === null || value === undefined) return 'null';
  if (value instanceof WrittenNumber) return value.text;
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new CanonicalError(`${where}: half a character (a lone surrogate) cannot be sent`);
    return JSON.stringify(value);
  }
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value, where);
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => textOf(item, nulls, `${where}.${index}`, depth + 1)).join(',')}]`;
  }
  if (typeof value !== 'object') throw new CanonicalError(`${where}: ${typeof value} is no JSON value`);
  // Written member by member: an object rebuilt in order would put its whole-number keys first again.
  const members = Object.entries(value as Record<string, unknown>)
    .filter(([, member]) => member !== undefined && (nulls === 'keep' || member !== null))
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(
      ([key, member]) => `${JSON.stringify(key)}:${textOf(member, nulls, `${where}.${key.slice(0, 64)}`, depth + 1)}`,
    );
  return `{${members.join(',')}}`;
}

function numberText(value: number, where: string): string {
  const text = JSON.stringify(value);
  if (!/^-?\d+(\.\d+)?$/.test(text) || text.replace(/\D/g, '').replace(/^0+/, '').length > 15) {
    throw new CanonicalError(`${where}: number with an exponent or more than 15 digits; send it as text`);
  }
  return text;
}

/**
 * JSON text as a value whose numbers keep their written digits. Throws SyntaxError, also for the member names that
 * would reach an object's prototype.
 */
export function parseKeepingNumbers(text: string): unknown {
  const keep = (key: string, value: unknown, context?: { source?: string }): unknown => {
    if (key === '__proto__') throw new SyntaxError('member name not allowed');
    return typeof value === 'number' ? new WrittenNumber(context?.source ?? String(value)) : value;
  };
  return JSON.parse(text, keep) as unknown;
}
