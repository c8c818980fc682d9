/** Numbered choices of the vendor document 订单新建, by name. */

/** goodsType 商品类别. */
export const goodsTypes = {
  documents: 0,
  electronics: 1,
  'office-and-clothing': 2,
  cosmetics: 3,
  valuables: 4,
  'food-and-health': 5,
  'crafts-and-kitchen': 6,
  'toys-and-instruments': 7,
  other: 8,
} as const;

/** payModeId 支付模式: 到付现金, 月结, 现金, 返款到付, 回单付. */
export const payModes = {
  'cash-on-delivery': 103,
  monthly: 104,
  cash: 102,
  'refund-on-delivery': 109,
  'on-receipt': 110,
} as const;

/** serviceType 服务类型: 正常, 次日达, 次晨达, 当日达. */
export const serviceTypes = { normal: 1, 'next-day': 2, 'next-morning': 4, 'same-day': 8 } as const;

export type ServiceType = keyof typeof serviceTypes;

export function isServiceType(word: string): word is ServiceType {
  return Object.hasOwn(serviceTypes, word);
}

/** The names of a choice, for a settings schema. */
export function namesOf<T extends Readonly<Record<string, number>>>(
  choices: T,
): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(choices) as [keyof T & string, ...(keyof T & string)[]];
}
