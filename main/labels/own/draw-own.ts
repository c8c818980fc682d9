/** Draws any of our own labels and reads its codes back: what cannot be read is not printed. */
import type { Locale } from '../../../preload/contract/index.ts';
import type { Bitmap, Box } from '../bitmap.ts';
import { placeOn } from '../bitmap.ts';
import { HeldError } from '../held.ts';
import { readCodes } from '../read-codes.ts';
import type { BadgeFacts } from './badge.ts';
import { drawBadges } from './badge.ts';
import type { BagLabelFacts } from './bag-label.ts';
import { drawBagLabel } from './bag-label.ts';
import { drawCommandSheet } from './command-sheet.ts';
import type { ContentsFacts } from './contents-slip.ts';
import { drawContentsSlip } from './contents-slip.ts';
import type { HandoverListFacts } from './handover-list.ts';
import { drawHandoverList } from './handover-list.ts';
import type { PageMedia } from './pages.ts';
import { drawScannerSheet } from './scanner-sheet.ts';
import type { DrawnPage } from './scene.ts';
import type { TestLabelFacts } from './test-label.ts';
import { drawTestLabel } from './test-label.ts';

export type SheetKind = 'commands' | 'scanner';

/** One of our own labels, with everything it says. */
export type OwnRequest =
  | { readonly kind: 'bag'; readonly facts: BagLabelFacts }
  | { readonly kind: 'test'; readonly facts: TestLabelFacts }
  | { readonly kind: 'contents'; readonly facts: ContentsFacts }
  | { readonly kind: 'handover-list'; readonly facts: HandoverListFacts }
  | { readonly kind: 'badges'; readonly badges: readonly BadgeFacts[]; readonly locale: Locale }
  | { readonly kind: SheetKind; readonly locale: Locale };

/** Those that belong to the desk, not to a parcel, a bag or a hand-over. */
export type SheetRequest = Extract<OwnRequest, { readonly kind: SheetKind | 'badges' }>;

/** The pages, and the codes as they were read back from the dots. */
export interface OwnPages {
  readonly pages: readonly Bitmap[];
  readonly codes: readonly string[];
}

/** Rejects with `HeldError`: the media is too small, or a code could not be read back. */
export async function drawOwn(request: OwnRequest, media: PageMedia, resourcesDir: string): Promise<OwnPages> {
  const drawn = await drawPages(request, media, resourcesDir);
  const codes: string[] = [];
  for (const { page, codes: wanted } of drawn) {
    for (const { text, box } of wanted) {
      const found = await readBack(page, box);
      if (!found.includes(text)) {
        throw new HeldError('label.waybill-missing', `the code ${text.slice(0, 80)} cannot be read on the drawn label`);
      }
      codes.push(text);
    }
  }
  return { pages: drawn.map(({ page }) => page), codes };
}

async function drawPages(request: OwnRequest, media: PageMedia, resourcesDir: string): Promise<readonly DrawnPage[]> {
  switch (request.kind) {
    case 'bag':
      return [await drawBagLabel(request.facts, media, resourcesDir)];
    case 'test':
      return [await drawTestLabel(request.facts, media, resourcesDir)];
    case 'contents':
      return drawContentsSlip(request.facts, media, resourcesDir);
    case 'handover-list':
      return drawHandoverList(request.facts, media, resourcesDir);
    case 'badges':
      return drawBadges(request.badges, request.locale, media, resourcesDir);
    case 'commands':
      return drawCommandSheet(request.locale, media, resourcesDir);
    case 'scanner':
      return drawScannerSheet(request.locale, media, resourcesDir);
  }
}

/** Reads one code alone, as a scanner held over it would: neighbours on the page do not help or hide it. */
async function readBack(page: Bitmap, box: Box): Promise<string[]> {
  const cut = placeOn(box.width, box.height, page, -box.x, -box.y);
  const bars = await readCodes(cut, 'bars');
  return bars.length > 0 ? bars : readCodes(cut, 'matrix');
}
