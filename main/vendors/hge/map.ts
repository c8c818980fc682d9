/** A sealed parcel to HGE's order, and HGE's answers to ours. Pure. */
import { scaleDown } from '../../domain/decimal.ts';
import type { JobCall } from '../../domain/job.ts';
import type { HttpAnswer } from '../../ports.ts';
import type { ParcelFacts, PlaceOrderResult } from '../../domain/shipping.ts';
import { decodeJson } from '../kit/answer.ts';
import { outcomeOfCode } from '../kit/error-table.ts';
import { checkLengths, refuse } from '../kit/limits.ts';
import { undecoded, type Outcome } from '../kit/outcome.ts';
import { issueLine } from '../kit/outside.ts';
import { shanghaiText } from '../kit/time.ts';
import type { BuildRefusal } from '../kit/vendor.ts';
import {
  assumedConfirmedWords,
  assumedCustomerNumberNames,
  assumedDraftWords,
  assumedNotFoundCodes,
  assumedNotFoundWords,
} from './assumed.ts';
import { codes, successCode } from './errors.ts';
import { numberNamed, numbersNamed, objectsIn, textNamed } from './find.ts';
import { envelope } from './schema.ts';
import type { Settings } from './settings.ts';

/** Kilograms with three decimals, centimetres with one; exact, since both come from whole numbers. */
const kilograms = (grams: number): number => Number(scaleDown(grams, 3));
const centimetres = (millimetres: number): number => Number(scaleDown(millimetres, 1));

/**
 * The body of 下单接口. Public: customer_order_num, service_code, order_remark, is_confirm_label, ship_date, need_track,
 * is_overseas_return, is_signature, shipper_info.address_num, consignee_info. Assumed: the address names inside
 * consignee_info (the document shows them in Scan Form's handoverinfo) and everything about parcels and items.
 */
export function orderBody(facts: ParcelFacts, settings: Settings, vendorNow: number): object | BuildRefusal {
  const service = facts.service ?? settings.service ?? '';
  if (service === '') {
    return refuse(
      'service-missing',
      'no service_code: name a service in the route, or vendors.hge.service in the profile',
    );
  }
  const to = facts.receiver;
  const missing = checkLengths([
    { field: 'customer_order_num', value: facts.reference, min: 1, max: 32 },
    { field: 'consignee_info.contact_name', value: to.name, min: 1, max: 1000 },
    { field: 'consignee_info.country_code', value: to.country, min: 2, max: 2 },
    { field: 'consignee_info.street', value: to.line1, min: 1, max: 4000 },
  ]);
  if (missing !== null) return missing;
  if (facts.weightG <= 0) return refuse('weight-missing', 'the parcel has no weight');
  const names = settings.assumed.request;
  const size = (name: string, value: number | null): object => (value === null ? {} : { [name]: centimetres(value) });
  return {
    customer_order_num: facts.reference,
    service_code: service,
    order_remark: facts.remark,
    is_confirm_label: false,
    ship_date: shanghaiText(vendorNow).slice(0, 10),
    need_track: 'Y',
    is_overseas_return: false,
    is_signature: false,
    shipper_info: { address_num: settings.shipperAddressNum },
    consignee_info: {
      contact_name: to.name,
      company_name: to.company,
      contact_email: to.email,
      contact_phone: to.phone,
      country_code: to.country,
      state_code: to.state,
      city_code: to.city,
      postcode: to.postcode,
      street: to.line1,
      address_one: to.line2 === '' ? to.line1 : to.line2,
    },
    [names.parcels]: [
      {
        [names.weight]: kilograms(facts.weightG),
        ...size(names.length, facts.lengthMm),
        ...size(names.width, facts.widthMm),
        ...size(names.height, facts.heightMm),
        [names.items]: facts.items.map((item) => ({
          [names.itemCode]: item.code,
          [names.itemName]: item.name,
          [names.itemQuantity]: item.quantity,
          [names.itemUnit]: item.unitName,
          ...(item.price === null ? {} : { [names.itemPrice]: item.price }),
        })),
      },
    ],
  };
}

/** The `data` of an answer that says code 200 and success true; any other answer by the code table. */
export function parseEnvelope(answer: HttpAnswer): Outcome<unknown> {
  const decoded = decodeJson(answer.body);
  if (!decoded.ok) return undecoded(decoded);
  const parsed = envelope.safeParse(decoded.value);
  if (!parsed.success) return undecoded({ code: 'unreadable', message: `answer: ${issueLine(parsed.error)}` });
  const { code, success, detail, data } = parsed.data;
  if (code !== successCode) return outcomeOfCode(codes, code, detail);
  if (success !== true)
    return { kind: 'unknown', code: 'no-success', message: `code 200 without success: ${detail.slice(0, 200)}` };
  return { kind: 'done', result: data };
}

/** True if the data names a customer's order number, and none of them is ours. */
export function namesOther(data: unknown, reference: string): boolean {
  const named = numbersNamed(data, assumedCustomerNumberNames);
  return named.length > 0 && !named.includes(reference);
}

