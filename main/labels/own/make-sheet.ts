/** Sheets, badges and slips as files: for the command line, and for a page that shows or prints them. */
import { labelEncoders } from '../languages.ts';
import type { LabelTarget } from '../media.ts';
import { encodePng } from '../png.ts';
import type { OwnRequest } from './draw-own.ts';
import { drawOwn } from './draw-own.ts';
import { pagesPdf } from './pages-pdf.ts';

export interface MadeSheet {
  readonly pages: number;
  /** As they were read back from the dots. */
  readonly codes: readonly string[];
  /** One picture per page. */
  pngs(): Uint8Array[];
  pdf(): Uint8Array;
  /** For the target's printer. */
  bytes(printId: string): Uint8Array;
}

/** Draws in this thread. Rejects with `HeldError`, whose message is one line, if it does not fit the media. */
export async function makeSheet(request: OwnRequest, target: LabelTarget, resourcesDir: string): Promise<MadeSheet> {
  const { pages, codes } = await drawOwn(request, target, resourcesDir);
  return {
    pages: pages.length,
    codes,
    pngs: () => pages.map(encodePng),
    pdf: () => pagesPdf(pages, target),
    bytes: (printId) => labelEncoders[target.language](pages, printId, target),
  };
}
