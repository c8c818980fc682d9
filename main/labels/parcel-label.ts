/** Our own parcel label, for carriers that give none: waybill, receiver, sender, weight, pieces. */
import type { Bitmap } from './bitmap.ts';
import { kilograms } from './own/bag-label.ts';
import type { PageMedia } from './own/pages.ts';
import { drawSingle } from './own/pages.ts';
import { localMinute } from './own/time.ts';

/** A name and a telephone number, and an address as one text. */
export interface LabelParty {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
}

/** What the parcel label says. */
export interface ParcelLabelFacts {
  readonly waybill: string;
  readonly carrier: string;
  readonly service: string;
  /** Where the parcel goes, in large letters: city and district. */
  readonly place: string;
  readonly receiver: LabelParty;
  readonly sender: LabelParty;
  readonly weightG: number;
  readonly pieces: number;
  readonly orderNumber: string;
  readonly reference: string;
  /** Milliseconds since the epoch; shown in the desk's time zone. */
  readonly sealedAt: number;
}

/** Draws the parcel label. Rejects with `HeldError` if the media is too small, or too narrow for its bars. */
export async function drawParcelLabel(
  facts: ParcelLabelFacts,
  media: PageMedia,
  resourcesDir: string,
): Promise<Bitmap> {
  const { receiver, sender } = facts;
  const blocks = {
    carrier: facts.carrier,
    service: facts.service,
    waybill: facts.waybill,
    place: facts.place,
    receiver: `${receiver.name} ${receiver.phone}`,
    receiverAddress: receiver.address,
    sender: `${sender.name} ${sender.phone}`,
    senderAddress: sender.address,
    weight: `${kilograms(facts.weightG)} kg`,
    pieces: String(facts.pieces),
    date: localMinute(facts.sealedAt),
    orderNumber: facts.orderNumber,
    reference: facts.reference,
  };
  const codes = { barcode: { text: facts.waybill, kind: 'linear' as const } };
  return (await drawSingle('parcel label', ['parcel'], { blocks, codes }, media, resourcesDir)).page;
}
