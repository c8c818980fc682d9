/** One trial: a world, a station that is stopped again and again, a packer, and the verdict. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FailpointName } from '../../../main/ports.ts';
import { openStorageFaults, whyNoStorageFaults } from '../storage/shim.ts';
import { check, type Verdict, type Violation } from './checker.ts';
import { readCounters } from './counters.ts';
import { readDatabase, statesNow } from './database.ts';
import { spawnStation, type StationProcess } from './child-process.ts';
import type { FromChild } from './messages.ts';
import { emptyMemory, packOrders } from './packer.ts';
import { inFlightMs, makeSchedule, type Disturbance, type Kill, type Schedule } from './schedule.ts';
import { openWorld, type World } from './world.ts';

const resourcesDir = fileURLToPath(new URL('../../../resources', import.meta.url));

/** Milliseconds of the child's time in one of the machine. */
export const clockRate = 10;
/** The vendors' working times are only true if the harness is not itself held up for longer than this. */
const longestLagMs = 150;
/** A station works again within this, beside the in-flight wait. */
const resumeLimitMs = 3_000;
const mostRuns = 6;

export interface TrialOptions {
  readonly seed: number;
  /** What Node is started with. */
  readonly program: readonly string[];
  /** Where trials have their folders. */
  readonly dir: string;
  readonly schedule?: Schedule;
  readonly keep?: boolean;
}

export interface KillDone {
  readonly kill: Kill;
  /** The failpoint at which the child killed itself. */
  readonly point: FailpointName | null;
  readonly states: Readonly<Record<string, number>>;
}

export interface TrialResult {
  readonly schedule: Schedule;
  readonly verdict: Verdict;
  readonly kills: readonly KillDone[];
  /** Milliseconds of the machine from each spawn until the station worked, less the in-flight wait. */
  readonly recoveryMs: readonly number[];
  readonly cuts: readonly string[];
  readonly elapsedMs: number;
  /** The harness was held up, so that the vendors did not keep their times: the trial proves nothing. */
  readonly lagMs: number;
  readonly valid: boolean;
  readonly dir: string;
}

