/** Brings a database up to date: numbered steps, each in its own transaction, recorded in `user_version`. */
import { migrations } from './migrations/index.ts';
import { StoreError } from './store.ts';
import type { Connection } from './connection.ts';

/** One step. Its file imports nothing, so that it still means the same in ten years. */
export interface Migration {
  /** 1, 2, 3, ... without gaps. */
  readonly version: number;
  readonly name: string;
  readonly up: string | ((exec: (sql: string) => void) => void);
}

export function schemaVersion(connection: Connection): number {
  return Number(connection.get('PRAGMA user_version')?.['user_version']);
}

/**
 * Applies the missing steps up to `target` (default: all). Throws `StoreError` `newer` if the database was written by
 * a newer Packbench: reading it with the old rules could lose what it means.
 */
export function migrate(connection: Connection, steps: readonly Migration[] = migrations, target?: number): number {
  const latest = steps.at(-1)?.version ?? 0;
  const found = schemaVersion(connection);
  if (found > latest) {
    throw new StoreError(
      'newer',
      `${connection.path} was written by a newer Packbench (schema ${found}, this one knows ${latest}). Update it.`,
    );
  }
  for (const step of steps) {
    if (step.version <= schemaVersion(connection) || step.version > (target ?? latest)) continue;
    connection.transaction(() => {
      const exec = (sql: string): void => connection.exec(sql);
      if (typeof step.up === 'string') exec(step.up);
      else step.up(exec);
      exec(`PRAGMA user_version = ${step.version}`);
    });
  }
  return schemaVersion(connection);
}
