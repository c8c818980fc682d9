/** The drawing thread of a virtual printer: started when first needed, ended when it has been idle for a while. */
import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '../ports.ts';
import type { RenderAnswer, RenderRequest } from './printer-render-worker.ts';

export interface Rendered {
  readonly png: Uint8Array;
  readonly codes: string[];
}

export interface LabelRenderer {
  /** Rejects with a one-line Error if the label cannot be drawn. */
  render(zpl: Uint8Array, media: Pick<RenderRequest, 'widthMm' | 'heightMm' | 'dotsPerMm'>): Promise<Rendered>;
  stop(): Promise<void>;
}

/** The interpreter holds some 100 MB; a desk at rest gets them back. */
const idleMs = 60_000;

/** `workerUrl` is for builds that move the worker's file. */
export function createLabelRenderer(clock: Clock, workerUrl?: URL): LabelRenderer {
  const waiting = new Map<number, { resolve: (rendered: Rendered) => void; reject: (error: Error) => void }>();
  let worker: Worker | null = null;
  let idleTimer: Timer | null = null;
  let lastId = 0;

  function end(error: Error): Promise<unknown> {
    const last = worker;
    worker = null;
    idleTimer?.cancel();
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
    return last?.terminate() ?? Promise.resolve();
  }

  function start(): Worker {
    const started = new Worker(workerUrl ?? new URL('./printer-render-worker.ts', import.meta.url));
    started.on('message', (answer: RenderAnswer) => {
      const found = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) {
        started.unref();
        idleTimer = clock.after(idleMs, () => void end(new Error('idle')));
      }
      if ('error' in answer) found?.reject(new Error(answer.error));
      else found?.resolve({ png: answer.png, codes: answer.codes });
    });
    started.on('error', (error) => {
      if (worker === started) void end(new Error(`the drawing thread failed: ${error.message.slice(0, 200)}`));
    });
    return started;
  }

  return {
    render(zpl, media) {
      idleTimer?.cancel();
      worker ??= start();
      worker.ref();
      lastId += 1;
      const id = lastId;
      const current = worker;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        current.postMessage({ id, zpl, ...media } satisfies RenderRequest);
      });
    },
    async stop() {
      await end(new Error('the virtual printer is stopped'));
    },
  };
}
