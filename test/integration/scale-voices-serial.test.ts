/** Virtual scales of several protocols behind real pseudo-terminals, each with the line its manual has, to a stable weight. */
import { afterEach, expect, test } from 'vitest';
import { createScale, settleScale, type ScaleEntry } from '../../main/devices/scale/index.ts';
import { scaleVoice, type ShownWeight } from '../../main/training/scale-frames/index.ts';
import { createLinks } from '../../native/index.ts';
import { silentLog } from '../kit/ports.ts';
import { openPty, ptyMissing } from '../kit/pty.ts';
import { realClock } from '../kit/real-clock.ts';

const missing = ptyMissing();
const skipped = missing === null ? '' : `NOT RUN (${missing}): `;
if (missing !== null) process.stderr.write(`\n${skipped}scales of several protocols over real pseudo-terminals\n`);

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const shown: ShownWeight = {
  ...{ grams: 12_340, unit: 'kg', decimals: 2 },
  ...{ stable: true, net: false, overload: false, underload: false },
};

const entries: readonly ScaleEntry[] = [
  { protocol: 'toledo-8217', unit: 'kg' },
  { protocol: 'toledo-continuous' },
  { protocol: 'xk3190', unit: 'kg' },
  { protocol: 'xk3190', unit: 'kg', form: 'reversed' },
  { protocol: 'and' },
  { protocol: 'cas' },
  { protocol: 'ohaus' },
  { protocol: 'sbi' },
  { protocol: 'nci' },
  { protocol: 'nci', form: 'sma' },
  { protocol: 'kern' },
];

test.skipIf(missing !== null).each(entries)(`${skipped}$protocol over a real serial port`, async (entry) => {
  const voice = scaleVoice(entry.protocol, entry.form ?? null);
  const pty = await openPty();
  cleanups.push(() => pty.unplug());
  pty.onBytes((bytes) => {
    const answer = voice.answer(bytes, shown);
    if (answer !== null) pty.send(Buffer.from(answer));
  });
  const { protocol, settings, line } = settleScale(entry);
  const link = createLinks({ clock: realClock, log: silentLog }).create(`serial://${pty.path}`, line);
  const scale = createScale({ id: 'bench', link, protocol, settings, clock: realClock, log: silentLog, pollMs: 50 });
  cleanups.push(() => scale.close());
  const stable = new Promise<number>((resolve) => {
    scale.onReading((reading) => {
      if (reading.stable) resolve(reading.grams);
    });
  });
  scale.open();
  const streaming = voice.streams ? setInterval(() => pty.send(Buffer.from(voice.frame(shown))), 50) : null;
  cleanups.push(() => Promise.resolve(clearInterval(streaming ?? undefined)));
  expect(await stable).toBe(12_340);
});
