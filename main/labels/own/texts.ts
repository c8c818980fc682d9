/** Sentences on our own labels and slips, from the same files as the screen's. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Locale } from '../../../preload/contract/index.ts';

const Sentences = z.record(z.string(), z.string());

/** A sentence in the desk's language, or the key itself if there is none. */
export type Say = (key: string, params?: Readonly<Record<string, string | number>>) => string;

/** The desk's language first, the other one second: a sheet on a wall is read by everybody. */
export interface BothTexts {
  readonly lead: Say;
  readonly second: Say;
  has(key: string): boolean;
}

const loaded = new Map<string, Promise<Readonly<Record<string, string>>>>();

function loadSentences(resourcesDir: string, locale: Locale): Promise<Readonly<Record<string, string>>> {
  const path = join(resourcesDir, 'locales', `${locale}.json`);
  const known = loaded.get(path) ?? readFile(path, 'utf8').then((text) => Sentences.parse(JSON.parse(text)));
  loaded.set(path, known);
  return known;
}

export async function loadTexts(resourcesDir: string, locale: Locale): Promise<BothTexts> {
  const [lead, second] = await Promise.all([
    loadSentences(resourcesDir, locale),
    loadSentences(resourcesDir, locale === 'en' ? 'zh-CN' : 'en'),
  ]);
  return { lead: sayIn(lead), second: sayIn(second), has: (key) => Object.hasOwn(lead, key) };
}

function sayIn(sentences: Readonly<Record<string, string>>): Say {
  return (key, params = {}) =>
    (Object.hasOwn(sentences, key) ? (sentences[key] ?? key) : key).replace(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(params, name) ? String(params[name]) : whole,
    );
}
