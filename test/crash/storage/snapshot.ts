/** One snapshot as the station's keeper makes it (main/store/recovery/keeper.ts), at a moment a test chooses. */
import type { Clock } from '../../../main/ports.ts';
import { copyDatabase } from '../../../main/store/recovery/copy.ts';
import { recoveryFolder } from '../../../main/store/recovery/folder.ts';
import { listSnapshots } from '../../../main/store/recovery/snapshots.ts';
import type { Store } from '../../../main/store/store.ts';

/** `keepJournalOf`: so many of the newest snapshots keep the journal that completes them; 0 keeps all of it. */
export async function takeSnapshot(
  store: Store,
  clock: Clock,
  options: { readonly whole: boolean; readonly keepJournalOf: number },
): Promise<void> {
  const { upkeep } = store;
  const folder = recoveryFolder(upkeep.path);
  const sums = upkeep.beginCopy();
  try {
    const task = { databasePath: upkeep.path, folder, sums, schema: upkeep.schema(), at: clock.now() };
    const made = await copyDatabase({ ...task, whole: options.whole });
    if (made.kind !== 'made') throw new Error(`no snapshot: ${made.reason}`);
  } finally {
    upkeep.endCopy();
  }
  upkeep.rotateJournal();
  const oldest = listSnapshots(folder)[options.keepJournalOf - 1];
  if (oldest !== undefined) upkeep.forgetJournal(oldest.position);
}
