/** What `diagnose` looks at, in the order a person would: profile, database, clock, vendors, devices. */
import type { DiagnosticCheck } from '../diagnostics/report.ts';
import { safetyChecks } from './safety-checks.ts';
import type { StationParts } from './status-parts.ts';

export function diagnosticChecks(parts: StationParts): DiagnosticCheck[] {
  const { profile, store, ports, vendors, devices, weigher } = parts;
  return [
    {
      id: 'profile',
      title: 'Profile',
      run: () =>
        Promise.resolve(
          parts.training
            ? { outcome: 'warn', detail: `desk ${profile.desk.id}: parts of this desk are virtual (training)` }
            : { outcome: 'ok', detail: `desk ${profile.desk.id} at site ${profile.desk.site}` },
        ),
    },
    {
      id: 'store',
      title: 'Database',
      run: () => {
        const faults = store.check();
        const { sqlite, journalMode, synchronous, schema, bytes } = store.facts();
        const detail = `SQLite ${sqlite}, ${journalMode}, synchronous ${synchronous}, schema ${schema}, ${bytes} bytes`;
        const first = faults[0];
        return Promise.resolve(
          first === undefined ? { outcome: 'ok', detail } : { outcome: 'fail', detail: `damaged: ${first}; ${detail}` },
        );
      },
    },
    ...safetyChecks(parts.safe, ports.clock),
    {
      id: 'clock',
      title: 'Clock',
      run: () => {
        const offsets = vendors.map((entry) => ({
          id: entry.id,
          ms: Number(store.values.get(`vendor.${entry.id}.clockOffsetMs`) ?? 0),
        }));
        const far = offsets.find((offset) => Math.abs(offset.ms) > 60_000);
        return Promise.resolve(
          far === undefined
            ? { outcome: 'ok', detail: 'within a minute of every vendor heard so far' }
            : {
                outcome: 'warn',
                detail: `${Math.round(far.ms / 1_000)} s from the clock of ${far.id}; set the PC's clock`,
              },
        );
      },
    },
    ...vendors.map((entry): DiagnosticCheck => ({
      id: `vendor.${entry.id}`,
      title: entry.module.manifest.name.en,
      async run() {
        if (entry.vendor === null)
          return { outcome: 'fail', detail: String(entry.problem?.params['reason'] ?? 'not set up') };
        if (entry.vendor.check === undefined) {
          return { outcome: 'skipped', detail: 'this vendor offers no call without an effect' };
        }
        await entry.vendor.check();
        return { outcome: 'ok', detail: entry.virtual ? 'answers (virtual)' : 'answers' };
      },
    })),
    ...devices.checks(),
    {
      id: 'scale',
      title: 'Scale',
      run: () => {
        const { state, scaleId, virtual, reason } = weigher.snapshot.current();
        const well = state === 'stable' || state === 'moving';
        const name = `${scaleId ?? 'no scale'}${virtual ? ' (virtual)' : ''}`;
        return Promise.resolve(
          well
            ? { outcome: 'ok', detail: `${name} reads` }
            : {
                outcome: 'fail',
                detail: `${name} is ${state}${reason === null ? '' : ` (${reason.code})`}; check cable, port and protocol`,
              },
        );
      },
    },
  ];
}
