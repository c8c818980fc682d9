/** A thread that works on labels: started when first needed, replaced if it hangs, dies or has grown too large. */
import { Worker } from 'node:worker_threads';
import type { Clock, Log, Timer } from '../ports.ts';
import { HeldError, StoppedError } from './held.ts';
import type { WorkerAnswer, WorkerRequest } from './worker.ts';

/**
 * How long a thread may work. A hostile file can ask for work without end; a label that is drawn at all moves on every
 * few hundred milliseconds. A step counts the processor's time: on a machine that has other things to do a label takes
 * longer and is no worse.
 */
export interface ThreadLimits {
  /** From the request until the thread begins it: loading the engines on a slow machine. */
  readonly startMs: number;
  /** Processor time from one step of drawing to the next. */
  readonly stepMs: number;
  /** All steps of one request: a PDF of twenty pages. */
  readonly wholeMs: number;
}

const usualLimits: ThreadLimits = { startMs: 15_000, stepMs: 1_700, wholeMs: 10_000 };

/** The heap of JavaScript in the thread; pixels and the engines' own memory are outside of it (`memory-limit.ts`). */
const heapMb = 256;

interface Task {
  readonly id: number;
  readonly operation: WorkerRequest['operation'];
  readonly parameters: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface EngineThread {
  /**
   * Requests are worked on one after another; one that hangs or kills the thread takes no other with it. Rejects with
   * `HeldError`, or with an Error if the thread failed or is stopped.
   */
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
  readonly limits?: ThreadLimits;
}): EngineThread {
  const { clock, log, idleMs } = deps;
  const limits = deps.limits ?? usualLimits;
  const queue: Task[] = [];
  let current: { readonly task: Task; readonly timers: Timer[]; processorMs: number } | null = null;
  let worker: Worker | null = null;
  let idleTimer: Timer | null = null;
  let lastId = 0;
  let stopped = false;

  /** Ends the request in work. The thread stays. */
  function settle(): Task | null {
    const ended = current;
    current = null;
    for (const timer of ended?.timers ?? []) timer.cancel();
    return ended?.task ?? null;
  }

  /** Gives up the thread and what it was working on; what waits goes to the next thread. */
  function replace(error: Error): void {
    const lost = worker;
    worker = null;
    const task = settle();
    task?.reject(error);
    if (lost !== null) void lost.terminate();
    warmNext(task);
    next();
  }

  /** A thread that is always kept loads its engines anew at once, before the next label needs them. */
  function warmNext(after: Task | null): void {
    if (idleMs !== null || stopped || after === null || after.operation === 'warmUp') return;
    lastId += 1;
    const ignore = (): void => undefined;
    queue.unshift({ id: lastId, operation: 'warmUp', parameters: [], resolve: ignore, reject: ignore });
  }

  function giveUp(task: Task, what: string): void {
    if (current?.task !== task) return;
    log.warn({ operation: task.operation, what }, 'the label thread hung and will be started again');
    replace(new HeldError('label.too-heavy', `the label takes longer to draw than any label does (${what})`));
  }

  function limit(afterMs: number, task: Task, what: string): Timer {
    return clock.after(afterMs, () => giveUp(task, what));
  }

  /** Looks again as long as the thread did not get its processor time; the whole time ends it in any case. */
  function limitStep(afterMs: number, task: Task, from: Worker): Timer {
    const what = `a step of more than ${limits.stepMs} ms`;
    return clock.after(afterMs, () => {
      const sinceMs = current?.task === task ? current.processorMs : 0;
      // A thread that does not even say how long it worked is not waited for.
      const silent = limit(200, task, what);
      void processorMs(from).then((nowMs) => {
        silent.cancel();
        if (current?.task !== task || current.processorMs !== sinceMs) return;
        const leftMs = limits.stepMs * 0.9 - (nowMs - sinceMs);
        if (leftMs <= 0) giveUp(task, what);
        else current.timers[0] = limitStep(Math.max(50, leftMs), task, from);
      });
    });
  }

  function start(): Worker {
    const started = new Worker(deps.workerUrl, {
      workerData: { resourcesDir: deps.resourcesDir },
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    started.on('message', (answer: WorkerAnswer) => {
      if (worker !== started || current?.task.id !== answer.id) return;
      const { task, timers } = current;
      if (answer.kind === 'step') {
        timers[0]?.cancel();
        current.processorMs = answer.processorMs;
        timers[0] = limitStep(limits.stepMs, task, started);
        timers[1] ??= limit(limits.wholeMs, task, `more than ${limits.wholeMs} ms`);
        return;
      }
      settle();
      if (answer.kind === 'done') task.resolve(answer.value);
      else if (answer.kind === 'held') task.reject(new HeldError(answer.code, answer.message, answer.found));
      else task.reject(new Error(answer.message));
      // Memory that WebAssembly has taken is given back only with its thread.
      if (answer.worn) {
        worker = null;
        void started.terminate();
        warmNext(task);
      }
      next();
    });
    started.on('error', (error) => {
      if (worker !== started) return;
      log.error({ error: error.message.slice(0, 300) }, 'the label thread failed and will be started again');
      const isMemory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      replace(
        isMemory
          ? new HeldError('label.too-heavy', 'the label takes more memory than any label does')
          : new Error(`the label thread failed: ${error.message.slice(0, 200)}`),
      );
    });
    started.on('exit', () => {
      if (worker === started) replace(new Error('the label thread ended'));
    });
    return started;
  }

  function next(): void {
    if (current !== null || stopped) return;
    const task = queue.shift();
    if (task === undefined) {
      worker?.unref();
      if (worker !== null && idleMs !== null) idleTimer = clock.after(idleMs, () => replace(new Error('idle')));
      return;
    }
    idleTimer?.cancel();
    worker ??= start();
    worker.ref();
    current = { task, timers: [limit(limits.startMs, task, `not begun within ${limits.startMs} ms`)], processorMs: 0 };
    const { id, operation, parameters } = task;
    worker.postMessage({ id, operation, parameters } satisfies WorkerRequest);
  }

  return {
    request<T>(operation: WorkerRequest['operation'], parameters: readonly unknown[]): Promise<T> {
      if (stopped) return Promise.reject(new StoppedError());
      lastId += 1;
      const id = lastId;
      return new Promise<T>((resolve, reject) => {
        queue.push({ id, operation, parameters, resolve: (value) => resolve(value as T), reject });
        next();
      });
    },
    async stop() {
      stopped = true;
      idleTimer?.cancel();
      const last = worker;
      worker = null;
      settle()?.reject(new StoppedError());
      for (const task of queue.splice(0)) task.reject(new StoppedError());
      await last?.terminate();
    },
  };
}

/** Processor time the thread has used, in milliseconds; endless where it cannot be told. */
async function processorMs(worker: Worker): Promise<number> {
  try {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1_000;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
