/**
 * Training orders: the same seed always makes the same orders, one by one and independently of how many there are.
 */
import { byWeight, catalog, domestic, foreign, gift, longNamed, oddRemark, remarks, type Product } from './catalog.ts';

export interface TrainingLine {
  readonly detailId: string;
  readonly product: Product;
  readonly unit: string;
  /** Code on one ordered unit (box or piece). */
  readonly barcode: string;
  /** NUMERIC(28,8) as the vendor writes it: `2.00000000`. */
  readonly quantity: string;
  readonly baseQuantity: string;
  readonly price: string;
  readonly gift: boolean;
  readonly remark: string;
}

/** `XS_…` as documented for `order_status`. */
export type TrainingStatus = 'DFH' | 'YQX';

export interface TrainingOrder {
  readonly id: string;
  readonly number: string;
  /** Which of the two documented shapes the vendor answers with: field table (`order_*`) or sample (`purchase_*`). */
  readonly form: 'order' | 'purchase';
  readonly status: TrainingStatus;
  readonly customerCode: string;
  readonly customer: string;
  readonly receiverName: string;
  readonly receiverPhone: string;
  readonly receiverAddress: string;
  /** ISO 3166 alpha-2, or empty for orders within China, where upstream keeps one address text. */
  readonly country: string;
  readonly state: string;
  readonly city: string;
  readonly postcode: string;
  readonly remark: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly lines: readonly TrainingLine[];
}

/** Uniform numbers in [0, 1) from a seed: mulberry32 (T. Ettinger, public domain). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A well-mixed 32-bit hash of a text (FNV-1a with a final avalanche). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}

const hour = 3_600_000;

/** `yyyyMMdd` in China time (UTC+8), which the vendor's documents use throughout. */
export function chinaDay(at: number): string {
  return new Date(at + 8 * hour).toISOString().slice(0, 10).replaceAll('-', '');
}

/**
 * Order `index` (from 0) of a seed. `createdAt` is when it was placed. A few fixed indexes carry the awkward cases:
 * 2 an odd remark, 4 one line of 24 units, 6 the longest names, 9 a quantity with a fraction.
 */
export function makeTrainingOrder(seed: number, index: number, createdAt: number): TrainingOrder {
  const random = randomFrom(hashText(`${seed}/${index}`));
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const number = `XS${chinaDay(createdAt)}${String(index + 1).padStart(5, '0')}`;
  const person = random() < 0.75 ? pick(foreign) : pick(domestic);
  const lines: TrainingLine[] = [];
  const add = (product: Product, quantity: number, packed: boolean, isGift = false): void => {
    const pack = packed ? product.pack : null;
    const count = quantity * (pack?.count ?? 1);
    lines.push({
      detailId: String(4_800_000_000_000_000_000n + BigInt(index) * 100n + BigInt(lines.length)),
      product,
      unit: pack?.unit ?? product.baseUnit,
      barcode: pack?.barcode ?? product.barcode,
      quantity: quantity.toFixed(8),
      baseQuantity: count.toFixed(8),
      price: isGift ? '0.00000000' : (Number(product.price) * (pack?.count ?? 1)).toFixed(8),
      gift: isGift,
      remark: random() < 0.1 ? '易损件' : '',
    });
  };

  if (index === 4) {
    add(catalog[4] as Product, 24, false);
  } else if (index === 6) {
    add(longNamed, 1, false);
    add(catalog[8] as Product, 2, false);
  } else if (index === 9) {
    add(byWeight, 1.5, false);
    add(catalog[11] as Product, 1, false);
  } else {
    // Mostly one or two lines of one or two units, so that a shift can be played by hand.
    const wanted = 1 + Math.floor(random() ** 2.2 * 6);
    const shelf = [...catalog];
    for (let line = 0; line < wanted; line += 1) {
      const [product] = shelf.splice(Math.floor(random() * shelf.length), 1);
      if (!product) break;
      // A case only where it stays liftable: at most 5.2 kg.
      const packed = random() < 0.25 && product.pack !== null && product.pack.count * product.weightG <= 5_200;
      add(product, packed ? 1 : 1 + Math.floor(random() ** 3 * 4), packed);
    }
    if (random() < 0.3) add(gift, 1, false, true);
  }
  return {
    id: String(7_226_306_000_000_000_000n + BigInt(hashText(`${seed}`) % 1_000_000) * 1_000_000n + BigInt(index)),
    number,
    form: index % 2 === 0 ? 'order' : 'purchase',
    status: 'DFH',
    customerCode: `CUS${String(1 + (hashText(person.name) % 900)).padStart(5, '0')}`,
    customer:
      index === 6
        ? `${person.customer}(华东大区第三直营事业部客户服务中心仓配一体化项目组)`.slice(0, 100)
        : person.customer,
    receiverName: person.name,
    receiverPhone: person.phone,
    receiverAddress: person.street,
    country: person.country,
    state: person.state,
    city: person.city,
    postcode: person.postcode,
    remark: index === 2 ? oddRemark : pick(remarks),
    createdAt,
    modifiedAt: createdAt,
    lines,
  };
}

/**
 * What the packed parcel of this order truly weighs, grams: goods, carton and filling. Goods vary by up to 1 % and
 * the carton by its size; the same order always weighs the same.
 */
export function trueWeightG(order: TrainingOrder): number {
  const goods = order.lines.reduce((sum, line) => {
    const spread = (hashText(`${order.number}/${line.detailId}`) % 201) / 100 - 1;
    return sum + line.product.weightG * Number(line.baseQuantity) * (1 + spread / 100);
  }, 0);
  const carton = goods < 500 ? 62 : goods < 2_000 ? 145 : goods < 6_000 ? 298 : 520;
  return Math.round(goods + carton + (hashText(order.number) % 12));
}
