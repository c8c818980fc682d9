/** Sentences of `resources/locales` for reports that leave the screen. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Locale, Notice } from '../../preload/contract/index.ts';

const Sentences = z.record(z.string(), z.string());

/** Puts notices into words of one language. A code without a sentence is shown with its parameters, as on the screen. */
export function loadSentences(resourcesDir: string, locale: Locale): (notice: Notice) => string {
  const sentences = Sentences.parse(JSON.parse(readFileSync(join(resourcesDir, 'locales', `${locale}.json`), 'utf8')));
  const lookUp = (code: string): string | undefined => (Object.hasOwn(sentences, code) ? sentences[code] : undefined);
  const filled = (sentence: string, params: Notice['params'], cause?: string): string =>
    sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
      if (cause !== undefined && (name === 'reason' || name === 'why')) return cause;
      return Object.hasOwn(params, name) ? String(params[name]) : whole;
    });
  return ({ code, params, cause }) => {
    const sentence = lookUp(code);
    if (sentence === undefined) return `${code} ${JSON.stringify(params)}`;
    const why = cause === undefined ? undefined : lookUp(cause.code);
    return filled(sentence, params, cause === undefined || why === undefined ? undefined : filled(why, cause.params));
  };
}
