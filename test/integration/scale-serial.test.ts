/** A fake MT-SICS scale behind a real pseudo-terminal, through the real serialport library, to readings and back. */
import { afterEach, expect, test } from 'vitest';
import { createScale, scaleProtocol } from '../../main/devices/scale/index.ts';
import type { Scale } from '../../main/devices/scale/index.ts';
import type { ScaleState } from '../../preload/contract/index.ts';
import { createLinks } from '../../native/index.ts';
import { silentLog } from '../kit/ports.ts';
import { openPty, ptyMissing } from '../kit/pty.ts';
import type { Pty } from '../kit/pty.ts';
import { realClock } from '../kit/real-clock.ts';

const missing = ptyMissing();
const skipped = missing === null ? '' : `NOT RUN (${missing}): `;
if (missing !== null) process.stderr.write(`\n${skipped}serial scale over a real pseudo-terminal\n`);

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Answers every `SI CR LF` with the weight, in two writes split at a place that moves. */
function playScale(pty: Pty, weight: () => string): void {
  let received = '';
  let answers = 0;
  pty.onBytes((bytes) => {
    received += Buffer.from(bytes).toString('latin1');
    while (received.includes('\r\n')) {
      const command = received.slice(0, received.indexOf('\r\n'));
      received = received.slice(command.length + 2);
      const line = command === 'SI' ? `S S ${weight().padStart(10)} g\r\n` : 'ES\r\n';
      const cut = answers++ % line.length;
      pty.send(Buffer.from(line.slice(0, cut), 'latin1'));
      setImmediate(() => pty.send(Buffer.from(line.slice(cut), 'latin1')));
    }
  });
}

function until(scale: Scale, wanted: ScaleState): Promise<void> {
  if (scale.current().state === wanted) return Promise.resolve();
  return new Promise((resolve) => {
    const off = scale.onState((state) => {
      if (state !== wanted) return;
      off();
      resolve();
    });
  });
}

test.skipIf(missing !== null)(`${skipped}readings arrive over a real serial port, until it is unplugged`, async () => {
  const pty = await openPty();
  cleanups.push(() => pty.unplug());
  let grams = '1234.50';
  playScale(pty, () => grams);
  const link = createLinks({ clock: realClock, log: silentLog }).create(`serial://${pty.path}`, { baud: 9_600 });
  const scale = createScale({
    id: 'bench',
    link,
    protocol: scaleProtocol('mt-sics'),
    clock: realClock,
    log: silentLog,
    pollMs: 20,
  });
  cleanups.push(() => scale.close());

  const heard = new Promise<number[]>((resolve) => {
    const all: number[] = [];
    scale.onReading((reading) => {
      all.push(reading.grams);
      if (all.length === 10) grams = '-0.5';
      if (reading.grams === -0.5) resolve(all);
    });
  });
  scale.open();
  const all = await heard;
  expect(all.slice(0, 10)).toEqual(Array(10).fill(1234.5));
  expect(scale.counts().refused).toBe(0);

  const lost = until(scale, 'connecting');
  await pty.unplug();
  await lost;
  expect(scale.current()).toEqual({ reading: null, state: 'connecting' });
  expect(scale.counts().lastLinkError).toContain(pty.path);

  const from = performance.now();
  await scale.close();
  expect(performance.now() - from).toBeLessThan(2_000);
});
