/** The codes of a scanner as the tools show them: what the desk would take, and what it would refuse and why. */
import { scannerDecoder, scanText } from '../../devices/scanner/index.ts';
import { frameProblem, frameWords, type FrameProblem } from '../../domain/frame-problems.ts';
import { inBrackets, readGs1, splitAim, symbologyOf } from '../../domain/gs1.ts';
import { maxScanLength, normaliseScan } from '../../domain/scan.ts';
import type { ScannerRead, ScannerRefused } from '../../domain/scanner.ts';
import type { ScannerProfile } from '../../profile/profile.ts';
import type { DecodedFrame, FrameDecoder } from './frame-decoder.ts';

/** One code as it is printed. */
export interface ShownScan {
  /** Without its framing and its AIM identifier; FNC1 as GS. */
  readonly code: string;
  /** The AIM identifier (ISO/IEC 15424) the scanner sent, such as `]C1`; null if it sent none. */
  readonly aim: string | null;
  /** What the identifier names: `GS1 Code 128`. Never guessed from the code. */
  readonly symbology: string | null;
  /** GS1 element strings, each identifier in brackets; null if the code is not GS1. */
  readonly gs1: string | null;
}

/** A decoder of a scanner's bytes, with what the desk does after it: encoding, longest text, AIM identifier. */
export function scanFrames(settings: ScannerProfile): FrameDecoder {
  const decoder = scannerDecoder(settings);
  const shown = (read: ScannerRead | ScannerRefused): DecodedFrame => frameOf(read, settings);
  return {
    push: (bytes, at) => decoder.push(bytes, at).map(shown),
    tick: (at) => decoder.tick(at).map(shown),
    wakeAt: () => decoder.wakeAt(),
    // Silence is what ends a code without an ending.
    end: (at) => decoder.tick(at + settings.silenceMs).map(shown),
  };
}

function frameOf(read: ScannerRead | ScannerRefused, { encoding }: ScannerProfile): DecodedFrame {
  const { at, raw } = read;
  const refused = (kind: string, problem: FrameProblem): DecodedFrame => ({
    ...{ at, raw, problem },
    decoded: null,
    error: `${kind}: ${frameWords(problem)}`,
  });
  if ('error' in read) return refused(read.error, read.problem);
  const text = scanText(read.data, encoding);
  if (text === null) return refused('key', frameProblem('scan-encoding', { encoding }));
  const whole = read.aim + text;
  if (whole.length > maxScanLength) return refused('too-long', frameProblem('scan-characters', { max: maxScanLength }));
  const normal = normaliseScan(whole);
  // The notice's code is `scan.refused-` and the reason.
  if (normal.kind === 'refused')
    return refused(normal.notice.code.slice('scan.refused-'.length), frameProblem('scan-none'));
  return { at, raw, decoded: { ...shownScan(whole), at, raw }, error: null };
}

function shownScan(text: string): ShownScan {
  const split = splitAim(text);
  const elements = readGs1(text);
  return {
    code: split?.rest ?? text,
    aim: split?.aim ?? null,
    symbology: split === null ? null : symbologyOf(split.aim),
    gs1: elements === null ? null : inBrackets(elements),
  };
}
