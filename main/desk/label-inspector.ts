/** One label looked at from all sides: what the carrier gave, the dots, the codes in them, the bytes, its prints. */
import { ContractError } from '../../preload/contract/index.ts';
import type {
  CallOutput,
  CallRequest,
  LabelInspection,
  LabelledParcel,
  ParcelLabelKind,
  PrintView,
} from '../../preload/contract/index.ts';
import type { Artwork } from '../domain/shipping.ts';
import { heldNotice, heldText } from '../domain/held-label.ts';
import { normaliseScan } from '../domain/scan.ts';
import type { LabelTarget } from '../labels/index.ts';
import { carriesWaybill } from '../labels/waybill.ts';
import type { ParcelRecord, Store } from '../store/store.ts';
import { labelInHand } from './desk-context.ts';
import type { LabelStock, PreparedOrHeld } from './label-stock.ts';
import type { Printing } from './printing.ts';

export interface LabelInspector {
  find(query: string): LabelledParcel[];
  /** Rejects with ContractError `not-found`. */
  inspect(request: CallRequest<'labels.inspect'>): Promise<LabelInspection>;
  /** Throws ContractError `not-found`, `refused` or `conflict`; `message` says what to do first. */
  reprint(request: CallRequest<'labels.reprint'>): CallOutput<'labels.reprint'>;
}

const maxFound = 20;
const maxOrdersSearched = 10;
/** Largest picture that is sent to the screen as it came, in bytes. */
const maxPictureBytes = 2 * 1024 * 1024;
/** What is made for a printer. */
type Made = Pick<LabelInspection, 'held' | 'bitmap' | 'bitmapProblem' | 'drawnFrom' | 'codes' | 'output'>;
const nothingMade: Made = {
  held: null,
  bitmap: null,
  bitmapProblem: '',
  drawnFrom: null,
  codes: [],
  output: null,
};
/** Characters of text artwork that are shown. */
const maxTextShown = 4_000;
const headBytes = 256;

export function createLabelInspector(options: {
  readonly store: Store;
  readonly stock: Pick<LabelStock, 'bytes'>;
  readonly printing: Pick<Printing, 'request' | 'nextCopy' | 'latest'>;
  /** The printers a parcel's labels may come out of, best first; `printerId` is one that somebody chose. */
  printersFor(printerId: string | null): readonly { readonly id: string; readonly target: LabelTarget }[];
  /** Every printer that could be chosen. */
  readonly printerIds: readonly string[];
  vendorName(id: string): string;
  drawsOwnLabel(vendor: string): boolean;
}): LabelInspector {
  const { store } = options;

  function view(parcel: ParcelRecord): LabelledParcel {
    return {
      parcelId: parcel.id,
      orderId: parcel.orderId,
      orderNumber: parcel.facts.orderNumber,
      waybill: parcel.waybill,
      lpn: parcel.lpn,
      carrier: options.vendorName(parcel.vendor),
      sealedAt: parcel.sealedAt,
    };
  }

  function parcelOf(parcelId: string): ParcelRecord {
    const parcel = store.parcels.get(parcelId);
    if (parcel === null) throw new ContractError('not-found', `no parcel is known under ${parcelId}`);
    return parcel;
  }

  /** Who asked for each print, from the record. */
  function prints(parcel: ParcelRecord): PrintView[] {
    const askers = new Map<string, string>();
    for (const { kind, detail } of store.events.listForOrder(parcel.orderId)) {
      const { printId, person } = detail;
      if (kind === 'print-claimed' && typeof printId === 'string' && typeof person === 'string') {
        askers.set(printId, person);
      }
    }
    return store.prints.listByParcel(parcel.id).map((print) => ({
      id: print.id,
      kind: print.kind,
      state: print.state,
      copy: print.copy,
      printerId: print.printerId,
      reason: print.reason,
      by: askers.get(print.id) ?? '',
      bytes: print.bytesWritten,
      message: print.message,
      at: print.createdAt,
      settledAt: print.settledAt,
    }));
  }

  async function make(parcel: ParcelRecord, kind: ParcelLabelKind, target: LabelTarget): Promise<Made> {
    const label = await options.stock.bytes(parcel, kind, target);
    if (label.held) {
      return { ...nothingMade, held: heldAs(heldText(label.code, label.message), parcel.waybill) };
    }
    const bytes = label.bytes(0, 'inspect');
    const { bitmap, problem } = await drawn(label);
    const expected = kind === 'carrier' ? parcel.waybill : parcel.lpn;
    return {
      held: null,
      bitmap,
      bitmapProblem: problem,
      drawnFrom: label.drawnFrom ?? null,
      codes: (label.codes ?? []).map((text) => ({
        text,
        isWaybill: expected !== null && carriesWaybill([text], expected),
      })),
      output: {
        bytes: bytes.length,
        plainBytes: bitmap === null ? bytes.length : Math.ceil(bitmap.width / 8) * bitmap.height,
        headHex: Buffer.from(bytes.subarray(0, headBytes)).toString('hex'),
        headText: Buffer.from(bytes.subarray(0, headBytes))
          .toString('latin1')
          .replace(/[^\x20-\x7e\n]/g, '·'),
      },
    };
  }

  return {
    find(query) {
      const read = normaliseScan(query);
      const text = read.kind === 'code' ? read.code : query;
      const found = new Map<string, ParcelRecord>();
      const add = (parcel: ParcelRecord | null): void => {
        if (parcel !== null) found.set(parcel.id, parcel);
      };
      add(store.parcels.get(text));
      add(store.parcels.findByLpn(text.toUpperCase()));
      add(store.parcels.findByWaybill(text));
      for (const row of store.orders.list({ status: null, search: text, offset: 0, limit: maxOrdersSearched }).rows) {
        for (const parcel of store.parcels.listByOrder(row.id)) add(parcel);
      }
      return [...found.values()]
        .toSorted((a, b) => b.sealedAt - a.sealedAt)
        .slice(0, maxFound)
        .map(view);
    },
    async inspect({ parcelId, kind, printerId }) {
      const parcel = parcelOf(parcelId);
      const artwork =
        kind === 'lpn' || parcel.artworkSha256 === null ? null : store.parcels.getArtwork(parcel.artworkSha256);
      const [printer] = options.printersFor(printerId);
      const made = printer === undefined ? nothingMade : await make(parcel, kind, printer.target);
      return {
        parcel: view(parcel),
        kind,
        artwork: artwork === null ? null : describeArtwork(artwork, parcel.artworkSha256 ?? ''),
        printer: printer === undefined ? null : { id: printer.id, ...sizesOf(printer.target) },
        printers: [...options.printerIds],
        ...made,
        held: made.held ?? heldOf(parcel, kind),
        prints: prints(parcel).toReversed(),
      };
    },
    reprint({ parcelId, kind, reason, printerId }) {
      const parcel = parcelOf(parcelId);
      if (kind === 'carrier' && !labelInHand(options, parcelId)) {
        const why = parcel.labelHeld ?? 'the carrier has not given it yet';
        throw new ContractError('refused', `there is no label to print: ${why}`);
      }
      if (printerId !== null && !options.printerIds.includes(printerId)) {
        throw new ContractError('not-found', `this desk has no printer ${printerId}`);
      }
      const latest = options.printing.latest(parcelId, kind);
      if (latest !== null && ['claimed', 'preflight', 'sending'].includes(latest.state)) {
        throw new ContractError('conflict', 'this label is on its way to the printer already');
      }
      if (latest?.state === 'unknown') {
        throw new ContractError(
          'conflict',
          'it is not known whether the last one came out: scan it if it is there, or say first that it did not come out',
        );
      }
      const copy = options.printing.nextCopy(parcelId, kind);
      options.printing.request(parcel, kind, copy, reason, printerId);
      return { copy };
    },
  };
}

