/**
 * Labels in hand: prepared once when the artwork arrives, so that printing starts at once. A restart prepares again
 * from the stored artwork when the label is wanted.
 */
import type { Artwork } from '../domain/shipping.ts';
import type { LabelTarget } from '../labels/index.ts';
import type { ParcelRecord, ParcelPrintKind, Store } from '../store/store.ts';

/** What the label room offers the desk. `prepare` reads the artwork back and refuses one without its waybill. */
export interface LabelMaker {
  prepare(artwork: Artwork, waybill: string, target: LabelTarget): Promise<PreparedOrHeld>;
  /** The label the desk draws for a carrier that gives none. */
  ownLabel(parcel: ParcelRecord, waybill: string, target: LabelTarget): Promise<PreparedOrHeld>;
  lpnLabel(parcel: ParcelRecord, target: LabelTarget): Promise<PreparedOrHeld>;
}

export type PreparedOrHeld =
  | {
      readonly held: false;
      bytes(copy: number, printId: string): Uint8Array;
      /** Codes that were read back from the dots. */
      readonly codes?: readonly string[];
      /** Commands of another printer language that were drawn as dots. */
      readonly drawnFrom?: 'application/zpl' | 'application/epl';
      /** The dots as they are burnt, one pixel each. May reject with an Error of one line. */
      previewPng?(): Promise<Uint8Array>;
    }
  | { readonly held: true; readonly code: string; readonly message: string };

export interface LabelStock {
  /** Never rejects: what cannot be made is held. */
  bytes(parcel: ParcelRecord, kind: ParcelPrintKind, target: LabelTarget): Promise<PreparedOrHeld>;
  /** Starts preparing for the printer that should print it; the result is waiting when the label is wanted. */
  warm(parcel: ParcelRecord): void;
  forget(parcelId: string): void;
}

const keptLabels = 50;

/**
 * `drawsOwn`: this carrier gives no artwork. `usualTarget`: what carriers' labels of this desk are made for as a rule,
 * or null if it has no printer for them.
 */
export function createLabelStock(
  store: Store,
  maker: LabelMaker,
  drawsOwn: (vendor: string) => boolean,
  usualTarget: () => LabelTarget | null,
): LabelStock {
  /** By parcel and target. */
  const prepared = new Map<string, Promise<PreparedOrHeld>>();
  const keyOf = (parcelId: string, target: LabelTarget): string => `${parcelId} ${JSON.stringify(target)}`;

  function carrier(parcel: ParcelRecord, target: LabelTarget): Promise<PreparedOrHeld> {
    const key = keyOf(parcel.id, target);
    const known = prepared.get(key);
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
    const { waybill } = current;
    const work = artwork === null ? maker.ownLabel(current, waybill, target) : maker.prepare(artwork, waybill, target);
    prepared.set(key, work);
    // A rejected preparation must not be served again.
    work.catch(() => prepared.delete(key));
    const oldest = prepared.keys().next().value;
    if (prepared.size > keptLabels && oldest !== undefined) prepared.delete(oldest);
    return work;
  }

  return {
    async bytes(parcel, kind, target) {
      try {
        return await (kind === 'carrier' ? carrier(parcel, target) : maker.lpnLabel(parcel, target));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { held: true, code: 'label.unreadable', message: message.replace(/\s+/g, ' ').slice(0, 200) };
      }
    },
    warm(parcel) {
      const target = usualTarget();
      if (target !== null) void carrier(parcel, target).catch(() => null);
    },
    forget(parcelId) {
      for (const key of prepared.keys()) if (key.startsWith(`${parcelId} `)) prepared.delete(key);
    },
  };
}
