/** Our own rack label: a licence plate number for a parcel whose carrier label is not there yet. */
import type { Bitmap } from './bitmap.ts';
import { kilograms } from './own/bag-label.ts';
import type { PageMedia } from './own/pages.ts';
import { drawSingle } from './own/pages.ts';
import { localMinute } from './own/time.ts';

/** What the rack label says. */
export interface LpnFacts {
  readonly lpn: string;
  readonly orderNumber: string;
  readonly receiverName: string;
  readonly weightG: number;
  /** Milliseconds since the epoch; shown in the desk's time zone. */
  readonly sealedAt: number;
  readonly deskId: string;
}

/** Draws the rack label. Rejects with `HeldError` if the media is too small, or too narrow for its bars. */
export async function drawLpn(facts: LpnFacts, media: PageMedia, resourcesDir: string): Promise<Bitmap> {
  const blocks = {
    lpn: facts.lpn,
    orderNumber: facts.orderNumber,
    receiverName: facts.receiverName,
    weight: `${kilograms(facts.weightG)} kg`,
    deskId: facts.deskId,
    sealedAt: localMinute(facts.sealedAt),
  };
  const codes = { barcode: { text: facts.lpn, kind: 'linear' as const } };
  const templates = ['lpn', 'lpn-square', 'lpn-small'];
  return (await drawSingle('rack label', templates, { blocks, codes }, media, resourcesDir)).page;
}
