/** Order text in a CPCL text line. Source: Zebra, "CPCL Programming Manual", TEXT: the data goes to the line's end. */
import { asciiText, replacement } from '../printer-text.ts';

/** What stands behind the coordinates of TEXT. It cannot end the line; blanks at its start would be lost. */
export function escapeCpcl(text: string): string {
  return asciiText(text).replace(/^ +/, (blanks) => replacement.repeat(blanks.length)) || replacement;
}
