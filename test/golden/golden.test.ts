/**
 * The bytes of one label per language and resolution, as they were when a person last looked at them. A change here is a
 * change of what every printer gets: it must be seen in review. To renew the files after a change that is meant:
 *
 *     PACKBENCH_RENEW_GOLDEN=1 npx --no-install vitest run test/golden/golden.test.ts
 *
 * then look at the difference: the digest and the readable parts are in `files/*.json`, the bytes beside them in `.gz`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Bitmap } from '../../main/labels/bitmap.ts';
import { blankBitmap, fillBox } from '../../main/labels/bitmap.ts';
import { labelEncoders } from '../../main/labels/languages.ts';
import type { LabelDpi, LabelLanguage, LabelTarget } from '../../main/labels/media.ts';
import { labelLanguages, mediaDots } from '../../main/labels/media.ts';
import { encodeTextLabel } from '../../main/labels/text-label.ts';
import { dotsOf, interpret } from './interpreters/index.ts';

const dir = join(import.meta.dirname, 'files');
const renew = process.env['PACKBENCH_RENEW_GOLDEN'] === '1';

/** Everything an encoder can be asked for, on small media so that the files stay small. */
function targetOf(language: LabelLanguage, dpi: LabelDpi): LabelTarget {
  const asked = { darkness: 10, speed: 4, copies: 2, tracking: 'gap', gapMm: 3, ending: 'cut' } as const;
  return { language, dpi, widthMm: 50.5, heightMm: 30, ...asked, compression: 'acs' };
}

/** Drawn here and not from a template: these files guard the encoders alone. */
function samplePage(target: LabelTarget): Bitmap {
  const { width, height } = mediaDots(target);
  const page = blankBitmap(width, height);
  fillBox(page, { x: 0, y: 0, width, height: 2 }, true);
  fillBox(page, { x: width - 3, y: 0, width: 3, height }, true);
  // Bars of one to four dots, and single dots in every place of a byte.
  for (let x = 20, wide = 1; x < width - 40; x += wide * 2 + 1, wide = (wide % 4) + 1)
    fillBox(page, { x, y: 40, width: wide, height: 60 }, true);
  for (let at = 0; at < 64; at += 1) fillBox(page, { x: 20 + at * 3, y: 120 + at, width: 1, height: 1 }, true);
  return page;
}

/** Commands that can be read, with runs of other bytes as their count. */
function readable(bytes: Uint8Array): string[] {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e\r\n]+/g, (run) => `<${run.length}>`)
    .split(/\r?\n/)
    .map((line) => (line.length > 120 ? `${line.slice(0, 120)}… ${line.length}` : line))
    .slice(0, 24);
}

/** Node's zlib may differ between versions: the compressed file is compared by what it holds. */
function expectGolden(name: string, bytes: Uint8Array): void {
  const facts = {
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    text: readable(bytes),
  };
  const [factsPath, bytesPath] = [join(dir, `${name}.json`), join(dir, `${name}.gz`)];
  if (renew) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(factsPath, `${JSON.stringify(facts, null, 2)}\n`);
    writeFileSync(bytesPath, gzipSync(bytes, { level: 9 }));
  }
  if (!existsSync(factsPath)) throw new Error(`there is no golden file ${name}; see the head of golden.test.ts`);
  expect(facts).toEqual(JSON.parse(readFileSync(factsPath, 'utf8')));
  expect(gunzipSync(readFileSync(bytesPath)).equals(bytes)).toBe(true);
}

const cases = labelLanguages.flatMap((language) => ([203, 300, 600] as const).map((dpi) => [language, dpi] as const));

test.each(cases)('%s at %i dpi: the bytes are those of the golden file, and they draw the page', (language, dpi) => {
  const target = targetOf(language, dpi);
  const page = samplePage(target);
  const bytes = labelEncoders[language]([page], 'golden-1', target);
  expectGolden(`${language}-${dpi}`, bytes);
  const [drawn] = interpret(bytes, target);
  const width = language === 'escpos' ? page.rowBytes * 8 : page.width;
  expect(Buffer.from(drawn?.dots ?? []).equals(Buffer.from(dotsOf(page, width)))).toBe(true);
});

test.each(labelLanguages)('%s: the bytes of a label of plain text are those of the golden file', (language) => {
  const target = targetOf(language, 203);
  expectGolden(`${language}-text`, encodeTextLabel(['Packbench "test" ^~\\', '中文 D01'], 'golden-1', target));
});
