/** How a scan came in, beside its text: through which scanner, and what its keys told of the system. */
import { z } from 'zod';

export const ScannerId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/);

/** What is not known is left out: a scanner that is no keyboard has no gaps, and no prefix is missed there. */
export const ScanManner = z.object({
  /** Id of the scanner in the profile; the keyboard does not tell its scanners apart. */
  scanner: ScannerId.optional(),
  /** It began with the programmed prefix; null if none is programmed. */
  framed: z.boolean().nullable().optional(),
  /** The middle one of the times between its keys, in milliseconds. */
  gapMs: z.number().int().min(0).max(60_000).optional(),
  inputMethod: z.boolean().optional(),
  capsLock: z.boolean().optional(),
  altNumbers: z.boolean().optional(),
});
export type ScanManner = z.infer<typeof ScanManner>;

/** Where the scans of a scanner go: to one place of the desk, or to the place that is open on the screen. */
export const ScannerPlace = z.enum(['screen', 'pack', 'bags', 'day']);
export type ScannerPlace = z.infer<typeof ScannerPlace>;

/** Why bytes of a scanner are no code. */
export const ScannerRefusal = z.enum(['cut', 'too-long', 'key', 'no-prefix', 'report']);

/** As its link: `failed` is tried again with back-off. */
export const ScannerState = z.enum(['closed', 'opening', 'open', 'failed']);

/** The scanners that the station reads itself (USB-COM, HID-POS), and scans that wait for a screen to take them. */
export const ScannersSnapshot = z.object({
  scanners: z.array(
    z.object({
      id: ScannerId,
      place: ScannerPlace,
      state: ScannerState,
      /** Why it is not open, in one line. */
      error: z.string().nullable(),
      lastAt: z.number().nullable(),
    }),
  ),
  /** Oldest first. A screen takes each with `scanners.take`; the first one gets it. */
  waiting: z.array(z.object({ seq: z.number().int(), at: z.number() })).max(32),
});
export type ScannersSnapshot = z.infer<typeof ScannersSnapshot>;
