/**
 * What a printer's answers say of its language, model and resolution. Pure. It proposes; a person confirms with a test label.
 * A single status byte proves little and says so; an answer in words, or the device id of its USB port, proves much.
 */
import type { Notice } from '../../../preload/contract/index.ts';
import { doubt, reason } from '../reasons.ts';
import { escposStatus } from './escpos-status.ts';
import { hostStatus } from './host-status.ts';
import type { PrinterLanguageName } from './languages.ts';
import type { IdentityQuestion } from './questions.ts';
import { tsplFrame } from './tspl-status.ts';

export interface PrinterFinding {
  readonly language: PrinterLanguageName;
  /** As the printer says; null if it did not. */
  readonly model: string | null;
  readonly dpi: 203 | 300 | 600 | null;
  /** From 0 to 1: how hard it is to answer so without speaking the language. */
  readonly score: number;
  /** What it answered. */
  readonly answer: Uint8Array;
  readonly because: readonly Notice[];
}

/** More of one answer is not looked at. */
const maxAnswerBytes = 1_024;
const maxModel = 60;

/** What came after a question; null if it is no answer to it. */
export function readAnswer(question: IdentityQuestion, came: Uint8Array): PrinterFinding | null {
  const bytes = came.subarray(0, maxAnswerBytes);
  // A line whose ends are joined gives back what it is given.
  if (bytes.length === 0 || startsWith(bytes, question.bytes)) return null;
  const { id, language } = question;
  const found = (
    score: number,
    because: readonly Notice[],
    more: Partial<Pick<PrinterFinding, 'model' | 'dpi'>> = {},
  ): PrinterFinding => ({
    ...{ language, score, answer: bytes, model: null, dpi: null },
    ...more,
    because: [reason('device.because-answered-to', { question: id }), ...because],
  });
  switch (id) {
    case 'ESC/POS DLE EOT': {
      if (escposStatus.decoder().push(bytes).length > 0) return found(0.95, []);
      const some = [...bytes].filter(isRealTimeByte).length;
      return some === bytes.length ? found(0.6, [doubt('device.because-part-of-answer', { count: some })]) : null;
    }
    case 'CPCL ESC h':
      // The upper bits have no meaning (manual, P11-3); a late answer to the question before is none to this one.
      return bytes.length === 1 && (bytes[0] ?? 0xff) < 0x20 && !isRealTimeByte(bytes[0] ?? 0)
        ? found(0.5, [doubt('device.because-one-byte')])
        : null;
    case 'TSPL ESC !S':
      return tsplFrame.decoder().push(bytes).length > 0 ? found(0.95, []) : null;
    case 'TSPL ESC !?':
      return bytes.length === 1 && !isRealTimeByte(bytes[0] ?? 0)
        ? found(0.5, [doubt('device.because-one-byte')])
        : null;
    case 'ZPL ~HI':
      return hostIdentification(bytes, found);
    case 'ZPL ~HS':
      return hostStatus.decoder().push(bytes).length > 0 ? found(0.95, []) : null;
    case 'ESC/POS GS I': {
      // Header 5F, text, NUL.
      const model = /_([\x20-\x7e]{1,80})\0/.exec(latin1(bytes))?.[1];
      return model === undefined ? null : found(0.98, [], { model: clean(model) });
    }
    case 'CPCL ESC v': {
      const model = /^([\x20-\x7e\r\n\t]{2,400})\0/.exec(latin1(bytes))?.[1];
      return model === undefined ? null : found(0.95, [], { model: clean(model) });
    }
    case 'TSPL ~!T': {
      const model = /^\s*([\x20-\x7e]{2,80}?)\s*(?:[\r\n\0]|$)/.exec(latin1(bytes))?.[1];
      if (model === undefined || !/[A-Za-z]/.test(model)) return null;
      return found(0.9, [], { model: clean(model) });
    }
    default:
      return null;
  }
}

