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

export type ArtworkType = 'application/pdf' | 'image/png' | 'application/zpl';

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

/** What a vendor can be asked to do for a parcel, in the order a parcel goes through them. */
export type OperationName = 'placeOrder' | 'confirm' | 'fetchLabel' | 'uploadTracking';

/** Results of the parcel's earlier jobs, so that a later one can use their numbers. */
export interface EarlierResults {
  readonly placeOrder?: PlaceOrderResult;
  readonly confirm?: ConfirmResult;
  readonly fetchLabel?: FetchLabelResult;
  readonly uploadTracking?: UploadTrackingResult;
}
