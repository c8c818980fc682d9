/**
 * A strict virtual 安能 (ANE). Sources: the vendor document 订单新建 for fields, envelope and the codes 1000 and 2002;
 * public client code for the digest's form, the other codes, `resultInfo` as JSON text, and the addresses of cancel and
 * trace. The order's own address, the trace's fields and the time window are in no source: training's own.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { readAneOrder } from './ane-rules.ts';
import { openLedger } from './ledger.ts';
import { hashText } from './orders/training-order.ts';
import {
  EffectCounter,
  isJsonType,
  jsonAnswer,
  readJson,
  type Twin,
  type TwinAnswer,
  type TwinRequest,
} from './vendor-server.ts';

export interface AneIdentity {
  readonly code: string;
  readonly appSecret: string;
}

export interface AneTwin extends Twin {
  /** Effects `order` and `cancel`, keyed by orderNo; `refused-repeat` since the start of this process. */
  readonly effects: EffectCounter;
  /** What the carrier holds for an orderNo. */
  find(orderNo: string): { orderNo: string; ewbNo: string } | undefined;
  /** False: a repeated orderNo is no longer refused, so that a double order would show. */
  setRefusesRepeats(refuses: boolean): void;
  close(): void;
}

/** Behind 2003; no source has the width. */
const windowMs = 10 * 60_000;

/** Base64 over the lower-case hexadecimal text of MD5(params + code + AppSecret): public client code. */
export function aneTwinDigest(params: string, identity: AneIdentity): string {
  const hex = createHash('md5').update(`${params}${identity.code}${identity.appSecret}`, 'utf8').digest('hex');
  return Buffer.from(hex, 'utf8').toString('base64');
}

/** Twelve digits, as public client code shows them. */
export function ewbNoFor(orderNo: string): string {
  return `3${String(hashText(`${orderNo}/ewb`))
    .padStart(11, '0')
    .slice(-11)}`;
}

const Envelope = z.strictObject({
  code: z.string(),
  timestamp: z.union([z.string(), z.number()]).transform(String),
  params: z.string(),
  digest: z.string(),
});
const Cancel = z.strictObject({
  action: z.literal('10'),
  orderNo: z.string().min(1).max(64),
  ewbNo: z.string().max(32).optional(),
});
const Trace = z.strictObject({ ewbNo: z.string().min(1).max(32) });

