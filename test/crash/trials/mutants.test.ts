/** A mutant whose piece of source text is gone proves nothing; better to hear of it at once than in the long run. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutants } from './mutants.ts';

test.each(mutants.flatMap(({ name, replacements }) => replacements.map((each) => ({ name, ...each }))))(
  '$name: $file still holds the piece, once',
  ({ file, find, replace }) => {
    const source = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    expect(source.split(find).length - 1).toBe(1);
    expect(replace).not.toBe(find);
  },
);

test('at least the five mutants of the promise are there', () => {
  expect(mutants.map((mutant) => mutant.name)).toEqual(
    expect.arrayContaining([
      'request id made at send time',
      'no in-flight wait',
      'resend on unknown',
      'print retried on unknown',
    ]),
  );
});
