/**
 * A scale and a printer that are pulled out and put back while a parcel is packed, at a whole station: what the screen
 * shows, what the database holds, what came out of the printer. How long it took is printed, not judged: the limits are
 * constants of the links and of the printer (1.6 s and 1 s between two tries), which their unit tests hold to.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createVirtualPrinter } from '../../../main/training/printer.ts';
import { createVirtualScale } from '../../../main/training/scale.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { openSocatPort, type SocatPort } from '../../kit/socat.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { missingTools } from '../../kit/tools.ts';
import { inStore, pack, scan, scanItems, scanLabel, shows, waitingOrders } from './packer.ts';

const absent = missingTools(['socat'], 'a serial scale pulled and put back at a station');

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-pulled-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A scale with a plug. */
interface PluggedScale {
  readonly link: string;
  put(grams: number, stable?: boolean): void;
  plug(): Promise<void>;
  pull(): Promise<void>;
}

/** An MT-SICS scale on a serial port: answers each `SI` with what lies on it now. */
function serialScale(path: string): PluggedScale {
  let port: SocatPort | null = null;
  let shown = { grams: 0, stable: true };
  return {
    link: `serial://${path}`,
    put: (grams, stable = true) => {
      shown = { grams, stable };
    },
    async plug() {
      port = await openSocatPort(path);
      const mine = port;
      let received = '';
      port.onBytes((bytes) => {
        received += Buffer.from(bytes).toString('latin1');
        const commands = received.split('\r\n');
        received = commands.pop() ?? '';
        for (const command of commands) {
          const weight = `${shown.grams.toFixed(2).padStart(10)} g`;
          const line = command === 'SI' ? `S ${shown.stable ? 'S' : 'D'} ${weight}` : 'ES';
          mine.send(Buffer.from(`${line}\r\n`, 'latin1'));
        }
      });
    },
    async pull() {
      await port?.unplug();
      port = null;
    },
  };
}

/** The same on the network. */
async function networkScale(): Promise<PluggedScale> {
  const scale = await createVirtualScale({ clock: realClock, log: silentLog, settleMs: 0 });
  onTestFinished(() => scale.stop());
  return {
    link: scale.uri,
    put(grams, stable = true) {
      scale.setMode(stable ? 'steady' : 'moving');
      scale.put(grams);
    },
    plug: () => scale.plug(true),
    pull: () => scale.plug(false),
  };
}

const timed = async (work: Promise<unknown>): Promise<number> => {
  const from = realClock.monotonic();
  await work;
  return Math.round(realClock.monotonic() - from);
};

async function openOrder(desk: TestStation): Promise<string> {
  const [number = ''] = waitingOrders(desk);
  const opened = await scan(desk, number);
  expect(opened.accepted).toBe(true);
  await scanItems(desk);
  await shows(desk, 'pack', ({ stage }) => stage === 'weigh');
  return number;
}

const scales = {
  serial: () => Promise.resolve(serialScale(join(folder(), 'scale'))),
  network: networkScale,
} as const;
const kinds = (['serial', 'network'] as const).filter((kind) => kind !== 'serial' || absent.length === 0);

