/** The label of a big bag: of a closed one with its data, of an open one with room to write. */
import { localMinute } from './time.ts';
import type { DrawnPage } from './scene.ts';
import type { PageMedia } from './pages.ts';
import { drawSingle } from './pages.ts';

/** What the bag label says. Weights in grams. */
export interface BagLabelFacts {
  readonly bagNumber: string;
  /** Where the bag goes, in large letters: a country, a sorting centre. */
  readonly destination: string;
  readonly carrier: string;
  readonly service: string;
  /** This and the rest are null on the tag of a bag that is still open, and gross on one that was not weighed. */
  readonly parcels: number | null;
  /** Of the bag as it was weighed. */
  readonly grossG: number | null;
  /** Sum of its parcels. */
  readonly netG: number | null;
  /** Milliseconds since the epoch; shown in the desk's time zone. */
  readonly closedAt: number | null;
  readonly deskId: string;
}

/** Draws the bag label. Rejects with `HeldError` if the media is too small. */
export function drawBagLabel(facts: BagLabelFacts, media: PageMedia, resourcesDir: string): Promise<DrawnPage> {
  const blocks = {
    carrier: facts.carrier,
    destination: facts.destination,
    bagNumber: facts.bagNumber,
    parcels: facts.parcels === null ? '' : String(facts.parcels),
    gross: facts.grossG === null ? '' : kilograms(facts.grossG),
    net: facts.netG === null ? '' : kilograms(facts.netG),
    service: facts.service,
    deskId: facts.deskId,
    closedAt: facts.closedAt === null ? '' : localMinute(facts.closedAt),
  };
  const codes = { barcode: { text: facts.bagNumber, kind: 'either' as const } };
  return drawSingle('bag label', ['bag', 'bag-square'], { blocks, codes }, media, resourcesDir);
}

/** Grams as kilograms with three decimals: scales of desks show whole grams. */
export function kilograms(grams: number): string {
  return (grams / 1000).toFixed(3);
}
