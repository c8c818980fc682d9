/**
 * The station of one trial, in a process that may be killed at any moment. Real store, outbox, vendor clients, desk,
 * printing, printer driver and sockets; only the clock runs faster (scaled-clock.ts) and labels are not drawn. What it
 * reports is for the packer in the harness, never for the checker.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createHttp } from '../../../main/host/shared/http.ts';
import { createIds } from '../../../main/host/shared/ids.ts';
import { createLineSwitch } from '../../../main/host/shared/line.ts';
import { createRandom } from '../../../main/host/shared/random.ts';
import type { FailpointName, Links, Log, Ports } from '../../../main/ports.ts';
import { parseProfile } from '../../../main/profile/profile.ts';
import { startStation, type Station } from '../../../main/station.ts';
import { vendorModules } from '../../../main/vendors/registry.ts';
import { createTcpLink } from '../../../native/tcp/link.ts';
import { plainLabelEngine } from './plain-labels.ts';
import { setupVariable, type ChildSetup, type FromChild, type PackReport, type ToChild } from './messages.ts';
import { createScaledClock } from './scaled-clock.ts';

const reportDescriptor = 3;
const never = 1e9;
const firstAskMs = 800;

function report(message: FromChild): void {
  writeSync(reportDescriptor, `${JSON.stringify(message)}\n`);
}

/**
 * Called before the process is frozen: checks of text are compiled at their first use, which takes longer than using
 * them. Changes nothing that a start would not set up by itself.
 */
export function warmUp(): void {
  const vendors = Object.fromEntries(
    vendorModules.map(({ manifest }) => [manifest.id, { baseUrl: 'http://127.0.0.1:1' }]),
  );
  parseProfile(JSON.stringify({ vendors }));
  for (const { settings } of vendorModules) settings.safeParse({ baseUrl: 'http://127.0.0.1:1' });
}

/** Called once the process is there; everything above was loaded before (see bundle.ts). */
export async function main(): Promise<void> {
  const setup = JSON.parse(process.env[setupVariable] ?? '') as ChildSetup;
  const { kill } = setup;
  const clock = createScaledClock(setup.clock);
  const visits: Partial<Record<FailpointName, number>> = {};
  const failpoint = (name: FailpointName): void => {
    const visit = (visits[name] ?? 0) + 1;
    visits[name] = visit;
    if (kill?.point !== name || kill.visit !== visit) return;
    report({ kind: 'killed-at', point: name, visit });
    process.kill(process.pid, 'SIGKILL');
  };
  const say =
    (level: string) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      process.stderr.write(`${clock.now()} ${level} ${message} ${JSON.stringify(fields)}\n`);
    };
  const log: Log = { debug() {}, info: say('info'), warn: say('warn'), error: say('error') };
  const line = createLineSwitch();
  const random = createRandom();
  const links: Links = {
    create: (uri, options) => {
      const link = createTcpLink(uri, options, { clock, log, random: () => random.next() });
      const { write } = link;
      // In two halves, so that there is a moment in the middle of a label at which half of it has left.
      link.write = async (bytes, timeoutMs) => {
        if (bytes.length < 64) return write(bytes, timeoutMs);
        const half = Math.floor(bytes.length / 2);
        const first = await write(bytes.subarray(0, half), timeoutMs);
        if (first.kind === 'failed') return first;
        failpoint('print.mid-label');
        const second = await write(bytes.subarray(half), timeoutMs);
        return { ...second, bytes: second.bytes + half };
      };
      return link;
    },
    // Nothing is listed in a trial, and native modules stay out of it.
    inventory: {
      list: () => Promise.resolve([]),
      absent: () => [],
      onChange: () => () => undefined,
      onPlug: () => () => undefined,
    },
  };
  const ports: Ports = {
    clock,
    ids: createIds(clock),
    random,
    secrets: { get: (name) => setup.secrets[name] },
    log,
    http: createHttp({ line, clock, failpoint }),
    line,
    links,
    dataDir: setup.dataDir,
    version: '0.0.0-crash',
    failpoint,
  };

  let station: Station;
  try {
    station = await startStation({
      ports,
      profile: parseProfile(JSON.stringify(setup.profile)),
      resourcesDir: setup.resourcesDir,
      labelEngine: plainLabelEngine,
      // Copies of the database and the reserve on the disk have trials of their own (test/crash/storage).
      safety: {
        snapshots: { firstAfterMs: never, lookEveryMs: never },
        room: { reserveBytes: 4_096, firstAfterMs: never, lookEveryMs: never },
      },
      // A parcel is asked about once, soon after it was handed over, and then no more within a trial.
      trackingPolicy: {
        steps: [
          { untilAgeMs: firstAskMs, everyMs: firstAskMs },
          { untilAgeMs: Infinity, everyMs: 3_600_000 },
        ],
        claimMs: 3_000,
      },
    });
  } catch (error) {
    report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  }
  const { store, desk, intake } = station.inside;
  const sinceSpawn = (): number => Date.now() - setup.spawnedAt;
  let interrupted = store.jobs.list({ states: ['unknown'], offset: 0, limit: 500 }).map((job) => job.id);
  report({ kind: 'ready', sinceSpawnMs: sinceSpawn(), interrupted: interrupted.length });

  let shown = '';
  const showPack = (): void => {
    const pack = packReport(station);
    const text = JSON.stringify(pack);
    if (text === shown) return;
    shown = text;
    report({ kind: 'pack', pack });
  };
  let told = '';
  const showOpen = (): void => {
    const open = openWork(station, clock.now());
    const pulled = intake.state.current().lastAt !== null;
    const text = JSON.stringify({ ...open, pulled });
    if (text !== told) report({ kind: 'open', ...open, pulled });
    told = text;
    if (interrupted.length === 0) return;
    interrupted = interrupted.filter((id) => store.jobs.get(id)?.state === 'unknown');
    if (interrupted.length === 0) report({ kind: 'resumed', sinceSpawnMs: sinceSpawn() });
  };
  let looking = false;
  const look = (): void => {
    if (looking) return;
    looking = true;
    setImmediate(() => {
      looking = false;
      showPack();
      showOpen();
    });
  };
  desk.snapshot.onChange(look);
  store.onCommit(look);
  intake.state.onChange(look);
  look();

  createInterface(process.stdin).on('line', (text) => {
    const message = JSON.parse(text) as ToChild;
    switch (message.kind) {
      case 'scan': {
        const { accepted, notice } = desk.scan(message.code);
        report({ kind: 'answer', n: message.n, accepted, code: notice.code });
        return;
      }
      case 'command': {
        const { accepted, notice } = desk.command(message.command, message.reason);
        report({ kind: 'answer', n: message.n, accepted, code: notice.code });
        return;
      }
      case 'jump':
        clock.jump(message.ms);
        return;
      case 'sleep':
        clock.sleep(message.ms);
        return;
      case 'look':
        report({ kind: 'seen', n: message.n, ...openWork(station, clock.now()) });
        return;
      case 'line':
        line.set(message.up);
        return;
      case 'stop':
        void station.stop().then(() => {
          report({ kind: 'stopped', visits });
          process.exit(0);
        });
    }
  });
}

