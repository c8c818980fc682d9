/**
 * Run under the emulated devices (test/kit/plugged/devices.py): a whole station whose scale, scanner and label printer are on
 * USB, through the real node-hid and usb packages. Packs, pulls and puts back, and says on standard output what came of it, one
 * JSON line at the end. What it orders of devices.py goes the same way.
 */
import { createInterface } from 'node:readline';
import type { PackSnapshot } from '../../../preload/contract/index.ts';
import type { ParcelPrint } from '../../../main/store/store.ts';
import { startTestStation } from '../../kit/station.ts';
import { inStore, scan, scanItems, scanLabel, shows, waitingOrders } from './packer.ts';

const order = (line: string): void => console.log(line);
const links = {
  printer: 'usb://0a5f:0081/29J1',
  scale: 'hid://0922:8003/0000000012345',
  scanner: 'hid://0c2e:0b6a/18012B0042',
  /** Found by its serial number, whatever number its port has. */
  adapter: 'serial://usb/0403:6001/A9XX',
};
const scenario = process.argv[2] ?? '';

// ---- the devices, as far as they are more than cables --------------------------------------------------------------

/** All the printer took, and how often it pulled itself. */
const printer = { taken: Buffer.alloc(0), pulled: 0 };
const question = '~HS\r\n';
const asked = (): number => printer.taken.toString('latin1').split(question).length - 1;
/** What it took without the questions: labels. */
const labelBytes = (): string => printer.taken.toString('latin1').replaceAll(question, '');
const heard = new Set<() => void>();
createInterface({ input: process.stdin }).on('line', (line) => {
  const told = JSON.parse(line) as Record<string, string>;
  if (told['printer'] !== undefined)
    printer.taken = Buffer.concat([printer.taken, Buffer.from(told['printer'], 'hex')]);
  if (told['pulled'] === 'printer') printer.pulled += 1;
  // What is behind the adapter is a scale that is asked (MT-SICS).
  if (told['received'] === 'SI') {
    order(`send S ${load.moving ? 'D' : 'S'} ${`${load.grams.toFixed(2)} g`.padStart(12)}`);
  }
  for (const look of [...heard]) look();
});

/** Resolves when `is` holds, looked at after each word of devices.py. */
function told(is: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!is()) return;
      heard.delete(look);
      resolve();
    };
    heard.add(look);
    look();
  });
}

/** A scale says its weight all the time: id 3, status (2 zero, 3 moving, 4 stable), unit 2 grams, 10^0, 16 bits. */
const load = { grams: 0, moving: false, plugged: false };
const rhythm = setInterval(() => {
  if (!load.plugged) return;
  const report = Buffer.from([3, load.moving ? 3 : load.grams === 0 ? 2 : 4, 2, 0, 0, 0]);
  report.writeUInt16LE(load.grams, 4);
  order(`report ${report.toString('hex')}`);
}, 100);
const put = (grams: number, moving = false): void => void Object.assign(load, { grams, moving });
function plugScale(plugged: boolean): void {
  if (scenario === 'serial-scale') {
    plugPort(plugged);
    return;
  }
  order(plugged ? 'plug-scale' : 'pull-scale');
  load.plugged = plugged;
}

/** One report of the scanner; `more`: the code goes on in the next one. */
function scanReport(code: string, more = false): Buffer {
  const report = Buffer.alloc(64);
  report.set([2, code.length, 0x5d, 0x43, 0x30]);
  report.write(code, 5, 'latin1');
  report[63] = more ? 1 : 0;
  return report;
}
const scanned = (code: string): void =>
  order(scenario === 'serial-scanner' ? `send ${code}` : `scan ${scanReport(code).toString('hex')}`);

let ports = 0;
/** Plugs the adapter in, each time under another port number, or pulls it. */
function plugPort(plugged: boolean): void {
  order(plugged ? `plug-port ttyUSB${ports}` : 'pull-port');
  ports += 1;
}
function plugScanner(plugged: boolean): void {
  if (scenario === 'serial-scanner') plugPort(plugged);
  else order(plugged ? 'plug-scanner' : 'pull-scanner');
}

// ---- the station -----------------------------------------------------------------------------------------------------

