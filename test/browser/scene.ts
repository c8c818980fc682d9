/** Snapshots for the fake station: one order on its way through the desk, and everything around it. */
import type {
  AttentionItem,
  LabelInspection,
  LabelledParcel,
  Notice,
  OrderLine,
  OrderRow,
  ParcelView,
  PrinterDetail,
  TimelineEntry,
  TopicSnapshot,
} from '../../preload/contract/index.ts';

type Pack = TopicSnapshot<'pack'>;

const names = [
  '杭州明德五金商行',
  '宁波海曙百货批发部',
  '苏州工业园区便利店',
  '上海浦东佳美超市',
  'Nordlicht Handels GmbH',
];
const people = ['王丽华', '陈志强', '刘芳', '赵建国', 'Anna Schmidt'];

export const orders: OrderRow[] = Array.from({ length: 240 }, (_, index) => ({
  id: `order-${index}`,
  number: `SO202611210${String(index + 1).padStart(4, '0')}`,
  vendor: 'waiqin365',
  status: index === 0 ? 'packing' : index % 17 === 5 ? 'rack' : index % 9 === 4 ? 'shipped' : 'waiting',
  customerName: names[index % names.length] ?? '',
  receiverName: people[index % people.length] ?? '',
  receiverAddress: '浙江省杭州市余杭区仓前街道文一西路 1218 号 5 幢 302 室',
  country: index % names.length === 4 ? 'DE' : 'CN',
  lineCount: 1 + (index % 6),
  hasGift: index % 7 === 0,
  dueDate: '2026-11-23',
  orderedAt: Date.UTC(2026, 10, 20, 3, index % 60),
  waybill: null,
  lpn: index % 17 === 5 ? `LPN-D01-${String(index).padStart(6, '0')}` : null,
}));

export const counts: TopicSnapshot<'queue'>['counts'] = {
  waiting: 198,
  packing: 1,
  sealed: 0,
  rack: 14,
  labelled: 2,
  shipped: 27,
  attention: 2,
  cancelled: 1,
};

const [first] = orders;
if (first === undefined) throw new Error('no orders');
export const order: OrderRow = { ...first, hasGift: true };

export const lines: OrderLine[] = [
  line('l1', 'MD-GJ-0871', '德力西螺丝批套装 12 件（含磁力批头）', '箱', '2', 2, 1, '24', '套'),
  line('l2', '6901234567892', '3M 防护手套 耐磨型 M 码', '双', '12', 12, 12, null, null),
  line('l3', 'MD-TL-2210', '乳胶漆 内墙 哑光白', '桶', '1.5', 2, 0, '7.5', 'kg', '分两桶装'),
  { ...line('l4', 'GIFT-0003', '卷尺 5 米', '个', '1', 1, 0, null, null), gift: true },
];

function line(
  id: string,
  productCode: string,
  productName: string,
  unitName: string,
  quantity: string,
  scansNeeded: number,
  scansDone: number,
  baseQuantity: string | null,
  baseUnitName: string | null,
  remark = '',
): OrderLine {
  return {
    id,
    productCode,
    productName,
    unitName,
    quantity,
    scansNeeded,
    scansDone,
    gift: false,
    baseQuantity,
    baseUnitName,
    remark,
  };
}

export const idle: Pack = {
  stage: 'idle',
  order: null,
  remark: '',
  lines: [],
  parcel: null,
  labelKind: null,
  expects: null,
  next: { code: 'next.scan-order', tone: 'info', params: {} },
  last: null,
  prompt: null,
};

export const items: Pack = {
  ...idle,
  stage: 'items',
  order,
  remark: '易碎品，请加两层气泡膜；发票随货',
  lines,
  next: { code: 'next.scan-items', tone: 'info', params: { left: 4 } },
};

const complete = lines.map((one) => ({ ...one, scansDone: one.scansNeeded }));

export const weigh: Pack = {
  ...items,
  stage: 'weigh',
  lines: complete,
  next: { code: 'next.weigh', tone: 'info', params: {} },
};

export const parcel: ParcelView = {
  id: 'parcel-1',
  weightG: 8_240,
  waybill: '1Z999AA10123456784',
  lpn: 'LPN-D01-000123',
  carrier: 'HGE',
  service: 'P10006',
  sealedAt: 1,
  labelPrint: 'printed',
  lpnPrint: null,
  verifiedAt: null,
  trackingUploadedAt: null,
};

export const scanBack: Pack = {
  ...weigh,
  stage: 'scan-back',
  parcel,
  labelKind: 'carrier',
  expects: parcel.waybill,
  next: { code: 'next.scan-label', tone: 'info', params: { waybill: parcel.waybill ?? '' } },
};

