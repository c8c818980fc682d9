/**
 * How a scanner on a serial line is set, by a few codes scanned with it. Pure. What stands around a code is told by control
 * characters, by an AIM identifier, and by the self-test code, whose text is known; letters of a prefix that stand in front of an
 * unknown code cannot be told from the code, so a person compares with what is printed.
 */
import type { Notice } from '../../../preload/contract/index.ts';
import { splitAim } from '../../domain/gs1.ts';
import { scannerTestText } from '../../domain/scanner-test.ts';
import { doubt, reason } from '../reasons.ts';
import { scanText, scannerDecoder, type ScannerEncoding } from './index.ts';

export interface ScannerProposal {
  readonly protocol: 'serial-text' | 'hid-pos';
  /** `serial-text` only. */
  readonly prefix: string;
  readonly suffix: string;
  readonly encoding: ScannerEncoding;
  /** The line has to be set to seven bits and this parity; null: as it was listened to. */
  readonly parity: 'even' | 'odd' | null;
  readonly frames: number;
  readonly refused: number;
  readonly score: number;
  readonly because: readonly Notice[];
}

export interface ScannerVerdict {
  readonly proposal: ScannerProposal | null;
  /** The newest scan was not readable: another line setting should be tried. */
  readonly unreadable: boolean;
}

/** So many scans that agree are enough. */
export const enoughScans = 3;
/** A wrong speed makes a readable sign or two by chance. */
const leastSigns = 3;
const maxBursts = 20;
const maxBurstBytes = 4_096;
/** The profile's limit for prefix and suffix. */
const maxFraming = 8;
/** Without a byte for this long a scan is over; the value matters only for reports, which come at one moment here. */
const silenceMs = 150;

/**
 * Judges scans as they came, each a burst of bytes with silence around it. A burst of fewer bytes than `leastSigns` is passed
 * over, because a plug makes some; twice in a row it is what too low a speed makes of a scan.
 */
export function judgeScans(bursts: readonly Uint8Array[]): ScannerVerdict {
  const came = bursts
    .filter((bytes) => bytes.length >= leastSigns)
    .slice(-maxBursts)
    .map((bytes) => bytes.subarray(0, maxBurstBytes));
  const newest = came.at(-1);
  if (newest === undefined) return { proposal: null, unreadable: bursts.length > 1 };
  const reports = readReports(came);
  if (reports !== null) return { proposal: reports, unreadable: false };
  const parity = parityOf(came);
  const plain = parity === null ? came : came.map((bytes) => bytes.map((byte) => byte & 0x7f));
  const encoding = encodingOf(plain);
  const texts = plain.map((bytes) => readable(bytes, encoding));
  const clean = texts.filter((text) => text !== null);
  if (clean.length === 0) return { proposal: null, unreadable: true };
  const scans = splitGlued(clean);
  const suffix = common(scans.map(trailing), 'tail').slice(-maxFraming);
  const { prefix, tail, aim } = aroundCode(scans.map((text) => text.slice(0, text.length - suffix.length)));
  const whole = `${tail}${suffix}`.slice(-maxFraming);
  return {
    unreadable: texts.at(-1) === null,
    proposal: {
      protocol: 'serial-text',
      ...{ prefix, suffix: whole, encoding, parity },
      frames: scans.length,
      refused: texts.length - clean.length,
      score: (clean.length / texts.length) * scoreOf(scans.length),
      because: [
        reason('device.because-clean', { frames: scans.length }),
        ...(parity === null ? [] : [reason('device.because-parity', { parity: parity === 'even' ? '7E1' : '7O1' })]),
        whole === '' ? doubt('device.because-no-suffix') : reason('device.because-suffix', { suffix: shown(whole) }),
        ...(prefix === '' ? [] : [reason('device.because-prefix', { prefix: shown(prefix) })]),
        aim === null ? reason('device.because-no-aim') : reason('device.because-aim', { aim }),
        ...(encoding === 'gb18030' ? [reason('device.because-encoding', { encoding })] : []),
        doubt('device.because-compare-code'),
      ],
    },
  };
}

function scoreOf(scans: number): number {
  return scans >= enoughScans ? 0.95 : scans === 2 ? 0.8 : 0.6;
}

/** All of it is HID-POS reports, as a converter sends them on. */
function readReports(bursts: readonly Uint8Array[]): ScannerProposal | null {
  const decoder = scannerDecoder({ protocol: 'hid-pos', prefix: '', suffix: '', silenceMs });
  const reads = bursts.flatMap((bytes, index) => {
    const at = index * 1_000;
    return [...decoder.push(bytes, at), ...decoder.tick(at + silenceMs)];
  });
  if (reads.length === 0 || reads.some((read) => 'error' in read)) return null;
  return {
    protocol: 'hid-pos',
    ...{ prefix: '', suffix: '', encoding: 'utf-8', parity: null },
    frames: reads.length,
    refused: 0,
    score: scoreOf(reads.length),
    because: [reason('device.because-reports', { frames: reads.length })],
  };
}