/** A label that was held when it came stays held until somebody fetches or draws it again. */
function heldOf(parcel: ParcelRecord, kind: ParcelLabelKind): LabelInspection['held'] {
  if (kind === 'lpn' || parcel.labelHeld === null) return null;
  return heldAs(parcel.labelHeld, parcel.waybill);
}

/** `text` as a parcel's row keeps it. */
function heldAs(text: string, waybill: string | null): NonNullable<LabelInspection['held']> {
  const words = heldNotice(text, waybill);
  return { code: words.code, message: String(words.params['reason'] ?? text), notice: words };
}

function sizesOf({
  language,
  dpi,
  widthMm,
  heightMm,
}: LabelTarget): Omit<NonNullable<LabelInspection['printer']>, 'id'> {
  return { language, dpi, widthMm, heightMm };
}

function describeArtwork(artwork: Artwork, sha256: string): NonNullable<LabelInspection['artwork']> {
  const bytes = Buffer.from(artwork.base64, 'base64');
  const isPicture = artwork.type.startsWith('image/') && bytes.length <= maxPictureBytes;
  const isText = artwork.type === 'application/zpl' || artwork.type === 'application/epl';
  return {
    type: artwork.type,
    bytes: bytes.length,
    sha256,
    base64: isPicture ? bytes.toString('base64') : null,
    text: isText
      ? bytes
          .subarray(0, maxTextShown)
          .toString('utf8')
          .replace(/[^\P{C}\n\t]/gu, '·')
      : null,
  };
}

async function drawn(
  label: Extract<PreparedOrHeld, { held: false }>,
): Promise<{ bitmap: LabelInspection['bitmap']; problem: string }> {
  try {
    const png = await label.previewPng?.();
    if (png === undefined) return { bitmap: null, problem: 'this label cannot be shown' };
    // PNG specification, section 11.2.2 (IHDR): width and height at bytes 16 and 20.
    const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
    const base64 = Buffer.from(png).toString('base64');
    return { bitmap: { base64, width: view.getUint32(16), height: view.getUint32(20) }, problem: '' };
  } catch (error) {
    return { bitmap: null, problem: error instanceof Error ? error.message.slice(0, 200) : String(error) };
  }
}
