import * as fc from 'fast-check';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { searchPairs, searchQuery } from './search.ts';

const database = new DatabaseSync(':memory:');
database.exec("CREATE VIRTUAL TABLE s USING fts5 (pairs, content = '', contentless_delete = 1, tokenize = 'ascii')");
afterAll(() => database.close());

const finds = (fields: string[], typed: string): boolean => {
  database.prepare('INSERT OR REPLACE INTO s (rowid, pairs) VALUES (1, ?)').run(searchPairs(fields));
  const query = searchQuery(typed);
  return query !== null && database.prepare('SELECT 1 FROM s WHERE s MATCH ?').get(query) !== undefined;
};

const text = fc.string({
  unit: fc.constantFrom(...'abcXYZ0129张伟小明李-_/ .\'"*():^&𠮷éß'),
  minLength: 1,
  maxLength: 12,
});
const anyCharacter = fc.integer({ min: 0, max: 0x30ff }).map((code) => String.fromCodePoint(code));
const plain = (value: string): string =>
  value
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

test('a search finds exactly the texts that contain it, but for case, width and punctuation', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (fields, typed) => {
      const words = typed.split(/\s+/u).map(plain).filter(Boolean);
      const expected = words.length > 0 && words.every((word) => fields.some((field) => plain(field).includes(word)));
      expect(finds(fields, typed)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('every part of a text finds it', () => {
  fc.assert(
    fc.property(text, fc.nat(11), fc.integer({ min: 1, max: 12 }), (field, from, length) => {
      const part = [...plain(field)].slice(from, from + length).join('');
      fc.pre(part !== '');
      expect(finds(['other', field], part)).toBe(true);
    }),
  );
});

test('whatever is typed is a question, never a command to the index', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 40 }), (typed) => {
      finds(['SO-1'], typed);
    }),
  );
});
