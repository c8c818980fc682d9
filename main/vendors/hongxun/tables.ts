/**
 * 附录二 订单类型 and 附录三 路由节点类型 (public pages; the vendor document names both). Codes are text: `001` is not 1.
 */

/** The numbers overlap between families, so a type means nothing without its own. */
export const orderTypes = {
  /** 入库 */
  inbound: {
    '10': '采购',
    '20': '销退',
    '30': '调拨',
    '40': '货权转移',
    '50': '其它',
    '60': '借用',
    '70': '换货',
    '80': '拒收入库',
    '110': '入库检测',
  },
  /** 出库 */
  outbound: {
    '10': '采退',
    '20': '销售',
    '30': '调拨',
    '40': '货权转移',
    '50': '其它',
    '60': '借用',
    '70': '换货',
    '80': '退回工厂',
  },
  /** 运输 */
  transport: { '10': '正常', '20': '逆向' },
  /** 库内作业 */
  internal: { '20': '物权转换' },
} as const;
export type OrderFamily = keyof typeof orderTypes;

/** What the vendor calls this type within its family, or null. */
export function orderTypeName(family: OrderFamily, code: string): string | null {
  const table: Readonly<Record<string, string>> = orderTypes[family];
  return Object.hasOwn(table, code) ? (table[code] ?? null) : null;
}

/** The type codes of one family, for schemas. */
export function orderTypeCodes(family: OrderFamily): [string, ...string[]] {
  return Object.keys(orderTypes[family]) as [string, ...string[]];
}

/** 88 is in no page. In the order of the page. */
export const nodeTypes = [
  ['001', '签收'],
  ['002', '签收异常'],
  ['80', '汽运-启运'],
  ['81', '汽运-在途'],
  ['82', '汽运-派送'],
  ['83', '空运-航班信息'],
  ['84', '空运-起飞'],
  ['85', '空运-降落'],
  ['86', '空运-提货'],
  ['87', '空运-派送'],
  ['89', '到达目的城市'],
  ['90', '空运-入目的库'],
  ['91', '空运-出目的库'],
  ['92', '汽运-中转库入库'],
  ['93', '汽运-中转库出库'],
  ['94', '汽运-入目的库'],
  ['95', '汽运-出目的库'],
  ['96', '汽运-装车'],
  ['97', '汽运-发运'],
  ['98', '汽运-中转装车'],
  ['99', '汽运-中转发运'],
  ['100', '到达'],
  ['101', '入站'],
  ['102', '分配派送员'],
  ['103', '妥投'],
  ['104', '滞留'],
  ['105', '拒收'],
] as const;
export type NodeType = (typeof nodeTypes)[number][0];

export const nodeCodes = nodeTypes.map(([code]) => code) as [NodeType, ...NodeType[]];

/** What the vendor calls this node, or null. */
export function nodeName(code: string): string | null {
  return nodeTypes.find(([each]) => each === code)?.[1] ?? null;
}
