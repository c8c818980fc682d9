/** The product made wrong on purpose, for the storage checks: each must be caught, or the check proves nothing. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mutationVariable, type Mutation } from './mutate.ts';

export interface StorageMutant {
  readonly name: string;
  readonly mutations: readonly Mutation[];
}

/** Keeps everything through a kill, and loses the last commits with the power. */
export const synchronousNormal: StorageMutant = {
  name: 'synchronous=NORMAL',
  mutations: [
    {
      module: '/main/store/connection.ts',
      replacements: [
        { find: 'PRAGMA synchronous = FULL;', replace: 'PRAGMA synchronous = NORMAL;' },
        { find: 'synchronous !== 2', replace: 'synchronous !== 1' },
      ],
    },
  ],
};

const loader = pathToFileURL(fileURLToPath(new URL('mutate.ts', import.meta.url))).href;

/** What to add to a child's Node options and environment. */
export function asMutant(mutant: StorageMutant | null): {
  readonly nodeOptions: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  if (mutant === null) return { nodeOptions: [], env: {} };
  return { nodeOptions: ['--import', loader], env: { [mutationVariable]: JSON.stringify(mutant.mutations) } };
}
