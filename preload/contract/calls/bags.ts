/** Calls of big bags. */
import { z } from 'zod';
import { BagCommand, BagParcelView, BagRoute, BagView } from '../models/bag.ts';
import { ScanFeedback } from '../models/pack.ts';
import { StationId } from '../models/primitives.ts';
import { ScanManner } from '../models/scan.ts';
import { call } from './call.ts';

export const bagsCalls = {
  'bags.scan': call({
    input: z.object({
      /** The scanned text without prefix and terminator. */
      code: z.string().min(1).max(2_048),
      source: z.enum(['wedge', 'keyboard', 'device', 'demo']).default('wedge'),
      manner: ScanManner.optional(),
    }),
    output: ScanFeedback,
    timeoutMs: 5_000,
  }),
  'bags.command': call({
    input: z.object({
      command: BagCommand,
      /** The bag it is about, which becomes the chosen one; null: the chosen one. */
      bagId: StationId.nullable().default(null),
      /** For `open`: the route; null: that of the parcel refused last. */
      route: BagRoute.nullable().default(null),
      reason: z.string().max(200).default(''),
    }),
    output: ScanFeedback,
    timeoutMs: 5_000,
  }),
  /** One bag with all that is in it, in the order of the scans; of a voided bag, what was in it. */
  'bags.get': call({
    input: z.object({ bagId: StationId }),
    output: z.object({ bag: BagView, content: z.array(BagParcelView).max(5_000) }),
    timeoutMs: 5_000,
  }),
};