/** `STX model,version,dots per mm,memory,options ETX CR LF`: Zebra, "ZPL II Programming Guide", ~HI. */
function hostIdentification(
  bytes: Uint8Array,
  found: (
    score: number,
    because: readonly Notice[],
    more: Partial<Pick<PrinterFinding, 'model' | 'dpi'>>,
  ) => PrinterFinding,
): PrinterFinding | null {
  const match = /([^\x00-\x1f,]{1,60}),V([^\x00-\x1f,]{1,30}),(\d{1,2}),(\d+) ?KB/i.exec(latin1(bytes));
  if (match === null) return null;
  const [, model = '', , dots = ''] = match;
  const dpi = dpiOfDots[dots] ?? null;
  const said =
    dpi === null ? doubt('device.because-odd-resolution', { dots }) : reason('device.because-resolution', { dpi });
  return found(0.98, [said], { model: clean(model), dpi });
}

/** Dots per millimetre as Zebra counts them (6 is a head of 152 dpi, which this project does not print on). */
const dpiOfDots: Readonly<Record<string, 203 | 300 | 600>> = { '8': 203, '12': 300, '24': 600 };

/** Of every answer to DLE EOT bits 1 and 4 are set, bits 0 and 7 are not (Epson, DLE EOT). */
function isRealTimeByte(byte: number): boolean {
  return (byte & 0x93) === 0x12;
}

/**
 * The languages an IEEE 1284 device id names in `CMD` (command set), in its order. The printer says it of itself and nothing is
 * sent to its print engine: the safest proof there is. EPL2 counts as EPL, TSPL2 as TSPL.
 */
export function readDeviceId(id: Readonly<Record<string, string>>): PrinterFinding[] {
  const said = id['CMD'] ?? '';
  const model = clean(id['MDL'] ?? '');
  const languages = said.split(/[,;:| ]+/).flatMap((word) => languageOfWord(word) ?? []);
  return [...new Set(languages)].map((language, index) => ({
    language,
    model: model === '' ? null : model,
    dpi: null,
    // Which of several it is set to now its port does not say.
    score: languages.length > 1 ? 0.8 - 0.05 * index : 0.97,
    answer: new TextEncoder().encode(`CMD:${said};MDL:${model};`.slice(0, maxAnswerBytes)),
    because: [
      reason('device.because-device-id', { said: said.slice(0, 80) }),
      ...(new Set(languages).size > 1 ? [doubt('device.because-several-languages')] : []),
    ],
  }));
}

function languageOfWord(word: string): PrinterLanguageName | null {
  const upper = word.toUpperCase();
  if (/^ZPL/.test(upper)) return 'zpl';
  if (/^(TSPL|TSC)/.test(upper)) return 'tspl';
  if (/^EPL/.test(upper)) return 'epl';
  if (/^CPCL/.test(upper)) return 'cpcl';
  return /^(ESC.?POS|EPSON.?POS)/.test(upper) ? 'escpos' : null;
}

/** Of one language the finding that proves most, with what a weaker one knows besides. */
export function mergeFindings(found: readonly PrinterFinding[]): PrinterFinding[] {
  const best = new Map<PrinterLanguageName, PrinterFinding>();
  for (const next of found) {
    const known = best.get(next.language);
    if (known === undefined) {
      best.set(next.language, next);
      continue;
    }
    const [strong, weak] = next.score >= known.score ? [next, known] : [known, next];
    best.set(next.language, {
      ...strong,
      model: strong.model ?? weak.model,
      dpi: strong.dpi ?? weak.dpi,
      // Words that doubt the weaker answer are not those of the stronger.
      because: [...strong.because, ...weak.because.filter(({ tone }) => tone === 'info')].slice(0, 10),
    });
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score);
}

/** A model of the desk's list. */
export interface KnownModel {
  readonly id: string;
  readonly language: PrinterLanguageName;
  readonly dpi: 203 | 300 | 600;
}

/**
 * The one known model that the printer names, by the tail of its id (`zebra-gk420d` in `ZTC GK420d-200dpi`); null if none or
 * several fit. A resolution the printer said decides between the models of one series.
 */
export function modelOf({ model, language, dpi }: PrinterFinding, known: readonly KnownModel[]): KnownModel | null {
  const said = plain(model ?? '');
  if (said === '') return null;
  const named = known.filter((each) => {
    const series = plain(each.id.replace(/^[a-z0-9]+-/, '').replace(/-(203|300|600)$/, ''));
    return series.length >= 4 && said.includes(series) && each.language === language;
  });
  const fits = named.filter((each) => dpi === null || each.dpi === dpi);
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function clean(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, maxModel);
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return head.every((byte, index) => bytes[index] === byte);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
