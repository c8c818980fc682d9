/**
 * A strict virtual 外勤365 (waiqin365). Sources: the vendor's page 查询分销订单 (`/SERVER/app/dms/fx_order.html`) for the
 * interface, its parameters and both answer shapes; a public copy of the vendor's openapi manual for the digest.
 * Where neither says anything the rule is ours and the comment says so.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Ledger } from './ledger.ts';
import { describeRefusal } from './refusal.ts';
import type { OrderBook } from './orders/order-book.ts';
import { toVendorRecord, vendorTime } from './waiqin365-record.ts';
import { addedRecords, createWrites, withWrites } from './waiqin365-writes.ts';
import {
  isJsonType,
  jsonAnswer,
  readJson,
  sameHex,
  type Twin,
  type TwinAnswer,
  type TwinRequest,
  type TwinRoute,
} from './vendor-server.ts';

export interface Waiqin365Identity {
  /** 19 digits. */
  readonly openid: string;
  /** 18 characters, never sent. */
  readonly appkey: string;
}

/** Ours: the vendor states no window. Compared by minute, because public callers write milliseconds where seconds belong. */
const timestampToleranceMinutes = 10;
/** Ours: the vendor states no replay rule for msg_id. */
const messageIdWindowMs = 30 * 60_000;

/**
 * The digest of the manual: lower-case hexadecimal MD5 of `body|appkey|timestamp`, over the raw UTF-8 bytes.
 */
export function waiqin365Digest(body: Buffer, appkey: string, timestamp: string): string {
  return createHash('md5').update(body).update(`|${appkey}|${timestamp}`, 'utf8').digest('hex');
}

const Text32 = z.string().max(32);
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be yyyy-MM-dd');
const Moment = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'must be yyyy-MM-dd HH:mm:ss');
/** INT in the table; public client code sends it as text. */
const Int = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
]);

/** The table of the page, plus the keys only its sample shows (accepted and without effect: 具体以参数说明为准). */
const Query = z.strictObject({
  page_number: Int.pipe(z.number().min(1)).default(1),
  page_length: Int.pipe(z.number().min(1).max(1000)).default(1000),
  s_status: z
    .union([z.enum(['0', '1']), z.literal(0).transform(() => '0'), z.literal(1).transform(() => '1')])
    .optional(),
  order_no: Text32.optional(),
  s_cmCode: Text32.optional(),
  s_cmName: Text32.optional(),
  s_supplyCode: Text32.optional(),
  s_supplyName: Text32.optional(),
  emp_code: Text32.optional(),
  emp_name: Text32.optional(),
  after_create_date: Moment.optional(),
  after_modify_date: Moment.optional(),
  start_create_date: Day.optional(),
  end_create_date: Day.optional(),
  start_modify_date: Day.optional(),
  end_modify_date: Day.optional(),
  s_orderClass: z.enum(['ZC', 'HC']).optional(),
  purchase_no: z.string().optional(),
  create_time_begin: z.string().optional(),
  create_time_end: z.string().optional(),
});
type Query = z.output<typeof Query>;

