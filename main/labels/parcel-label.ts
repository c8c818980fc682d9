/** Our own parcel label, for carriers that give none: waybill, receiver, sender, weight, pieces. */
import type { Bitmap } from './bitmap.ts';
import type { LabelTarget } from './media.ts';
import { drawTemplate, localMinute } from './template.ts';

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

/** Draws the parcel label. Rejects if the media is too narrow for its bars. */
export function drawParcelLabel(facts: ParcelLabelFacts, target: LabelTarget, resourcesDir: string): Promise<Bitmap> {
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
    weight: `${(facts.weightG / 1000).toFixed(3)} kg`,
    pieces: String(facts.pieces),
    date: localMinute(facts.sealedAt),
    orderNumber: facts.orderNumber,
    reference: facts.reference,
  };
  return drawTemplate('parcel', { code: facts.waybill, blocks }, target, resourcesDir);
}
