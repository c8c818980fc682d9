/** Sums a test run into the one line that machines read. */

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Tally
 */

/**
 * What the test runner's JSON report says. A file that could not be loaded has no test to fail, and an error outside
 * every test fails none: each counts as one failure, so that neither looks like success.
 *
 * @param {unknown} report vitest's JSON report, or null if it wrote none
 * @returns {Tally}
 */
export function tallyReport(report) {
  const counts = numbers(report);
  if (!counts) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = counts.files.filter((file) => file.status === 'failed' && file.failedTests === 0).length;
  const failed = counts.failed + brokenFiles;
  return {
    passed: counts.passed,
    failed: failed === 0 && !counts.success ? 1 : failed,
    skipped: counts.skipped,
  };
}

/** @param {Tally} tally */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {unknown} report */
function numbers(report) {
  if (typeof report !== 'object' || report === null || !('numPassedTests' in report)) return null;
  const read = /** @type {Record<string, unknown>} */ (report);
  const count = (/** @type {string} */ name) => (typeof read[name] === 'number' ? read[name] : 0);
  const results = Array.isArray(read.testResults) ? read.testResults : [];
  return {
    passed: count('numPassedTests'),
    failed: count('numFailedTests'),
    skipped: count('numPendingTests') + count('numTodoTests'),
    success: read.success === true,
    files: results.map((result) => ({
      status: String(result?.status),
      failedTests: (Array.isArray(result?.assertionResults) ? result.assertionResults : []).filter(
        (/** @type {{ status?: unknown }} */ test) => test.status === 'failed',
      ).length,
    })),
  };
}
