/** Keeps secrets out of logs, messages and what the command line shows. */

export const redacted = '***';

/** Headers whose value is a credential by itself. Signatures are not: they prove a key, they do not give it away. */
const credentialHeaders = new Set(['authorization', 'api-token', 'cookie', 'proxy-authorization']);

/** `text` with every occurrence of a secret replaced, also URL-encoded and JSON-escaped. */
export function scrub(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length < 3) continue;
    for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])) {
      result = result.replaceAll(form, redacted);
    }
  }
  return result;
}

/** Headers as they may be shown. */
export function scrubHeaders(
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (!credentialHeaders.has(name.toLowerCase())) return [name, scrub(value, secrets)];
      return [name, /^bearer /i.test(value) ? `Bearer ${redacted}` : redacted];
    }),
  );
}
