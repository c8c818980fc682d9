/** What `diagnose` says of the records' safety: room on the disk, snapshots, the last restoration. */
import type { DiagnosticCheck } from '../diagnostics/report.ts';
import type { Clock } from '../ports.ts';
import type { SafeStore } from './safe-store.ts';

const megabyte = 1024 * 1024;
const lateCheckMs = 48 * 3_600_000;

/** `clock` null: only what is known without the records. */
export function safetyChecks(safe: SafeStore, clock: Clock | null): DiagnosticCheck[] {
  const iso = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  return [
    {
      id: 'disk',
      title: 'Free space',
      run() {
        const { level, freeBytes, reserved } = safe.facts().room;
        const free = freeBytes === null ? 'an unknown amount' : `${Math.floor(freeBytes / megabyte)} MB`;
        const detail = `${free} free in the data folder${reserved ? ', reserve kept' : ', no reserve yet'}`;
        if (level === 'none') {
          return answer('fail', `${detail}; full: nothing new is begun until there is room, delete what is not needed`);
        }
        return level === 'low' ? answer('warn', `${detail}; make room`) : answer('ok', detail);
      },
    },
    {
      id: 'snapshots',
      title: 'Snapshots',
      run() {
        const { snapshotAt, snapshots, snapshotProblem, checkedAt } = safe.facts();
        if (snapshotProblem !== null) return answer('warn', `the last snapshot failed: ${snapshotProblem}`);
        if (snapshotAt === null)
          return answer('warn', 'none yet; the journal alone holds every change since the start');
        const checked = checkedAt === null ? 'not checked whole yet' : `checked whole ${iso(checkedAt)} UTC`;
        const detail = `${snapshots} kept, newest ${iso(snapshotAt)} UTC, ${checked}`;
        if (clock !== null && checkedAt !== null && clock.now() - checkedAt > lateCheckMs) {
          return answer('warn', `${detail}; the daily check is late`);
        }
        return answer('ok', detail);
      },
    },
    {
      id: 'recovery',
      title: 'Recovery',
      run() {
        const { recovery, reopened, reopenedFor } = safe.facts();
        const again = reopened === 0 ? '' : `; opened again ${reopened} times since the start (${reopenedFor ?? ''})`;
        if (recovery === null) return answer(reopened > 0 ? 'warn' : 'ok', `the database was never restored${again}`);
        const open = recovery.lost.filter((each) => each.seen !== true).map((each) => each.orderNumber);
        const named = open.length === 0 ? '' : `; orders to look after: ${open.slice(0, 20).join(', ')}`;
        const more = open.length > 20 ? ` and ${open.length - 20} more` : '';
        const where = recovery.damagedFiles[0] ?? 'no damaged file was there';
        const detail = `restored ${iso(recovery.at)} UTC because ${recovery.reason} (kept: ${where})${named}${more}${again}`;
        if (open.length > 0) return answer('fail', detail);
        return answer(recovery.seen ? 'ok' : 'warn', detail);
      },
    },
  ];
}

function answer(
  outcome: 'ok' | 'warn' | 'fail',
  detail: string,
): Promise<{ outcome: 'ok' | 'warn' | 'fail'; detail: string }> {
  return Promise.resolve({ outcome, detail });
}
