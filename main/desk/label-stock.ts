/**
 * Labels in hand: prepared once when the artwork arrives, so that printing starts at once. A restart prepares again
 * from the stored artwork when the label is wanted.
 */
import type { Artwork } from '../domain/shipping.ts';
import type { ParcelRecord, PrintKind, Store } from '../store/store.ts';
import type { LabelBytes } from './printing.ts';

/** What the label room offers the desk. `prepare` reads the artwork back and refuses one without its waybill. */
export interface LabelMaker {
  prepare(artwork: Artwork, waybill: string): Promise<PreparedOrHeld>;
  /** The label the desk draws for a carrier that gives none. */
  ownLabel(parcel: ParcelRecord, waybill: string): Promise<PreparedOrHeld>;
  lpnLabel(parcel: ParcelRecord): Promise<PreparedOrHeld>;
}

export type PreparedOrHeld =
  | { readonly held: false; bytes(copy: number, printId: string): Uint8Array }
  | { readonly held: true; readonly code: string; readonly message: string };

export interface LabelStock {
  bytes(parcel: ParcelRecord, kind: PrintKind): Promise<LabelBytes>;
  /** Starts preparing; the result is waiting when the label is wanted. */
  warm(parcel: ParcelRecord): void;
  forget(parcelId: string): void;
}

const keptLabels = 50;

/** `drawsOwn`: this carrier gives no artwork. */
export function createLabelStock(store: Store, maker: LabelMaker, drawsOwn: (vendor: string) => boolean): LabelStock {
  const prepared = new Map<string, Promise<PreparedOrHeld>>();

  function carrier(parcel: ParcelRecord): Promise<PreparedOrHeld> {
    const known = prepared.get(parcel.id);
    if (known !== undefined) return known;
    const current = store.parcels.get(parcel.id) ?? parcel;
    const artwork = current.artworkSha256 === null ? null : store.parcels.getArtwork(current.artworkSha256);
    const own = drawsOwn(parcel.vendor);
    if ((artwork === null && !own) || current.waybill === null) {
      return Promise.resolve({
        held: true,
        code: 'label.unreadable',
        message: 'the carrier has not given the label yet',
      });
    }
    const work = artwork === null ? maker.ownLabel(current, current.waybill) : maker.prepare(artwork, current.waybill);
    prepared.set(parcel.id, work);
    // A rejected preparation must not be served again.
    work.catch(() => prepared.delete(parcel.id));
    const oldest = prepared.keys().next().value;
    if (prepared.size > keptLabels && oldest !== undefined) prepared.delete(oldest);
    return work;
  }

  return {
    async bytes(parcel, kind) {
      try {
        return await (kind === 'carrier' ? carrier(parcel) : maker.lpnLabel(parcel));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { held: true, code: 'label.unreadable', message: message.replace(/\s+/g, ' ').slice(0, 200) };
      }
    },
    warm(parcel) {
      void carrier(parcel).catch(() => null);
    },
    forget(parcelId) {
      prepared.delete(parcelId);
    },
  };
}
