/** What ANE's answers come to. Pure. */
import type { PlaceOrderResult, TrackingEvent } from '../../domain/shipping.ts';
import type { HttpAnswer } from '../../ports.ts';
import { decodeJson, parseJson } from '../kit/answer.ts';
import { outcomeOfCode } from '../kit/error-table.ts';
import { undecoded, type Outcome } from '../kit/outcome.ts';
import { issueLine, outsideNumber, outsideText } from '../kit/outside.ts';
import type { CodeTable } from '../kit/vendor.ts';
import { successCode } from './errors.ts';
import { envelope } from './schema.ts';
import type { Settings } from './settings.ts';
import { readTrackingWord } from './tracking-words.ts';

type Fields = Settings['assumed']['fields'];

/** An answer with `result` true and code 1000. */
export interface Done {
  /** `resultInfo`, taken apart if it is JSON written as text (public client code). */
  readonly info: unknown;
  readonly words: string;
}

/** Done is `result` true and `resultCode` 1000 (document); any other answer by the code table. */
export function parseEnvelope(answer: HttpAnswer, codes: CodeTable): Outcome<Done> {
  const decoded = decodeJson(answer.body);
  if (!decoded.ok) return undecoded(decoded);
  const parsed = envelope.safeParse(decoded.value);
  if (!parsed.success) return undecoded({ code: 'unreadable', message: `answer: ${issueLine(parsed.error)}` });
  const { result, resultCode, resultInfo, reason } = parsed.data;
  const words = [reason, outsideText.catch('').parse(resultInfo)].find((text) => text !== '') ?? '';
  if (resultCode !== successCode) return outcomeOfCode(codes, resultCode, words);
  if (result !== true) {
    return { kind: 'unknown', code: 'no-success', message: `code 1000 without result true: ${words.slice(0, 200)}` };
  }
  return { kind: 'done', result: { info: infoOf(resultInfo), words } };
}

function infoOf(resultInfo: unknown): unknown {
  if (typeof resultInfo !== 'string' || !/^\s*[[{]/.test(resultInfo)) return resultInfo;
  const inner = parseJson(resultInfo);
  return inner.ok ? inner.value : resultInfo;
}

/** A new order's numbers. An answer that names another order than ours proves nothing about ours. */
export function readPlaced(done: Done, orderNo: string, fields: Fields): Outcome<PlaceOrderResult> {
  const named = numberNamed(done.info, fields.orderNumber);
  if (named !== null && named !== orderNo) {
    return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
  }
  return {
    kind: 'done',
    result: { vendorOrderNumber: named ?? orderNo, waybill: numberNamed(done.info, fields.waybill) },
  };
}

/** The events in a trace answer, oldest first. Names and form are assumed; a row without a status word is kept. */
export function readTrace(info: unknown, fields: Fields, parseTime: (text: string) => number | null): TrackingEvent[] {
  const rows = rowsIn(info).filter(
    (row) => textNamed(row, fields.eventStatus) !== '' || textNamed(row, fields.eventText) !== '',
  );
  const events = rows.map((row): TrackingEvent => {
    const vendorStatus = textNamed(row, fields.eventStatus);
    const text = textNamed(row, fields.eventText);
    return {
      at: parseTime(textNamed(row, fields.eventTime)),
      status: readTrackingWord(vendorStatus, text),
      vendorStatus,
      place: textNamed(row, fields.eventPlace),
      text,
    };
  });
  // Rows without a time keep the vendor's order.
  return events.every((event) => event.at !== null) ? events.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)) : events;
}

type Row = Readonly<Record<string, unknown>>;

/** The objects of the first list in the answer; the answer itself if it is one object without a list. */
function rowsIn(info: unknown): readonly Row[] {
  if (Array.isArray(info)) return (info as unknown[]).filter(isRow).flatMap((row) => listIn(row) ?? [row]);
  if (!isRow(info)) return [];
  return listIn(info) ?? [info];
}

function listIn(row: Row): readonly Row[] | null {
  const list = Object.values(row).find((value) => Array.isArray(value) && (value as unknown[]).some(isRow));
  return list === undefined ? null : (list as unknown[]).filter(isRow);
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True if the answer names waybills and ours is not among them. */
export function isOtherWaybill(info: unknown, waybill: string, fields: Fields): boolean {
  const top = Array.isArray(info) ? (info as unknown[]).filter(isRow) : isRow(info) ? [info] : [];
  const named = top.map((row) => numberNamed(row, fields.waybill)).filter((number) => number !== null);
  return named.length > 0 && !named.includes(waybill);
}

function numberNamed(info: unknown, names: readonly string[]): string | null {
  if (!isRow(info)) return null;
  for (const name of names) {
    const parsed = outsideNumber.safeParse(Object.hasOwn(info, name) ? info[name] : undefined);
    if (parsed.success && /^[A-Za-z0-9_-]{3,64}$/.test(parsed.data)) return parsed.data;
  }
  return null;
}

function textNamed(row: Row, names: readonly string[]): string {
  for (const name of names) {
    const text = Object.hasOwn(row, name) ? outsideText.catch('').parse(row[name]) : '';
    if (text !== '') return text.slice(0, 500);
  }
  return '';
}
