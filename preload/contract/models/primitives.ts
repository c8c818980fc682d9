/**
 * Values that cross the boundary everywhere. Units are in the names: grams (`…G`), millimetres (`…Mm`),
 * milliseconds (`…Ms`); instants are milliseconds since the epoch (`…At`).
 * Everything an outside system uses to identify something is a string, never a number.
 */
import { z } from 'zod';

/** Milliseconds since the Unix epoch, on the desk's clock unless the name says otherwise. */
export const Instant = z.number().int().nonnegative();
/** A duration in milliseconds. */
export const DurationMs = z.number().int().nonnegative();
/** Mass in whole grams. */
export const Grams = z.number().int();
/** An id made by the station (orders, parcels, jobs, prints). */
export const StationId = z.string().min(1).max(64);
/** A number given by an outside system: order number, waybill, bag number. */
export const OutsideNumber = z.string().min(1).max(128);
/** `zh-CN` or `en`: the two languages of the screen. */
export const Locale = z.enum(['zh-CN', 'en']);
export type Locale = z.infer<typeof Locale>;

/** How loud a notice is: `stop` stops the packer (red, buzzer), `ask` waits for one answer. */
export const Tone = z.enum(['ok', 'info', 'warn', 'stop', 'ask']);
export type Tone = z.infer<typeof Tone>;

/**
 * What went wrong, in a code whose sentence the screen has in every language. Outside text (what a device or its driver
 * said) only ever arrives inside `params`.
 */
export const Problem = z.object({
  code: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Problem = z.infer<typeof Problem>;

/**
 * Something said to a person. `code` is a key of `resources/locales/*.json`; the screen and the command line put
 * `params` into the sentence. Outside text (a vendor's reason) only ever arrives inside `params`.
 */
export const Notice = z.object({
  code: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/),
  tone: Tone,
  params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  /** Says in the screen's language what the parameter `reason` or `why` says in English. */
  cause: Problem.optional(),
});
export type Notice = z.infer<typeof Notice>;
