/** The label engine in its own thread, so that drawing a label never makes a scan wait. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LabelEngine } from './engine.ts';
import { createEngine } from './engine.ts';
import { HeldError } from './held.ts';
import type { HeldCode } from './held.ts';

type Operation = keyof LabelEngine;

/** One request and its answer; bytes are copied, labels are small. */
export interface WorkerRequest {
  readonly id: number;
  readonly operation: Operation;
  readonly parameters: readonly unknown[];
}
export type WorkerAnswer =
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'held'; readonly code: HeldCode; readonly message: string }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };

const port = parentPort;
if (port !== null) {
  const engine = createEngine((workerData as { resourcesDir: string }).resourcesDir);
  port.on('message', (request: WorkerRequest) => {
    void answer(engine, request).then((result) => port.postMessage(result));
  });
}

async function answer(engine: LabelEngine, request: WorkerRequest): Promise<WorkerAnswer> {
  const { id, operation } = request;
  try {
    const run = engine[operation] as (...parameters: readonly unknown[]) => Promise<unknown>;
    return { id, kind: 'done', value: await run(...request.parameters) };
  } catch (error) {
    if (error instanceof HeldError) return { id, kind: 'held', code: error.code, message: error.message };
    return { id, kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
