/** The label engine in its own thread, so that drawing a label never makes a scan wait. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LabelEngine } from './engine.ts';
import { createEngine } from './engine.ts';
import { HeldError } from './held.ts';
import type { HeldCode } from './held.ts';
import { limitMemory } from './memory-limit.ts';

type Operation = keyof LabelEngine;

/** One request and its answers; bytes are copied, labels are small. */
export interface WorkerRequest {
  readonly id: number;
  readonly operation: Operation;
  readonly parameters: readonly unknown[];
}
/** `step`: begun, or one step further. `worn`: the thread has grown too large and should be replaced. */
export type WorkerAnswer =
  | { readonly id: number; readonly kind: 'step'; readonly processorMs: number }
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown; readonly worn: boolean }
  | {
      readonly id: number;
      readonly kind: 'held';
      readonly code: HeldCode;
      readonly message: string;
      readonly found: string | undefined;
      readonly worn: boolean;
    }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string; readonly worn: boolean };

/** A page of A4 at 600 dpi with a scanned picture on it takes some 200 MB. */
const mostEngineBytes = 448 * 1024 * 1024;
/** An ordinary label leaves the engines below 64 MB. */
const wornBytes = 192 * 1024 * 1024;

const port = parentPort;
if (port !== null) {
  const memory = limitMemory(mostEngineBytes);
  let working = 0;
  const engine = createEngine((workerData as { resourcesDir: string }).resourcesDir, () => {
    port.postMessage(step(working));
  });
  const answer = async ({ id, operation, parameters }: WorkerRequest): Promise<WorkerAnswer> => {
    working = id;
    memory.forget();
    const isWorn = (): boolean => memory.refused || memory.largestBytes > wornBytes;
    try {
      // The engines of a new thread load first, so that a label's time is its own. Other operations load their own.
      if (operation === 'raster') await engine.warmUp();
      port.postMessage(step(id));
      const run = engine[operation] as (...given: readonly unknown[]) => Promise<unknown>;
      return { id, kind: 'done', value: await run(...parameters), worn: isWorn() };
    } catch (error) {
      if (memory.refused) {
        const message = 'the label takes more memory than any label does';
        return { id, kind: 'held', code: 'label.too-heavy', message, found: undefined, worn: true };
      }
      if (error instanceof HeldError) {
        const { code, message, found } = error;
        return { id, kind: 'held', code, message, found, worn: isWorn() };
      }
      // An engine that failed in a way we did not foresee may be left in any state.
      return { id, kind: 'failed', message: error instanceof Error ? error.message : String(error), worn: true };
    }
  };
  port.on('message', (request: WorkerRequest) => {
    void answer(request).then((result) => port.postMessage(result));
  });
}

/** Begun, or one step further; with the processor time of this thread so far. */
function step(id: number): WorkerAnswer {
  const { user, system } = process.threadCpuUsage();
  return { id, kind: 'step', processorMs: (user + system) / 1_000 };
}
