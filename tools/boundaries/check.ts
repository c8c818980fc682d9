/** `npm run boundaries`: prints every breach of the house plan, and fails if there is one. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkTree, type PackageLists, readPlacement } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages: PackageLists = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const violations = checkTree(root, readPlacement(path.join(root, 'tools/boundaries/placement.json')), packages);
for (const { where, message } of violations) console.error(`${where} ${message}.`);
if (violations.length > 0) {
  console.error(`boundaries: ${violations.length} broken; the house plan is in ARCHITECTURE.md`);
  process.exitCode = 1;
} else {
  console.log('boundaries: in order');
}
