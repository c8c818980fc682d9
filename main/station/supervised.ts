/**
 * Crash-only: when the database may not be believed any more (a commit or sync that failed, a damaged page), the part
 * of the station that works with it is stopped within a bound, the database closed, opened, read, restored if need be,
 * and that part started anew from what the database says. It is the way every start goes after a kill.
 *
 * What has nothing to do with the database goes on: virtual vendors and devices, the line, label threads, subscribers.
 */
import { join } from 'node:path';
import type { DiagnosticReport, Notice } from '../../preload/contract/index.ts';
import { runDiagnostics } from '../diagnostics/report.ts';
import type { Clock, Ports } from '../ports.ts';
import type { Profile } from '../profile/profile.ts';
import type { Station, StationOptions } from '../station.ts';
import { StoreError, type Store } from '../store/store.ts';
import { createSafeStore, type SafeStore } from './safe-store.ts';
import { createStableBackend } from './stable-backend.ts';
import { safetyChecks } from './safety-checks.ts';

/** What an inner station is given; it closes none of it. */
export interface Outer {
  readonly store: Store;
  readonly safe: SafeStore;
  /** The host's ports, with a clock whose tasks end quietly once this inner station is over. */
  readonly ports: Ports;
  /** Runs `work` unless this inner station is over; a failure of the database in it is met by starting anew. */
  guard(work: () => void): void;
  /** Runs `make` for the first inner station only; the later ones get what it gave. Stopped with the whole station. */
  once<T extends { stop(): void | Promise<void> }>(name: string, make: () => T | Promise<T>): Promise<T>;
  /** Ends this inner station in a moment and starts another with this profile; if that cannot start, with the old one. */
  startAnew(profile: Profile): void;
  /** The profile was changed while the station runs: the next inner station begins with it. */
  profileChanged(profile: Profile): void;
}

/** Longest wait for the old part to end; what is under way then is unknown, as after a kill. */
const stopLimitMs = 3_000;
const firstRetryMs = 250;
const longestRetryMs = 15_000;
const firstTries = 3;
const mayPassCodes: ReadonlySet<string> = new Set(['ambiguous', 'full', 'corrupt']);
/** An inner station that lived this long was well: the next failure begins with the shortest wait. */
const wellAfterMs = 60_000;

const settingsChanged: Notice = { code: 'store.settings-changed', tone: 'info', params: {} };