export async function runTrial(trial: number, options: TrialOptions): Promise<TrialResult> {
  const startedAt = Date.now();
  const schedule = options.schedule ?? makeSchedule(options.seed, trial);
  const dir = join(options.dir, `trial-${schedule.trial}-${startedAt.toString(36)}`);
  const dataDir = join(dir, 'station');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dir, 'schedule.json'), `${JSON.stringify(schedule, null, 2)}\n`);
  const lag = watchLag();
  const world = await openWorld(dir, schedule, clockRate);
  const memory = emptyMemory();
  const kills: KillDone[] = [];
  const recoveryMs: number[] = [];
  const violations: Violation[] = [];
  let log = '';
  let jumpMs = 0;
  let sleptMs = 0;
  try {
    for (let run = 0; run < mostRuns; run += 1) {
      const kill = schedule.kills[run] ?? null;
      const cancels: (() => void)[] = [];
      const planned = schedule.disturbances[run] ?? [];
      const isForOpened = (each: Disturbance): boolean => each.kind === 'line' && each.opened === true;
      let opened = false;
      const onReport = (message: FromChild): void => {
        if (message.kind === 'ready') {
          if (message.interrupted === 0) recoveryMs.push(message.sinceSpawnMs);
          for (const each of planned) if (!isForOpened(each)) disturb(each);
          if (kill?.by === 'time' && kill.from === 'ready') later(kill.afterMs, stop);
        }
        if (message.kind === 'pack' && message.pack.order !== null && !opened) {
          opened = true;
          for (const each of planned) if (isForOpened(each)) disturb(each);
        }
        if (message.kind === 'resumed') recoveryMs.push(Math.max(0, message.sinceSpawnMs - inFlightMs / clockRate));
      };
      const faults = kill?.by === 'operation' && whyNoStorageFaults() === null ? openStorageFaults(dataDir) : null;
      if (kill?.by === 'operation') faults?.set({ killAt: kill.n, killHalfway: kill.halfway });
      const station: StationProcess = spawnStation(
        options.program,
        {
          dataDir,
          profile: world.profile,
          secrets: world.secrets,
          clock: { ...world.clock, jumpMs: jumpMs + sleptMs },
          resourcesDir,
          kill: kill?.by === 'point' ? { point: kill.point, visit: kill.visit } : null,
          spawnedAt: Date.now(),
        },
        onReport,
        faults?.env,
      );
      const later = (delayMs: number, task: () => void): void => {
        const timer = setTimeout(task, delayMs);
        cancels.push(() => clearTimeout(timer));
      };
      const disturb = (each: Disturbance): void => {
        later(each.atMs, () => {
          switch (each.kind) {
            case 'jump':
              jumpMs += each.ms;
              station.send({ kind: 'jump', ms: each.ms });
              return;
            case 'line':
              station.send({ kind: 'line', up: false });
              later(each.forMs, () => station.send({ kind: 'line', up: true }));
              return;
            case 'stop':
              station.process.kill('SIGSTOP');
              later(each.forMs, () => {
                sleptMs += each.sleepMs;
                station.send({ kind: 'sleep', ms: each.sleepMs });
                station.process.kill('SIGCONT');
              });
              return;
            case 'printer':
              void world.trouble(each.trouble, each.afterBytes);
              later(each.forMs, () => void world.trouble(null));
              // One label broken off is enough.
              if (each.trouble === 'cut-mid-label') cancels.push(world.onceBroken(() => void world.trouble(null)));
          }
        });
      };
      const stop = (): void => void station.process.kill('SIGKILL');
      if (kill?.by === 'time' && kill.from === 'spawn') later(kill.afterMs, stop);
      const end = await packOrders(station, world, schedule, memory);
      for (const cancel of cancels) cancel();
      await world.trouble(null);
      if (end === 'done') station.send({ kind: 'stop' });
      else if (end === 'stuck') station.process.kill('SIGKILL');
      const exit = await station.exit;
      faults?.remove();
      log += `--- run ${run}: ${end}, ${JSON.stringify(exit)}\n${station.errors}`;
      const failed = station.reports.find((message) => message.kind === 'failed');
      if (end === 'done') break;
      if (end === 'stuck') {
        violations.push({
          kind: 'stuck',
          what: `the screen shows ${JSON.stringify(station.pack)}, open ${JSON.stringify(station.open)}`,
        });
        break;
      }
      if (exit.signal !== 'SIGKILL') {
        const why = failed?.kind === 'failed' ? failed.message : station.errors.slice(-500);
        violations.push({ kind: 'recovery', what: `the station ended by itself (${exit.status}): ${why}` });
        break;
      }
      const at = station.reports.find((message) => message.kind === 'killed-at');
      if (kill !== null) {
        kills.push({ kill, point: at?.kind === 'killed-at' ? at.point : null, states: statesNow(dataDir) });
      }
    }
  } finally {
    await world.stop();
  }
  for (const ms of recoveryMs) {
    if (ms > resumeLimitMs) violations.push({ kind: 'recovery', what: `working again after ${Math.round(ms)} ms` });
  }
  const verdict = judge(world, dataDir, memory, violations);
  const lagMs = lag();
  const valid = lagMs <= longestLagMs;
  writeFileSync(join(dir, 'station.log'), log);
  if (verdict.violations.length === 0 && options.keep !== true) rmSync(dir, { recursive: true, force: true });
  return {
    schedule,
    verdict,
    kills,
    recoveryMs,
    cuts: Object.entries(world.proxies).flatMap(([vendor, proxy]) => proxy.cut.map((place) => `${vendor} ${place}`)),
    elapsedMs: Date.now() - startedAt,
    lagMs,
    valid,
    dir,
  };
}

function judge(
  world: World,
  dataDir: string,
  memory: ReturnType<typeof emptyMemory>,
  before: readonly Violation[],
): Verdict {
  try {
    const verdict = check(readDatabase(dataDir), readCounters(world), memory, world.orderNumbers);
    return { ...verdict, violations: [...before, ...verdict.violations] };
  } catch (error) {
    const what = `the database cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return {
      violations: [...before, { kind: 'integrity', what }],
      duplicates: 0,
      lost: 0,
      needsPerson: 0,
      needsPersonAskable: 0,
      questions: [],
      sealedOrders: 0,
    };
  }
}

/** Measures how late timers of this process come; the returned function ends it and gives the longest delay. */
function watchLag(): () => number {
  const everyMs = 20;
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - everyMs);
    last = now;
  }, everyMs);
  return () => {
    clearInterval(timer);
    return Math.round(longest);
  };
}
