/** The label engine as seen from the main thread. */
import type { Clock, Log } from '../ports.ts';
import { createEngineThread } from './engine-thread.ts';
import type { LabelEngine } from './engine.ts';

/** The rack label's font and the ZPL interpreter hold some 100 MB each and are seldom needed: freed after a minute. */
const seldomIdleMs = 60_000;

/**
 * Two threads: one that stays, for the carriers' labels, and one for what is seldom needed. Neither is started before
 * the first request.
 */
export function createWorkerEngine(deps: {
  readonly clock: Clock;
  readonly log: Log;
  readonly resourcesDir: string;
  readonly workerUrl: URL;
}): LabelEngine & { stop(): Promise<void> } {
  const steady = createEngineThread({ ...deps, idleMs: null });
  const seldom = createEngineThread({ ...deps, idleMs: seldomIdleMs });
  return {
    raster: (...parameters) => steady.request('raster', parameters),
    renderZpl: (...parameters) => seldom.request('renderZpl', parameters),
    drawLpn: (...parameters) => seldom.request('drawLpn', parameters),
    drawParcelLabel: (...parameters) => seldom.request('drawParcelLabel', parameters),
    drawOwn: (...parameters) => seldom.request('drawOwn', parameters),
    warmUp: () => steady.request('warmUp', []),
    async stop() {
      await Promise.all([steady.stop(), seldom.stop()]);
    },
  };
}
