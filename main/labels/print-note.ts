/** The note that carries the print id through a printer language's comments. */

/** `print=ID page=1/2`: letters, digits, `_`, `.` and `-` only, so that no id can be anything but a comment. */
export function printNote(printId: string, page: number, pages: number): string {
  return `print=${printId.replace(/[^\w.-]/g, '_')} page=${page}/${pages}`;
}