order('plug-printer');
plugScanner(true);
plugScale(true);
/** Labels as the station handed them to its printer. */
const sent: string[] = [];
const desk = await startTestStation({
  orders: 4,
  profile: {
    devices: {
      scales: [
        scenario === 'serial-scale'
          ? { id: 'bench', link: links.adapter, protocol: 'mt-sics', baud: 9_600 }
          : { id: 'bench', link: links.scale, protocol: 'hid-pos' },
      ],
      scanners: [
        scenario === 'serial-scanner'
          ? { id: 'hand', link: links.adapter, protocol: 'serial-text', suffix: '\r\n' }
          : { id: 'hand', link: links.scanner, protocol: 'hid-pos' },
      ],
      printers: [{ id: 'label', link: links.printer, dpi: 203, use: ['parcel', 'bag'] }],
    },
  },
  onLabelSent: (_print, bytes) => sent.push(Buffer.from(bytes).toString('latin1')),
});
const { inside } = desk.station;
const { clock } = desk.ports;
const pack = (): PackSnapshot => inside.desk.snapshot.current();

/** On a machine too busy to begin drawing a label in its time the packer is asked to try again, and does. */
let pressing = false;
desk.client.subscribe('pack', ({ prompt }) => {
  if (prompt?.notice.code !== 'label.too-heavy' || pressing) return;
  pressing = true;
  void desk.client.call('pack.command', { command: 'retry' }).then(() => (pressing = false));
});

async function timed(work: Promise<unknown>): Promise<number> {
  const from = clock.monotonic();
  await work;
  return Math.round(clock.monotonic() - from);
}

const printerIs = (state: string) =>
  shows(desk, 'status', ({ printers }) => printers.some((each) => each.id === 'label' && each.state === state));
/** It can print, or does already. */
const printerIsBack = () =>
  shows(desk, 'status', ({ printers }) =>
    printers.some(({ id, state }) => id === 'label' && (state === 'ready' || state === 'printing')),
  );
const listed = (id: string, state: string) =>
  shows(desk, 'devices', ({ configured }) => configured.some((each) => each.id === id && each.state === state));
const scannerIs = (state: string) =>
  shows(desk, 'scanners', ({ scanners }) => scanners.some((each) => each.id === 'hand' && each.state === state));
const weightIs = (state: string, grams: number | null) =>
  shows(desk, 'weight', (now) => now.state === state && now.grams === grams);

/** Opens the next order that waits. */
async function open(): Promise<void> {
  put(0);
  await weightIs('stable', 0);
  const [number = ''] = waitingOrders(desk);
  const { accepted, notice } = await scan(desk, number);
  if (!accepted) throw new Error(`the desk refused ${number}: ${JSON.stringify(notice)}`);
}

async function openUpToWeight(): Promise<void> {
  await open();
  await scanItems(desk);
  await shows(desk, 'pack', ({ stage }) => stage === 'weigh');
}

const printsOf = (parcelId: string) =>
  inside.store.prints.listByParcel(parcelId).map(({ state, copy, bytesWritten }) => ({ state, copy, bytesWritten }));

/** The parcel on the desk, once it has such a print. */
const parcelWithPrint = (wanted: (print: ParcelPrint) => boolean): Promise<string> =>
  inStore(desk, 'such a print', () => {
    const id = pack().parcel?.id;
    return id !== undefined && inside.store.prints.listByParcel(id).some(wanted) ? id : null;
  });
const printed = ({ state }: ParcelPrint): boolean => state === 'printed';
const unknown = ({ state }: ParcelPrint): boolean => state === 'unknown';

/** The whole way of the next order: packing goes on. */
async function shipNext(grams: number): Promise<{ accepted: boolean; weightG: number | null | undefined }> {
  await openUpToWeight();
  put(grams);
  const { parcel } = await shows(desk, 'pack', (now) => now.stage === 'scan-back' && now.parcel !== null);
  const { accepted } = await scanLabel(desk);
  return { accepted, weightG: parcel?.weightG };
}

/**
 * The scanner is pulled between two scans, and after bytes that are no whole scan: of the next item's code, so that an item too
 * many would be counted if they were taken for one.
 */
