/** Calls of orders and the routes they take. */
import { z } from 'zod';
import { OrderDetail, OrderRow, OrderStatus } from '../models/order.ts';
import { StationId } from '../models/primitives.ts';
import { RoutePreview, RouteRules } from '../models/route.ts';
import { call, Nothing } from './call.ts';

export const ordersCalls = {
  'orders.list': call({
    input: z.object({
      status: OrderStatus.nullable().default(null),
      search: z.string().max(200).default(''),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    output: z.object({ revision: z.number().int(), total: z.number().int(), rows: z.array(OrderRow) }),
    timeoutMs: 5_000,
  }),
  'orders.get': call({ input: z.object({ orderId: StationId }), output: OrderDetail, timeoutMs: 5_000 }),
  'orders.sync': call({ input: Nothing, output: z.object({ pulled: z.number().int() }), timeoutMs: 60_000 }),
  /** Corrects an address the carrier could not take, and places the order again. */
  'orders.correctAddress': call({
    input: z.object({
      orderId: StationId,
      state: z.string().trim().min(1).max(60),
      city: z.string().trim().min(1).max(60),
      /** Empty for the few cities without counties. */
      county: z.string().trim().max(60),
      line1: z.string().trim().min(1).max(200),
    }),
    output: Nothing,
    timeoutMs: 5_000,
  }),
  'routes.get': call({
    input: Nothing,
    output: z.object({
      routes: RouteRules,
      /** Vendors that ship. */
      carriers: z.array(z.object({ id: z.string(), name: z.string() })),
      /** Vendors that give orders. */
      upstreams: z.array(z.string()),
      /** False if this station was started without a profile file. */
      savable: z.boolean(),
    }),
    timeoutMs: 5_000,
  }),
  /** Tries rules on the waiting orders; keeps nothing. */
  'routes.preview': call({ input: z.object({ routes: RouteRules }), output: RoutePreview, timeoutMs: 30_000 }),
  /** Writes the rules into the profile file; they hold from the next order on. */
  'routes.save': call({ input: z.object({ routes: RouteRules }), output: Nothing, timeoutMs: 10_000 }),
};
