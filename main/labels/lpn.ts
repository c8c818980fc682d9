/** Our own rack label: a licence plate number for a parcel whose carrier label is not there yet. */
import type { Bitmap } from './bitmap.ts';
import type { LabelTarget } from './media.ts';
import { drawTemplate, emsOf, localMinute } from './template.ts';

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

/** Draws the rack label. Rejects if the media is too narrow for its bars. */
export function drawLpn(facts: LpnFacts, target: LabelTarget, resourcesDir: string): Promise<Bitmap> {
  const values = {
    lpn: facts.lpn,
    lpnSize: fitSize(facts.lpn, 92, 11),
    orderNumber: clip(facts.orderNumber, 11),
    receiverName: clip(facts.receiverName, 11),
    weight: `${(facts.weightG / 1000).toFixed(3)} kg`,
    deskId: clip(facts.deskId, 5.4),
    sealedAt: localMinute(facts.sealedAt),
  };
  return drawTemplate('lpn', { code: facts.lpn, values }, target, resourcesDir);
}

/** Cuts to a width in ems: wide (Chinese) characters are 1, others about 0.6. */
function clip(text: string, ems: number): string {
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += (character.codePointAt(0) ?? 0) >= 0x1100 ? 1 : 0.6;
    if (width > ems) return `${kept}…`;
    kept += character;
  }
  return kept;
}

/** Font size at which a text fills at most `widthMm`; the number must be read whole, so it is never cut. */
function fitSize(text: string, widthMm: number, largest: number): string {
  const ems = [...text].reduce((sum, character) => sum + emsOf(character), 0);
  return Math.min(largest, widthMm / Math.max(1, ems)).toFixed(2);
}