/**
 * True if the data speaks of another order than the call's: a late answer to an earlier call, or a mix-up at the
 * vendor. Asked in the order of trust: our own number, the waybill known so far, the vendor's order number. The first
 * of them that the answer shows decides; an answer that shows none is taken as ours.
 */
export function isOther(data: unknown, call: JobCall, settings: Settings): boolean {
  const { fields } = settings.assumed;
  const { placeOrder, confirm } = call.earlier;
  const own = numbersNamed(data, assumedCustomerNumberNames);
  if (own.length > 0) return !own.includes(call.facts.reference);
  const known: readonly (readonly [string | null | undefined, readonly string[]])[] = [
    [confirm?.waybill ?? placeOrder?.waybill, fields.waybill],
    [placeOrder?.vendorOrderNumber, fields.orderNumber],
  ];
  for (const [number, names] of known) {
    if (number === null || number === undefined) continue;
    const shown = numbersNamed(data, names);
    if (shown.length > 0) return !shown.includes(number) && !shown.includes(call.facts.reference);
  }
  return false;
}

export function parsePlaced(answer: HttpAnswer, reference: string, settings: Settings): Outcome<PlaceOrderResult> {
  const outcome = parseEnvelope(answer);
  if (outcome.kind !== 'done') return outcome;
  const data = outcome.result;
  if (objectsIn(data).length === 0) {
    return { kind: 'unknown', code: 'no-data', message: 'success without data: ask for the order' };
  }
  if (namesOther(data, reference)) {
    return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
  }
  return { kind: 'done', result: placedFrom(data, reference, settings) };
}

function placedFrom(data: unknown, reference: string, settings: Settings): PlaceOrderResult {
  const { orderNumber, waybill } = settings.assumed.fields;
  // Every later call names the order by our own number, so a missing number of theirs is no obstacle.
  return { vendorOrderNumber: numberNamed(data, orderNumber) ?? reference, waybill: numberNamed(data, waybill) };
}

/** What the vendor says about an order we ask for by our own number. */
export type QueriedOrder =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present';
      readonly placed: PlaceOrderResult;
      /** Null if its status is a word we do not know. */
      readonly confirmed: boolean | null;
      /** Null if the answer names no status. */
      readonly statusWord: string | null;
      /** The big bag it is in; null if a bag field is there and empty, undefined if the answer has no such field. */
      readonly bag: string | null | undefined;
    };

export function parseQueried(answer: HttpAnswer, reference: string, settings: Settings): Outcome<QueriedOrder> {
  const outcome = parseEnvelope(answer);
  if (outcome.kind !== 'done') {
    return 'code' in outcome && saysNotFound(outcome) ? { kind: 'done', result: { kind: 'absent' } } : outcome;
  }
  const data = outcome.result;
  const objects = objectsIn(data).filter((fields) => Object.keys(fields).length > 0);
  if (objects.length === 0) {
    // A list or an object that is there and empty; anything else (a word, nothing at all) does not say.
    if (typeof data === 'object' && data !== undefined) return { kind: 'done', result: { kind: 'absent' } };
    return { kind: 'unknown', code: 'no-data', message: 'the answer does not say whether the order exists' };
  }
  const ours = objects.filter((fields) => assumedCustomerNumberNames.some((name) => fields[name] === reference));
  if (ours.length === 0 && namesOther(data, reference)) {
    return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
  }
  const about = ours[0] ?? data;
  if (ours.length === 0 && numberNamed(data, settings.assumed.fields.orderNumber) === null) {
    const list = objects.length === 1 ? Object.values(objects[0] ?? {}) : [];
    const emptyList = list.some((value) => Array.isArray(value) && value.length === 0);
    if (emptyList) return { kind: 'done', result: { kind: 'absent' } };
    return { kind: 'unknown', code: 'no-order-number', message: 'the answer names no order' };
  }
  const word = textNamed(about, settings.assumed.fields.status)?.trim().toLowerCase() ?? '';
  const statusWord = word === '' ? null : word;
  const confirmed = assumedConfirmedWords.includes(word) ? true : assumedDraftWords.includes(word) ? false : null;
  return {
    kind: 'done',
    result: {
      kind: 'present',
      placed: placedFrom(about, reference, settings),
      confirmed,
      statusWord,
      bag: bagIn(about, settings.assumed.fields.bag),
    },
  };
}

function bagIn(data: unknown, names: readonly string[]): string | null | undefined {
  const named = numberNamed(data, names);
  if (named !== null) return named;
  const empty = objectsIn(data).some((fields) =>
    names.some((name) => Object.hasOwn(fields, name) && (fields[name] === null || fields[name] === '')),
  );
  return empty ? null : undefined;
}

/** The words by which a refusal of the query means "no such order" (assumed; a wrong guess meets code 301 later). */
export function saysNotFound(outcome: {
  readonly kind: string;
  readonly code: string;
  readonly message: string;
}): boolean {
  if (outcome.kind === 'unknown' && assumedNotFoundCodes.includes(outcome.code)) return true;
  const said = outcome.message.toLowerCase();
  return outcome.kind === 'rejected' && assumedNotFoundWords.some((word) => said.includes(word));
}
