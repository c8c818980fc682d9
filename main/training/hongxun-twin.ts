/**
 * A strict virtual 鸿讯. Sources: the vendor's document 签收图片推送接口 for the envelope, its tolerance and answer form;
 * its public pages 附录一 (signature), 附录三 (nodes) and the interface pages for paths and fields.
 * The vendor's error codes are published nowhere: the codes below are training's own.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { openJournal } from './journal.ts';
import { describeRefusal } from './refusal.ts';
import {
  EffectCounter,
  isJsonType,
  jsonAnswer,
  readJson,
  sameHex,
  type Twin,
  type TwinAnswer,
  type TwinRequest,
  type TwinRoute,
} from './vendor-server.ts';

export interface HongxunIdentity {
  readonly createBy: string;
  readonly dataSource: string;
  readonly sk: string;
  readonly warehouseCode: string;
  readonly customerFlag: string;
}

/** What the virtual vendor pushes to its customer: the last part of the customer's address. */
export type HongxunPushKind = 'sign-images' | 'sign-info';

export interface HongxunTwin extends Twin {
  /** Effects by interface (`parcel`, `route`, `sign`, `images`, ...), keyed by what was told of whom. */
  readonly effects: EffectCounter;
  /**
   * The exact bytes of one push, signed for `now` in the vendor's own order of keys. Post them as `application/json`
   * to the customer's address; the same bytes again are a repeat.
   */
  pushBytes(request: unknown, now: number): Buffer;
  close(): void;
}

const toleranceMs = 10 * 60_000;
const nodes = new Set(
  `001 002 80 81 82 83 84 85 86 87 89 90 91 92 93 94 95 96 97 98 99 100 101 102 103 104 105`.split(' '),
);

/** Keys ascending at every level, compact, nulls left out: what the vendor's own marshaller writes. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const parts: string[] = [];
  for (const key of Object.keys(value).toSorted()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== null && member !== undefined) parts.push(`${JSON.stringify(key)}:${sortedJson(member)}`);
  }
  return `{${parts.join(',')}}`;
}

/** `MD5(createBy & dataSource & JSON & SK & timestamp)`, lower-case hexadecimal. */
export function hongxunSignature(identity: HongxunIdentity, request: unknown, timestamp: string): string {
  const text = `${identity.createBy}&${identity.dataSource}&${sortedJson(request)}&${identity.sk}&${timestamp}`;
  return createHash('md5').update(text, 'utf8').digest('hex');
}

const chinaOffsetMs = 8 * 3_600_000;
const chinaTime = (at: number): string => new Date(at + chinaOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
const second = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'must be yyyy-MM-dd HH:mm:ss');
const text = z.string().min(1).max(64);

const Envelope = z.strictObject({
  createBy: text,
  dataSource: text,
  sign: z.string().regex(/^[0-9A-Fa-f]{32}$/, 'must be 32 hexadecimal digits'),
  timestamp: second,
  request: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]),
});
const centimetres = z.number().gt(0).max(1_000);
/** Not signed; `warehouseCode` stands beside the request. */
const Parcel = z.strictObject({
  warehouseCode: text,
  timestamp: second,
  request: z.strictObject({
    mailno: text,
    longs: centimetres,
    widths: centimetres,
    heights: centimetres,
    weight: z.number().gt(0),
    volume: z.number().gt(0),
    remark: z.string().max(500).optional(),
  }),
});
const Routes = z
  .array(
    z
      .strictObject({
        mailno: text,
        scanTypeCode: z.string().refine((code) => nodes.has(code), 'no such node'),
        operator: text,
        time: second,
        plannedDeliveryDate: z.string().optional(),
        transferAddress: z.string(),
        memo: z.string(),
        vinCode: z.string().optional(),
        longitude: z.string().optional(),
        dimension: z.string().optional(),
      })
      .refine((route) => route.vinCode === undefined || route.plannedDeliveryDate !== undefined, {
        message: 'plannedDeliveryDate is required for vehicles',
      }),
  )
  .min(1);
const optional = z.string().optional();
const Images = z
  .array(
    z.strictObject({
      customerFlag: text,
      customerOrderCode: text,
      signList: z
        .array(
          z.strictObject({
            expressCode: optional,
            trackingNumber: optional,
            waybillNumber: optional,
            mailno: optional,
            carrName: optional,
            carrOrderNumber: optional,
            signBy: optional,
            signDate: optional,
            imgList: z.array(z.strictObject({ imgUrl: optional, postfix: optional })).optional(),
          }),
        )
        .min(1),
    }),
  )
  .min(1);