function packReport(station: Station): PackReport {
  const { store, desk } = station.inside;
  const pack = desk.snapshot.current();
  const parcelId = pack.parcel?.id ?? null;
  const print =
    parcelId === null
      ? undefined
      : store.prints.listByParcel(parcelId).findLast((each) => each.kind === (pack.labelKind ?? 'carrier'));
  return {
    stage: pack.stage,
    order: pack.order?.number ?? null,
    parcelId,
    lines: pack.lines.map((line) => ({ code: line.productCode, left: line.scansNeeded - line.scansDone })),
    labelKind: pack.labelKind,
    expects: pack.expects,
    print: print === undefined ? null : { id: print.id, state: print.state },
    prompt:
      pack.prompt === null
        ? null
        : {
            kind: pack.prompt.kind,
            code: String(pack.prompt.notice.params['code'] ?? ''),
            commands: pack.prompt.options.map((option) => option.command),
          },
    lastSeq: pack.last?.seq ?? 0,
    lastCode: pack.last?.notice.code ?? '',
    lastAccepted: pack.last?.accepted ?? false,
    next: pack.next.code,
  };
}

/** What the station will go on with by itself; what waits behind a job that stopped is not its turn. */
function openWork(station: Station, now: number): { jobs: number; prints: number } {
  const { store, vendors } = station.inside;
  const stopped = new Set(
    store.jobs.list({ states: ['rejected', 'dead'], offset: 0, limit: 500 }).map((job) => job.lane),
  );
  const jobs = store.jobs
    .list({ states: ['ready', 'sending', 'unknown', 'reconciling'], offset: 0, limit: 500 })
    .filter((job) => job.heldBy === null && !stopped.has(job.lane)).length;
  const prints = (['claimed', 'preflight', 'sending'] as const).reduce(
    (sum, state) => sum + store.prints.listByState(state).length,
    0,
  );
  // Parcels whose first question about their whereabouts is still to come.
  const unasked = vendors.flatMap(({ id }) => store.tracking.due(id, now + firstAskMs * 5, 100));
  return { jobs: jobs + unasked.filter((record) => record.lastHeardAt === null).length, prints };
}
