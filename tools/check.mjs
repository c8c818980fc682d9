/** `npm run check`: every check, all of them even if one fails, so that one run tells everything. */
import { checks, runScript } from './steps.mjs';

const failed = [];
for (const script of checks) {
  if (!(await runScript(script))) failed.push(script);
}
console.log(failed.length === 0 ? '\ncheck: everything is in order' : `\ncheck: failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
