/** A thread that works on labels: started when first needed, replaced if it hangs or dies. */
import { Worker } from 'node:worker_threads';
import type { Clock, Log, Timer } from '../ports.ts';
import { HeldError, StoppedError } from './held.ts';
import type { WorkerAnswer, WorkerRequest } from './worker.ts';

/** A label that takes longer is not going to be drawn: a hostile PDF can ask for work without end. */
const usualLimitMs = 15_000;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly cancel: () => void;
}

export interface EngineThread {
  /** Rejects with `HeldError`, or with an Error if the thread failed or is stopped. */
  request<T>(operation: WorkerRequest['operation'], parameters: readonly unknown[]): Promise<T>;
  stop(): Promise<void>;
}

/** Starts no thread until the first request. With `idleMs` it is ended after that time without one, and its memory freed. */
export function createEngineThread(deps: {
  readonly clock: Clock;
  readonly log: Log;
  readonly resourcesDir: string;
  readonly workerUrl: URL;
  readonly idleMs: number | null;
  readonly limitMs?: number;
}): EngineThread {
  const { clock, log, idleMs } = deps;
  const limitMs = deps.limitMs ?? usualLimitMs;
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let idleTimer: Timer | null = null;
  let lastId = 0;
  let stopped = false;

  function giveUp(error: Error): void {
    const lost = worker;
    worker = null;
    for (const [id, each] of [...waiting]) {
      waiting.delete(id);
      each.cancel();
      each.reject(error);
    }
    if (lost !== null) void lost.terminate();
  }

  function start(): Worker {
    const started = new Worker(deps.workerUrl, { workerData: { resourcesDir: deps.resourcesDir } });
    started.on('message', (answer: WorkerAnswer) => {
      const found = waiting.get(answer.id);
      if (found === undefined) return;
      waiting.delete(answer.id);
      found.cancel();
      if (waiting.size === 0) {
        started.unref();
        if (idleMs !== null) idleTimer = clock.after(idleMs, () => giveUp(new Error('idle')));
      }
      if (answer.kind === 'done') found.resolve(answer.value);
      else if (answer.kind === 'held') found.reject(new HeldError(answer.code, answer.message));
      else found.reject(new Error(answer.message));
    });
    started.on('error', (error) => {
      if (worker !== started) return;
      log.error({ error: error.message.slice(0, 300) }, 'the label thread failed and will be started again');
      giveUp(new Error(`the label thread failed: ${error.message.slice(0, 200)}`));
    });
    started.on('exit', () => {
      if (worker === started) giveUp(new Error('the label thread ended'));
    });
    return started;
  }

  function request<T>(operation: WorkerRequest['operation'], parameters: readonly unknown[]): Promise<T> {
    if (stopped) return Promise.reject(new StoppedError());
    idleTimer?.cancel();
    worker ??= start();
    const current = worker;
    current.ref();
    lastId += 1;
    const id = lastId;
    return new Promise<T>((resolve, reject) => {
      const timer = clock.after(limitMs, () => {
        if (worker !== current) return;
        log.warn({ operation }, 'the label thread hung and will be started again');
        giveUp(new HeldError('label.unreadable', `the label took longer than ${limitMs / 1000} s to draw`));
      });
      waiting.set(id, { resolve: (value) => resolve(value as T), reject, cancel: () => timer.cancel() });
      current.postMessage({ id, operation, parameters } satisfies WorkerRequest);
    });
  }

  return {
    request,
    async stop() {
      stopped = true;
      idleTimer?.cancel();
      const last = worker;
      giveUp(new StoppedError());
      await last?.terminate();
    },
  };
}
