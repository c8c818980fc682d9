import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDwsPictures } from './pictures.ts';
import { fillReply } from './reply.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-pictures-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const jpeg = (n: number): string => Buffer.from([0xff, 0xd8, 0xff, n, ...new Uint8Array(96)]).toString('base64');
const nameOf = (kept: { name: string } | { error: string }): string => ('name' in kept ? kept.name : kept.error);

test('a picture is kept by its content, once, with or without its head', () => {
  const pictures = openDwsPictures(folder);
  const name = nameOf(pictures.keep(jpeg(1)));
  expect(name).toMatch(/^[0-9a-f]{64}\.jpg$/);
  expect(nameOf(pictures.keep(`data:image/jpeg;base64,${jpeg(1)}`))).toBe(name);
  expect(readdirSync(folder)).toEqual([name]);
});

test('the folder is bounded in number and in bytes, also after a restart; the oldest go', () => {
  const few = { files: 2, bytes: 1_000_000 };
  const first = nameOf(openDwsPictures(folder, few).keep(jpeg(1)));
  const again = openDwsPictures(folder, few);
  again.keep(jpeg(2));
  again.keep(jpeg(3));
  expect(readdirSync(folder)).toHaveLength(2);
  expect(readdirSync(folder)).not.toContain(first);
  const small = openDwsPictures(folder, { files: 99, bytes: 250 });
  small.keep(jpeg(4));
  expect(readdirSync(folder)).toHaveLength(2);
});

test.each([
  ['PHN2Zz4=', 'neither PNG nor JPEG'],
  ['../../x', 'not base64'],
  ['', 'not base64'],
])('"%s" is not kept', (given, why) => {
  expect(nameOf(openDwsPictures(folder).keep(given))).toContain(why);
  expect(readdirSync(folder)).toEqual([]);
});

test('what a barcode holds cannot break out of a JSON answer', () => {
  const decision = { kind: 'accepted', chute: '7', reason: 'a"b\\c\n' } as const;
  const filled = fillReply('{"chute":{Chute},"why":"{Reason}","code":"{Code}"}', decision, null);
  expect(JSON.parse(filled)).toEqual({ chute: 7, why: 'a"b\\c?', code: 'NOREAD' });
});
