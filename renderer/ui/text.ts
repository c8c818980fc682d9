/** Sentences of the screen in both languages. Pure: the language is an argument. */
import english from '../../resources/locales/en.json' with { type: 'json' };
import chinese from '../../resources/locales/zh-CN.json' with { type: 'json' };
import type { Locale, Notice, Problem } from '#contract';

export type Params = Readonly<Record<string, string | number>>;

const sentences: Readonly<Record<Locale, Readonly<Record<string, string>>>> = { 'zh-CN': chinese, en: english };

/** Parameters whose values are the station's own words, and where their translations are kept. */
const ownWords: Readonly<Record<string, string>> = {
  operation: 'ui.operation.',
  command: 'ui.command.',
  status: 'ui.status.',
  measure: 'ui.measure.',
  usage: 'ui.devices.kind.',
};

/**
 * The sentence of `code` with `params` put in. A code without a sentence is shown as it is, with its parameters: it
 * says less than a sentence but never nothing.
 */
export function sentenceOf(locale: Locale, code: string, params: Params = {}): string {
  const sentence = lookUp(locale, code);
  if (sentence === undefined) {
    const shown = Object.entries(params).map(([name, value]) => `${name}=${value}`);
    return shown.length === 0 ? code : `${code} (${shown.join(', ')})`;
  }
  return partsOf(locale, sentence, params)
    .map((part) => part.text)
    .join('');
}

/** A piece of a sentence: its own words, or a value that was put in. */
export interface SentencePart {
  readonly text: string;
  readonly value: boolean;
}

/** What a sentence is made of; `cause` says in this language what `reason` or `why` says in English. */
export type Said = Pick<Notice, 'code' | 'params' | 'cause'>;

/** The sentence of a notice in pieces, for a screen that keeps values (waybills, order numbers) in one piece. */
export function noticeParts(locale: Locale, { code, params, cause }: Said): SentencePart[] {
  const sentence = lookUp(locale, code);
  return sentence === undefined
    ? [{ text: sentenceOf(locale, code, params), value: false }]
    : partsOf(locale, sentence, params, cause);
}

/** What went wrong in this language; `otherwise`, the English of it, if the cause is not known here. */
export function causeText(locale: Locale, cause: Problem | undefined, otherwise: string): string {
  const sentence = cause === undefined ? undefined : lookUp(locale, cause.code);
  if (cause === undefined || sentence === undefined) return otherwise;
  return partsOf(locale, sentence, cause.params)
    .map((part) => part.text)
    .join('');
}

function partsOf(locale: Locale, sentence: string, params: Params, cause?: Problem): SentencePart[] {
  return sentence
    .split(/(\{\w+\})/)
    .filter((text) => text !== '')
    .map((text) => {
      const name = /^\{(\w+)\}$/.exec(text)?.[1];
      const value = name !== undefined && Object.hasOwn(params, name) ? params[name] : undefined;
      if (name === undefined || value === undefined) return { text, value: false };
      if (cause !== undefined && (name === 'reason' || name === 'why')) {
        return { text: causeText(locale, cause, String(value)), value: true };
      }
      return { text: wordOf(locale, name, value), value: true };
    });
}

/** The sentence of `code`, or `otherwise` if there is none. */
export function sentenceOr(locale: Locale, code: string, otherwise: string): string {
  return lookUp(locale, code) ?? otherwise;
}

export function noticeText(locale: Locale, notice: Said): string {
  return noticeParts(locale, notice)
    .map((part) => part.text)
    .join('');
}

/** A duration in the largest unit that keeps it exact enough to act on: `12 s`, `3 min`, `5 h`, `2 d`. */
export function ageText(locale: Locale, ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return sentenceOf(locale, 'ui.age.seconds', { count: seconds });
  if (seconds < 3_600) return sentenceOf(locale, 'ui.age.minutes', { count: Math.floor(seconds / 60) });
  if (seconds < 172_800) return sentenceOf(locale, 'ui.age.hours', { count: Math.floor(seconds / 3_600) });
  return sentenceOf(locale, 'ui.age.days', { count: Math.floor(seconds / 86_400) });
}

function lookUp(locale: Locale, code: string): string | undefined {
  const own = sentences[locale];
  return Object.hasOwn(own, code) ? own[code] : undefined;
}

/** A parameter as a person reads it. Outside text stays as it came; the station's own words are translated. */
function wordOf(locale: Locale, name: string, value: string | number): string {
  if (name === 'age' && typeof value === 'number') return ageText(locale, value);
  const text = String(value);
  const prefix = ownWords[name];
  if (prefix !== undefined) return lookUp(locale, prefix + text) ?? text;
  if (name !== 'reason' && name !== 'reasons') return text;
  // Several printer conditions at once come as their codes, parted by commas or spaces.
  const codes = text.split(/[\s,;|]+/).filter((part) => part !== '');
  const known = codes.map((code) => lookUp(locale, code));
  const whole = known.every((sentence) => sentence !== undefined && !sentence.includes('{'));
  return codes.length > 0 && whole ? known.join(locale === 'zh-CN' ? '；' : '; ') : text;
}
