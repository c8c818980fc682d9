/**
 * Loaded with `--import` before a child's own code: replaces exact pieces of source text in modules as they are loaded,
 * so that a checker can be shown a product that is wrong on purpose. Nothing on disk changes. A piece that is not found
 * exactly as often as expected stops the child: a mutant that changes nothing proves nothing.
 */
import { registerHooks } from 'node:module';
import { z } from 'zod';

export interface Mutation {
  /** End of the module's path, with `/`. */
  readonly module: string;
  readonly replacements: readonly { readonly find: string; readonly replace: string }[];
}

/** Environment variable with the mutations as JSON. */
export const mutationVariable = 'PACKBENCH_MUTATIONS';

const Mutations = z.array(
  z.object({
    module: z.string().min(1),
    replacements: z.array(z.object({ find: z.string().min(1), replace: z.string() })).min(1),
  }),
);

const text = process.env[mutationVariable];
if (text !== undefined) {
  const mutations = Mutations.parse(JSON.parse(text));
  const applied = new Set<string>();
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const mutation = mutations.find(({ module }) => url.endsWith(module));
      if (mutation === undefined || loaded.source === undefined || loaded.source === null) return loaded;
      let source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
      for (const { find, replace } of mutation.replacements) {
        if (source.split(find).length !== 2) fail(`${mutation.module} does not contain exactly once: ${find}`);
        source = source.replace(find, () => replace);
      }
      applied.add(mutation.module);
      return { ...loaded, source };
    },
  });
  process.once('exit', () => {
    const missing = mutations.filter(({ module }) => !applied.has(module));
    if (missing.length > 0) fail(`never loaded: ${missing.map(({ module }) => module).join(', ')}`);
  });
}

function fail(why: string): never {
  process.stderr.write(`mutation: ${why}\n`);
  process.exit(70);
}
