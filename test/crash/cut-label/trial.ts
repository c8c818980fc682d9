/**
 * One label, cut off after a number of bytes, through the real ledger, the real driver and a real link. Nobody touches
 * anything until the ledger had many chances to print again by itself, before and after a restart; then the packer
 * does what the screen asks.
 */
import { createPrinter } from '../../../main/devices/printer/printer.ts';
import { createPrinting, type LabelPrinter, type Printing } from '../../../main/desk/printing.ts';
import type { PrintOutcome } from '../../../main/domain/device.ts';
import type { Clock } from '../../../main/ports.ts';
import type { ParcelRecord, PrintRecord } from '../../../main/store/store.ts';
import { createLinks } from '../../../native/index.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { aParcel, aPulledOrder, openTestStore, type TestStore } from '../../kit/store.ts';
import { serialCutPrinter, tcpCutPrinter, type CutPrinter } from './cut-printer.ts';

export type Transport = 'tcp' | 'serial';
/** `resend` prints again after an unknown outcome; `count-written` takes written bytes for a printed label. */
export const mutants = ['resend', 'count-written'] as const;
export type Mutant = (typeof mutants)[number];

export interface TrialResult {
  readonly transport: Transport;
  readonly cutAt: number;
  /** What the ledger said before anybody did anything. */
  readonly state: PrintRecord['state'];
  /** From the cut to that state in the record. */
  readonly settledAfterMs: number;
  /** Labels begun by themselves beyond the first. */
  readonly automaticSecondLabels: number;
  /** 1 if the ledger counts a label as printed that did not come out. */
  readonly countedWithoutLabel: number;
  /** After one scan or one key there is exactly one label that counts, and a reprint is marked. */
  readonly resolved: boolean;
}

/** The ledger waits 2 s before it tries again; here a fiftieth of that, so that it has many chances in little time. */
const speed = 50;
const ledgerClock: Clock = {
  now: () => realClock.now(),
  monotonic: () => realClock.monotonic() * speed,
  after: (delayMs, task) => realClock.after(delayMs / speed, task),
};
const chancesMs = 6_000 / speed;
const times = { answerMs: 400, writeMs: 2_000, pollMs: 5, silenceMs: 600, printMs: 3_000 };

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    realClock.after(ms, resolve);
  });

/** About 4 kB of ZPL, as large as a carrier's label of text and one code. The body is dots, so no byte of it is a command. */
export function labelText(printId: string, copy: number): string {
  const mark = copy === 0 ? '' : `^FO20,20^FDREPRINT ${copy}^FS`;
  return `^XA${mark}^FO10,60^GFA,1900,1900,38,${'0F'.repeat(1_900)}^FS^FX ${printId} ^XZ`;
}

export const labelBytes = labelText('id-000000', 0).length;

function withMutant(printer: LabelPrinter, mutant: Mutant | null): LabelPrinter {
  if (mutant === null) return printer;
  const wrong = (outcome: PrintOutcome): PrintOutcome => {
    if (outcome.kind !== 'unknown') return outcome;
    return mutant === 'resend'
      ? { kind: 'not-printed', message: outcome.message }
      : { kind: 'printed', bytes: outcome.bytes };
  };
  return { ...printer, print: async (request) => wrong(await printer.print(request)) };
}

interface Bench {
  readonly printing: Printing;
  stop(): Promise<void>;
}

function startBench(opened: TestStore, device: CutPrinter, mutant: Mutant | null): Bench {
  const link = createLinks({ clock: realClock, log: silentLog }).create(device.uri, { reopen: false, baud: 115_200 });
  const driver = createPrinter({
    id: 'label',
    link,
    language: 'zpl',
    ask: true,
    clock: realClock,
    log: silentLog,
    times,
  });
  const printer = withMutant(
    {
      id: 'label',
      target: { language: 'zpl', dpi: 203, widthMm: 100, heightMm: 150 },
      announcesFirstByte: true,
      trouble: () => [],
      print: (request) => driver.print(request),
      onState: (listener) => driver.onState(listener),
    },
    mutant,
  );
  const printing = createPrinting({
    store: opened.store,
    clock: ledgerClock,
    ids: opened.ids,
    log: silentLog,
    printers: [printer],
    printersFor: () => [printer],
    labelBytes: () =>
      Promise.resolve({ held: false, bytes: (copy, printId) => Buffer.from(labelText(printId, copy), 'latin1') }),
    onChange: () => undefined,
    onHeld: () => undefined,
  });
  printing.recover();
  printing.resume();
  return {
    printing,
    async stop() {
      await Promise.all([printing.stop(), driver.stop()]);
    },
  };
}

async function until(done: () => boolean, limitMs: number): Promise<boolean> {
  const end = realClock.monotonic() + limitMs;
  while (!done()) {
    if (realClock.monotonic() > end) return false;
    await pause(2);
  }
  return true;
}

export async function runTrial(transport: Transport, cutAt: number, mutant: Mutant | null): Promise<TrialResult> {
  const device = await (transport === 'tcp' ? tcpCutPrinter() : serialCutPrinter());
  const opened = openTestStore({ clock: realClock });
  const { orderId } = opened.store.orders.upsert('waiqin365', aPulledOrder());
  opened.store.parcels.insert(aParcel(orderId));
  const parcel = opened.store.parcels.get('parcel-1') as ParcelRecord;
  let bench = startBench(opened, device, mutant);
  try {
    device.cutAfter(cutAt);
    const first = bench.printing.request(parcel, 'carrier', 0, '');
    await until(() => device.begun > 0, 10_000);
    const cutOffAt = realClock.monotonic();
    const row = (): PrintRecord => opened.store.prints.get(first.id) as PrintRecord;
    await until(() => row().state === 'unknown' || row().state === 'printed', 10_000);
    const settledAfterMs = Math.round(realClock.monotonic() - cutOffAt);
    await pause(chancesMs);
    await bench.stop();
    opened.reopen();
    bench = startBench(opened, device, mutant);
    await pause(chancesMs);

    const { state } = row();
    const automaticSecondLabels = Math.max(0, device.begun - 1);
    const countedWithoutLabel = state === 'printed' && device.labels.length === 0 ? 1 : 0;
    const resolved = await resolve(bench.printing, opened, device, parcel, row());
    return { transport, cutAt, state, settledAfterMs, automaticSecondLabels, countedWithoutLabel, resolved };
  } finally {
    await bench.stop();
    opened.remove();
    await device.close();
  }
}

/** The packer scans the label that is there, or says that none is and gets a marked one. */
async function resolve(
  printing: Printing,
  { store }: TestStore,
  device: CutPrinter,
  parcel: ParcelRecord,
  print: PrintRecord,
): Promise<boolean> {
  if (print.state === 'printed') return device.labels.length === 1;
  const settle = (state: 'printed' | 'not-printed'): boolean =>
    printing.settle(print.id, { state, message: 'trial', detail: { by: 'trial' } });
  if (device.labels.length > 0) return settle('printed');
  if (!settle('not-printed')) return false;
  const copy = printing.nextCopy(parcel.id, 'carrier');
  const again = printing.request(parcel, 'carrier', copy, 'trial');
  await until(() => store.prints.get(again.id)?.state === 'printed', 10_000);
  const [label = ''] = device.labels;
  return copy > 0 && device.labels.length === 1 && label.includes(`REPRINT ${copy}`);
}
