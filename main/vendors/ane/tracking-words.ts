/** ANE's status words in ours. The numbers are `orderStatus` of public client code (2016); the words are assumed. */
import type { TrackingStatus } from '../../domain/shipping.ts';

const numbers: Readonly<Record<string, TrackingStatus>> = {
  /** 撤销: the order was withdrawn, so the parcel is going nowhere. */
  '-1': 'exception',
  '0': 'announced',
  '1': 'announced',
  /** 接单失败, 揽件失败. */
  '2': 'exception',
  '3': 'in-transit',
  '4': 'exception',
  '5': 'in-transit',
  '6': 'out-for-delivery',
  '7': 'delivered',
  '8': 'delivery-failed',
};

/** First match wins: 拒签 before 签收, 派件失败 before 派件. */
const words: readonly (readonly [RegExp, TrackingStatus])[] = [
  [/拒签|拒收|派[件送]失败|签收失败|未妥投/, 'delivery-failed'],
  [/退回|返回件|已退/, 'returned'],
  [/异常|破损|丢失|滞留|问题件|撤销|失败/, 'exception'],
  [/签收|妥投|派[件送]成功/, 'delivered'],
  [/自提|待取/, 'ready-for-pickup'],
  [/派[件送]/, 'out-for-delivery'],
  [/揽[收件]|收件|开单|入库|出库|到达|到件|发[出往车]|发件|装车|卸车|运输|在途|中转|分拨/, 'in-transit'],
  [/下单|待受理|接单|受理/, 'announced'],
];

/** Our reading of a status, or `unclear`. The vendor's word decides; its description only where there is no word. */
export function readTrackingWord(vendorStatus: string, text: string): TrackingStatus {
  const word = vendorStatus.trim();
  if (Object.hasOwn(numbers, word)) return numbers[word] ?? 'unclear';
  const said = word === '' ? text : word;
  return words.find(([pattern]) => pattern.test(said))?.[1] ?? 'unclear';
}