export async function supervise(
  options: StationOptions,
  startInner: (options: StationOptions, outer: Outer) => Promise<Station>,
): Promise<Station> {
  const { ports } = options;
  const { clock, log } = ports;
  const path = join(ports.dataDir, 'packbench.db');
  const safe = createSafeStore(path, ports, options.safety);
  const lasting = new Map<string, { stop(): void | Promise<void> }>();
  let station: Station | null = null;
  let store: Store | null = null;
  let over: (() => void) | null = null;
  let stopping = false;
  let restarting: Promise<void> | null = null;
  let wake: (() => void) | null = null;
  let waitMs = firstRetryMs;
  let startedAt = clock.monotonic();
  /** The options of the inner station; its profile can be changed while the station runs. */
  let used = options;

  async function once<T extends { stop(): void | Promise<void> }>(
    name: string,
    make: () => T | Promise<T>,
  ): Promise<T> {
    const known = lasting.get(name);
    if (known !== undefined) return known as T;
    const made = await make();
    lasting.set(name, made);
    return made;
  }

  async function open(): Promise<Station> {
    const opened = safe.open();
    store = opened;
    let ended = false;
    over = () => {
      ended = true;
    };
    const guard = (work: () => void): void => {
      if (ended) return;
      try {
        work();
      } catch (error) {
        if (!(error instanceof StoreError) || (opened.failure === null && !ended)) throw error;
        log.warn({ error: error.message }, 'work ended with the database');
      }
    };
    const guarded: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (delayMs, task) => clock.after(delayMs, () => guard(task)),
    };
    try {
      return await startInner(used, {
        store: opened,
        safe,
        ports: { ...ports, clock: guarded },
        guard,
        once,
        startAnew,
        profileChanged,
      });
    } catch (error) {
      over();
      await safe.close();
      throw error;
    }
  }

  /** `calm`: the database is well, so what waits for a timer while it ends may do so, as when the station stops. */
  async function stopInner(calm = false): Promise<void> {
    if (!calm) over?.();
    await within(clock, stopLimitMs, station?.stop() ?? Promise.resolve(), () => {
      log.warn({ limitMs: stopLimitMs }, 'part of the station did not end in time; going on without it');
    });
    over?.();
    station = null;
    await safe.close();
  }

  async function stopLasting(): Promise<void> {
    for (const part of [...lasting.values()].reverse()) {
      try {
        await part.stop();
      } catch (error) {
        log.error({ error: String(error) }, 'closing a part of the station failed');
      }
    }
    lasting.clear();
    await safe.stop();
  }

  /** Follows the open database; the first failure starts the restart. */
  function watch(): void {
    store?.onFailure((failure) => {
      if (stopping || restarting !== null) return;
      restarting = restart(failure).finally(() => (restarting = null));
    });
  }

  function startAnew(profile: Profile): void {
    // After the call that asked for it was answered.
    clock.after(0, () => {
      if (stopping || restarting !== null) return;
      restarting = startWith(profile).finally(() => (restarting = null));
    });
  }

  function profileChanged(profile: Profile): void {
    used = { ...options, profile };
  }

  async function startWith(profile: Profile): Promise<void> {
    const before = used;
    used = { ...options, profile };
    log.info({}, 'the station starts anew with a changed profile');
    stable.hold(settingsChanged);
    await stopInner(true);
    try {
      await goOn();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error({ error: reason }, 'the station does not start with the changed profile; it goes on with the old one');
      used = before;
      await reopen();
    }
  }

  /** The first start: what may pass is tried again a few times, what cannot pass is said at once. */
  async function openFirst(): Promise<Station> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await open();
      } catch (error) {
        const mayPass = error instanceof StoreError && mayPassCodes.has(error.code);
        if (!mayPass || tries >= firstTries) throw error;
        log.error({ error: error.message, tries }, 'the database failed while the station started; trying again');
      }
      await new Promise<void>((resolve) => {
        clock.after(firstRetryMs * tries, resolve);
      });
    }
  }

  const why = (reason: string): Notice => ({ code: 'store.reopening', tone: 'stop', params: { reason } });

  async function restart(failure: StoreError): Promise<void> {
    log.error({ code: failure.code, error: failure.message }, 'the database failed; it is opened again and read');
    stable.hold(why(failure.message));
    if (clock.monotonic() - startedAt > wellAfterMs) waitMs = firstRetryMs;
    await stopInner();
    await reopen();
  }

  /** Opens the database and serves it. Rejects if it cannot be opened. */
  async function goOn(): Promise<void> {
    station = await open();
    startedAt = clock.monotonic();
    watch();
    stable.serve(station.backend);
    log.info({}, 'the station goes on from what the database says');
  }

  /** Tries until it is open, or the station is told to stop. */
  async function reopen(): Promise<void> {
    for (;;) {
      if (stopping) return;
      try {
        await goOn();
        if (store?.failure == null) return;
        await stopInner();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log.error({ error: reason, waitMs }, 'the database cannot be opened yet');
        stable.hold(why(reason));
      }
      await new Promise<void>((resolve) => {
        const timer = clock.after(waitMs, resolve);
        wake = () => {
          timer.cancel();
          resolve();
        };
      });
      waitMs = Math.min(longestRetryMs, waitMs * 2);
    }
  }

  /** What can be looked at without the records. */
  const meanwhile = (): Promise<DiagnosticReport> => runDiagnostics(safetyChecks(safe, null), ports.version, clock);

  try {
    station = await openFirst();
  } catch (error) {
    await stopLasting();
    throw error;
  }
  const current = (): Station => {
    if (station === null) throw new StoreError('failed', 'The station is reading its records again.');
    return station;
  };
  const stable = createStableBackend({
    first: station.backend,
    clock,
    log,
    failed: () => station === null || store?.failure != null,
    meanwhile: { 'diagnose.run': meanwhile },
  });
  watch();
  // It may have failed while the rest of the station started.
  const early: StoreError | null = (store as Store | null)?.failure ?? null;
  if (early !== null) restarting = restart(early).finally(() => (restarting = null));

  return {
    backend: stable.backend,
    // What runs now: not to be kept across a failure of the database.
    inside: {
      get store() {
        return current().inside.store;
      },
      get desk() {
        return current().inside.desk;
      },
      get day() {
        return current().inside.day;
      },
      get bags() {
        return current().inside.bags;
      },
      get intake() {
        return current().inside.intake;
      },
      get tracking() {
        return current().inside.tracking;
      },
      get labels() {
        return current().inside.labels;
      },
      get devices() {
        return current().inside.devices;
      },
      get dws() {
        return current().inside.dws;
      },
      get vendors() {
        return current().inside.vendors;
      },
      get virtual() {
        return current().inside.virtual;
      },
      diagnose: () => (station === null ? meanwhile() : station.inside.diagnose()),
    },
    async stop() {
      stopping = true;
      wake?.();
      await restarting;
      const running = station;
      station = null;
      await running?.stop();
      over?.();
      await safe.close();
      await stopLasting();
    },
  };
}

/** Waits for `work`, but not longer than `limitMs`. */
async function within(clock: Clock, limitMs: number, work: Promise<void>, late: () => void): Promise<void> {
  await new Promise<void>((resolve) => {
    const limit = clock.after(limitMs, () => {
      late();
      resolve();
    });
    work
      .catch(() => null)
      .finally(() => {
        limit.cancel();
        resolve();
      });
  });
}
