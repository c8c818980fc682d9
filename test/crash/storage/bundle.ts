/**
 * Joins a child and all it imports into one script, so that a process starts in a tenth of a second: hundreds of them
 * are started. Mutants are made here: exact pieces of source text are replaced on the way, and a piece that is not there
 * exactly once stops everything, for a mutant that changes nothing proves nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import type { StorageMutant } from './mutants.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bundles = new Map<string, Promise<string>>();

/** Path of the child's script. Built once per child and mutant, and removed when this process ends. */
export function bundleChild(
  child: 'workload-child' | 'io-child',
  mutant: StorageMutant | null = null,
): Promise<string> {
  const key = `${child} ${mutant?.name ?? ''}`;
  const known = bundles.get(key) ?? joinUp(child, mutant);
  bundles.set(key, known);
  return known;
}

async function joinUp(child: string, mutant: StorageMutant | null): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'packbench-child-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const missing = new Set(mutant?.replacements);
  const mutate: Plugin = {
    name: 'mutate',
    enforce: 'pre',
    transform(code, id) {
      const path = id.replaceAll('\\', '/');
      const here = (mutant?.replacements ?? []).filter(({ module }) => path.endsWith(module));
      if (here.length === 0) return null;
      let changed = code;
      for (const replacement of here) {
        const { module, find, replace } = replacement;
        if (changed.split(find).length !== 2) throw new Error(`${module} does not hold exactly once: ${find}`);
        changed = changed.replace(find, () => replace);
        missing.delete(replacement);
      }
      return { code: changed, map: null };
    },
  };
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'error',
    resolve: { alias: { '#contract': join(root, 'preload/contract/index.ts') } },
    plugins: [mutate],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: { [child]: fileURLToPath(new URL(`./${child}.ts`, import.meta.url)) },
        external: [...builtinModules, /^node:/],
        output: { format: 'es', entryFileNames: '[name].mjs' },
      },
    },
  });
  const [left] = missing;
  if (left !== undefined) throw new Error(`${left.module} is not part of ${child}`);
  return join(folder, `${child}.mjs`);
}
