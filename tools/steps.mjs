/** The checks of this repository, one npm script each, and how they are run one after another. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** In the order in which their messages are most useful: a wrong import explains a type error better than the reverse. */
export const checks = ['format:check', 'boundaries', 'typecheck', 'lint', 'unused'];

/**
 * Runs one npm script to its end, its output on ours.
 * @param {string} script
 * @returns {Promise<boolean>} true if it succeeded
 */
export function runScript(script) {
  const npm = process.env.npm_execpath;
  const [file, ...argv] = npm ? [process.execPath, npm] : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  return runStep(script, file ?? 'npm', [...argv, 'run', '--silent', script]);
}

/**
 * Runs one program as a named step and says how it ended and how long it took.
 * @param {string} name @param {string} file @param {readonly string[]} argv @param {number} [limitMs]
 * @returns {Promise<boolean>} true if it succeeded within `limitMs`
 */
export function runStep(name, file, argv, limitMs = 600_000) {
  const startedAt = performance.now();
  console.log(`\n── ${name}`);
  return new Promise((resolve) => {
    const child = spawn(file, argv, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], timeout: limitMs });
    /** @param {string} how @param {boolean} good */
    const end = (how, good) => {
      console.log(`── ${name}: ${how} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
      resolve(good);
    };
    child.on('error', (error) => end(error.message, false));
    child.on('exit', (code, signal) =>
      end(code === 0 ? 'passed' : `failed with ${signal ?? `status ${code}`}`, code === 0),
    );
  });
}

/** The path of a file of the repository. @param {string} relative */
export function inRepository(relative) {
  return path.join(root, relative);
}
