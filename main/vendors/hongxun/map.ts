/** A parcel and its delivery to 鸿讯's requests, and 鸿讯's answers to outcomes. Pure. */
import { z } from 'zod';
import type { JobCall } from '../../domain/job.ts';
import type { TrackingStatus } from '../../domain/shipping.ts';
import type { HttpAnswer } from '../../ports.ts';
import { decodeJson } from '../kit/answer.ts';
import { outcomeOfCode } from '../kit/error-table.ts';
import { refuse } from '../kit/limits.ts';
import { undecoded, type Outcome } from '../kit/outcome.ts';
import { cleanText, issueLine, outsideText } from '../kit/outside.ts';
import { shanghaiText } from '../kit/time.ts';
import type { BuildRefusal } from '../kit/vendor.ts';
import {
  assumedAuthWords,
  assumedImageNames,
  assumedRouteNodes,
  assumedSignNodes,
  assumedSkewWords,
} from './assumed.ts';
import { codes, successCode } from './errors.ts';
import type { carrierSignImages, parcelReport, routes, signImages } from './requests.ts';
import type { Settings } from './settings.ts';
import type { NodeType } from './tables.ts';

/** What a call that went well said. `value` is 响应内容, as it came. */
export interface Accepted {
  readonly message: string;
  readonly value: unknown;
}

/** Vendor document 签收图片推送接口, 返回响应. */
const envelope = z.object({
  code: z.union([z.number().int().transform(String), z.string().trim().min(1).max(64)]),
  message: outsideText,
  flag: z.boolean(),
  value: z.unknown().optional(),
});

/** Done is `code: 200` and `flag: true`, both. A refusal is `flag: false`; whatever else is said is unknown. */
export function parseAnswer(answer: HttpAnswer): Outcome<Accepted> {
  const decoded = decodeJson(answer.body);
  if (!decoded.ok) return undecoded(decoded);
  const parsed = envelope.safeParse(decoded.value);
  if (!parsed.success) return undecoded({ code: 'unreadable', message: `answer: ${issueLine(parsed.error)}` });
  const { code, message, flag, value } = parsed.data;
  if (code === successCode) {
    if (flag) return { kind: 'done', result: { message, value } };
    return undecoded({ code: 'contradiction', message: `code 200 with flag false: ${oneLine(message)}` });
  }
  const listed = outcomeOfCode(codes, code, message);
  // The document: flag false is 失败. A code of a failing server is no clear word about what happened before it failed.
  if (flag || listed.kind !== 'unknown' || /^5\d\d$/.test(code)) return listed;
  const said = message.toLowerCase();
  if (assumedSkewWords.some((word) => said.includes(word))) return { ...listed, kind: 'skew' };
  if (assumedAuthWords.some((word) => said.includes(word))) return { ...listed, kind: 'auth' };
  return { ...listed, kind: 'rejected' };
}

function oneLine(text: string): string {
  return cleanText(text).replace(/\n+/g, ' ').slice(0, 300);
}

/** The newest word on the parcel's waybill: the label's, else the confirmation's, else the order's. */
function waybillOf(call: JobCall): string | BuildRefusal {
  const { fetchLabel, confirm, placeOrder } = call.earlier;
  const waybill = fetchLabel?.waybill ?? confirm?.waybill ?? placeOrder?.waybill ?? null;
  return waybill ?? refuse('waybill-missing', 'mailno: the parcel has no waybill yet');
}

function isRefusal(value: object | string): value is BuildRefusal {
  return typeof value === 'object' && 'refused' in value;
}

/** Millimetres as centimetres, exact. */
function centimetres(mm: number): number {
  return Number((mm / 10).toFixed(1));
}

/** DWS包裹信息接口: grams and centimetres; a size that nobody measured is the profile's carton, or a refusal. */
export function reportOf(call: JobCall, settings: Settings): z.input<typeof parcelReport> | BuildRefusal {
  const mailno = waybillOf(call);
  if (isRefusal(mailno)) return mailno;
  const { facts } = call;
  const carton = settings.cartonMm;
  const measured = facts.lengthMm !== null && facts.widthMm !== null && facts.heightMm !== null;
  const size = measured
    ? { length: facts.lengthMm, width: facts.widthMm, height: facts.heightMm }
    : carton === undefined
      ? null
      : carton;
  if (size === null) {
    return refuse(
      'size-missing',
      'longs, widths, heights: the parcel was not measured; set vendors.hongxun.cartonMm if all parcels have one size',
    );
  }
  const volume = Number(((size.length * size.width * size.height) / 1_000).toFixed(3));
  return {
    mailno,
    longs: centimetres(size.length),
    widths: centimetres(size.width),
    heights: centimetres(size.height),
    weight: facts.weightG,
    volume,
    ...(facts.remark === '' ? {} : { remark: shorten(facts.remark, 500) }),
  };
}

