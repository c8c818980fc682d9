/** From an answer's bytes to a value, under limits. Nothing here ever means "done". */

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: DecodeCode; readonly message: string };

export type DecodeCode = 'empty' | 'html' | 'not-utf8' | 'not-json' | 'too-deep';

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
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return refuse('not-json', 'the answer is not JSON, or was cut off');
  }
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
