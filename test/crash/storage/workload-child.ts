/** Makes commits of the workload in its own process and writes each one's number to a file once it returned. */
import { openSync, writeSync } from 'node:fs';
import { openStore } from '../../../main/store/open.ts';
import { takeSnapshot } from './snapshot.ts';
import { silentLog } from '../../kit/ports.ts';
import { lastCommit, makeCommit, workloadPorts } from './workload.ts';

export interface WorkloadSettings {
  readonly dataFile: string;
  readonly acknowledgements: string;
  readonly seed: number;
  /** Goes on until the database holds so many. */
  readonly commits: number;
  /** Commits after which the store is closed and opened again; 0 never. */
  readonly reopenEvery: number;
  /** A copy is begun after each so many commits, while the work goes on; 0 never. */
  readonly snapshotEvery: number;
}

const settings = JSON.parse(process.argv[2] ?? '') as WorkloadSettings;
const { dataFile, seed, commits, reopenEvery, snapshotEvery } = settings;
const ports = workloadPorts();
const open = () => openStore({ path: dataFile, clock: ports.clock, ids: ports.ids, log: silentLog });
const acknowledgements = openSync(settings.acknowledgements, 'a');

let store = open();
let copying: Promise<void> | null = null;
for (let n = lastCommit(store) + 1; n <= commits; n += 1) {
  makeCommit(store, ports, seed, n);
  writeSync(acknowledgements, `${n}\n`);
  if (snapshotEvery > 0 && n % snapshotEvery === 0) {
    await copying;
    copying = takeSnapshot(store, ports.clock, { whole: false, keepJournalOf: 2 });
  }
  // The copy goes on between commits.
  if (copying !== null) await new Promise((resolve) => setImmediate(resolve));
  if (reopenEvery > 0 && n % reopenEvery === 0) {
    await copying;
    store.close();
    store = open();
  }
}
await copying;
store.close();
