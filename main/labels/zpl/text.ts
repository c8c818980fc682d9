/** Order text in a ZPL field. Source: Zebra, "ZPL II Programming Guide", ^FD, ^FH and ^CI28. */
import { visibleText } from '../printer-text.ts';

/**
 * The data of `^FH_^FD` under `^CI28`: everything but letters, digits and blanks as hexadecimal UTF-8, so that neither
 * a caret, a tilde nor whatever a `^CC` has made of another character can begin a command.
 */
export function escapeZpl(text: string): string {
  return visibleText(text).replace(/[^0-9A-Za-z ]/gu, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `_${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
