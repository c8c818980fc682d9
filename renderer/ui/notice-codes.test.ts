/** Every notice the station can say has its sentence: codes are looked for in the station's sources. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sentenceOf } from './text.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** First words of notice codes. */
const families =
  /'((?:next|scan|weight|seal|print|printer|label|vendor|order|profile|sync|store|device|setting|bag)\.[a-z]+(?:-[a-z]+)*)'/g;

/** Names of moments for the crash test look like notices and are said to nobody. */
const failpoints = new Set(
  /failpointNames = \[([^\]]*)\]/.exec(readFileSync(`${root}/main/ports.ts`, 'utf8'))?.[1]?.match(/[a-z][a-z.-]+/g) ??
    [],
);

test('no notice of the station is without a sentence', () => {
  const missing = new Set<string>();
  for (const path of globSync('main/{api,desk,domain,station,devices,outbox,profile}/**/*.ts', { cwd: root })) {
    if (path.endsWith('.test.ts')) continue;
    for (const [, code = ''] of readFileSync(`${root}/${path}`, 'utf8').matchAll(families)) {
      if (failpoints.has(code)) continue;
      if (sentenceOf('en', code) === code) missing.add(`${code} (${path})`);
    }
  }
  expect([...missing]).toEqual([]);
});
