/** Shapes shared by device protocols, drivers and the rules that use their readings. */
import type { FrameProblem } from './frame-problems.ts';
import type { ScaleSettings } from './scale-settings.ts';

/** One valid frame of a scale. Grams are exact to the frame's resolution; rounding happens when a parcel is sealed. */
export interface ScaleReading {
  readonly grams: number;
  readonly stable: boolean;
  readonly net: boolean;
  readonly overload: boolean;
  readonly underload: boolean;
  /** Monotonic milliseconds of arrival. */
  readonly at: number;
  /** The frame as it came, hexadecimal. */
  readonly raw: string;
}

/** Bytes that form no valid frame: kept for diagnosis, never used. */
export interface RefusedFrame {
  /** One English sentence, that of `problem`: for the command line and the log. */
  readonly error: string;
  /** Why, for the screen (`frame-problems.ts`). */
  readonly problem: FrameProblem;
  readonly at: number;
  readonly raw: string;
}

/** How a serial scale talks as it leaves the factory, from its manual. */
export interface ScaleSerial {
  readonly baud: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

/** Whether a rule is from a maker's document or public source, or only generally known and not confirmed. */
export type ScaleStanding = 'documented' | 'general knowledge';

/** One way in which a protocol writes a weight. */
export interface ScaleForm {
  /** Its name in the profile (`form`). */
  readonly id: string;
  /** The layout in a few signs, the same in every language. */
  readonly layout: string;
  /** False: the profile has to say the unit. */
  readonly carriesUnit: boolean;
  /** False: a weight is stable only after several equal frames. */
  readonly saysStable: boolean;
  /** True: the point is left out, and the profile has to say the decimals. */
  readonly needsDecimals?: boolean;
  /** True: each weight is said a single time, and zero never. Only with `equalFrames` 1 can such a scale be weighed on. */
  readonly saysOnce?: boolean;
  /** What to write to be answered in this form, or null if the scale sends by itself. */
  readonly poll: Uint8Array | null;
  readonly standing: ScaleStanding;
}

/** Settings of the profile that only some protocols take. */
export type ScaleSettingName = 'unit' | 'form' | 'equalFrames' | 'decimals' | 'definition';

/**
 * A scale protocol: bytes in, readings out, whatever the chunking. A fresh decoder per link session.
 * `poll` is what to write to ask for a reading, or null for scales that stream.
 */
export interface ScaleProtocol {
  readonly id: string;
  /** The makes that speak it. */
  readonly makes: string;
  /** Of the usual form, the first of `forms`. */
  readonly poll: Uint8Array | null;
  readonly forms: readonly ScaleForm[];
  /** Null where it is not spoken over a serial line. */
  readonly serial: ScaleSerial | null;
  readonly settings: readonly ScaleSettingName[];
  /** True: the first report after opening may be from before, and is not used. */
  readonly firstIsStale: boolean;
  /** Manuals and pages, or public source. */
  readonly source: string;
  readonly standing: ScaleStanding;
  decoder(settings?: ScaleSettings): ScaleDecoder;
}

export interface ScaleDecoder {
  push(bytes: Uint8Array, at: number): (ScaleReading | RefusedFrame)[];
  /** Bytes of a frame that has not ended yet. */
  pending(): Uint8Array;
  /** Nothing more will come (a recording ends): what the bytes left over are. */
  end(at: number): (ScaleReading | RefusedFrame)[];
}

/** What the printer says of itself. Null fields were not said. */
export interface PrinterStatus {
  readonly ready: boolean;
  /** Reasons it is not, as notice codes (`printer.paper-out`, `printer.head-open`, ...). */
  readonly reasons: readonly string[];
  /** Formats received and not yet printed; labels left in the batch. */
  readonly queued: number | null;
  readonly remaining: number | null;
  /** What does not keep it from printing, as notice codes (`printer.paper-low`, `printer.battery-low`). */
  readonly warnings?: readonly string[] | undefined;
  /** It says that it was switched on or reset since it was last told that this is known. */
  readonly restarted?: boolean | undefined;
}

/** One label to put through a printer: bytes ready to send. */
export interface PrintRequest {
  readonly printId: string;
  readonly bytes: Uint8Array;
  /**
   * To be called once, right before the first byte is handed over: it writes down that bytes may have left. If it
   * throws, nothing may be written (the outcome is `not-printed`).
   */
  readonly beforeFirstByte?: (() => void) | undefined;
}

/**
 * What one attempt came to. `blocked` and `not-printed`: 0 bytes were written. `unknown`: bytes left and the printer
 * did not say that the label came out. `bytes` counts what the operating system took.
 */
export type PrintOutcome =
  | { readonly kind: 'printed'; readonly bytes: number }
  | { readonly kind: 'blocked'; readonly reasons: readonly string[] }
  | { readonly kind: 'not-printed'; readonly message: string }
  | { readonly kind: 'unknown'; readonly bytes: number; readonly message: string };
