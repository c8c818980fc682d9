/**
 * Text that is safe to hand to a printer's own font. Our labels draw text as dots; this is for the few places where a
 * printer writes it itself: a REPRINT stamp on a vendor's own commands, a text test print, receipts.
 */

/** What stands for a character that cannot be shown. */
export const replacement = '?';

/**
 * Every character that is invisible, steers others or is no character becomes a visible question mark: control
 * characters (C0, C1), bidirectional marks and overrides, zero-width and default-ignorable characters, lone surrogates,
 * private use and unassigned code points, line and paragraph separators. Kinds of blank become a plain blank.
 */
export function visibleText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu, replacement)
    .replace(/\p{Zs}/gu, ' ');
}

/** The same, with a question mark for every character beyond ASCII: for fonts of which no more is known. */
export function asciiText(text: string): string {
  return visibleText(text).replace(/[^\x20-\x7e]/gu, replacement);
}