async function scannerScenario(
  symbology: string,
  cuts: readonly ((code: string) => Buffer)[],
): Promise<Record<string, unknown>> {
  await weightIs('stable', 0);
  const [number = ''] = waitingOrders(desk);
  scanned(number);
  await shows(desk, 'pack', ({ stage }) => stage === 'items');
  const codes = pack().lines.flatMap(({ productCode, scansNeeded }) =>
    Array.from({ length: scansNeeded }, () => productCode),
  );
  const done = (): number => pack().lines.reduce((sum, { scansDone }) => sum + scansDone, 0);
  const scanUpTo = async (count: number): Promise<void> => {
    while (done() < count) {
      const before = done();
      scanned(codes[before] ?? '');
      await shows(desk, 'pack', () => done() > before);
    }
  };
  await scanUpTo(1);
  const times: Record<string, number[]> = { goneMs: [], backMs: [] };
  async function pullAndPutBack(): Promise<void> {
    const gone = timed(scannerIs('failed'));
    plugScanner(false);
    times['goneMs']?.push(await gone);
    const back = timed(scannerIs('open'));
    plugScanner(true);
    times['backMs']?.push(await back);
  }
  /** Bytes that came since the link was made, as Settings → Devices counts them. */
  const came = async (): Promise<number> => {
    const { configured } = await desk.client.call('devices.list', {});
    return configured.find(({ id }) => id === 'hand')?.bytes ?? 0;
  };
  const sendAndPull = async (bytes: Buffer): Promise<void> => {
    const before = await came();
    order(`${scenario === 'serial-scanner' ? 'say' : 'scan'} ${bytes.toString('hex')}`);
    await shows(desk, 'devices', ({ configured }) =>
      configured.some((each) => each.id === 'hand' && (each.bytes ?? 0) === before + bytes.length),
    );
    await pullAndPutBack();
  };
  const kept: number[] = [];
  const look = (): void => void kept.push(done());
  await pullAndPutBack();
  look();
  for (const cut of cuts) {
    const next = done() + 1;
    await scanUpTo(next);
    await sendAndPull(cut(codes[next] ?? ''));
    look();
  }
  await scanUpTo(codes.length);
  await shows(desk, 'pack', ({ stage }) => stage === 'weigh');
  put(900);
  const { expects } = await shows(desk, 'pack', (now) => now.stage === 'scan-back' && now.expects !== null);
  scanned(expects ?? '');
  const { last } = await shows(desk, 'pack', ({ order: open }) => open?.number !== number);
  // Each scan is on record once, with what followed from it.
  const scans = inside.store.events.list({}, 0, 500).flatMap(({ detail }) => {
    const { scan: text } = detail as { readonly scan?: { readonly raw?: string; readonly scanner?: string } };
    return text === undefined ? [] : [`${text.scanner} ${text.raw}`];
  });
  return {
    ...{
      expected: [number, ...codes, expects].map((code) => `hand ${symbology}${code}`),
      scans,
      kept,
      last: last?.notice.code,
      times,
    },
  };
}

/** The scale is pulled while a load on it moves, and put back with another one. Settings → Devices is open meanwhile. */
async function scaleScenario(): Promise<Record<string, unknown>> {
  const closeSettings = desk.client.subscribe('devices', () => undefined);
  await openUpToWeight();
  put(1_250, true);
  await weightIs('moving', 1_250);
  const gone = Promise.all([timed(weightIs('connecting', null)), timed(listed('bench', 'unplugged'))]);
  plugScale(false);
  const [goneMs, unpluggedMs] = await gone;
  const away = { stage: pack().stage, parcel: pack().parcel };
  put(2_000);
  const back = Promise.all([timed(weightIs('stable', 2_000)), timed(listed('bench', 'working'))]);
  plugScale(true);
  const [backMs, listedMs] = await back;
  // Lifted and put down again, whether the station has taken it already or waits for a change.
  put(0);
  await weightIs('stable', 0);
  put(2_000);
  const { parcel } = await shows(desk, 'pack', (now) => now.stage === 'scan-back' && now.parcel !== null);
  const { accepted } = await scanLabel(desk);
  const next = await shipNext(800);
  closeSettings();
  return { away, weightG: parcel?.weightG, accepted, next, times: { goneMs, unpluggedMs, backMs, listedMs } };
}

