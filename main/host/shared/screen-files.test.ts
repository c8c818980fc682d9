import fc from 'fast-check';
import { sep } from 'node:path';
import { expect, test } from 'vitest';
import { safeRelativePath } from './screen-files.ts';

test('a path that is taken has no way up, out or into hidden folders', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '',
    '/',
    '\\',
    '%2e',
    '%2f',
    '%5c',
    '%00',
    'a',
    'b.js',
    '.git',
    'c:',
    '%25',
    '~',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = safeRelativePath(`/${pieces.join('')}`);
      if (path === null) return;
      for (const segment of path.split(sep)) {
        expect(segment).not.toBe('');
        expect(segment.startsWith('.')).toBe(false);
        expect(segment).not.toMatch(/[\\:%\0]/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['/', 'index.html'],
  ['/index.html', 'index.html'],
  ['/assets/app-1.js', ['assets', 'app-1.js'].join(sep)],
  ['/assets/%E5%AD%97.woff2', ['assets', '字.woff2'].join(sep)],
])('%s is %s', (urlPath, expected) => {
  expect(safeRelativePath(urlPath)).toBe(expected);
});