export const printUnknown: Pack = {
  ...scanBack,
  parcel: { ...parcel, labelPrint: 'unknown' },
  prompt: {
    kind: 'print-unknown',
    notice: { code: 'print.unknown', tone: 'ask', params: {} },
    printId: 'print-1',
    options: [
      { command: 'label-here', key: 'Y' },
      { command: 'no-label', key: 'N' },
    ],
  },
};

export const stopped: Pack = {
  ...weigh,
  stage: 'stopped',
  parcel: { ...parcel, waybill: null, labelPrint: null },
  next: { code: 'next.settle', tone: 'stop', params: {} },
  prompt: {
    kind: 'vendor-rejected',
    notice: {
      code: 'vendor.rejected',
      tone: 'stop',
      params: { vendor: 'HGE', operation: 'placeOrder', code: '10013', reason: '收件人邮编与国家不符' },
    },
    printId: null,
    options: [
      { command: 'retry', key: 'R' },
      { command: 'release-order', key: 'F9' },
    ],
  },
};

export const weightStable: TopicSnapshot<'weight'> = {
  scaleId: 'bench',
  state: 'stable',
  grams: 0,
  at: 1,
  usable: false,
  reason: { code: 'weight.zero', tone: 'info', params: {} },
  virtual: true,
};

export const weightUsable: TopicSnapshot<'weight'> = { ...weightStable, grams: 8_240, usable: true, reason: null };

/** Everything works; all of it virtual, one vendor partly assumed. */
export function status(): TopicSnapshot<'status'> {
  const at = Date.now();
  const vendor = { state: 'online', virtual: true, assumed: false, lastAnswerAt: at, reason: null } as const;
  return {
    at,
    training: true,
    vendors: [
      { ...vendor, id: 'waiqin365', name: '外勤365' },
      { ...vendor, id: 'hge', name: 'HGE' },
      { ...vendor, id: 'ane', name: '安能', assumed: true },
      { ...vendor, id: 'hongxun', name: '鸿讯', state: 'unchecked', assumed: true },
      { ...vendor, id: 'asiabill', name: 'AsiaBill', state: 'unchecked' },
    ],
    printers: [{ id: 'label', state: 'ready', virtual: true, lastAnswerAt: at, reason: null }],
    scale: { id: 'bench', state: 'stable', virtual: true },
    outbox: { open: 3, unknown: 0, dead: 0, oldestAt: at - 8_000 },
    sync: { lastAt: at - 42_000, lateAfterMs: 180_000, reason: null },
    attention: 2,
    problems: [],
    network: 'up',
  };
}

/** The line is down: carrier offline, jobs waiting, orders getting old, the printer out of paper. */
export function statusOffline(): TopicSnapshot<'status'> {
  const up = status();
  return {
    ...up,
    network: 'cut',
    vendors: up.vendors.map((vendor) => ({ ...vendor, state: vendor.state === 'online' ? 'offline' : vendor.state })),
    printers: up.printers.map((printer) => ({
      ...printer,
      state: 'attention',
      reason: { code: 'printer.paper-out', tone: 'stop', params: {} },
    })),
    outbox: { open: 27, unknown: 2, dead: 1, oldestAt: up.at - 1_260_000 },
    sync: {
      lastAt: up.at - 1_300_000,
      lateAfterMs: 180_000,
      reason: { code: 'sync.failed', tone: 'warn', params: { reason: 'ECONNREFUSED' } },
    },
    problems: [
      { code: 'profile.problem', tone: 'warn', params: { reason: 'devices.scales[0].baud 19200 与设备返回不符' } },
      { code: 'device.problem', tone: 'stop', params: { device: 'label', reason: '缺纸' } },
    ],
  };
}

/** The bagging place before its first bag. */
export const bags: TopicSnapshot<'bags'> = {
  open: [],
  waiting: [],
  voided: [],
  chosen: null,
  content: [],
  mode: 'put-in',
  mismatch: null,
  recount: null,
  loose: [],
  next: { code: 'bag.next-open', tone: 'info', params: {} },
  expects: null,
  last: null,
  options: [],
  packer: null,
  supervisor: null,
};

/** The end of a day on which nothing is here. */
export const day: TopicSnapshot<'day'> = {
  carriers: [],
  choices: [],
  documents: [],
  loading: null,
  next: { code: 'day.next-choose', tone: 'info', params: {} },
  last: null,
  packer: null,
  supervisor: null,
};