const scenarios: Readonly<Record<string, () => Promise<Record<string, unknown>>>> = {
  /** The printer is pulled while nothing is printed, and a label waits for it. Settings → Devices is open meanwhile. */
  async 'printer-idle'() {
    const closeSettings = desk.client.subscribe('devices', () => undefined);
    await listed('label', 'working');
    await openUpToWeight();
    const gone = Promise.all([timed(printerIs('offline')), timed(listed('label', 'unplugged'))]);
    order('pull-printer');
    const [goneMs, unpluggedMs] = await gone;
    put(1_250);
    // Tried once, so that it is made and waits for nothing but its printer.
    const parcelId = await parcelWithPrint((print) => print.state === 'claimed' && print.message !== '');
    const waiting = { labels: labelBytes(), prints: printsOf(parcelId) };
    const back = Promise.all([
      timed(printerIsBack()),
      timed(parcelWithPrint(printed)),
      timed(listed('label', 'working')),
    ]);
    order('plug-printer');
    const [backMs, labelMs, listedMs] = await back;
    const { accepted } = await scanLabel(desk);
    const first = { prints: printsOf(parcelId), same: labelBytes() === sent.join(''), sent: sent.length };
    closeSettings();
    const next = await shipNext(800);
    return {
      ...{ waiting, accepted, first, next, same: labelBytes() === sent.join(''), sent: sent.length },
      times: { goneMs, unpluggedMs, backMs, labelMs, listedMs },
    };
  },

  /** The printer is pulled in the middle of a label. */
  async 'printer-in-label'() {
    await openUpToWeight();
    order('pull-in-label 1000');
    put(1_250);
    await told(() => printer.pulled === 1);
    const [goneMs, unknownMs] = await Promise.all([timed(printerIs('offline')), timed(parcelWithPrint(unknown))]);
    const parcelId = await parcelWithPrint(unknown);
    const cut = { prints: printsOf(parcelId), bytes: labelBytes().length };
    const before = asked();
    const back = timed(printerIsBack());
    order('plug-printer');
    const backMs = await back;
    // It is asked how it is for a good while, and gets nothing more by itself.
    await told(() => asked() >= before + 3);
    const after = { prints: printsOf(parcelId), bytes: labelBytes().length };
    const { stage, prompt } = pack();
    const said = await desk.client.call('pack.command', { command: 'no-label' });
    await parcelWithPrint(printed);
    const { accepted } = await scanLabel(desk);
    const whole = labelBytes().slice(cut.bytes);
    const next = await shipNext(800);
    return {
      ...{ cut, after, stage, prompt, said: said.accepted, accepted, prints: printsOf(parcelId), next },
      // The cut piece is the beginning of what was sent first; then each label once.
      pieces: [(sent[0] ?? '').startsWith(labelBytes().slice(0, cut.bytes)), whole === sent[1], sent.length],
      same: labelBytes().slice(cut.bytes) === sent.slice(1).join(''),
      times: { goneMs, unknownMs, backMs },
    };
  },

  scanner: () =>
    scannerScenario(']C0', [
      // The first of two reports, and half a report, which a kernel would not hand on.
      (code) => scanReport(code, true),
      (code) => scanReport(code).subarray(0, 40),
    ]),
  'serial-scanner': () =>
    scannerScenario('', [
      // A code without its end, and half a code.
      (code) => Buffer.from(code, 'latin1'),
      (code) => Buffer.from(code.slice(0, 6), 'latin1'),
    ]),

  scale: scaleScenario,
  'serial-scale': scaleScenario,
};

await desk.station.inside.intake.sync();
await Promise.all([printerIs('ready'), scannerIs('open'), weightIs('stable', 0)]);
const facts = await (scenarios[scenario] ?? (() => Promise.reject(new Error('no such scenario'))))();
clearInterval(rhythm);
const stopMs = await timed(desk.stop());
console.log(JSON.stringify({ ...facts, stopMs }));
process.exit(0);