/** Opens (and replays) `ane.jsonl` in `dir`. */
export function createAneTwin(identity: AneIdentity, dir: string): AneTwin {
  const effects = new EffectCounter();
  const ledger = openLedger(dir, 'ane.jsonl', effects);
  const byWaybill = new Map(ledger.newest('order').map((entry) => [ewbNoFor(entry.key), entry.key]));
  /** Orders being worked on: a second one that comes meanwhile is a repeat as well. */
  const working = new Set<string>();
  let refusesRepeats = true;

  const answer = (resultCode: string, resultInfo: string, reason: string): TwinAnswer =>
    jsonAnswer(200, { result: resultCode === '1000', resultCode, resultInfo, reason });
  const refuse = (code: string, reason: string): TwinAnswer => answer(code, reason, reason);
  const accept = (info: unknown): TwinAnswer => answer('1000', JSON.stringify(info), '成功');

  /** Envelope, identity, digest, time; then `params` as a value. */
  const open = (request: TwinRequest): { params: unknown } | TwinAnswer => {
    const type = request.headers['content-type'] ?? '';
    const raw = isJsonType(request.headers)
      ? readJson(request.body)
      : /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)
        ? Object.fromEntries(new URLSearchParams(request.body.toString('utf8')))
        : undefined;
    const envelope = Envelope.safeParse(raw);
    if (!envelope.success) return refuse('1001', '参数不完整: code, timestamp, params, digest');
    const { code, timestamp, params, digest } = envelope.data;
    if (code !== identity.code) return refuse('2001', '客户标识未通过');
    if (!sameText(digest, aneTwinDigest(params, identity))) return refuse('2002', '摘要验证失败');
    if (!/^\d{13}$/.test(timestamp) || Math.abs(request.now - Number(timestamp)) > windowMs) {
      return refuse('2003', '时间戳验证失败');
    }
    const value = readJson(Buffer.from(params, 'utf8'));
    return value === undefined ? refuse('1001', 'params: not JSON') : { params: value };
  };

  const place = async (request: TwinRequest, work: () => Promise<void>): Promise<TwinAnswer> => {
    const opened = open(request);
    if (!('params' in opened)) return opened;
    const order = readAneOrder(opened.params, identity.code);
    if (typeof order === 'string') return refuse('1001', order);
    const { orderNo, receiver } = order;
    if (refusesRepeats && (working.has(orderNo) || ledger.last('order', orderNo) !== undefined)) {
      effects.add('refused-repeat', orderNo);
      return refuse('1001', `订单号重复: ${orderNo}`);
    }
    working.add(orderNo);
    try {
      await work();
      ledger.add('order', orderNo, request.now, { receiver });
      byWaybill.set(ewbNoFor(orderNo), orderNo);
    } finally {
      working.delete(orderNo);
    }
    return accept({ matchResult: 'Y', orderNo, ewbNo: ewbNoFor(orderNo), childEwbNo: '' });
  };

  const cancel = async (request: TwinRequest, work: () => Promise<void>): Promise<TwinAnswer> => {
    const opened = open(request);
    if (!('params' in opened)) return opened;
    const parsed = Cancel.safeParse(opened.params);
    if (!parsed.success) return refuse('1001', 'action 10, orderNo and ewbNo are expected');
    const { orderNo, ewbNo } = parsed.data;
    if (ledger.last('order', orderNo) === undefined) return refuse('1001', `没有此订单: ${orderNo}`);
    if (ewbNo !== undefined && ewbNo !== ewbNoFor(orderNo)) return refuse('1001', `运单号不符: ${ewbNo}`);
    if (ledger.last('cancel', orderNo) !== undefined) return refuse('1001', `订单已取消: ${orderNo}`);
    await work();
    ledger.add('cancel', orderNo, request.now);
    return accept({ orderNo, ewbNo: ewbNoFor(orderNo) });
  };

  const trace = (request: TwinRequest): TwinAnswer => {
    const opened = open(request);
    if (!('params' in opened)) return opened;
    const parsed = Trace.safeParse(opened.params);
    if (!parsed.success) return refuse('1001', 'ewbNo: required');
    const { ewbNo } = parsed.data;
    const orderNo = byWaybill.get(ewbNo);
    const entry = orderNo === undefined ? undefined : ledger.last('order', orderNo);
    if (orderNo === undefined || entry === undefined) return refuse('1001', `没有此运单: ${ewbNo}`);
    const steps: readonly (readonly [number, string, string])[] = [
      [0, '接单', '已受理'],
      [10, '揽件', '已揽件'],
      [30, '运输中', '离开 杭州分拨中心'],
      [60, '派件', '派件中'],
      [90, '签收', '已签收'],
    ];
    const cancelled = ledger.last('cancel', orderNo);
    const until = cancelled?.at ?? request.now;
    const traces = steps
      .map(([minutes, scanType, desc]) => ({ at: entry.at + minutes * 60_000, scanType, desc }))
      .filter((step) => step.at <= until);
    if (cancelled !== undefined) traces.push({ at: cancelled.at, scanType: '撤销', desc: '订单已撤销' });
    const rows = traces.map(({ at, ...words }) => ({ scanTime: chinaTime(at), siteName: '杭州萧山', ...words }));
    return accept({ ewbNo, traces: rows });
  };

  return {
    id: 'ane',
    effects,
    routes: [
      { name: 'order', method: 'POST', path: /^\/aneop\/op\/order\/new$/, handle: place },
      { name: 'update', method: 'POST', path: /^\/aneop\/opwb\/lb\/update$/, handle: cancel },
      { name: 'trace', method: 'POST', path: /^\/api\/trace\/query\/traceQuery$/, handle: trace },
    ],
    notFound: () => jsonAnswer(404, { result: false, resultCode: '404', resultInfo: 'no such interface', reason: '' }),
    tooLarge: () => jsonAnswer(413, { result: false, resultCode: '413', resultInfo: 'body too large', reason: '' }),
    find(orderNo) {
      return ledger.last('order', orderNo) === undefined ? undefined : { orderNo, ewbNo: ewbNoFor(orderNo) };
    },
    setRefusesRepeats: (refuses) => void (refusesRepeats = refuses),
    close: () => ledger.close(),
  };
}

function chinaTime(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given, 'utf8');
  const b = Buffer.from(expected, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}
