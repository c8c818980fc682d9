/** Routing rules, as they stand in the profile and in the editor. */
import { z } from 'zod';
import { Grams, StationId } from './primitives.ts';

/** All conditions given must hold; an empty `when` always holds. The first rule that holds is taken. */
export const RouteRule = z.strictObject({
  when: z
    .strictObject({
      country: z
        .string()
        .regex(/^[A-Za-z]{2}$/, 'must be two letters (ISO 3166), such as CN')
        .optional(),
      /** The receiver's province or state begins with this. */
      province: z.string().trim().min(1).max(60).optional(),
      /** The upstream the order came from. */
      vendor: z.string().min(1).max(40).optional(),
      customField: z.strictObject({ name: z.string().min(1).max(100), equals: z.string().max(500) }).optional(),
      minG: Grams.min(0).optional(),
      maxG: Grams.min(0).optional(),
    })
    .refine((when) => when.minG === undefined || when.maxG === undefined || when.minG <= when.maxG, {
      path: ['minG'],
      message: 'must not be above maxG',
    }),
  vendor: z.string().min(1).max(40),
  service: z.string().min(1).max(64).optional(),
});
export type RouteRule = z.output<typeof RouteRule>;

export const RouteRules = z.array(RouteRule).max(200);

/** What rules would do with the orders that wait now; their weights are not known yet. */
export const RoutePreview = z.object({
  /** Waiting orders looked at. */
  orders: z.number().int(),
  routes: z.array(
    z.object({
      vendor: z.string(),
      service: z.string().nullable(),
      /** Orders that go this way whatever they weigh. */
      sure: z.number().int(),
      /** Orders that go this way or another, by their weight. */
      byWeight: z.number().int(),
    }),
  ),
  /** Orders without a route at some weight or at any. */
  unmatched: z.object({
    total: z.number().int(),
    /** The first 50 of them. */
    rows: z.array(
      z.object({
        id: StationId,
        number: z.string(),
        customerName: z.string(),
        country: z.string(),
        state: z.string(),
        /** True if only some weights have no route. */
        byWeight: z.boolean(),
      }),
    ),
  }),
});
export type RoutePreview = z.output<typeof RoutePreview>;
