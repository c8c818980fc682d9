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
/**
 * Answers `warmUp` with its thread's number; hangs on `raster`; dies of `drawLpn`; eats memory on `renderZpl`; is worn
 * out by `drawParcelLabel`; takes many steps on `drawOwn`.
 */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'packbench-thread-'));
  const file = join(dir, 'worker.mjs');
  await writeFile(
    file,
    `import { parentPort, threadId } from 'node:worker_threads';
     parentPort.on('message', async ({ id, operation, parameters }) => {
       const post = (rest) => parentPort.postMessage({ id, ...rest });
       const step = () => {
         const { user, system } = process.threadCpuUsage();
         post({ kind: 'step', processorMs: (user + system) / 1_000 });
       };
       step();
       if (operation === 'raster') for (;;);
       if (operation === 'drawLpn') throw new Error('broken');
       if (operation === 'renderZpl') for (const all = []; ; ) all.push(new Array(100_000).fill({}));
       if (operation === 'drawOwn') {
         for (let count = 0; count < parameters[0]; count += 1) {
           const until = performance.now() + 40;
           while (performance.now() < until);
           step();
         }
       }
       post({ kind: 'done', value: threadId, worn: operation === 'drawParcelLabel' });
     });`,
  );
  workerUrl = pathToFileURL(file);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const limits = { startMs: 20_000, stepMs: 10_000, wholeMs: 20_000 };
const thread = (idleMs: number | null, change: Partial<typeof limits> = {}): ReturnType<typeof createEngineThread> =>
  createEngineThread({ clock, log, resourcesDir: '', workerUrl, idleMs, limits: { ...limits, ...change } });

test('a label that hangs the thread is held, and the next one has a new thread', async () => {
  const engine = thread(null, { stepMs: 300 });
  const first = await engine.request('warmUp', []);
  await expect(engine.request('raster', [])).rejects.toMatchObject({ code: 'label.too-heavy' });
  expect(await engine.request('warmUp', [])).not.toBe(first);
  await engine.stop();
});

test('labels that wait behind one that hangs are done by the next thread', async () => {
  const engine = thread(null, { stepMs: 300 });
  const hung = engine.request('raster', []);
  const behind = [engine.request('warmUp', []), engine.request('warmUp', [])];
  await expect(hung).rejects.toMatchObject({ code: 'label.too-heavy' });
  const [one, other] = await Promise.all(behind);
  expect(one).toBe(other);
  await engine.stop();
});

test('steps give a label more time, up to its whole time', async () => {
  const engine = thread(null, { stepMs: 5_000, wholeMs: 400 });
  expect(await engine.request('drawOwn', [2])).toBeTypeOf('number');
  await expect(engine.request('drawOwn', [1_000])).rejects.toMatchObject({ code: 'label.too-heavy' });
  await engine.stop();
});

test('a label that fills the heap is held, and the next one has a new thread', async () => {
  const engine = thread(null);
  await expect(engine.request('renderZpl', [])).rejects.toMatchObject({ code: 'label.too-heavy' });
  expect(await engine.request('warmUp', [])).toBeTypeOf('number');
  await engine.stop();
});

test('a thread that has grown too large gives its answer and is replaced', async () => {
  const engine = thread(null);
  const worn = await engine.request('drawParcelLabel', []);
  expect(await engine.request('warmUp', [])).not.toBe(worn);
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
