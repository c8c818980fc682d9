/** The boundary: every call, topic, model and error code both sides may know. Imports zod and nothing else. */
export * from './models/primitives.ts';
export * from './models/order.ts';
export * from './models/dws.ts';
export * from './models/pack.ts';
export * from './models/scan.ts';
export * from './models/route.ts';
export * from './models/tracking.ts';
export * from './models/device.ts';
export * from './models/device-room.ts';
export * from './models/device-settings.ts';
export * from './models/printer.ts';
export * from './models/bag.ts';
export * from './models/handover.ts';
export * from './errors.ts';
export * from './calls.ts';
export * from './topics.ts';
