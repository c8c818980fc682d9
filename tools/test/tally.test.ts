import { expect, test } from 'vitest';
import { closingLine, tallyReport } from './tally.mjs';

const good = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  success: true,
  testResults: [],
};

test('passed, failed and skipped tests are summed', () => {
  expect(tallyReport({ ...good, numFailedTests: 2, success: false })).toEqual({ passed: 3, failed: 2, skipped: 2 });
});

test('no report at all is a failure', () => {
  expect(tallyReport(null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a file that could not be loaded is a failure', () => {
  const report = { ...good, success: false, testResults: [{ status: 'failed', assertionResults: [] }] };
  expect(tallyReport(report)).toEqual({ passed: 3, failed: 1, skipped: 2 });
});

test('an error outside every test is a failure', () => {
  expect(tallyReport({ ...good, success: false }).failed).toBe(1);
});

test('the closing line names skipped tests only if there are some', () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(closingLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});
