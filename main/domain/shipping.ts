/**
 * Carrier-neutral shapes: what the desk asks of any vendor and what it gets back. A vendor folder maps these to its
 * own documents. Weights in grams, sizes in millimetres, every outside number a string.
 */

/** A postal address. Chinese upstreams often give one free text only: then `line1` holds it whole. */
export interface Address {
  readonly name: string;
  readonly company: string;
  readonly phone: string;
  readonly email: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
  readonly state: string;
  readonly city: string;
  /** District or county (区/县) where it is known apart from the street; absent where it is not. */
  readonly county?: string | undefined;
  readonly postcode: string;
  readonly line1: string;
  readonly line2: string;
}

/** One order line as pulled from upstream. Quantities stay decimal strings: upstream sends NUMERIC(28,8). */
export interface PulledLine {
  readonly vendorLineId: string;
  readonly productId: string;
  readonly productCode: string;
  readonly productName: string;
  /** Further codes a packer may scan for this product (source code, barcode from a custom field). */
  readonly barcodes: readonly string[];
  readonly unitName: string;
  readonly quantity: string;
  readonly baseUnitName: string | null;
  readonly baseQuantity: string | null;
  readonly price: string | null;
  readonly gift: boolean;
  readonly remark: string;
}

/** One order as pulled from upstream. `raw` is the vendor's record, kept as it came. */
export interface PulledOrder {
  readonly vendorOrderId: string;
  readonly number: string;
  /** `waiting` may be packed · `cancelled`, `closed` (shipped or done elsewhere) and `deleted` may not · `held` not yet. */
  readonly state: 'waiting' | 'cancelled' | 'closed' | 'deleted' | 'held';
  /** The vendor's own status word, for display and the record. */
  readonly vendorStatus: string;
  readonly customerName: string;
  readonly receiver: Address;
  readonly remark: string;
  readonly dueDate: string | null;
  readonly orderedAt: number | null;
  readonly modifiedAt: number | null;
  readonly lines: readonly PulledLine[];
  /** The upstream's custom fields by name, for routing rules. Absent is none. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly raw: unknown;
}

/** One page-complete pull. A record that does not parse is reported, never dropped silently. */
export interface PullResult {
  readonly orders: readonly PulledOrder[];
  readonly refused: readonly { readonly number: string | null; readonly reason: string; readonly raw: unknown }[];
  /** Where the next pull starts; opaque to everyone but the vendor. */
  readonly cursor: string;
}

/** The facts of a sealed parcel that its jobs carry. Written once, in the sealing transaction. */
export interface ParcelFacts {
  readonly parcelId: string;
  readonly orderNumber: string;
  /** Our reference at the carrier: unique per parcel, never reused, at most 32 characters. */
  readonly reference: string;
  readonly receiver: Address;
  readonly service: string | null;
  readonly weightG: number;
  readonly lengthMm: number | null;
  readonly widthMm: number | null;
  readonly heightMm: number | null;
  readonly items: readonly {
    readonly code: string;
    readonly name: string;
    readonly quantity: string;
    readonly unitName: string;
    readonly price: string | null;
    readonly gift: boolean;
  }[];
  readonly remark: string;
}

export interface PlaceOrderResult {
  /** The carrier's own order number. */
  readonly vendorOrderNumber: string;
  /** The waybill if the carrier already gave it. */
  readonly waybill: string | null;
}

export interface ConfirmResult {
  readonly waybill: string | null;
}

/** The kinds of label file that are printed; `sniffArtwork` (domain/artwork.ts) tells them by their bytes. */
export type ArtworkType =
  'application/pdf' | 'image/png' | 'image/jpeg' | 'image/gif' | 'application/zpl' | 'application/epl';

/** A label as the vendor made it. */
export interface Artwork {
  readonly type: ArtworkType;
  readonly base64: string;
}

export interface FetchLabelResult {
  readonly waybill: string;
  readonly artwork: Artwork;
}

export interface UploadTrackingResult {
  /** The vendor's confirmation in its own words. */
  readonly confirmation: string;
}

/**
 * What a job can ask a vendor to do for a parcel. The first three give the label; `uploadTracking`, `reportParcel`
 * and `recordShipment` tell others of the parcel; `recordSigned` and the pushes follow its delivery.
 */
export type OperationName =
  | 'placeOrder'
  | 'confirm'
  | 'fetchLabel'
  | 'uploadTracking'
  | 'reportParcel'
  | 'recordShipment'
  | 'recordSigned'
  | 'pushRoute'
  | 'pushSignInfo'
  | 'pushSignImages'
  | 'cancel'
  | 'updateWeight';

/**
 * What a job can ask a carrier to do with many parcels at once: big bags and the documents of a hand-over. Their jobs
 * carry a payload (domain/documents.ts) and no parcel's facts.
 */
export const documentOperations = [
  'createBag',
  'bagLabel',
  'voidBag',
  'scanForm',
  'scanFormResult',
  'manifest',
  'manifestResult',
  'updateFlight',
] as const;
export type DocumentOperation = (typeof documentOperations)[number];

/** Where a parcel stands after hand-over, in our words. `unclear` is a word of the vendor we have no reading for. */
export type TrackingStatus =
  | 'unclear'
  | 'not-found'
  | 'announced'
  | 'in-transit'
  | 'ready-for-pickup'
  | 'out-for-delivery'
  | 'delivered'
  | 'exception'
  | 'delivery-failed'
  | 'returned';

/** One thing that happened on the way. `at` is null where the vendor gives no time. */
export interface TrackingEvent {
  readonly at: number | null;
  readonly status: TrackingStatus;
  /** The vendor's own word or code, always kept. */
  readonly vendorStatus: string;
  readonly place: string;
  readonly text: string;
}

/** What a parcel is asked for by. A vendor uses whichever of these its interface takes. */
export interface TrackingQuestion {
  readonly parcelId: string;
  readonly waybill: string;
  readonly reference: string;
  readonly orderNumber: string;
  readonly vendorOrderNumber: string | null;
}

export interface TrackingAnswer {
  readonly parcelId: string;
  readonly status: TrackingStatus;
  readonly vendorStatus: string;
  /** Oldest first; empty where the vendor tells only the present status. */
  readonly events: readonly TrackingEvent[];
  /** Who signed for it, where the vendor says so in a field of its own. */
  readonly signedBy?: string | undefined;
  /** Proof-of-delivery pictures, where the vendor gives them. */
  readonly images?: SignImagesPayload['images'] | undefined;
}

/** Payload of `pushRoute`, `pushSignInfo` and `recordSigned` jobs. */
export interface DeliveryPayload {
  readonly event: TrackingEvent;
  readonly signedBy: string;
}

/** Payload of `pushSignImages`: pictures by address or content. */
export interface SignImagesPayload extends DeliveryPayload {
  readonly images: readonly { readonly url: string | null; readonly base64: string | null; readonly postfix: string }[];
}

/** What a carrier keeps of a delivery (获取POD): its pictures, and who signed; empty if it does not say. */
export interface DeliveryProof {
  readonly images: SignImagesPayload['images'];
  readonly signedBy: string;
}

/** Results of the parcel's earlier jobs, so that a later one can use their numbers. */
export interface EarlierResults {
  readonly placeOrder?: PlaceOrderResult;
  readonly confirm?: ConfirmResult;
  readonly fetchLabel?: FetchLabelResult;
  readonly uploadTracking?: UploadTrackingResult;
}
