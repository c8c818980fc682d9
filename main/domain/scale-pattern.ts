/**
 * The pattern language of user-defined scale protocols: characters that must be there, and fields.
 *
 *   `{weight:9}`   exactly nine characters
 *   `{weight}`     everything up to the next character of the pattern, or to the end
 *   `{any:3}`      three characters that do not matter
 *   `{{`, `\x1b`   a brace, a byte in hexadecimal
 *
 * Fields: weight, sign, unit, state, mode, any. There is no alternative and no repetition, so a frame is matched in one
 * pass from left to right, in time linear in its length, whatever the pattern and the bytes are.
 */

export const patternFields = ['weight', 'sign', 'unit', 'state', 'mode', 'any'] as const;
export type PatternField = (typeof patternFields)[number];

export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `width` null: up to the first character of the text that follows, or to the end. */
  | { readonly kind: 'field'; readonly name: PatternField; readonly width: number | null };

export type ScalePattern = readonly PatternPart[];

/** A pattern that is not one; the message is one line. */
export class PatternError extends Error {}

const most = 32;

/** Reads a pattern. Throws PatternError. */
export function parseScalePattern(source: string): ScalePattern {
  const parts: PatternPart[] = [];
  let text = '';
  const endText = (): void => {
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
  };
  for (let at = 0; at < source.length;) {
    const two = source.slice(at, at + 2);
    if (two === '{{' || two === '}}') {
      text += two[0] ?? '';
      at += 2;
    } else if (two === '\\x') {
      const digits = source.slice(at + 2, at + 4);
      if (!/^[0-9a-fA-F]{2}$/.test(digits))
        throw new PatternError(`\\x at character ${at + 1} needs two hexadecimal digits`);
      text += String.fromCharCode(Number.parseInt(digits, 16));
      at += 4;
    } else if (source[at] === '{') {
      const end = source.indexOf('}', at);
      if (end < 0) throw new PatternError(`{ at character ${at + 1} is not closed; write {{ for a brace`);
      endText();
      parts.push(fieldOf(source.slice(at + 1, end)));
      at = end + 1;
    } else if (source[at] === '}') {
      throw new PatternError(`} at character ${at + 1} closes nothing; write }} for a brace`);
    } else {
      if (source.charCodeAt(at) > 0xff)
        throw new PatternError(`character ${at + 1} is no single byte; write \\x and its hexadecimal value`);
      text += source[at] ?? '';
      at += 1;
    }
  }
  endText();
  check(parts);
  return parts;
}

function fieldOf(source: string): PatternPart {
  const [, name, width] = /^([a-z]+)(?::(\d{1,2}))?$/.exec(source) ?? [];
  const known = patternFields.find((field) => field === name);
  if (known === undefined)
    throw new PatternError(`{${source.slice(0, 20)}} is no field; fields are ${patternFields.join(', ')}`);
  if (width !== undefined && Number(width) === 0) throw new PatternError(`{${source}} is 0 characters wide`);
  return { kind: 'field', name: known, width: width === undefined ? null : Number(width) };
}

function check(parts: ScalePattern): void {
  if (parts.length > most) throw new PatternError(`has more than ${most} parts`);
  const seen = new Set<string>();
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'text') continue;
    if (part.name !== 'any' && seen.has(part.name)) throw new PatternError(`{${part.name}} is there twice`);
    seen.add(part.name);
    if (part.width === null && parts[index + 1]?.kind === 'field') {
      throw new PatternError(`{${part.name}} needs a width, because another field follows it at once`);
    }
  }
}

/** The fields of a frame's text, or null if it does not have this form. One pass; never throws. */
export function matchScalePattern(pattern: ScalePattern, text: string): Partial<Record<PatternField, string>> | null {
  const fields: Partial<Record<PatternField, string>> = {};
  let at = 0;
  for (const [index, part] of pattern.entries()) {
    if (part.kind === 'text') {
      if (!text.startsWith(part.text, at)) return null;
      at += part.text.length;
      continue;
    }
    const next = pattern[index + 1];
    let end = part.width === null ? text.length : at + part.width;
    if (part.width === null && next?.kind === 'text') {
      end = text.indexOf(next.text.charAt(0), at);
      if (end < 0) return null;
    }
    if (end > text.length) return null;
    fields[part.name] = text.slice(at, end);
    at = end;
  }
  return at === text.length ? fields : null;
}
