/**
 * What a carrier is asked about many parcels at once, in our words: big bags, scan forms, manifests, flights. These are
 * the payloads of document jobs and what the jobs come to; a vendor folder maps them to its own documents. They are
 * written with the bag or the hand-over in one transaction and never change: what is sent is what was decided.
 */
import type { Artwork } from './shipping.ts';

/** A parcel as a document names it. */
export interface DocumentParcel {
  readonly parcelId: string;
  /** Ours at the carrier. */
  readonly reference: string;
  /** The carrier's. */
  readonly vendorOrderNumber: string;
  readonly waybill: string;
  readonly weightG: number;
}

/** Payload of `createBag`. */
export interface BagContent {
  readonly bagId: string;
  /** Our number of the bag; unique, at most 64 characters. */
  readonly reference: string;
  readonly service: string | null;
  readonly destination: string;
  /** As weighed, the sack included; null if the bag was not weighed. */
  readonly grossWeightG: number | null;
  /** The sum of its parcels. */
  readonly netWeightG: number;
  readonly parcels: readonly DocumentParcel[];
}

export interface CreateBagResult {
  /** The carrier's number of the bag. */
  readonly bagNumber: string;
}

/** Payload of `bagLabel` and `voidBag`; the carrier's number comes from the lane's `createBag`. */
export interface BagMention {
  readonly bagId: string;
  readonly reference: string;
  /** Why it is voided; empty for a label. */
  readonly reason: string;
}

export interface BagLabelResult {
  /** Null if the carrier gives no artwork for bags: the desk draws its own. */
  readonly artwork: Artwork | null;
}

/** Who hands over, to whom and how: what the packer fills in once and the desk remembers. */
export interface HandoverDetails {
  /** The carrier's or the truck's own number of this hand-over. */
  readonly handoverNumber: string;
  readonly contactName: string;
  readonly company: string;
  readonly email: string;
  readonly phone: string;
  readonly mobile: string;
  readonly country: string;
  readonly state: string;
  readonly city: string;
  readonly postcode: string;
  readonly houseNumber: string;
  readonly street: string;
  readonly address: string;
}

export interface FlightDetails {
  /** Master air waybill. */
  readonly airWaybill: string;
  readonly flightNumber: string;
  /** Local times as the packer wrote them, `YYYY-MM-DD HH:mm:ss`; empty where there is none. */
  readonly departsAt: string;
  readonly arrivesAt: string;
  readonly departurePort: string;
  readonly transitPort: string;
  readonly arrivalPort: string;
  readonly transitDepartsAt: string;
  readonly transitArrivesAt: string;
}

export interface DocumentBag {
  readonly bagId: string;
  readonly bagNumber: string;
  readonly parcels: readonly DocumentParcel[];
}

/** Payload of `scanForm` and `manifest`. */
export interface HandoverContent {
  readonly handoverId: string;
  /** Our number of this document; a later push of what failed has another. */
  readonly reference: string;
  readonly details: HandoverDetails;
  readonly flight: FlightDetails | null;
  readonly netWeightG: number;
  readonly grossWeightG: number;
  /** All of them, also those in bags. */
  readonly parcels: readonly DocumentParcel[];
  readonly bags: readonly DocumentBag[];
}

/** Payload of `scanFormResult` and `manifestResult`. */
export interface HandoverMention {
  readonly handoverId: string;
  readonly reference: string;
  readonly parcels: readonly DocumentParcel[];
}

/** What became of each parcel of a scan form or manifest, once the carrier is through with it. */
export interface HandoverOutcome {
  readonly parcels: readonly {
    readonly parcelId: string;
    readonly ok: boolean;
    /** The carrier's words; empty if it took the parcel. */
    readonly reason: string;
  }[];
}

/** Payload of `updateFlight`. */
export interface FlightNode {
  readonly handoverId: string;
  readonly airWaybill: string;
  readonly flightNumber: string;
  /** The carrier's word for what happened (departed, landed, …). */
  readonly node: string;
  /** Local time, `YYYY-MM-DD HH:mm:ss`. */
  readonly at: string;
  readonly remark: string;
}
