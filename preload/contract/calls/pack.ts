/** Calls of the packing desk and its scanners. */
import { z } from 'zod';
import { PackCommand, ScanFeedback } from '../models/pack.ts';
import { ScanManner, ScannerId, ScannerPlace, ScannerRefusal } from '../models/scan.ts';
import { call } from './call.ts';

export const packCalls = {
  'pack.scan': call({
    input: z.object({
      /** The scanned text without prefix and terminator. */
      code: z.string().min(1).max(2_048),
      source: z.enum(['wedge', 'keyboard', 'device', 'demo']).default('wedge'),
      manner: ScanManner.optional(),
    }),
    output: ScanFeedback,
    timeoutMs: 5_000,
  }),
  'pack.command': call({
    input: z.object({ command: PackCommand, reason: z.string().max(200).default('') }),
    output: ScanFeedback,
    timeoutMs: 5_000,
  }),
  /**
   * Takes a scan that waits in the topic `scanners`, to be sent on as `pack.scan`, `bags.scan` or `day.scan`. Null if another
   * screen was first, or the station took it itself because no screen did in time.
   */
  'scanners.take': call({
    input: z.object({ seq: z.number().int() }),
    output: z.object({
      scan: z
        .object({
          /** Empty if it was refused. */
          code: z.string().max(2_048),
          /** Tail of a locale key `scan.refused-…`. */
          refusal: ScannerRefusal.nullable(),
          scanner: ScannerId,
          place: ScannerPlace,
        })
        .nullable(),
    }),
    timeoutMs: 5_000,
  }),
};
