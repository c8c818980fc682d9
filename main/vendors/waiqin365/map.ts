/** One 外勤365 record to one order of ours. Pure. */
import { isPositiveDecimal } from '../../domain/decimal.ts';
import type { PulledLine, PulledOrder, PullResult } from '../../domain/shipping.ts';
import { issueLine, outsideDecimal } from '../kit/outside.ts';
import { parseShanghai } from '../kit/time.ts';
import { countryCode } from './country.ts';
import { line as lineSchema, record as recordSchema, type Line365, type Record365 } from './schema.ts';
import type { Settings } from './settings.ts';

export type Refused = PullResult['refused'][number];
export type Mapped =
  { readonly ok: true; readonly order: PulledOrder } | { readonly ok: false; readonly refused: Refused };
type MapSettings = Pick<Settings, 'fields' | 'defaults' | 'statuses'>;

/**
 * The documented words (XS_ in the table, CG_ in the sample) without their prefix.
 * 发货中 (FHZ) is `held`: part of the order has already been shipped elsewhere, and this interface does not say which
 * part, so packing it whole would ship goods twice. The profile's `statuses` can say otherwise.
 */
const states: Readonly<Record<string, PulledOrder['state']>> = {
  DFH: 'waiting',
  DQR: 'held',
  FHZ: 'held',
  DQS: 'closed',
  YWC: 'closed',
  YQX: 'cancelled',
};

/** What a status word means, and whether it is one we know. An unknown word holds the order. */
export function stateOf(
  word: string,
  overrides: Settings['statuses'],
): { state: PulledOrder['state']; known: boolean } {
  const override = Object.hasOwn(overrides, word) ? overrides[word] : undefined;
  if (override !== undefined) return { state: override, known: true };
  const bare = /^(?:XS|CG)_([A-Z]+)$/.exec(word)?.[1] ?? '';
  const state = Object.hasOwn(states, bare) ? states[bare] : undefined;
  return state === undefined ? { state: 'held', known: false } : { state, known: true };
}

/** Maps a record, or says in one line why it cannot be packed. */
export function mapRecord(raw: unknown, settings: MapSettings): Mapped {
  const parsed = recordSchema.safeParse(raw);
  if (!parsed.success) return refuse(raw, numberOf(raw), issueLine(parsed.error));
  const data = parsed.data;
  const number = data.order_no ?? data.purchase_no;
  if (number === null) return refuse(raw, null, 'the order has no number (order_no and purchase_no are empty)');
  const vendorStatus = data.order_status === '' ? data.purchase_status : data.order_status;
  const state = data.status === '0' ? 'deleted' : stateOf(vendorStatus, settings.statuses).state;

  // An order that may not be packed anyway is taken as it is: the desk must hear that it was cancelled or deleted.
  const mayBePacked = state === 'waiting' || state === 'held';
  const lines: PulledLine[] = [];
  const products = Array.isArray(data.prods) ? (data.prods as unknown[]) : [];
  for (const [index, product] of products.entries()) {
    const mapped = mapLine(product, settings);
    if (typeof mapped !== 'string') lines.push(mapped);
    else if (mayBePacked) return refuse(raw, number, `line ${index + 1}: ${mapped}`);
  }
  if (mayBePacked && lines.length === 0) return refuse(raw, number, 'the order has no lines (prods is empty)');

  const custom = customValue(data.exts);
  const countryText = custom(settings.fields.country);
  const country = countryText === '' ? settings.defaults.country : countryCode(countryText);
  if (country === null && mayBePacked) {
    return refuse(raw, number, `country "${countryText.slice(0, 40)}" is neither an ISO 3166 code nor a country name`);
  }
  return {
    ok: true,
    order: {
      vendorOrderId: data.id,
      number,
      state,
      vendorStatus,
      customerName: data.cm_name,
      receiver: {
        name: data.receive_name,
        company: custom(settings.fields.company),
        phone: data.receive_phone === '' ? data.receive_tel : data.receive_phone,
        email: custom(settings.fields.email),
        country: country ?? settings.defaults.country,
        state: custom(settings.fields.state) || settings.defaults.state,
        city: custom(settings.fields.city) || settings.defaults.city,
        postcode: custom(settings.fields.postcode) || settings.defaults.postcode,
        line1: data.receive_addr,
        line2: '',
      },
      remark: data.remark,
      dueDate: /^\d{4}-\d{2}-\d{2}/.exec(data.consignment_date)?.[0] ?? null,
      orderedAt: parseShanghai(data.create_time_str),
      modifiedAt: modifiedAtOf(data),
      lines,
      fields: customFieldsOf(data.exts),
      raw,
    },
  };
}