/**
 * Seven bits with a parity bit, listened to as eight: every byte has an even (odd) number of ones, and the text is none of
 * eight bits. Eight bytes agree by chance once in 256.
 */
function parityOf(bursts: readonly Uint8Array[]): 'even' | 'odd' | null {
  const bytes = bursts.flatMap((burst) => [...burst]);
  if (bytes.length < 8 || bytes.every((byte) => byte < 0x80)) return null;
  if (bursts.every((burst) => scanText(burst, 'utf-8') !== null)) return null;
  const odd = bytes.filter((byte) => onesOf(byte) % 2 === 1).length;
  return odd === 0 ? 'even' : odd === bytes.length ? 'odd' : null;
}

function onesOf(byte: number): number {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
}

function encodingOf(bursts: readonly Uint8Array[]): ScannerEncoding {
  if (bursts.some((bytes) => readable(bytes, 'utf-8') !== null && bytes.some((byte) => byte >= 0x80))) return 'utf-8';
  // Almost any bytes are some GB 18030 text; only common Chinese characters count.
  return bursts.some((bytes) => /[\u4e00-\u9fa5]{2}/.test(readable(bytes, 'gb18030') ?? '')) ? 'gb18030' : 'utf-8';
}

/** The text, or null if it holds what no code holds. GS, RS and EOT part the fields of two-dimensional codes. */
function readable(bytes: Uint8Array, encoding: ScannerEncoding): string | null {
  const text = scanText(bytes, encoding);
  if (text === null) return null;
  const body = text.slice(leading(text).length, text.length - trailing(text).length);
  if (body.length < leastSigns || /[^\P{C}\x04\x1d\x1e\r\n\t]/u.test(body)) return null;
  if (encoding === 'gb18030')
    return /^[\x20-\x7e\x04\x1d\x1e\r\n\t\u3000-\u303f\u4e00-\u9fa5\uff00-\uffef]*$/.test(body) ? text : null;
  return text;
}

/** Control characters at an end of a text; FNC1 (GS) is part of a code. */
function leading(text: string): string {
  return /^[\x00-\x1c\x1e\x1f\x7f]*/.exec(text)?.[0] ?? '';
}

function trailing(text: string): string {
  return /[\x00-\x1c\x1e\x1f\x7f]*$/.exec(text)?.[0] ?? '';
}

/** Two codes scanned so fast that no silence was between them: parted where the ending of the whole stands inside. */
function splitGlued(texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const end = trailing(text);
    if (end === '') return [text];
    const parts = text.slice(0, text.length - end.length).split(end);
    return parts.every((part) => part.length >= leastSigns) ? parts.map((part) => `${part}${end}`) : [text];
  });
}

/** What stands in front of the code and behind it, as far as it can be told, and the AIM identifier if all have one. */
function aroundCode(scans: readonly string[]): {
  readonly prefix: string;
  readonly tail: string;
  readonly aim: string | null;
} {
  const controls = common(scans.map(leading), 'head').slice(0, maxFraming);
  const rests = scans.map((text) => text.slice(controls.length));
  const test = rests.find((text) => text.includes(scannerTestText));
  if (test !== undefined) {
    const at = test.indexOf(scannerTestText);
    const before = test.slice(0, at);
    const aim = /\][A-Za-z]\d$/.exec(before)?.[0] ?? null;
    const prefix = controls + before.slice(0, before.length - (aim?.length ?? 0));
    const tail = test.slice(at + scannerTestText.length);
    if (prefix.length <= maxFraming && tail.length <= maxFraming) return { prefix, tail, aim };
  }
  const marked = rests.map((text) => /^([\x20-\x7e]{0,8}?)(\][A-Za-z]\d)/.exec(text));
  const [first] = marked;
  const before = first?.[1];
  const same = before !== undefined && marked.every((each) => each?.[1] === before);
  const known = same && rests.every((text) => splitAim(text.slice(before.length)) !== null);
  if (!known || controls.length + before.length > maxFraming) return { prefix: controls, tail: '', aim: null };
  return { prefix: controls + before, tail: '', aim: first?.[2] ?? null };
}

function common(texts: readonly string[], end: 'head' | 'tail'): string {
  let shared = texts[0] ?? '';
  const fits = (text: string): boolean => (end === 'head' ? text.startsWith(shared) : text.endsWith(shared));
  while (shared !== '' && !texts.every(fits)) shared = end === 'head' ? shared.slice(0, -1) : shared.slice(1);
  return shared;
}

/** Control characters as a profile would write them. */
function shown(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
