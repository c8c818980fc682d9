/**
 * Run under the emulated devices (devices.py): opens them through the real node-hid, usb and serialport packages, and says
 * on standard output what came of it, one JSON line at the end. What it orders of devices.py goes the same way.
 */
import { createInterface } from 'node:readline';
import { createScale, scaleProtocol } from '../../../main/devices/scale/index.ts';
import type { Scale } from '../../../main/devices/scale/index.ts';
import { createSystemClock } from '../../../main/host/shared/clock.ts';
import { createLinks, type Link } from '../../../native/index.ts';
import { silentLog } from '../ports.ts';

const clock = createSystemClock();
const links = createLinks({ clock, log: silentLog });
const order = (line: string): void => console.log(line);
const say = (fact: Record<string, unknown>): void => console.log(JSON.stringify(fact));

const told: Record<string, string>[] = [];
const tellers = new Set<() => void>();
createInterface({ input: process.stdin }).on('line', (line) => {
  told.push(JSON.parse(line) as Record<string, string>);
  for (const look of tellers) look();
});

/** Resolves once `is` holds, looking after each of the changes that `watch` listens to; with the milliseconds it took. */
function until(is: () => boolean, ...watch: ((look: () => void) => () => void)[]): Promise<number> {
  const from = clock.monotonic();
  if (is()) return Promise.resolve(0);
  return new Promise((resolve) => {
    const look = (): void => {
      if (!is()) return;
      for (const off of offs) off();
      resolve(Math.round(clock.monotonic() - from));
    };
    const offs = watch.map((each) => each(look));
  });
}
const onTold = (look: () => void): (() => void) => {
  tellers.add(look);
  return () => tellers.delete(look);
};

async function scaleScenario(): Promise<void> {
  const changes: string[] = [];
  links.inventory.onChange(({ attached, detached }) => {
    changes.push(...attached.map(({ uri }) => `+${uri}`), ...detached.map(({ uri }) => `-${uri}`));
  });
  // The first list is what watching begins with.
  await links.inventory.list();
  order('plug-scale');
  const attachedMs = await until(() => changes.length > 0, links.inventory.onChange);
  const found = (await links.inventory.list()).filter(({ kind }) => kind === 'hid');
  const link = links.create(found[0]?.uri ?? '', { owner: 'scale bench' });
  const second = links.create('hid://scale', { owner: 'the wizard' });
  const reports: string[] = [];
  link.onBytes((bytes) => reports.push(Buffer.from(bytes).toString('hex')));
  const scale = createScale({ id: 'bench', link, protocol: scaleProtocol('hid-pos'), clock, log: silentLog });
  const grams: number[] = [];
  scale.onReading((reading) => grams.push(reading.grams));
  const opened = (): Promise<number> => until(() => link.state === 'open', link.onState);
  scale.open();
  await opened();
  second.open();
  await until(() => second.state === 'failed', second.onState);
  const refused = second.lastError;
  await second.close();

  // The first report after opening is of the weighing before.
  for (const report of ['03020bff0000', '03040bff4e00', '030402006e03', '03040cfe1103']) order(`report ${report}`);
  await until(() => grams.length === 3, scale.onReading);
  const tare = await link.write(Uint8Array.of(2, 2), 1_000);
  await until(() => told.length === 1, onTold);

  order('pull-scale');
  const pulledMs = await until(() => link.state === 'failed', link.onState);
  const afterPull = { ...scale.current(), error: link.lastError };
  await until(() => changes.some((change) => change.startsWith('-')), links.inventory.onChange);
  order('plug-scale');
  const backMs = await opened();
  const beforeNew = scale.current().reading;
  for (const report of ['030402000a00', '030402000b00']) order(`report ${report}`);
  await until(() => grams.length === 4, scale.onReading);
  await until(() => changes.length >= 3, links.inventory.onChange);
  const closing = clock.monotonic();
  await scale.close();
  const closedMs = Math.round(clock.monotonic() - closing);
  say({
    found,
    changes,
    refused,
    reports: reports.join(''),
    grams,
    tare,
    told,
    afterPull,
    beforeNew,
    times: { attachedMs, pulledMs, backMs, closedMs },
  });
}

/** An MT-SICS scale behind the adapter: answers each question with 100.00 g. */
function answers(): () => void {
  return onTold(() => {
    if (told.at(-1)?.['received'] === 'SI') order('send S S     100.00 g');
  });
}

async function portScenario(): Promise<void> {
  answers();
  order('plug-port ttyUSB0');
  const link: Link = links.create('serial://usb/0403:6001/a9xx', { baud: 9_600, owner: 'scale bench' });
  const scale: Scale = createScale({ id: 'bench', link, protocol: scaleProtocol('mt-sics'), clock, log: silentLog });
  let readings = 0;
  scale.onReading(() => (readings += 1));
  scale.open();
  await until(() => readings >= 3, scale.onReading);
  const ports = (await links.inventory.list()).filter(({ kind }) => kind === 'serial');
  order('pull-port');
  const pulledMs = await until(() => link.state === 'failed', link.onState);
  const afterPull = scale.current();
  const before = readings;
  order('plug-port ttyUSB3');
  const backMs = await until(() => readings > before, scale.onReading);
  const now = (await links.inventory.list()).filter(({ kind }) => kind === 'serial');
  await scale.close();
  say({
    ports: ports.map(({ uri, path, note }) => ({ uri, path, note })),
    now: now.map(({ uri, path }) => ({ uri, path })),
    afterPull,
    times: { pulledMs, backMs },
  });
}

await (process.argv[2] === 'port' ? portScenario() : scaleScenario());
process.exit(0);