const CarrierImages = z.strictObject({
  mailno: text,
  imageType: z.enum(['imageBase64', 'imageUrl']),
  imageInfos: z.array(z.record(z.string(), z.unknown())).min(1),
});
const Cancel = z.looseObject({
  customerNumber: text,
  cancelBatch: text,
  cancelType: z.enum(['10', '20']),
  reason: z.string().min(1),
});
const OutboundOrder = z.looseObject({
  customerNumber: text,
  documentType: z.enum(['10', '20', '30', '40', '50', '60', '70', '80']),
  inventoryCode: text,
  subbaseCode: text,
});

const Entry = z.object({ effect: z.string(), at: z.number().int(), key: z.string(), request: z.unknown() });
type Entry = z.infer<typeof Entry>;

/** One effect: what it is called and of whom. */
interface Told {
  readonly effect: string;
  readonly key: string;
}

interface Interface {
  readonly name: string;
  readonly path: string;
  readonly request: z.ZodType;
  /** Empty for questions. */
  readonly told: (request: never) => readonly Told[];
  readonly answer?: (request: never) => unknown;
}

const tell = <S extends z.ZodType>(
  name: string,
  path: string,
  request: S,
  told: (request: z.output<S>) => readonly Told[],
  answer?: (request: z.output<S>) => unknown,
): Interface => ({ name, path, request, told, ...(answer === undefined ? {} : { answer }) });

