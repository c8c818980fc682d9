/** What the figures were measured on: enough to compare two runs, nothing that names a machine. */
import { DatabaseSync } from 'node:sqlite';
import { availableParallelism, loadavg, totalmem } from 'node:os';

export interface MachineFacts {
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  readonly sqlite: string;
  /** Average length of the run queue in the last minute before the start; above `cores` the figures are worth little. */
  readonly loadBefore: number;
  /** All of it in one line. */
  readonly line: string;
}

export function machineFacts(): MachineFacts {
  const database = new DatabaseSync(':memory:');
  const sqlite = String(database.prepare('SELECT sqlite_version() AS version').get()?.['version']);
  database.close();
  const facts = {
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    sqlite,
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
  const { cores, memoryGb, platform, node, loadBefore } = facts;
  return {
    ...facts,
    line: `${cores} cores, ${memoryGb} GB, ${platform}, Node ${node}, SQLite ${sqlite}, load before ${loadBefore}`,
  };
}
