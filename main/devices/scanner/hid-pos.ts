/**
 * Scanners in HID-POS mode (USB usage page 8C, "Bar Code Scanner"; HID Point of Sale Usage Tables 1.02, section 3).
 * The tables name the fields (decoded data 0xFE, data length 0x3B, symbology identifiers 0xFB to 0xFD, decode data
 * continued 0xFF); where they lie in a report each maker's descriptor says. The layout read here is the same in
 * - Hand Held Products (Honeywell), "2020-5B USB Interfaces User's Guide", page 1-11, and
 * - Access-IS, LSR118 product manual (2020), appendix B.1, and ATR110 manual (2015), appendix A:
 *
 *   byte 0       report id, 02
 *   byte 1       length of the data in this report, 0 to 56
 *   bytes 2-4    AIM identifier, `]` first
 *   bytes 5-60   data
 *   byte 61      the maker's own symbology identifier
 *   byte 62      reserved
 *   byte 63      bit 0: the data goes on in the next report
 *
 * NielsLeenheer/WebHidBarcodeScanner (`src/main.js`) reads the same of Honeywell scanners, and says that those first want
 * feature report 254 = 01 to send this way; that is not documented and not done here. Other layouts are refused.
 */
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';
import { refusedScan } from '../../domain/scanner.ts';
import type { ScannerDecoder, ScannerRead, ScannerRefusal, ScannerRefused } from '../../domain/scanner.ts';

export const scanReportId = 0x02;
export const scanReportBytes = 64;
export const scanReportData = 56;
const dataFrom = 5;
const continuedAt = 63;

export interface ReportFraming {
  /** The next report of one code comes within this time, and the rest of a report that came in pieces. */
  readonly silenceMs: number;
  readonly maxBytes: number;
}

export function reportDecoder({ silenceMs, maxBytes }: ReportFraming): ScannerDecoder {
  let report: number[] = [];
  let data: number[] = [];
  let came: number[] = [];
  let aim = '';
  let continues = false;
  let lastAt = 0;
  /** Something in front broke: what follows up to a report that ends is its rest. */
  let broken: ScannerRefusal | null = null;

  function forget(): void {
    data = [];
    came = [];
    aim = '';
    continues = false;
    broken = null;
  }

  function refused(error: ScannerRefusal, problem: FrameProblem, bytes: readonly number[]): ScannerRefused {
    return refusedScan(error, problem, lastAt, hexOf(bytes.slice(0, scanReportBytes)));
  }

  function whole(): (ScannerRead | ScannerRefused)[] {
    const given = report;
    report = [];
    const length = given[1] ?? 0;
    const identifier = String.fromCharCode(...given.slice(2, dataFrom));
    const wrong = wrongWith(length, identifier);
    if (wrong !== null) {
      forget();
      return [refused('report', wrong, given)];
    }
    if (continues && identifier !== aim) {
      forget();
      return [refused('report', frameProblem('scan-aim-changes', { aim }), given)];
    }
    aim = identifier;
    data.push(...given.slice(dataFrom, dataFrom + length));
    came.push(...given);
    continues = ((given[continuedAt] ?? 0) & 1) === 1;
    if (data.length > maxBytes) {
      broken = 'too-long';
      data = [];
      came = [];
    }
    if (continues) return [];
    const [error, bytes, symbology, raw] = [broken, Uint8Array.from(data), aim, hexOf(came)];
    forget();
    if (error !== null) return [refused(error, frameProblem('scan-bytes', { max: maxBytes }), given)];
    return bytes.length === 0 ? [] : [{ data: bytes, aim: symbology === '\0\0\0' ? '' : symbology, raw, at: lastAt }];
  }

  function tick(at: number): (ScannerRead | ScannerRefused)[] {
    if ((report.length === 0 && !continues) || at - lastAt < silenceMs) return [];
    const left = report;
    report = [];
    forget();
    return [refused('cut', frameProblem('scan-rest', { ms: silenceMs }), left)];
  }

  return {
    push(bytes, at) {
      const out = tick(at);
      // A report begins with its id. What begins otherwise is another report (an answer, a status): left out whole.
      if (report.length === 0 && bytes.length > 0 && bytes[0] !== scanReportId) {
        lastAt = at;
        const [begun] = [continues];
        forget();
        out.push(refused(begun ? 'cut' : 'report', frameProblem('scan-report', { report: bytes[0] ?? 0 }), [...bytes]));
        return out;
      }
      for (const [index, byte] of bytes.entries()) {
        lastAt = at;
        report.push(byte);
        if (report.length < scanReportBytes) continue;
        out.push(...whole());
        const next = bytes[index + 1];
        if (next !== undefined && next !== scanReportId) {
          out.push(refused('report', frameProblem('scan-report', { report: next }), [...bytes.slice(index + 1)]));
          forget();
          break;
        }
      }
      return out;
    },
    tick,
    wakeAt: () => (report.length === 0 && !continues ? null : lastAt + silenceMs),
  };
}

function hexOf(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function wrongWith(length: number, identifier: string): FrameProblem | null {
  if (length > scanReportData) return frameProblem('scan-length', { length, max: scanReportData });
  return /^\][A-Za-z0-9][0-9A-Za-z]$/.test(identifier) || identifier === '\0\0\0'
    ? null
    : frameProblem('scan-aim', { text: JSON.stringify(identifier) });
}
