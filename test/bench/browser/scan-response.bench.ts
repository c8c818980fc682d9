/**
 * A scan to its answer in a real Chromium against a real station: from the key event of the scanner's terminator to
 * the feedback element in the document, to the next frame after it, and to the start of its sound.
 */
import { join } from 'node:path';
import { startNodeHost } from '../../../main/host/node/host.ts';
import { atStage, ensureScreenBuilt, launchBrowser, scan, type Screen } from '../../browser/kit.ts';
import { projectDir, startTestStation, type TestStation } from '../../kit/station.ts';
import { benchmark, type Bench } from '../harness/benchmark.ts';

const responseMs = 50;

/** What the page measured for one scan, milliseconds after the terminator's key event; null if it did not happen. */
interface Response {
  readonly shown: number;
  readonly frame: number;
  readonly sound: number | null;
  /** From the call leaving to its answer being there. */
  readonly call: number | null;
}

declare global {
  interface Window {
    readonly benchNext: () => Promise<Response>;
  }
}

async function run(bench: Bench): Promise<void> {
  await ensureScreenBuilt();
  const desk = await startTestStation({ orders: 60, dataDir: join(bench.folder, 'station') });
  await desk.station.inside.intake.sync();
  const host = await startNodeHost({
    station: desk.station.backend,
    rendererDir: join(projectDir, 'dist', 'renderer'),
    port: 0,
    log: desk.ports.log,
    clock: desk.ports.clock,
  });
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1_366, height: 768 }, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.addInitScript(watchPage);
  const keys = await context.newCDPSession(page);
  const screen: Screen = { page, keys, complaints: [], at: (id) => page.getByTestId(id), close: () => context.close() };
  await page.goto(host.url);
  await atStage(screen, 'idle');

  const wanted = bench.quick ? 60 : 200;
  const warmUp = 10;
  const responses: Response[] = [];
  for await (const response of packScans(desk, screen)) {
    responses.push(response);
    if (responses.length >= wanted + warmUp) break;
  }
  const measured = responses.slice(warmUp);
  const heard = measured.flatMap(({ sound }) => (sound === null ? [] : [sound]));
  const called = measured.flatMap(({ call }) => (call === null ? [] : [call]));
  bench.add({
    name: 'terminator to answer in the document',
    unit: 'ms',
    samples: measured.map((each) => each.shown),
    budget: responseMs,
  });
  bench.add({
    name: 'terminator to the frame after it',
    unit: 'ms',
    samples: measured.map((each) => each.frame),
    budget: responseMs,
  });
  if (heard.length > 0)
    bench.add({ name: 'terminator to sound scheduled', unit: 'ms', samples: heard, budget: responseMs });
  else bench.note('no sound was scheduled: this browser gives the page no running audio');
  bench.add({ name: 'of it: the call, as the page sees it', unit: 'ms', samples: called });
  bench.note('order and item scans; each is committed to the disk with FULL sync before it is answered');
  await context.close();
  await browser.close();
  await host.close();
  await desk.stop();
}

/** Scans one order after another, its items, and lets it go again before it is weighed. */
async function* packScans(desk: TestStation, screen: Screen): AsyncGenerator<Response> {
  const { store, desk: inside } = desk.station.inside;
  for (;;) {
    const { rows } = store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 60 });
    if (rows.length === 0) throw new Error('no order waits');
    for (const { number } of rows) {
      yield await scanTimed(screen, number);
      if (inside.snapshot.current().stage !== 'items') continue;
      for (const line of inside.snapshot.current().lines) {
        for (let n = line.scansDone; n < line.scansNeeded; n += 1) yield await scanTimed(screen, line.productCode);
      }
      await desk.client.call('pack.command', { command: 'release-order', reason: 'bench' });
      await atStage(screen, 'idle');
    }
  }
}

async function scanTimed(screen: Screen, code: string): Promise<Response> {
  const next = screen.page.evaluate(() => window.benchNext());
  await scan(screen, code);
  return next;
}

/** Runs in the page before its own scripts: notes when keys come, calls go, sounds start and the answer is shown. */
function watchPage(): void {
  let keyAt = 0;
  let sentAt = 0;
  let sentId: unknown = null;
  let call: number | null = null;
  let sound: number | null = null;
  let done: ((response: Response) => void) | null = null;

  window.addEventListener(
    'keydown',
    (event) => {
      if (event.code !== 'Enter') return;
      keyAt = performance.now();
      call = null;
      sound = null;
    },
    true,
  );

  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (this: OscillatorNode, when?: number) {
    sound ??= performance.now() - keyAt;
    start.call(this, when);
  };

  const send = WebSocket.prototype.send;
  const followed = new WeakSet<WebSocket>();
  WebSocket.prototype.send = function (this: WebSocket, data: string | ArrayBufferLike | Blob | ArrayBufferView) {
    if (!followed.has(this)) {
      followed.add(this);
      // Before the page's own listener, so that its drawing is not counted as the call's.
      this.addEventListener(
        'message',
        (event) => {
          if (sentId === null || !String(event.data).includes('"ok"')) return;
          const message = JSON.parse(String(event.data)) as { kind?: unknown; id?: unknown };
          if (message.kind !== 'ok' || message.id !== sentId) return;
          call = performance.now() - sentAt;
          sentId = null;
        },
        { capture: true },
      );
    }
    if (typeof data === 'string' && data.includes('"pack.scan"')) {
      sentId = (JSON.parse(data) as { id?: unknown }).id;
      sentAt = performance.now();
    }
    send.call(this, data as string);
  };

  let lastId = '';
  const look = (): void => {
    const id = document.querySelector('[data-testid=feedback]')?.getAttribute('data-id') ?? '';
    if (id === lastId || id === '') return;
    lastId = id;
    const shown = performance.now() - keyAt;
    // The sound and the answer of the call may come after the words; the frame after the words ends the scan.
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.addEventListener('message', () => {
        const frame = performance.now() - keyAt;
        setTimeout(() => {
          done?.({ shown, frame, sound, call });
          done = null;
        }, 20);
      });
      after.port1.start();
      after.port2.postMessage(null);
    });
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  Object.defineProperty(window, 'benchNext', {
    value: () => new Promise<Response>((resolve) => (done = resolve)),
  });
}

await benchmark(run);