function modifiedAtOf(data: Record365): number | null {
  return parseShanghai(data.modify_time_str) ?? parseShanghai(data.create_time_str);
}

/** A line, or why it cannot be packed. */
function mapLine(raw: unknown, settings: MapSettings): PulledLine | string {
  const parsed = lineSchema.safeParse(raw);
  if (!parsed.success) return issueLine(parsed.error);
  const data = parsed.data;
  const quantity = decimal(data.order_count ?? data.purchase_count);
  if (quantity === null || !isPositiveDecimal(quantity)) return 'quantity is not a number above zero';
  const code = data.product_code ?? data.product_source_code ?? data.product_id;
  if (code === null) return 'the product has no code';
  const unitName = data.order_input_unit_name || data.purchase_input_unit_name;
  return {
    vendorLineId: data.detail_id,
    productId: data.product_id ?? '',
    productCode: code,
    productName: data.product_name,
    barcodes: barcodesOf(data, code, settings),
    unitName: unitName || data.base_unit_name,
    quantity,
    baseUnitName: data.base_unit_name === '' ? null : data.base_unit_name,
    baseQuantity: decimal(data.order_base_unit_count ?? data.purchase_base_unit_count),
    price: decimal(data.order_price ?? data.purchase_price),
    // Y/N in answers; 1/0 in the vendor's other interfaces.
    gift: /^(?:y|1|true)$/i.test(data.is_gift),
    remark: data.remark,
  };
}

/** Source code and barcode fields, several separated by commas or blanks; each once, without the product code itself. */
function barcodesOf(data: Line365, code: string, settings: MapSettings): string[] {
  const listed = customValue(data.exts)(settings.fields.barcode).split(/[\s,;，；、|]+/);
  const all = [data.product_source_code ?? '', ...listed].filter((entry) => entry !== '' && entry !== code);
  return [...new Set(all)];
}

/** Custom fields by name, for routing rules. Several values under one name: the first that says something. */
function customFieldsOf(exts: Record365['exts']): Record<string, string> {
  const entries = exts.slice(0, mostFields).filter((entry) => entry.ext_key !== '' && entry.ext_value !== '');
  // Reversed, so that the first one stays; `fromEntries` makes own properties of any name.
  return Object.fromEntries(entries.map((entry) => [entry.ext_key, entry.ext_value.slice(0, 500)] as const).reverse());
}

/** No order has as many; it keeps a hostile record small. */
const mostFields = 200;

function customValue(exts: Record365['exts']): (names: readonly string[]) => string {
  return (names) => {
    for (const name of names) {
      const value = exts.find((entry) => entry.ext_key === name)?.ext_value ?? '';
      if (value !== '') return value;
    }
    return '';
  };
}

function decimal(value: string | number | null | undefined): string | null {
  if (value === null || value === undefined || value === '') return null;
  const parsed = outsideDecimal.safeParse(value);
  return parsed.success ? parsed.data : null;
}

function refuse(raw: unknown, number: string | null, reason: string): Mapped {
  return { ok: false, refused: { number, reason, raw } };
}

/** The order number of a record that does not parse, if it has one at all. */
function numberOf(raw: unknown): string | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const fields = raw as Readonly<Record<string, unknown>>;
  for (const name of ['order_no', 'purchase_no', 'id']) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 128);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  }
  return null;
}
