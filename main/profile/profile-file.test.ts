import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseProfile } from './profile.ts';
import { writeRoutes } from './profile-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-profile-'));
  path = join(folder, 'profile.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rule = {
  when: { province: '浙江', customField: { name: '快递', equals: '安能' } },
  vendor: 'hge',
  service: 'P1',
};

test('only the routes change; secrets stay names and defaults stay unwritten', () => {
  const before = { desk: { id: 'D07' }, vendors: { hge: { apiSecret: 'secret:hge.apiSecret' } }, routes: [] };
  writeFileSync(path, JSON.stringify(before));
  writeRoutes(path, [rule]);
  const text = readFileSync(path, 'utf8');
  expect(JSON.parse(text)).toEqual({ ...before, routes: [rule] });
  expect(parseProfile(text).routes).toEqual([rule]);
  expect(readdirSync(folder)).toEqual(['profile.json']);
});

test('a file that is no valid profile any more is not written over', () => {
  writeFileSync(path, '{"desk": {"id": "!"}}');
  expect(() => writeRoutes(path, [rule])).toThrow(/desk\.id/u);
  expect(readFileSync(path, 'utf8')).toBe('{"desk": {"id": "!"}}');
});

test('a folder that cannot be written is named, and nothing is left behind', () => {
  expect(() => writeRoutes(join(folder, 'none', 'profile.json'), [rule])).toThrow(/cannot be written/u);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  [{ when: { minG: 5, maxG: 4 }, vendor: 'hge' }, /minG/u],
  [{ when: { country: 'CHN' }, vendor: 'hge' }, /country/u],
  [{ when: { provinz: 'x' }, vendor: 'hge' }, /provinz/u],
  [{ when: { customField: { name: '', equals: '' } }, vendor: 'hge' }, /customField/u],
])('a wrong rule is refused by name: %j', (wrong, reason) => {
  expect(() => parseProfile(JSON.stringify({ routes: [wrong] }))).toThrow(reason);
});
