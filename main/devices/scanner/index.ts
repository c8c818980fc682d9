/** The scanners this station reads itself. Another protocol is one file and one line in `scannerDecoder`. */
import type { ScannerDecoder } from '../../domain/scanner.ts';
import { reportDecoder } from './hid-pos.ts';
import { textDecoder } from './serial-text.ts';

export { createScanner, scanText } from './driver.ts';
export type { Scanner, ScannerCounts, ScannerEncoding, ScannerScan } from './driver.ts';

export type ScannerProtocol = 'serial-text' | 'hid-pos';

/** What the profile says of a scanner's framing. */
export interface ScannerFraming {
  readonly protocol: ScannerProtocol;
  /** Characters before and after each code; `serial-text` only. */
  readonly prefix: string;
  readonly suffix: string;
  readonly silenceMs: number;
}

/** Four bytes for each character of the longest text the desk accepts. */
const maxCodeBytes = 4 * 2_048;

export function scannerDecoder({ protocol, prefix, suffix, silenceMs }: ScannerFraming): ScannerDecoder {
  if (protocol === 'hid-pos') return reportDecoder({ silenceMs, maxBytes: maxCodeBytes });
  const bytes = new TextEncoder();
  return textDecoder({
    prefix: bytes.encode(prefix),
    suffix: bytes.encode(suffix),
    silenceMs,
    maxBytes: maxCodeBytes,
  });
}
