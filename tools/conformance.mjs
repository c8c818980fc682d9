/**
 * `npm run conformance`: every vendor and every operation of its manifest. Prints one row per operation (request, answer,
 * errors, reconcile, twin) and fails if a test fails or a row lacks a part. Operations of which only the name is known
 * have no call, and say so.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRepository, runStep } from './steps.mjs';

const suites = [
  'main/vendors/conformance.test.ts',
  'main/vendors/conformance-calls.test.ts',
  'test/integration/conformance-twins.test.ts',
];
/** Parts every callable operation must have; `reconcile` only where the vendor can be asked. */
const parts = /** @type {const} */ (['request', 'answer', 'errors', 'reconcile', 'twin']);

process.env['PACKBENCH_FUZZ_RUNS'] ??= '10000';
const folder = mkdtempSync(path.join(tmpdir(), 'packbench-conformance-'));
const reportFile = path.join(folder, 'report.json');
const vitest = [inRepository('node_modules/vitest/vitest.mjs'), 'run', ...suites];
const passed = await runStep('conformance', process.execPath, [
  ...vitest,
  '--reporter=json',
  `--outputFile.json=${reportFile}`,
]);

/** @type {Map<string, string>} */
const results = new Map();
/** @type {Map<string, string>} */
const evidence = new Map();
for (const { title, status, failureMessages } of readTests()) {
  if (status === 'failed')
    console.log(`failed: ${title}\n  ${failureMessages?.[0]?.split('\n').slice(0, 3).join('\n  ')}`);
  const [vendor, operation, part, label] = title.split(' · ');
  if (vendor === undefined || operation === undefined || part === undefined) continue;
  results.set(`${vendor} ${operation} ${part}`, status === 'passed' ? 'ok' : status);
  if (label !== undefined) evidence.set(`${vendor} ${operation}`, label);
}
rmSync(folder, { recursive: true, force: true });

/** @type {{ vendorModules: readonly { manifest: { id: string, operations: readonly { name: string, evidence: string, traits: { effect: string } | null }[] } }[] }} */
const { vendorModules } = await import('../main/vendors/registry.ts');
/** @type {string[]} */
const missing = [];
console.log(`\n${line('vendor', 'operation', 'evidence', ...parts)}`);
for (const { manifest } of vendorModules) {
  for (const { name, evidence: source, traits } of manifest.operations) {
    const cells = parts.map((part) => {
      if (source === 'named') return 'name only';
      const result = results.get(`${manifest.id} ${name} ${part}`);
      if (result !== undefined) return result;
      if (part === 'reconcile' && traits?.effect !== 'checkable') return '-';
      missing.push(`${manifest.id} ${name}: no ${part}`);
      return 'MISSING';
    });
    console.log(line(manifest.id, name, source, ...cells));
  }
}
for (const text of missing) console.log(text);
console.log(`\n${passed && missing.length === 0 ? 'conformance holds' : 'conformance does not hold'}`);
process.exitCode = passed && missing.length === 0 ? 0 : 1;

/** @returns {{ title: string, status: string, failureMessages?: string[] }[]} */
function readTests() {
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8'));
    return report.testResults.flatMap((/** @type {{ assertionResults: object[] }} */ file) => file.assertionResults);
  } catch {
    return [];
  }
}

/** @param {readonly string[]} cells */
function line(...cells) {
  const widths = [10, 24, 11, 9, 9, 9, 9, 9];
  return cells.map((cell, index) => cell.padEnd(widths[index] ?? 9)).join(' ');
}
