/**
 * Big bags and hand-over documents as jobs, on top of the calls by name. Scan Form is sent as its page shows it; all else
 * here is named by the documents' menu only, and its shape is assumed (see assumed.ts).
 */
import type { DocumentCall, ReconcileOutcome, SendOutcome } from '../../domain/job.ts';
import type {
  BagContent,
  BagLabelResult,
  BagMention,
  CreateBagResult,
  DocumentParcel,
  FlightNode,
  HandoverContent,
  HandoverMention,
  HandoverOutcome,
} from '../../domain/documents.ts';
import { scaleDown } from '../../domain/decimal.ts';
import type { Artwork, DocumentOperation } from '../../domain/shipping.ts';
import type { Outcome } from '../kit/outcome.ts';
import type { DocumentJobOperation, Vendor } from '../kit/vendor.ts';
import { assumedDocumentWords } from './assumed.ts';
import { objectsIn, textNamed, valuesNamed } from './find.ts';
import { saysNotFound, type QueriedOrder } from './map.ts';
import type { Settings } from './settings.ts';

/** Kilograms with two decimals, as Scan Form's sample shows them (11.11); exact to ten grams, rounded up. */
const kilograms2 = (grams: number): number => Number(scaleDown(Math.ceil(grams / 10), 2));
const kilograms = (grams: number): number => Number(scaleDown(grams, 3));

/** How soon to ask again for a result that is not there yet. */
const askAgainMs = 3_000;

export interface DocumentParts {
  readonly settings: Settings;
  /** Makes a call by name with the job's request id; a question takes a fresh one. */
  readonly call: (name: DocumentOperation, params: unknown, requestId?: string) => Promise<Outcome<unknown>>;
  readonly query: (reference: string) => Promise<Outcome<QueriedOrder>>;
}

