/** AsiaBill's ten statuses in our words, and its rows as answers to our questions. Pure. */
import type { TrackingAnswer, TrackingQuestion, TrackingStatus } from '../../domain/shipping.ts';
import { maxTradeNos } from './calls.ts';
import type { Tracked } from './map.ts';

/** Document 物流信息查询, property logisticsStatus. */
const statuses: Readonly<Record<string, TrackingStatus>> = {
  /** 待查询: AsiaBill has the number and has not asked the carrier yet. */
  Pending: 'announced',
  /** 查询不到. */
  NotFound: 'not-found',
  /** 预报发货. */
  InfoReceived: 'announced',
  /** 运输途中. */
  InTransit: 'in-transit',
  /** 到达待取. */
  ArrivedDelivery: 'ready-for-pickup',
  /** 派送途中. */
  Delivering: 'out-for-delivery',
  /** 成功派送. */
  Delivered: 'delivered',
  /** 包裹异常. */
  Exception: 'exception',
  /** 投递失败. */
  DeliveryFailure: 'delivery-failed',
  /** 包裹退回. */
  Return: 'returned',
};

export function statusOf(word: string): TrackingStatus {
  return (Object.hasOwn(statuses, word) ? statuses[word] : undefined) ?? 'unclear';
}

/** Questions in groups whose trade numbers fit into one call: 255 characters with the commas. */
export function inCalls(questions: readonly TrackingQuestion[]): readonly (readonly TrackingQuestion[])[] {
  const groups: TrackingQuestion[][] = [];
  let room = -1;
  for (const question of questions) {
    const length = question.orderNumber.length;
    if (length + 1 > room) {
      groups.push([]);
      room = maxTradeNos + 1;
    }
    groups.at(-1)?.push(question);
    room -= length + 1;
  }
  return groups;
}

/** The row of a question's trade number and waybill; a row about another parcel of the order says nothing of ours. */
export function answerFrom(question: TrackingQuestion, rows: readonly Tracked[]): TrackingAnswer {
  const { parcelId, orderNumber, waybill } = question;
  const ours = rows.filter((row) => row.tradeNo === orderNumber);
  const row = ours.find((each) => each.trackingNo === waybill) ?? ours.find((each) => each.trackingNo === null);
  if (row !== undefined) {
    return { parcelId, status: statusOf(row.status), vendorStatus: row.status, events: [] };
  }
  // A number that came inexact could be ours; and another waybill for our order is not "not found".
  const doubtful = ours.length > 0 || rows.some((each) => each.tradeNo === null);
  return { parcelId, status: doubtful ? 'unclear' : 'not-found', vendorStatus: '', events: [] };
}
