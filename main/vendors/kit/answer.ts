/** From an answer's bytes to a value, under limits. Nothing here ever means "done". */

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: DecodeCode; readonly message: string };

export type DecodeCode = 'empty' | 'html' | 'not-utf8' | 'not-json' | 'too-deep' | 'duplicate-key';

/** Deepest nesting of objects and arrays we follow; the documented answers need five. */
const maxDepth = 32;

/** The bytes as text: UTF-8 without exception, a byte order mark removed. */
export function decodeText(bytes: Uint8Array): Decoded<string> {
  try {
    const value = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return value.trim() === '' ? refuse('empty', 'the answer is empty') : { ok: true, value };
  } catch {
    return refuse('not-utf8', 'the answer is not UTF-8 text');
  }
}

/** The bytes as a JSON value. A page of HTML (a proxy, a captive portal, an error page) is told apart. */
export function decodeJson(bytes: Uint8Array): Decoded<unknown> {
  const text = decodeText(bytes);
  return text.ok ? parseJson(text.value) : text;
}

/** Text as a JSON value, under the same limits. */
export function parseJson(text: string): Decoded<unknown> {
  if (text.trim() === '') return refuse('empty', 'the answer is empty');
  if (/^\s*</.test(text)) return refuse('html', 'the answer is a web page, not data; check baseUrl and the network');
  if (depthOf(text) > maxDepth) return refuse('too-deep', `the answer nests deeper than ${maxDepth} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    return refuse('not-json', 'the answer is not JSON, or was cut off');
  }
  // Readers disagree about which of two equal names counts (RFC 8259 section 4): such an answer says nothing surely.
  if (repeatsName(text)) return refuse('duplicate-key', 'the answer has the same name twice in one object');
  return { ok: true, value };
}

function refuse(code: DecodeCode, message: string): { ok: false; code: DecodeCode; message: string } {
  return { ok: false, code, message };
}

/** Deepest bracket nesting outside strings; stops counting once it is over the limit. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (inString) {
      if (unit === 0x5c) index += 1;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > maxDepth) return deepest;
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
  return deepest;
}

/** Names are compared down to this depth; the documented envelopes need two. */
const namesDepth = 3;

/** Whether an object near the top has the same name twice. `text` is valid JSON. */
function repeatsName(text: string): boolean {
  /** One entry per open bracket: the names seen so far, or null for an array and for what lies deeper. */
  const open: (Set<string> | null)[] = [];
  let nameNext = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0x22) {
      const start = index;
      for (index += 1; text.charCodeAt(index) !== 0x22; index += 1) if (text.charCodeAt(index) === 0x5c) index += 1;
      const names = open.at(-1) ?? null;
      if (names === null || !nameNext) continue;
      const raw = text.slice(start, index + 1);
      const name = raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
      if (names.has(name)) return true;
      names.add(name);
      nameNext = false;
    } else if (unit === 0x7b) {
      open.push(open.length < namesDepth ? new Set() : null);
      nameNext = true;
    } else if (unit === 0x5b) {
      open.push(null);
    } else if (unit === 0x7d || unit === 0x5d) {
      open.pop();
    } else if (unit === 0x2c) {
      nameNext = true;
    }
  }
  return false;
}
