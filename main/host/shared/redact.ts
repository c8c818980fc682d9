/** Keeps secrets out of logs and support bundles: by the name of a field, and by the value of a known secret. */

/** Field names (compared without case, `-` and `_`) whose values are never written. */
const secretNames = new Set([
  'appkey',
  'appsecret',
  'apikey',
  'apisecret',
  'signkey',
  'sk',
  'secret',
  'clientsecret',
  'password',
  'passwd',
  'token',
  'accesstoken',
  'refreshtoken',
  'bearer',
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'xapikey',
  'sign',
  'signature',
  'digest',
  'signinfo',
  'datadigest',
]);

const redacted = '[redacted]';
const deepest = 8;
const longestText = 8_192;
const longestList = 100;

/**
 * A copy of `value` fit to be written: secret fields and secret values replaced, errors as name, message and stack,
 * bytes as their length, long texts and lists cut, cycles and anything deeper than 8 levels left out.
 * `secretValues` are texts that must not appear anywhere; values shorter than 4 characters are ignored, since
 * replacing them would only garble the text.
 */
export function redact(value: unknown, secretValues: readonly string[] = []): unknown {
  const hidden = secretValues.filter((secret) => secret.length >= 4);
  return copy(value, hidden, new Set(), 0);
}

/** `text` with every known secret value replaced. */
export function redactText(text: string, secretValues: readonly string[]): string {
  let result = text;
  for (const secret of secretValues) {
    if (secret.length >= 4 && result.includes(secret)) result = result.replaceAll(secret, redacted);
  }
  return result.length > longestText ? `${result.slice(0, longestText)}… (${result.length} characters)` : result;
}

function copy(value: unknown, hidden: readonly string[], above: Set<object>, depth: number): unknown {
  if (typeof value === 'string') return redactText(value, hidden);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[cycle]';
  if (depth >= deepest) return '[too deep]';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  above.add(value);
  try {
    if (value instanceof Error) {
      const error: Record<string, unknown> = {
        name: value.name,
        message: redactText(value.message, hidden),
        stack: redactText(value.stack ?? '', hidden),
      };
      if (value.cause !== undefined) error['cause'] = copy(value.cause, hidden, above, depth + 1);
      for (const [key, member] of Object.entries(value)) error[key] ??= copyMember(key, member, hidden, above, depth);
      return error;
    }
    if (Array.isArray(value)) {
      const list = value.slice(0, longestList).map((member: unknown) => copy(member, hidden, above, depth + 1));
      if (value.length > longestList) list.push(`… (${value.length} in all)`);
      return list;
    }
    if (value instanceof Map || value instanceof Set) return copy([...value], hidden, above, depth + 1);
    const result: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) {
      result[key] = copyMember(key, member, hidden, above, depth);
    }
    return result;
  } finally {
    above.delete(value);
  }
}

function copyMember(
  key: string,
  member: unknown,
  hidden: readonly string[],
  above: Set<object>,
  depth: number,
): unknown {
  const bare = key.toLowerCase().replace(/[-_]/g, '');
  if (secretNames.has(bare) && member !== null && member !== undefined && member !== '') return redacted;
  return copy(member, hidden, above, depth + 1);
}