export function createDocuments(parts: DocumentParts): NonNullable<Vendor['documents']> {
  const { settings, call, query } = parts;
  const { fields } = settings.assumed;

  const createBag: DocumentJobOperation = {
    async send(job) {
      const bag = job.payload as BagContent;
      const outcome = await call('createBag', bagParams(bag), job.requestId);
      if (outcome.kind !== 'done') return outcome;
      const result: CreateBagResult = { bagNumber: (outcome.result as CreateBagResult).bagNumber };
      return { kind: 'done', result };
    },
    /** An order in a bag names it. A query that shows no bag field at all does not say that there is none. */
    async reconcile(job) {
      const [first] = (job.payload as BagContent).parcels;
      if (first === undefined) return { kind: 'not-found' };
      const found = await query(first.reference);
      if (found.kind !== 'done') return unsure(found);
      if (found.result.kind === 'absent') {
        return { kind: 'unsure', code: 'order-absent', message: `the vendor does not know order ${first.reference}` };
      }
      const { bag } = found.result;
      if (bag === undefined) {
        return { kind: 'unsure', code: 'bag-unknown', message: 'the vendor does not say which big bag an order is in' };
      }
      const result: CreateBagResult | null = bag === null ? null : { bagNumber: bag };
      return result === null ? { kind: 'not-found' } : { kind: 'found', result };
    },
  };

  const bagLabel: DocumentJobOperation = {
    async send(job) {
      const bagNumber = bagNumberOf(job);
      if (bagNumber === null) return noBagNumber(job);
      const outcome = await call('bagLabel', { bag_num: bagNumber });
      const own: BagLabelResult = { artwork: null };
      // No artwork to be had, now or ever: the desk draws its own from the bag's data.
      if (outcome.kind === 'rejected' || (outcome.kind === 'transient' && outcome.code === 'label-pending')) {
        return { kind: 'done', result: own };
      }
      if (outcome.kind !== 'done') return outcome;
      const found = outcome.result as Artwork | { readonly url: string };
      const result: BagLabelResult = 'url' in found ? own : { artwork: found };
      return { kind: 'done', result };
    },
  };

  const voidBag: DocumentJobOperation = {
    async send(job) {
      const bagNumber = bagNumberOf(job);
      if (bagNumber === null) return noBagNumber(job);
      return confirmed(await call('voidBag', { bag_num: bagNumber }, job.requestId));
    },
    /** The label of a bag that is void is not given out any more (assumed). */
    async reconcile(job) {
      const bagNumber = bagNumberOf(job);
      if (bagNumber === null) return { kind: 'unsure', code: 'no-bag-number', message: 'the big bag has no number' };
      const outcome = await call('bagLabel', { bag_num: bagNumber });
      if (outcome.kind === 'done') return { kind: 'not-found' };
      if (saysNotFound(outcome)) return { kind: 'found', result: { confirmation: 'void' } };
      return unsure(outcome);
    },
  };

  const pushed = (
    name: 'scanForm' | 'manifest',
    params: (content: HandoverContent) => object,
  ): DocumentJobOperation => ({
    async send(job) {
      return confirmed(await call(name, params(job.payload as HandoverContent), job.requestId));
    },
    /** The result of a document that the vendor has is a result, whatever it says. */
    async reconcile(job) {
      const { reference } = job.payload as HandoverContent;
      const outcome = await call(`${name}Result`, { reference_num: reference });
      if (outcome.kind === 'done') return { kind: 'found', result: { confirmation: reference } };
      return saysNotFound(outcome) ? { kind: 'not-found' } : unsure(outcome);
    },
  });

  const result = (name: 'scanFormResult' | 'manifestResult'): DocumentJobOperation => ({
    async send(job) {
      const { reference, parcels } = job.payload as HandoverMention;
      const outcome = await call(name, { reference_num: reference });
      if (outcome.kind !== 'done') return outcome;
      return readHandover(outcome.result, parcels, fields.status);
    },
  });

  const updateFlight: DocumentJobOperation = {
    async send(job) {
      const node = job.payload as FlightNode;
      const params = {
        mawb_no: node.airWaybill,
        flight_no: node.flightNumber,
        node: node.node,
        node_time: node.at,
        remark: node.remark,
      };
      return confirmed(await call('updateFlight', params, job.requestId));
    },
  };

  return {
    createBag,
    bagLabel,
    voidBag,
    scanForm: pushed('scanForm', scanFormParams),
    scanFormResult: result('scanFormResult'),
    manifest: pushed('manifest', manifestParams),
    manifestResult: result('manifestResult'),
    updateFlight,
  };
}

/** 创建大包; every name is assumed. */
function bagParams(bag: BagContent): object {
  return {
    reference_num: bag.reference,
    ...(bag.service === null ? {} : { service_code: bag.service }),
    ...(bag.grossWeightG === null ? {} : { weight: kilograms(bag.grossWeightG) }),
    order_nums: bag.parcels.map((parcel) => parcel.vendorOrderNumber),
  };
}

/** Scan Form, field for field as its page shows it (vendor document, section Scan Form). */
export function scanFormParams(content: HandoverContent): object {
  const { details } = content;
  return {
    reference_num: content.reference,
    handoverinfo: {
      handover_num: details.handoverNumber,
      contact_name: details.contactName,
      company_name: details.company,
      contact_email: details.email,
      contact_phone: details.phone,
      contact_mobile: details.mobile,
      country_code: details.country,
      state_code: details.state,
      city_code: details.city,
      postcode: details.postcode,
      house_no: details.houseNumber,
      street: details.street,
      address_one: details.address,
    },
    netWeightD: kilograms2(content.netWeightG),
    weightD: kilograms2(content.grossWeightG),
    order_nums: content.parcels.map((parcel) => parcel.vendorOrderNumber),
  };
}