/** The virtual vendor over an order book. Message ids are only kept in memory: that they may not repeat is ours. */
export function createWaiqin365Twin(
  identity: Waiqin365Identity,
  book: OrderBook,
  ledger: Ledger,
  locale: 'zh-CN' | 'en' = 'zh-CN',
): Twin {
  const writes = createWrites(book, ledger);
  const seenMessages = new Map<string, number>();

  const isRepeat = (messageId: string, now: number): boolean => {
    for (const [id, at] of seenMessages) {
      if (now - at <= messageIdWindowMs) break;
      seenMessages.delete(id);
    }
    if (seenMessages.has(messageId)) return true;
    seenMessages.set(messageId, now);
    return false;
  };

  const refuse = (messageId: string, reason: string): TwinAnswer =>
    jsonAnswer(200, { return_code: '1', return_msg: reason, msg_id: messageId });

  /** Why the call is not let in, or null. */
  const gate = (request: TwinRequest): string | null => {
    const [openid = '', timestamp = '', digest = '', messageId = ''] = request.parts.map(decodePart);
    if (openid !== identity.openid) return 'openid不存在 (unknown openid)';
    if (!/^\d{14,15}$/.test(timestamp)) return 'timestamp格式不正确 (14 or 15 digits: yyyyMMddHHmmSS)';
    const minute = minuteOf(timestamp);
    if (minute === null) return 'timestamp格式不正确 (not a date)';
    if (Math.abs(Math.floor(request.now / 60_000) - minute) > timestampToleranceMinutes) {
      return `timestamp已过期 (more than ${timestampToleranceMinutes} minutes from the vendor's clock)`;
    }
    if (!sameHex(digest, waiqin365Digest(request.body, identity.appkey, timestamp))) {
      return 'digest验证失败 (digest does not match the body)';
    }
    // The document gives msg_id VARCHAR(32), its own samples are UUIDs of 36 characters: the longer one is taken.
    if (messageId.length === 0 || messageId.length > 36) return 'msg_id长度不正确 (1 to 36 characters)';
    if (isRepeat(messageId, request.now)) return 'msg_id重复 (the same msg_id within 30 minutes)';
    return null;
  };

  return {
    id: 'waiqin365',
    routes: [
      {
        name: 'getDmsSalesOrderInfos',
        method: 'POST',
        path: /^\/api\/dmsdatasearch\/v1\/getDmsSalesOrderInfos\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)$/,
        async handle(request, work) {
          const messageId = decodePart(request.parts[3] ?? '');
          if (!isJsonType(request.headers)) return refuse(messageId, 'Content-Type必须为application/json');
          const refused = gate(request);
          if (refused !== null) return refuse(messageId, refused);
          const parsed = Query.safeParse(readJson(request.body));
          if (!parsed.success) return refuse(messageId, `参数不正确: ${describeRefusal(parsed.error)}`);
          await work();
          const { page_number: page, page_length: length } = parsed.data;
          const found = book
            .list()
            .map((order) => toVendorRecord(order, locale))
            .concat(addedRecords(ledger))
            .map((record) => withWrites(record, ledger))
            .filter((record) => matches(record, parsed.data))
            .slice((page - 1) * length, page * length);
          book.markServed(
            found.map((record) => record.number).filter((number) => book.get(number) !== undefined),
            request.now,
          );
          return jsonAnswer(200, {
            return_code: '0',
            return_msg: '',
            msg_id: messageId,
            response_data: JSON.stringify(found.map((record) => record.fields)),
          });
        },
      },
      ...writes.map((write): TwinRoute => ({
        name: write.path.slice(write.path.lastIndexOf('/') + 1),
        method: 'POST',
        path: new RegExp(`^/api/${write.path}/([^/]+)/([^/]+)/([^/]+)/([^/]+)$`),
        async handle(request, work) {
          const messageId = decodePart(request.parts[3] ?? '');
          if (!isJsonType(request.headers)) return refuse(messageId, 'Content-Type必须为application/json');
          const refused = gate(request);
          if (refused !== null) return refuse(messageId, refused);
          const parsed = write.schema.safeParse(readJson(request.body));
          if (!parsed.success) return refuse(messageId, `参数不正确: ${describeRefusal(parsed.error)}`);
          await work();
          const written = write.run(parsed.data, request.now);
          if (!written.ok) return refuse(messageId, written.reason);
          // The samples of these interfaces show return_code as a number.
          return jsonAnswer(200, { msg_id: messageId, return_code: 0, return_msg: '', ...written.more });
        },
      })),
    ],
    // Public client code: the gateway answers text that does not begin with `{` when the address is wrong.
    notFound: () => ({
      status: 200,
      type: 'text/html;charset=UTF-8',
      body: '<html><body>请求地址不正确或请求方法不存在</body></html>',
    }),
    tooLarge: () => ({ status: 413, type: 'text/html;charset=UTF-8', body: '<html><body>413</body></html>' }),
  };
}

function matches(record: ReturnType<typeof toVendorRecord>, query: Query): boolean {
  const created = vendorTime(record.createdAt);
  const modified = vendorTime(record.modifiedAt);
  const is = (wanted: string | undefined, value: unknown): boolean => wanted === undefined || wanted === value;
  const from = (wanted: string | undefined, value: string): boolean => wanted === undefined || value >= wanted;
  const until = (wanted: string | undefined, value: string): boolean => wanted === undefined || value <= wanted;
  const after = (wanted: string | undefined, value: string): boolean => wanted === undefined || value > `${wanted}.000`;
  return (
    is(query.s_status, record.fields.status) &&
    is(query.order_no, record.number) &&
    is(query.s_cmCode, record.fields.cm_code) &&
    is(query.s_cmName, record.fields.cm_name) &&
    is(query.s_supplyCode, record.fields.supply_code) &&
    is(query.s_supplyName, record.fields.supply_name) &&
    is(query.emp_code, record.fields.emp_code) &&
    is(query.emp_name, record.fields.emp_name) &&
    is(query.s_orderClass, 'ZC') &&
    after(query.after_create_date, created) &&
    after(query.after_modify_date, modified) &&
    from(query.start_create_date, created.slice(0, 10)) &&
    until(query.end_create_date, created.slice(0, 10)) &&
    from(query.start_modify_date, modified.slice(0, 10)) &&
    until(query.end_modify_date, modified.slice(0, 10))
  );
}

/** Minutes since the epoch of `yyyyMMddHHmm…`, written in China time (UTC+8), or null if that is no date. */
function minuteOf(timestamp: string): number | null {
  const [, year, month, day, hour, minute] = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})/.exec(timestamp) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00+08:00`);
  return Number.isNaN(at) ? null : at / 60_000;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
