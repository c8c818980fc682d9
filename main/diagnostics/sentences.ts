/** Sentences of `resources/locales` for reports that leave the screen. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Locale, Notice } from '../../preload/contract/index.ts';

const Sentences = z.record(z.string(), z.string());

/** Puts notices into words of one language. A code without a sentence is shown with its parameters, as on the screen. */
export function loadSentences(resourcesDir: string, locale: Locale): (notice: Notice) => string {
  const sentences = Sentences.parse(JSON.parse(readFileSync(join(resourcesDir, 'locales', `${locale}.json`), 'utf8')));
  return ({ code, params }) => {
    const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
    if (sentence === undefined) return `${code} ${JSON.stringify(params)}`;
    return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(params, name) ? String(params[name]) : whole,
    );
  };
}
