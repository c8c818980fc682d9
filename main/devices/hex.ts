/** Bytes that a person pasted, for the tools that decode frames. */

/** More than any frame; a longer paste is a mistake. */
const maxBytes = 4_096;

/** Bytes of hexadecimal digits, blanks between them allowed. Throws an Error with one line that says what is wrong. */
export function bytesOfHex(hex: string, most = maxBytes): Uint8Array {
  const digits = hex.replace(/\s+/g, '');
  const wrong = /[^0-9a-fA-F]/.exec(digits);
  if (wrong !== null) throw new Error(`hex has "${wrong[0]}" at digit ${wrong.index + 1}; use 0-9 and a-f only`);
  if (digits.length % 2 !== 0) throw new Error(`hex has ${digits.length} digits; every byte needs two`);
  if (digits.length / 2 > most) throw new Error(`hex has more than ${most} bytes; split it`);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