export const training: TopicSnapshot<'training'> = {
  scale: {
    ...{ grams: 0, mode: 'steady', virtual: true, plugged: true },
    ...{ speaks: 'mt-sics', choices: ['hid-pos', 'mt-sics', 'xk3190/reversed'] },
  },
  printerVirtual: true,
  dws: { id: 'line1', format: 'csv', plugged: true, sent: 3 },
  scanner: null,
  mayStart: ['scanner'],
  printer: 'ready',
  network: 'up',
  vendors: [
    { id: 'waiqin365', fault: 'none' },
    { id: 'hge', fault: 'none' },
  ],
  tray: [
    {
      id: 'label-1',
      at: 1,
      codes: ['1Z999AA10123456784'],
      // One dot: enough to show that a picture is drawn.
      pngBase64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    },
  ],
};

export const attention: AttentionItem[] = [
  {
    id: 'job-1',
    orderId: 'order-3',
    orderNumber: 'SO2026112100004',
    notice: {
      code: 'vendor.dead',
      tone: 'stop',
      params: { vendor: 'HGE', operation: 'uploadTracking', reason: '接口返回 500，已试 8 次' },
    },
    since: Date.now() - 600_000,
    actions: ['retry', 'abandon'],
  },
  {
    id: 'print-9',
    orderId: 'order-8',
    orderNumber: 'SO2026112100009',
    notice: { code: 'print.unknown', tone: 'ask', params: {} },
    since: Date.now() - 95_000,
    actions: ['label-here', 'reprint'],
  },
];

export const timeline: TimelineEntry[] = [
  { seq: 1, at: Date.UTC(2026, 10, 21, 1, 2, 3), kind: 'order-opened', detail: { desk: 'D01' } },
  { seq: 2, at: Date.UTC(2026, 10, 21, 1, 2, 31), kind: 'item-scanned', detail: { code: 'MD-GJ-0871', done: 1 } },
  {
    seq: 3,
    at: Date.UTC(2026, 10, 21, 1, 4, 9),
    kind: 'parcel-sealed',
    detail: { weightG: 8240, lpn: 'LPN-D01-000123' },
  },
];

/** A parcel that left an hour ago, and its label as the inspector shows it. */
export const labelled: LabelledParcel = {
  parcelId: 'parcel-9',
  orderId: 'order-9',
  orderNumber: 'XS20260105009',
  waybill: 'HGE2507080000516',
  lpn: 'LPN-D01-9',
  carrier: 'HGE',
  sealedAt: Date.now() - 3_600_000,
};

/** A white dot of 8 x 1. */
const dots = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAABAQAAAADoQGh1AAAAC0lEQVR4nGP4DwABAQEAsTj1cwAAAABJRU5ErkJggg==';

export function inspection(printerId: string | null): LabelInspection {
  const print = {
    id: 'print-1',
    kind: 'carrier',
    state: 'printed',
    copy: 0,
    printerId: 'label',
    reason: '',
    by: 'P017 欧阳娜娜',
    bytes: 8_120,
    message: '',
    at: labelled.sealedAt,
    settledAt: labelled.sealedAt,
  } as const;
  return {
    parcel: labelled,
    kind: 'carrier',
    artwork: { type: 'application/pdf', bytes: 20_480, sha256: 'ab'.repeat(32), base64: null, text: null },
    printer: { id: printerId ?? 'label', language: 'zpl', dpi: 203, widthMm: 100, heightMm: 150 },
    printers: ['label', 'spare'],
    held: null,
    drawnFrom: null,
    bitmap: { base64: dots, width: 8, height: 1 },
    bitmapProblem: '',
    codes: [{ text: labelled.waybill ?? '', isWaybill: true }],
    output: { bytes: 8_120, plainBytes: 121_800, headHex: '5e5841', headText: '^XA' },
    prints: [{ ...print, id: 'print-2', copy: 1, reason: '面单丢失', state: 'unknown' }, print],
  };
}

export const slipPrinted: Notice = { code: 'paper.printed', tone: 'ok', params: { printer: 'slips', pages: 1 } };

export const printer: PrinterDetail = {
  id: 'label',
  link: 'usb://0a5f:0081',
  model: 'Zebra GK420d',
  source: 'USB class answer',
  evidence: 'public',
  notes: [],
  language: 'zpl',
  dpi: 203,
  widthMm: 100,
  heightMm: 150,
  tracking: 'gap',
  use: ['parcel', 'bag'],
  fallback: null,
  answers: true,
  virtual: false,
  state: 'ready',
  reasons: [],
  warnings: [],
  lastAnswerAt: null,
  labelsLeft: { count: 412, estimated: true },
  calibration: 'ZPL II Programming Guide, ~JC',
  test: null,
};
