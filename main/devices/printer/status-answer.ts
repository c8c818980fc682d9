/** What all printer status protocols share. */
import type { PrinterStatus } from '../../domain/device.ts';

/** Turns bytes into answers, whatever the chunking. A fresh one per question, so that no late byte shifts the next. */
export interface StatusDecoder {
  push(bytes: Uint8Array): PrinterStatus[];
}

/** One way to ask a printer for its state. */
export interface StatusQuestion {
  /** The name by which `packbench device decode` knows it. */
  readonly id: string;
  readonly request: Uint8Array;
  decoder(): StatusDecoder;
}

/** Bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
