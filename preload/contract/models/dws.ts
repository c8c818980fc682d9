/** Dimension-weigh-scan machines as the screen shows them. */
import { z } from 'zod';
import { Instant, Notice } from './primitives.ts';

/** Whole millimetres. */
export const ParcelSizeView = z.object({
  lengthMm: z.number().int().positive(),
  widthMm: z.number().int().positive(),
  heightMm: z.number().int().positive(),
});
export type ParcelSizeView = z.infer<typeof ParcelSizeView>;

/** One record as it came; null where the machine measured nothing. */
export const DwsView = z.object({
  machineId: z.string(),
  at: Instant,
  /** The first barcode, or null after a no-read. */
  code: z.string().nullable(),
  grams: z.number().nullable(),
  lengthMm: z.number().nullable(),
  widthMm: z.number().nullable(),
  heightMm: z.number().nullable(),
  /** The machine's volume does not fit its sizes. */
  volumeMismatch: z.boolean(),
});
export type DwsView = z.infer<typeof DwsView>;

/**
 * `connecting` link not open · `silent` nothing for longer than the machine is ever silent · `noise` the newest bytes were no
 * record · `failed` records could not be written down.
 */
export const DwsState = z.enum(['connecting', 'online', 'silent', 'noise', 'failed']);
export type DwsState = z.infer<typeof DwsState>;

export const DwsStatus = z.object({
  id: z.string(),
  state: DwsState,
  /** The newest bytes. */
  lastAt: Instant.nullable(),
  /** Since the station started. */
  records: z.number().int(),
  duplicates: z.number().int(),
  refused: z.number().int(),
  reason: Notice.nullable(),
  virtual: z.boolean().optional(),
});
export type DwsStatus = z.infer<typeof DwsStatus>;
