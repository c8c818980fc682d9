/** A parcel's tracking number to AsiaBill's upload, and its answers to ours. Pure. */
import type { JobCall, ReconcileOutcome } from '../../domain/job.ts';
import type { HttpAnswer } from '../../ports.ts';
import type { UploadTrackingResult } from '../../domain/shipping.ts';
import { decodeJson } from '../kit/answer.ts';
import { outcomeOfCode } from '../kit/error-table.ts';
import { checkLengths, refuse } from '../kit/limits.ts';
import { undecoded, type Outcome } from '../kit/outcome.ts';
import { issueLine } from '../kit/outside.ts';
import type { BuildRefusal } from '../kit/vendor.ts';
import { codes, successCode } from './errors.ts';
import { envelope, tracked, uploaded } from './schema.ts';
import type { Settings } from './settings.ts';

/** The newest word on the parcel's waybill: the label's, else the confirmation's, else the order's. */
export function waybillOf(call: JobCall): string | null {
  const { fetchLabel, confirm, placeOrder } = call.earlier;
  return fetchLabel?.waybill ?? confirm?.waybill ?? placeOrder?.waybill ?? null;
}

/** Body of 物流上传接口, or the documented limit it breaks. One of orderNo and tradeNo is required; we send one. */
export function uploadBody(call: JobCall, settings: Settings): Record<string, string> | BuildRefusal {
  const trackingNo = waybillOf(call);
  if (trackingNo === null) return refuse('waybill-missing', 'trackingNo: the parcel has no waybill yet');
  const trackingWeb = settings.trackingWeb.replaceAll('{waybill}', encodeURIComponent(trackingNo));
  const broken = checkLengths([
    { field: settings.orderNumberIs, value: call.facts.orderNumber, min: 1, max: 64 },
    { field: 'trackingNo', value: trackingNo, min: 2, max: 50 },
    { field: 'trackingWeb', value: trackingWeb, min: 2, max: 200 },
    { field: 'lcCode', value: settings.lcCode ?? '', min: 0, max: 50 },
    { field: 'request-id', value: call.requestId, min: 1, max: 64 },
  ]);
  if (broken !== null) return broken;
  if (!/^[\u0021-\u007e]+$/.test(call.requestId)) return refuse('field-illegal', 'request-id is not plain ASCII');
  return {
    ...(settings.lcCode === undefined ? {} : { lcCode: settings.lcCode }),
    [settings.orderNumberIs]: call.facts.orderNumber,
    trackingNo,
    trackingWeb,
  };
}

/** `data` of an answer with the success code; any other answer by the code table. */
function parseEnvelope(answer: HttpAnswer): Outcome<unknown> {
  const decoded = decodeJson(answer.body);
  if (!decoded.ok) return undecoded(decoded);
  const parsed = envelope.safeParse(decoded.value);
  if (!parsed.success) return undecoded({ code: 'unreadable', message: `answer: ${issueLine(parsed.error)}` });
  const { code, message, data } = parsed.data;
  return code === successCode ? { kind: 'done', result: data } : outcomeOfCode(codes, code, message);
}

export interface Uploaded extends UploadTrackingResult {
  /** Null if the answer names none, or not exactly. */
  readonly tradeNo: string | null;
}

/** Done is the success code and `data.status` `success`, both in the document's sample. */
export function parseUploaded(answer: HttpAnswer): Outcome<Uploaded> {
  const outcome = parseEnvelope(answer);
  if (outcome.kind !== 'done') return outcome;
  const parsed = uploaded.safeParse(outcome.result);
  if (!parsed.success) return undecoded({ code: 'unreadable', message: `answer: data: ${issueLine(parsed.error)}` });
  const { status, description, tradeNo } = parsed.data;
  if (status !== 'success') {
    return { kind: 'unknown', code: 'no-success', message: `code 00000 with status "${status.slice(0, 60)}"` };
  }
  return { kind: 'done', result: { confirmation: description === '' ? status : description, tradeNo } };
}

export interface Tracked {
  readonly tradeNo: string | null;
  readonly trackingNo: string | null;
  readonly status: string;
  readonly carrierCode: string;
  readonly trackingWeb: string;
}

export function parseTracked(answer: HttpAnswer): Outcome<readonly Tracked[]> {
  const outcome = parseEnvelope(answer);
  if (outcome.kind !== 'done') return outcome;
  const parsed = tracked.safeParse(outcome.result);
  if (!parsed.success) return undecoded({ code: 'unreadable', message: `answer: data: ${issueLine(parsed.error)}` });
  const rows = parsed.data.map(({ tradeNo, trackingNo, logisticsStatus, tbLcCode, trackingWeb }) => ({
    tradeNo,
    trackingNo,
    status: logisticsStatus,
    carrierCode: tbLcCode,
    trackingWeb,
  }));
  return { kind: 'done', result: rows };
}

/** True if the vendor holds another tracking number than ours for this trade number. */
export function hasAnother(rows: readonly Tracked[], tradeNo: string, waybill: string | null): boolean {
  const numbers = rows.filter((row) => row.tradeNo === tradeNo && row.trackingNo !== null).map((row) => row.trackingNo);
  return numbers.length > 0 && !numbers.includes(waybill);
}

/** Whether our upload is among what the vendor has for the one trade number we asked about. */
export function judgeTracked(rows: readonly Tracked[], tradeNo: string, waybill: string): ReconcileOutcome {
  const ours = rows.filter((row) => row.tradeNo === tradeNo || row.tradeNo === null);
  if (ours.some((row) => row.tradeNo === tradeNo && row.trackingNo === waybill)) {
    const result: UploadTrackingResult = { confirmation: `tracking number ${waybill} is at the vendor` };
    return { kind: 'found', result };
  }
  if (ours.length === 0 && rows.length === 0) return { kind: 'not-found' };
  return { kind: 'unsure', code: 'other-tracking', message: 'the vendor has another tracking number for this order' };
}
