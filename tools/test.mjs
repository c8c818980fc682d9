/**
 * `npm test`: every check, the build of the screen, then every test. The last line is `N passed, N failed`, where each
 * check and the build count as one; the exit status is 0 only if nothing failed and tests ran.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checks, inRepository, runScript, runStep } from './steps.mjs';
import { closingLine, tallyReport } from './test/tally.mjs';

/** A run that hangs is ended; a healthy one takes some ten minutes on two cores. */
const testsLimitMs = 26 * 60_000;

const steps = [];
for (const script of checks) steps.push(await runScript(script));
steps.push(await runStep('build renderer', process.execPath, [inRepository('tools/build/build.mjs'), 'renderer']));

const folder = mkdtempSync(path.join(tmpdir(), 'packbench-test-'));
const reportFile = path.join(folder, 'report.json');
const vitest = [inRepository('node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json'];
await runStep('tests', process.execPath, [...vitest, `--outputFile.json=${reportFile}`], testsLimitMs);

const tests = tallyReport(readReport());
rmSync(folder, { recursive: true, force: true });
const total = {
  passed: tests.passed + steps.filter(Boolean).length,
  failed: tests.failed + steps.filter((good) => !good).length,
  skipped: tests.skipped,
};
if (tests.passed === 0) console.log('No test ran.');
process.exitCode = total.failed === 0 && tests.passed > 0 ? 0 : 1;
console.log(`\n${closingLine(total)}`);

/** @returns {unknown} null if the runner left no readable report */
function readReport() {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return null;
  }
}
