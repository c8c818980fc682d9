/** A mutant whose piece of source text is gone proves nothing; better to hear of it at once than in the long run. */
import { expect, test } from 'vitest';
import { mutantProblems, mutants } from './mutants.ts';

test('every mutant can still be made', () => {
  expect(mutantProblems()).toEqual([]);
});

test('the mutants that a kill can show are there', () => {
  expect(mutants.map((mutant) => mutant.name)).toEqual(
    expect.arrayContaining([
      'request id made at send time',
      'no in-flight wait',
      'resend on unknown',
      'print retried on unknown',
    ]),
  );
});
