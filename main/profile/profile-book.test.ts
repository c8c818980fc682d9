import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseProfile } from './profile.ts';
import { openProfileBook } from './profile-book.ts';

let dir: string;
let path: string;
const written = '{\n   "desk": { "id": "D07" },\n   "routes": [ {"when": {}, "vendor": "hge"} ]\n}\n';
const scale = { id: 'bench', link: 'tcp://127.0.0.1:4305', protocol: 'mt-sics' };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-profile-'));
  path = join(dir, 'profile.json');
  writeFileSync(path, written);
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

test('a device is written, the rest of the text stays, and the old file is kept', () => {
  const book = openProfileBook(path);
  const { profile, backup } = book.write('scales', [scale]);
  expect(profile.devices.scales).toMatchObject([scale]);
  const after = readFileSync(path, 'utf8');
  expect(after).toContain('"routes": [ {"when": {}, "vendor": "hge"} ]');
  expect(book.devices('scales')).toEqual([scale]);
  expect(readFileSync(backup, 'utf8')).toBe(written);
  expect(readdirSync(dir).toSorted()).toEqual(['profile.json', 'profile.json.bak']);
});

test('a device that makes the profile wrong changes nothing', () => {
  const book = openProfileBook(path);
  expect(() => book.write('scales', [{ ...scale, id: 'two words' }])).toThrow('devices.scales.0.id');
  expect(readFileSync(path, 'utf8')).toBe(written);
  expect(readdirSync(dir)).toEqual(['profile.json']);
});

test('a file that somebody changed meanwhile is not overwritten until it is read again', () => {
  const book = openProfileBook(path);
  expect(book.changedUnderneath()).toBe(false);
  const theirs = written.replace('D07', 'D08');
  writeFileSync(path, theirs);
  expect(book.changedUnderneath()).toBe(true);
  expect(() => book.write('scales', [scale])).toThrow('changed by somebody else');
  expect(readFileSync(path, 'utf8')).toBe(theirs);
  expect(book.readAgain().desk.id).toBe('D08');
  expect(book.write('scales', [scale]).profile.desk.id).toBe('D08');
});

test('a folder that cannot be written is said in one line and leaves the file', () => {
  const book = openProfileBook(path);
  // A folder in the way of the part file fails for every user, also for root.
  mkdirSync(`${path}.bak.part`);
  expect(() => book.write('scales', [scale])).toThrow(/cannot be written \(.+\); check the folder/);
  expect(readFileSync(path, 'utf8')).toBe(written);
});

const rule = {
  when: { province: '浙江', customField: { name: '快递', equals: '安能' } },
  vendor: 'hge',
  service: 'P1',
};

test('only the routes change; secrets stay names and defaults stay unwritten', () => {
  const before = { desk: { id: 'D07' }, vendors: { hge: { apiSecret: 'secret:hge.apiSecret' } }, routes: [] };
  writeFileSync(path, JSON.stringify(before));
  expect(openProfileBook(path).writeRoutes([rule]).routes).toEqual([rule]);
  const text = readFileSync(path, 'utf8');
  expect(JSON.parse(text)).toEqual({ ...before, routes: [rule] });
  expect(parseProfile(text).routes).toEqual([rule]);
});

test('routes are not written into a file that is no valid profile any more', () => {
  writeFileSync(path, '{"desk": {"id": "!"}}');
  expect(() => openProfileBook(path).writeRoutes([rule])).toThrow(/desk\.id/u);
  expect(readFileSync(path, 'utf8')).toBe('{"desk": {"id": "!"}}');
});

test.each([
  [{ when: { minG: 5, maxG: 4 }, vendor: 'hge' }, /minG/u],
  [{ when: { country: 'CHN' }, vendor: 'hge' }, /country/u],
  [{ when: { provinz: 'x' }, vendor: 'hge' }, /provinz/u],
  [{ when: { customField: { name: '', equals: '' } }, vendor: 'hge' }, /customField/u],
])('a wrong rule is refused by name: %j', (wrong, reason) => {
  expect(() => parseProfile(JSON.stringify({ routes: [wrong] }))).toThrow(reason);
});
