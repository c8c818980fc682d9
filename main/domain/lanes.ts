/**
 * Lanes: jobs of one lane run in order and wait behind one that failed. A parcel's label has a lane of its own, and
 * so has each vendor that is told of the parcel: a report that is refused delays neither the label nor what other
 * vendors are told, while one vendor still hears things in their order.
 */
import type { DocumentOperation, OperationName } from './shipping.ts';

/** The steps a label depends on, in their order; they run in the parcel's own lane. */
export const labelSteps = ['placeOrder', 'confirm', 'fetchLabel'] as const satisfies readonly OperationName[];
export const labelOperations: ReadonlySet<OperationName | DocumentOperation> = new Set<OperationName>(labelSteps);

/**
 * What others are told of a parcel, and its fixed place in their lane. Each place is taken once (the store keeps lane
 * and place unique), so nothing is told twice however often it is planned.
 */
export const reportPlaces = {
  uploadTracking: 10,
  reportParcel: 20,
  recordShipment: 30,
  pushRoute: 40,
  pushSignInfo: 50,
  recordSigned: 60,
  pushSignImages: 70,
} as const satisfies Partial<Record<OperationName, number>>;
export type ReportOperation = keyof typeof reportPlaces;

/** Told once the label was scanned on the parcel, in this order. */
export const dispatchReports: readonly ReportOperation[] = ['uploadTracking', 'reportParcel', 'recordShipment'];

/** Told once the parcel is delivered, in this order. */
export const deliveryReports: readonly ReportOperation[] = [
  'pushRoute',
  'pushSignInfo',
  'recordSigned',
  'pushSignImages',
];

export function isReport(operation: OperationName): operation is ReportOperation {
  return Object.hasOwn(reportPlaces, operation);
}

/** The lane in which `vendor` is told of a parcel. Parcel ids hold no `#`. */
export function reportLane(parcelId: string, vendor: string): string {
  return `${parcelId}#${vendor}`;
}

/** The parcel a lane belongs to. */
export function parcelOfLane(lane: string): string {
  const end = lane.indexOf('#');
  return end < 0 ? lane : lane.slice(0, end);
}
