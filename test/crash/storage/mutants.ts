/** The product made wrong on purpose, for the storage checks: each must be caught, or the check proves nothing. */

export interface StorageMutant {
  readonly name: string;
  /** Exact pieces of source text, each of which must be there once. `module` is the end of the module's path. */
  readonly replacements: readonly { readonly module: string; readonly find: string; readonly replace: string }[];
}

/** Keeps everything through a kill, and loses the last commits with the power. */
export const synchronousNormal: StorageMutant = {
  name: 'synchronous=NORMAL',
  replacements: [
    {
      module: '/main/store/connection.ts',
      find: 'PRAGMA synchronous = FULL;',
      replace: 'PRAGMA synchronous = NORMAL;',
    },
    { module: '/main/store/connection.ts', find: 'synchronous !== 2', replace: 'synchronous !== 1' },
  ],
};

/** The database keeps everything; but the journal and the sums of pages beside it may not have the last commits. */
export const journalNotSynced: StorageMutant = {
  name: 'journal and sums not synced',
  replacements: [
    {
      module: '/main/store/recovery/frames.ts',
      find: '      try {\n        fdatasyncSync(file);\n      } catch',
      replace: '      try {\n      } catch',
    },
  ],
};