/** The parts of `TrackingEvent` that a push needs; the rest is ignored. */
const event = z.object({
  at: z.number().int().min(0).nullable(),
  status: z.custom<TrackingStatus>((value) => typeof value === 'string' && Object.hasOwn(assumedRouteNodes, value)),
  vendorStatus: z.string().max(2_000),
  place: z.string().max(2_000),
  text: z.string().max(4_000),
});
const delivery = z.object({ event, signedBy: z.string().max(2_000) });
const image = z.object({
  url: z.string().max(2_000).nullable(),
  base64: z.string().max(4_000_000).nullable(),
  postfix: z.string().max(16),
});
const proof = delivery.extend({ images: z.array(image).min(1).max(50) });

/** The payload of a delivery job, or a refusal: such a job cannot have been written by this version. */
function payloadOf<T>(schema: z.ZodType<T>, call: JobCall): T | BuildRefusal {
  const parsed = schema.safeParse(call.payload);
  return parsed.success ? parsed.data : refuse('payload', `${call.operation}: payload: ${issueLine(parsed.error)}`);
}

/** 承运商 路由推送接口: one node of one parcel. `kind` chooses between the nodes of a route and those of a signature. */
export function routeOf(
  call: JobCall,
  kind: 'route' | 'sign',
  settings: Settings,
): z.input<typeof routes> | BuildRefusal {
  const mailno = waybillOf(call);
  if (isRefusal(mailno)) return mailno;
  const payload = payloadOf(delivery, call);
  if (isRefusal(payload)) return payload;
  const { status, at, place, text, vendorStatus } = payload.event;
  const node = nodeOf(kind, status, settings);
  if (node === null) {
    const fix = `set vendors.hongxun.nodes.${kind}`;
    return refuse('no-node', `scanTypeCode: no node of appendix 3 is chosen for "${status}"; ${fix} if there is one`);
  }
  if (at === null) return refuse('time-missing', 'time: the event has no time');
  const signer = cleanText(payload.signedBy);
  const memo = cleanText(text) || cleanText(vendorStatus);
  return [
    {
      mailno,
      scanTypeCode: node,
      operator: shorten(signer || settings.operator, 64),
      time: shanghaiText(at),
      transferAddress: shorten(cleanText(place), 500),
      memo: shorten(memo, 500),
    },
  ];
}

function nodeOf(kind: 'route' | 'sign', status: TrackingStatus, settings: Settings): NodeType | null {
  const chosen: Partial<Record<TrackingStatus, NodeType | null | undefined>> = settings.nodes[kind];
  const own = chosen[status];
  return own !== undefined ? own : (kind === 'route' ? assumedRouteNodes : assumedSignNodes)[status];
}

/** 签收图片推送接口 of the document: pictures by address only. */
export function signImagesOf(call: JobCall, settings: Settings): z.input<typeof signImages> | BuildRefusal {
  const mailno = waybillOf(call);
  if (isRefusal(mailno)) return mailno;
  const payload = payloadOf(proof, call);
  if (isRefusal(payload)) return payload;
  const { customerFlag } = settings;
  if (customerFlag === undefined) return refuse('field-missing', 'customerFlag: set vendors.hongxun.customerFlag');
  if (payload.images.some(({ url }) => url === null || url === '')) {
    const fix = 'set vendors.hongxun.signImagesVia to "carrier"';
    return refuse('picture-address', `imgUrl: this interface takes addresses of pictures only; ${fix}`);
  }
  return [
    {
      customerFlag,
      customerOrderCode: call.facts.orderNumber,
      signList: [
        {
          trackingNumber: mailno,
          mailno,
          signBy: shorten(cleanText(payload.signedBy), 128),
          signDate: payload.event.at === null ? null : shanghaiText(payload.event.at),
          imgList: payload.images.map(({ url, postfix }) => ({ imgUrl: url, postfix })),
        },
      ],
    },
  ];
}

/** 承运商 签收图片推送接口: all by address if every picture has one, else all by content. */
export function carrierSignImagesOf(call: JobCall): z.input<typeof carrierSignImages> | BuildRefusal {
  const mailno = waybillOf(call);
  if (isRefusal(mailno)) return mailno;
  const payload = payloadOf(proof, call);
  if (isRefusal(payload)) return payload;
  const byAddress = payload.images.every(({ url }) => url !== null && url !== '');
  if (!byAddress && payload.images.some(({ base64 }) => base64 === null || base64 === '')) {
    return refuse('picture-missing', 'imageInfos: some pictures have no content and some no address');
  }
  const names = assumedImageNames;
  return {
    mailno,
    imageType: byAddress ? 'imageUrl' : 'imageBase64',
    imageInfos: payload.images.map(({ url, base64, postfix }) => ({
      [names.image]: byAddress ? url : base64,
      [names.postfix]: postfix,
      [names.signedBy]: shorten(cleanText(payload.signedBy), 128),
      [names.signedAt]: payload.event.at === null ? null : shanghaiText(payload.event.at),
    })),
  };
}

/** At most `max` characters (code points). */
function shorten(text: string, max: number): string {
  return [...text].slice(0, max).join('');
}
