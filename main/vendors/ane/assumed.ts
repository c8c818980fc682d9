/**
 * Everything about ANE that no document we have states. Each entry is a guess, can be replaced from the profile, and is
 * never shown or described as the vendor's word:
 *
 *   "ane": { …, "assumed": { "paths": { "placeOrder": "…" }, "fields": { "waybill": ["…"] } } }
 */

export interface AssumedPaths {
  /** 订单新建: its document has every field and no address. Formed like the public `opwb/lb/new`. */
  readonly placeOrder: string;
}
export const assumedPaths: AssumedPaths = { placeOrder: 'op/order/new' };

/** Names in public client code, which is not the vendor's word: paths below the base address. */
export const publicPaths = {
  createWaybill: 'opwb/lb/new',
  cancel: 'opwb/lb/update',
  queryTracking: 'api/trace/query/traceQuery',
} as const;

/** Public: the trace interfaces of the test system are on this host. The live one is formed like it. */
export const traceHosts: Readonly<Record<string, string>> = {
  'opc.test.ane56.com': 'https://traceopc.test.ane56.com',
  'opc.ane56.com': 'https://traceopc.ane56.com',
};

/** Names looked for in `resultInfo` when it holds JSON, first match wins. `orderNo` and `ewbNo` are public. */
export interface AssumedFields {
  readonly orderNumber: readonly string[];
  readonly waybill: readonly string[];
  /** Of one tracking event. */
  readonly eventTime: readonly string[];
  readonly eventStatus: readonly string[];
  readonly eventPlace: readonly string[];
  readonly eventText: readonly string[];
}
export const assumedFields: AssumedFields = {
  orderNumber: ['orderNo'],
  waybill: ['ewbNo', 'logisticNo'],
  eventTime: ['scanTime', 'operateTime', 'traceTime', 'time', 'createdTime'],
  eventStatus: ['orderStatus', 'scanType', 'traceType', 'operateType', 'status'],
  eventPlace: ['siteName', 'scanSite', 'operateSite', 'city', 'place'],
  eventText: ['desc', 'traceDesc', 'description', 'context', 'content', 'remark'],
};

/** The parameter by which the trace query names a waybill. */
export const assumedTraceParameter = 'ewbNo';