/** Manifest: handover_mode is public up to transit_eta; `big_bags` is assumed. */
function manifestParams(content: HandoverContent): object {
  const { flight } = content;
  return {
    reference_num: content.reference,
    handover_mode: {
      mawb_no: flight?.airWaybill ?? '',
      flight_no: flight?.flightNumber ?? '',
      etd: flight?.departsAt ?? '',
      eta: flight?.arrivesAt ?? '',
      departure_port: flight?.departurePort ?? '',
      transit_port: flight?.transitPort ?? '',
      arrival_port: flight?.arrivalPort ?? '',
      transit_etd: flight?.transitDepartsAt ?? '',
      transit_eta: flight?.transitArrivesAt ?? '',
    },
    big_bags: content.bags.map((bag) => ({
      bag_num: bag.bagNumber,
      order_nums: bag.parcels.map((parcel) => parcel.vendorOrderNumber),
    })),
  };
}

/**
 * The result of a document (assumed): a status word of the whole, and for each order that failed an object that names
 * it with a status or message of its own. A word that is not known is not success, and is not asked for for ever.
 */
export function readHandover(
  data: unknown,
  parcels: readonly DocumentParcel[],
  statusNames: readonly string[],
): SendOutcome {
  const [whole] = objectsIn(data);
  const word = textOf(whole, statusNames);
  if (word === null) return { kind: 'unknown', code: 'no-status', message: 'the result names no status' };
  if (assumedDocumentWords.processing.includes(word)) {
    const message = 'the vendor is still at work';
    return { kind: 'throttled', retryAfterMs: askAgainMs, code: 'processing', message, onlyThis: true };
  }
  const all = assumedDocumentWords.success.includes(word);
  const failed = assumedDocumentWords.failed.includes(word);
  const partial = assumedDocumentWords.partial.includes(word);
  if (!all && !failed && !partial) {
    return {
      kind: 'unknown',
      code: 'status-unknown',
      message: `the result has the unknown status ${word.slice(0, 60)}`,
    };
  }
  const rows = objectsIn(data).slice(1);
  const reasonOfAll = textNamed(data, ['message', 'detail', 'reason', 'error']) ?? word;
  const outcome: HandoverOutcome = {
    parcels: parcels.map((parcel) => {
      const row = rows.find((each) => namesParcel(each, parcel));
      const own = textOf(row, statusNames);
      const ownFailed = own !== null && assumedDocumentWords.failed.includes(own);
      const ownOk = own !== null && assumedDocumentWords.success.includes(own);
      // In a document that is through in part, only a parcel that is said to be through counts as such.
      const ok = row === undefined || own === null ? all : partial || all ? ownOk && !ownFailed : false;
      const reason = textNamed(row, ['message', 'detail', 'reason', 'error', 'error_msg']) ?? reasonOfAll;
      return { parcelId: parcel.parcelId, ok, reason: ok ? '' : reason.slice(0, 200) };
    }),
  };
  return { kind: 'done', result: outcome };
}

function namesParcel(row: Readonly<Record<string, unknown>>, parcel: DocumentParcel): boolean {
  const numbers = [parcel.vendorOrderNumber, parcel.reference, parcel.waybill];
  return Object.values(row).some((value) => typeof value === 'string' && numbers.includes(value));
}

function textOf(row: Readonly<Record<string, unknown>> | undefined, names: readonly string[]): string | null {
  if (row === undefined) return null;
  for (const name of names) {
    const value = Object.hasOwn(row, name) ? row[name] : undefined;
    if (typeof value === 'string' && value.trim() !== '') return value.trim().toLowerCase();
  }
  return null;
}

/** The carrier's number of the bag, from the job that created it. */
function bagNumberOf(job: DocumentCall): string | null {
  const [number] = valuesNamed(job.earlier.createBag ?? null, ['bagNumber']);
  return typeof number === 'string' && number !== '' ? number : null;
}

function noBagNumber(job: DocumentCall): SendOutcome {
  const { reference } = job.payload as BagMention;
  return { kind: 'rejected', code: 'no-bag-number', message: `big bag ${reference} has no number of the vendor` };
}

function confirmed(outcome: Outcome<unknown>): SendOutcome {
  return outcome.kind === 'done' ? { kind: 'done', result: { confirmation: 'done' } } : outcome;
}

function unsure(outcome: Exclude<Outcome<unknown>, { kind: 'done' }>): ReconcileOutcome {
  return { kind: 'unsure', code: outcome.code, message: outcome.message };
}
