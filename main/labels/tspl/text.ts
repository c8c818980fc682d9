/** Order text in a TSPL string. Source: TSC, "TSPL/TSPL2 Programming Language", TEXT: a quote is written `\["]`. */
import { asciiText } from '../printer-text.ts';

/**
 * What stands between the quotes of TEXT. A backslash begins `\[R]`, `\[L]` and the like and has no escape itself: it
 * becomes a slash. A tilde, which begins status questions that some firmware looks for anywhere, becomes a hyphen.
 */
export function escapeTspl(text: string): string {
  return asciiText(text).replaceAll('\\', '/').replaceAll('~', '-').replaceAll('"', '\\["]');
}