test.each(kinds)(
  'a %s scale: shown as gone, had again, and the weight of before the pull is no parcel’s',
  { timeout: 120_000 },
  async (kind) => {
    const scale = await scales[kind]();
    await scale.plug();
    onTestFinished(() => scale.pull());
    const desk = await startTestStation({
      orders: 4,
      profile: {
        devices: { scales: [{ id: 'bench', link: scale.link, protocol: 'mt-sics', baud: 9_600 }] },
      },
    });
    onTestFinished(() => desk.stop());
    await desk.station.inside.intake.sync();
    await shows(desk, 'weight', ({ state, grams }) => state === 'stable' && grams === 0);
    const number = await openOrder(desk);

    // A load that has not come to rest: nothing to accept yet.
    scale.put(1_250, false);
    await shows(desk, 'weight', ({ state }) => state === 'moving');
    const gone = shows(desk, 'weight', ({ state }) => state === 'connecting');
    const from = realClock.monotonic();
    await scale.pull();
    const away = await gone;
    const goneMs = Math.round(realClock.monotonic() - from);
    expect(away).toMatchObject({ state: 'connecting', grams: null });
    const status = await shows(desk, 'status', (now) => now.scale.state === 'connecting');
    expect(status.scale.id).toBe('bench');
    expect(pack(desk)).toMatchObject({ stage: 'weigh' });

    // Put back with another load: that one counts, and the one from before does not.
    scale.put(2_000);
    const back = shows(desk, 'weight', ({ state }) => state === 'stable');
    const backFrom = realClock.monotonic();
    await scale.plug();
    expect(await back).toMatchObject({ grams: 2_000 });
    const backMs = Math.round(realClock.monotonic() - backFrom);
    // Lifted and put down again, whether the station has taken it already or waits for a change: it is 2,000 g either way.
    scale.put(0);
    await shows(desk, 'weight', ({ grams }) => grams === 0);
    scale.put(2_000);
    const parcel = await inStore(desk, 'the parcel', () => {
      const { store } = desk.station.inside;
      const order = store.orders.list({ status: null, search: number, offset: 0, limit: 1 }).rows[0];
      return order === undefined ? null : store.parcels.listByOrder(order.id)[0];
    });
    expect(parcel.weightG).toBe(2_000);
    const answer = await scanLabel(desk);
    expect(answer.accepted).toBe(true);
    // oxlint-disable-next-line no-console -- the measurement is what a reader of the run wants to know
    console.info(`${kind} scale at a station: shown gone after ${goneMs} ms, had again after ${backMs} ms`);
  },
);

test(
  'a network printer: shown as gone, nothing sent to it, and its label comes out once when it is back',
  { timeout: 120_000 },
  async () => {
    const printer = await createVirtualPrinter({
      dir: folder(),
      clock: realClock,
      log: silentLog,
      dpi: 203,
      widthMm: 100,
      heightMm: 150,
    });
    onTestFinished(() => printer.stop());
    const desk = await startTestStation({
      orders: 4,
      profile: { devices: { printers: [{ id: 'label', link: printer.uri, dpi: 203, use: ['parcel', 'bag'] }] } },
    });
    onTestFinished(() => desk.stop());
    await desk.station.inside.intake.sync();
    const printerIs = (state: string) =>
      shows(desk, 'status', ({ printers }) => printers.some((each) => each.id === 'label' && each.state === state));
    await printerIs('ready');
    await openOrder(desk);
    const off = timed(printerIs('offline'));
    await printer.setFault('off');
    const goneMs = await off;

    await desk.client.call('training.set', { scaleGrams: 1_250 });
    // Tried once, so that it is made and waits for nothing but its printer.
    const parcelId = await inStore(desk, 'the parcel’s print that waits', () => {
      const id = pack(desk).parcel?.id;
      const prints = id === undefined ? [] : desk.station.inside.store.prints.listByParcel(id);
      return prints.some(({ state, message }) => state === 'claimed' && message !== '') ? id : null;
    });
    expect(printer.counts.formats).toBe(0);
    const back = timed(printerIs('ready'));
    // What the printer says of it, not when the virtual packer's eye has read it: that one starts an engine first.
    const label = timed(
      inStore(desk, 'the label that came out', () =>
        desk.station.inside.store.prints.listByParcel(parcelId).some(({ state }) => state === 'printed') ? true : null,
      ),
    );
    await printer.setFault('ready');
    const backMs = await back;
    const labelMs = await label;
    const answer = await scanLabel(desk);
    expect(answer.accepted).toBe(true);
    expect(printer.counts).toMatchObject({ formats: 1, labels: 1 });
    const prints = desk.station.inside.store.prints.listByParcel(parcelId);
    expect(prints.map(({ state, copy }) => ({ state, copy }))).toEqual([{ state: 'printed', copy: 0 }]);
    // oxlint-disable-next-line no-console -- the measurement is what a reader of the run wants to know
    console.info(
      `network printer at a station: shown gone after ${goneMs} ms, back after ${backMs} ms, label out after ${labelMs} ms`,
    );
  },
);
