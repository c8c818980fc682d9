/** Shapes shared by device protocols, drivers and the rules that use their readings. */

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
  readonly error: string;
  readonly at: number;
  readonly raw: string;
}

/**
 * A scale protocol: bytes in, readings out, whatever the chunking. A fresh decoder per link session.
 * `poll` is what to write to ask for a reading, or null for scales that stream.
 */
export interface ScaleProtocol {
  readonly id: string;
  readonly poll: Uint8Array | null;
  decoder(): ScaleDecoder;
}

export interface ScaleDecoder {
  push(bytes: Uint8Array, at: number): (ScaleReading | RefusedFrame)[];
  /** Bytes of a frame that has not ended yet. */
  pending(): Uint8Array;
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