/** Opens (and replays) `hongxun.jsonl` in `dir`. */
export function createHongxunTwin(identity: HongxunIdentity, dir: string): HongxunTwin {
  const effects = new EffectCounter();
  const events = new Map<string, unknown[]>();

  const apply = (entry: Entry): void => {
    effects.add(entry.effect, entry.key);
    if (entry.effect !== 'route' && entry.effect !== 'sign') return;
    const mailno = entry.key.split('/', 1)[0] ?? '';
    events.set(mailno, [...(events.get(mailno) ?? []), entry.request]);
  };
  const journal = openJournal(join(dir, 'hongxun.jsonl'), Entry, apply);

  const interfaces: readonly Interface[] = [
    tell('route', 'dtc/tms/carrierRoutingPush', Routes, (list) =>
      list.map(({ mailno, scanTypeCode, time }) => ({
        effect: scanTypeCode === '001' || scanTypeCode === '002' ? 'sign' : 'route',
        key: `${mailno}/${scanTypeCode}/${time}`,
      })),
    ),
    tell('images', 'customer/signImagePush', Images, (list) =>
      list.map(({ customerOrderCode, signList }) => ({
        effect: 'images',
        key: `${customerOrderCode}/${signList.map(({ mailno }) => mailno ?? '').join('+')}`,
      })),
    ),
    tell('carrier-images', 'dtc/tms/carrierSignImagePush', CarrierImages, ({ mailno, imageType }) => [
      { effect: 'images', key: `${mailno}/${imageType}` },
    ]),
    tell('out-order', 'dtc/logistics/outOrder', OutboundOrder, ({ customerNumber }) => [
      { effect: 'order', key: customerNumber },
    ]),
    tell('order-cancel', 'dtc/logistics/orderCancel', Cancel, ({ customerNumber, cancelBatch }) => [
      { effect: 'cancel', key: `${customerNumber}/${cancelBatch}` },
    ]),
    tell(
      'route-query',
      'dtc/esboms/routeQuery',
      z.strictObject({ customerNumber: text, mailno: z.string().optional() }),
      () => [],
      ({ customerNumber, mailno }) => ({ customerNumber, routes: events.get(mailno ?? '') ?? [] }),
    ),
    tell(
      'stock-query',
      'dtc/esboms/stockQuery',
      z.strictObject({
        inventoryCode: text,
        subbaseCode: text,
        productCodeList: z.array(z.record(z.string(), z.unknown())).min(1),
        pageSize: z.number().int().min(1),
        pageNum: z.number().int().min(1),
      }),
      () => [],
      () => ({ list: [], total: 0 }),
    ),
    tell(
      'out-order-result',
      'dtc/esboms/outOrderResultQuery',
      z.strictObject({ customerNumber: text, inventoryCode: optional, subbaseCode: optional }),
      () => [],
      ({ customerNumber }) => ({ customerNumber, known: effects.of('order', customerNumber) > 0 }),
    ),
  ];

  const refuse = (code: number, message: string): TwinAnswer => jsonAnswer(200, { code, message, flag: false });
  const done = (value?: unknown): TwinAnswer =>
    jsonAnswer(200, { code: 200, message: '响应成功', flag: true, ...(value === undefined ? {} : { value }) });

  const fresh = (timestamp: string, now: number): boolean => {
    const at = Date.parse(`${timestamp.replace(' ', 'T')}+08:00`);
    return Math.abs(now - at) <= toleranceMs;
  };
  /** Written first, then counted: an effect that cannot be recorded did not happen. */
  const record = (told: readonly Told[], request: unknown, at: number): void => {
    for (const { effect, key } of told) {
      const entry: Entry = { effect, at, key, request };
      journal.append(entry);
      apply(entry);
    }
  };

  const handleSigned = async (
    each: Interface,
    request: TwinRequest,
    work: () => Promise<void>,
  ): Promise<TwinAnswer> => {
    if (!isJsonType(request.headers)) return refuse(415, 'Content-Type must be application/json');
    const parsed = Envelope.safeParse(readJson(request.body));
    if (!parsed.success) return refuse(400, describeRefusal(parsed.error));
    const { createBy, dataSource, sign, timestamp, request: inner } = parsed.data;
    if (createBy !== identity.createBy || dataSource !== identity.dataSource) {
      return refuse(401, '签名错误: createBy or dataSource unknown');
    }
    if (!sameHex(sign, hongxunSignature(identity, inner, timestamp))) return refuse(401, '签名错误');
    if (!fresh(timestamp, request.now)) return refuse(402, '时间戳误差超过10分钟');
    const checked = each.request.safeParse(inner);
    if (!checked.success) return refuse(400, describeRefusal(checked.error));
    if (each.answer !== undefined) return done(each.answer(checked.data as never));
    await work();
    record(each.told(checked.data as never), inner, request.now);
    return done();
  };

  const parcel: TwinRoute = {
    name: 'parcel',
    method: 'POST',
    path: /^\/dtc\/device\/dwsPackageInfo$/,
    async handle(request, work) {
      if (!isJsonType(request.headers)) return refuse(415, 'Content-Type must be application/json');
      const parsed = Parcel.safeParse(readJson(request.body));
      if (!parsed.success) return refuse(400, describeRefusal(parsed.error));
      const { warehouseCode, timestamp, request: inner } = parsed.data;
      if (warehouseCode !== identity.warehouseCode) return refuse(400, 'warehouseCode: unknown');
      if (!fresh(timestamp, request.now)) return refuse(402, '时间戳误差超过10分钟');
      const volume = inner.longs * inner.widths * inner.heights;
      if (Math.abs(volume - inner.volume) > volume / 100) return refuse(400, 'volume: not longs × widths × heights');
      await work();
      record([{ effect: 'parcel', key: inner.mailno }], inner, request.now);
      return done();
    },
  };

  return {
    id: 'hongxun',
    effects,
    routes: [
      parcel,
      ...interfaces.map((each): TwinRoute => ({
        name: each.name,
        method: 'POST',
        path: new RegExp(`^/${each.path}$`),
        handle: (request, work) => handleSigned(each, request, work),
      })),
    ],
    pushBytes(request, now) {
      const timestamp = chinaTime(now);
      const sign = hongxunSignature(identity, request, timestamp);
      const { createBy, dataSource } = identity;
      return Buffer.from(JSON.stringify({ createBy, dataSource, sign, timestamp, request }), 'utf8');
    },
    notFound: () => jsonAnswer(404, { code: 404, message: 'no such interface', flag: false }),
    tooLarge: () => jsonAnswer(413, { code: 413, message: 'body too large', flag: false }),
    close: () => journal.close(),
  };
}

/** A proof of delivery as the vendor pushes it: the signature, and its pictures by address. */
export function hongxunProof(
  identity: Pick<HongxunIdentity, 'customerFlag'>,
  about: { readonly orderNumber: string; readonly mailno: string; readonly signer: string; readonly at: number },
): Record<HongxunPushKind, unknown> {
  const signedTime = chinaTime(about.at);
  return {
    'sign-images': [
      {
        customerFlag: identity.customerFlag,
        customerOrderCode: about.orderNumber,
        signList: [
          {
            expressCode: 'TRAINING',
            trackingNumber: about.mailno,
            mailno: about.mailno,
            signBy: about.signer,
            signDate: signedTime,
            imgList: [{ imgUrl: `https://example.com/${encodeURIComponent(about.mailno)}.jpg`, postfix: 'jpg' }],
          },
        ],
      },
    ],
    'sign-info': {
      customerNumber: about.orderNumber,
      signType: '10',
      mailno: about.mailno,
      actualQuantity: 1,
      signer: about.signer,
      signedTime,
      productList: [],
    },
  };
}
