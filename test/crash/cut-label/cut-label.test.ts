/** A sample of `npm run crash -- --cut-label`. */
import { expect, test } from 'vitest';
import { ptyMissing } from '../../kit/pty.ts';
import { cutLabels } from './run.ts';

const missing = ptyMissing();
if (missing !== null) process.stderr.write(`\nNOT RUN (${missing}): labels cut off over a serial line\n`);

test('a label cut off anywhere is never printed twice by itself, nor counted without being there', async () => {
  const report = await cutLabels(512);
  expect(report.failed).toEqual([]);
  expect(report).toMatchObject({ automaticSecondLabels: 0, countedPrintedWithoutLabel: 0, notResolvedByOneAnswer: 0 });
  expect(report.mutantsCaught).toBe(report.mutants);
  expect(report.trialsByTransport.tcp).toBeGreaterThanOrEqual(9);
  if (missing === null) expect(report.trialsByTransport.serial).toBe(report.trialsByTransport.tcp);
  expect(report.settledMaxMs).toBeLessThan(5_000);
});
