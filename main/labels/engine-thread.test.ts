import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock, Log } from '../ports.ts';
import { createEngineThread } from './engine-thread.ts';

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
const silent = (): void => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

let dir = '';
let workerUrl = new URL('file:///');
/** Answers `warmUp` with its thread's number, hangs on `raster`, dies of `drawLpn`. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'packbench-thread-'));
  const file = join(dir, 'worker.mjs');
  await writeFile(
    file,
    `import { parentPort, threadId } from 'node:worker_threads';
     parentPort.on('message', ({ id, operation }) => {
       if (operation === 'raster') for (;;);
       if (operation === 'drawLpn') throw new Error('broken');
       parentPort.postMessage({ id, kind: 'done', value: threadId });
     });`,
  );
  workerUrl = pathToFileURL(file);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const thread = (idleMs: number | null, limitMs = 5_000): ReturnType<typeof createEngineThread> =>
  createEngineThread({ clock, log, resourcesDir: '', workerUrl, idleMs, limitMs });

test('a label that hangs the thread is held, and the next one has a new thread', async () => {
  const engine = thread(null, 300);
  const first = await engine.request('warmUp', []);
  await expect(engine.request('raster', [])).rejects.toMatchObject({ code: 'label.unreadable' });
  expect(await engine.request('warmUp', [])).not.toBe(first);
  await engine.stop();
});

test('a thread that dies fails what it was doing, and the next request has a new thread', async () => {
  const engine = thread(null);
  await expect(engine.request('drawLpn', [])).rejects.toThrow('broken');
  expect(await engine.request('warmUp', [])).toBeTypeOf('number');
  await engine.stop();
});

test('a steady thread is kept, and after stop nothing is started', async () => {
  const engine = thread(null);
  expect(await engine.request('warmUp', [])).toBe(await engine.request('warmUp', []));
  await engine.stop();
  await expect(engine.request('warmUp', [])).rejects.toThrow('stopped');
});
