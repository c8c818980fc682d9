/** The facts of a recorded event as a person reads them. Pure: the language is an argument. */
import type { Locale } from '#contract';
import { sentenceOr } from '../../ui/text.ts';

export interface EventFact {
  readonly name: string;
  readonly label: string;
  readonly value: string;
}

/** Ids and raw frames stay in the record and in its export; they tell a packer nothing. */
const leftOut = /Id$|^frames$|^sha256$|^line$|^bytesWritten$/;
const flattened = new Set(['request', 'answer', 'scan', 'before', 'after', 'error']);

/** Names and values in the language of the screen; a name without a word is shown as it stands in the record. */
export function factsOf(locale: Locale, detail: Readonly<Record<string, unknown>>): EventFact[] {
  return Object.entries(detail).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === '' || leftOut.test(name)) return [];
    if ((name === 'copy' && value === 0) || (name === 'question' && value === false)) return [];
    const text = valueText(locale, name, value);
    return text === '' ? [] : [{ name, label: sentenceOr(locale, `ui.fact.${name}`, name), value: text }];
  });
}

function valueText(locale: Locale, name: string, value: unknown): string {
  if (typeof value === 'object' && value !== null && flattened.has(name)) {
    const separator = locale === 'zh-CN' ? '，' : ', ';
    return factsOf(locale, value as Record<string, unknown>)
      .map((fact) => `${fact.label} ${fact.value}`)
      .join(separator);
  }
  if (typeof value === 'object') return JSON.stringify(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return wordOf(locale, name, text ?? '');
}

function wordOf(locale: Locale, name: string, value: string): string {
  switch (name) {
    case 'operation':
      return sentenceOr(locale, `ui.operation.${value}`, value);
    case 'state':
      return sentenceOr(locale, `ui.print.${value}`, value);
    case 'command':
      return sentenceOr(locale, `ui.command.${value}`, value);
    case 'message':
    case 'because':
      // The desk writes down the codes of what a printer lacks, parted by commas.
      return value
        .split(',')
        .map((code) => sentenceOr(locale, code, code))
        .join(locale === 'zh-CN' ? '；' : '; ');
    case 'label':
    case 'slip':
    case 'by':
    case 'outcome':
    case 'answer':
    case 'action':
    case 'accepted':
    case 'question':
      return sentenceOr(locale, `ui.word.${value}`, sentenceOr(locale, value, value));
    default:
      return value;
  }
}
