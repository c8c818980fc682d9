/** Order text in an EPL2 string. Source: Zebra, "EPL2 Programmer's Manual", A command: `\"` and `\\`. */
import { asciiText, replacement } from '../printer-text.ts';

/** What stands between the quotes of A. A caret, which begins immediate commands, becomes a question mark. */
export function escapeEpl(text: string): string {
  return asciiText(text).replaceAll('^', replacement).replace(/["\\]/g, '\\$&');
}
