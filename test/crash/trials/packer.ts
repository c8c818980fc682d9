/**
 * A packer outside the station: scans, weighs, reads labels off the printer, answers questions, and remembers what the
 * desk told them. What they were told is what the checker holds the database against.
 */
import type { Schedule } from './schedule.ts';
import type { StationProcess } from './child-process.ts';
import type { World } from './world.ts';
import { seededRandom } from '../../kit/ports.ts';

/** Across all runs of a trial. */
export interface Memory {
  /** Orders of which the desk said that they are sealed, on the rack, shipped. */
  readonly sealed: Set<string>;
  readonly racked: Set<string>;
  readonly shipped: Map<string, string>;
  /** Orders the packer is through with; those put aside with a question left open are in `aside`. */
  readonly finished: Set<string>;
  readonly aside: Map<string, string>;
  /** Extra labels the packer asked for, by parcel and kind of label. */
  readonly confirmedReprints: Map<string, number>;
  /** What the desk should never have accepted. */
  readonly wronglyAccepted: string[];
  readonly retried: Set<string>;
}

export function emptyMemory(): Memory {
  return {
    sealed: new Set(),
    racked: new Set(),
    shipped: new Map(),
    finished: new Set(),
    aside: new Map(),
    confirmedReprints: new Map(),
    wronglyAccepted: [],
    retried: new Set(),
  };
}

/** How long the packer looks at a screen that does not change before calling it stuck, milliseconds of the machine. */
const stuckMs = 12_000;
/** An order that the desk refused is scanned again after this time, or as soon as the station reports anything. */
const parkMs = 400;
/** A label that is not in the tray by then did not come out; the printer needs some 10 ms. */
const trayMs = 150;

export type ShiftEnd = 'done' | 'process-ended' | 'stuck';

/** Works until every order is finished and nothing is open any more, or the process ends. */
export async function packOrders(
  station: StationProcess,
  world: World,
  schedule: Schedule,
  memory: Memory,
): Promise<ShiftEnd> {
  const random = seededRandom(schedule.trial * 31 + station.reports.length);
  const parked = new Map<string, number>();
  let lastChange = Date.now();
  let seen = '';
  let weighed: string | null = null;

  const wait = async (limitMs = 250): Promise<void> => {
    const before = station.reports.length;
    await station.change(limitMs);
    if (station.reports.length !== before) parked.clear();
  };

  for (;;) {
    if (station.ended) return 'process-ended';
    const now = whatIsSeen(station, memory);
    if (now !== seen) {
      seen = now;
      lastChange = Date.now();
    } else if (Date.now() - lastChange > stuckMs) {
      return 'stuck';
    }
    const { pack } = station;
    if (pack === null) {
      await wait();
      continue;
    }
    if (pack.order !== null && pack.parcelId !== null) memory.sealed.add(pack.order);
    switch (pack.stage) {
      case 'idle': {
        const next = world.orderNumbers.find(
          (number) => !memory.finished.has(number) && (parked.get(number) ?? 0) <= Date.now(),
        );
        if (next === undefined) {
          if (parked.size === 0 && station.open?.jobs === 0 && (await station.quiet())) return 'done';
          await wait();
          break;
        }
        await openOrder(next);
        break;
      }
      case 'items': {
        const line = pack.lines.find((each) => each.left > 0);
        if (line !== undefined) await station.scan(line.code);
        await afterAnswer(pack.lastSeq);
        break;
      }
      case 'weigh': {
        if (weighed !== pack.order && pack.order !== null) {
          weighed = pack.order;
          world.scale.put(schedule.weightsG[world.orderNumbers.indexOf(pack.order)] ?? 500);
        }
        await wait();
        break;
      }
      case 'label':
        clearScale();
        if (pack.prompt?.commands.includes('retry') === true) await goOn(pack.lastSeq);
        else await wait();
        break;
      case 'scan-back':
        clearScale();
        await labelOut();
        break;
      case 'stopped':
        clearScale();
        await answerQuestion();
        break;
    }
  }

  function clearScale(): void {
    if (world.scale.state().grams !== 0) world.scale.put(0);
    weighed = null;
  }

  /** The screen that belongs to an answer may come after it. */
  async function afterAnswer(seq: number): Promise<void> {
    for (let turn = 0; turn < 20 && !station.ended && (station.pack?.lastSeq ?? 0) <= seq; turn += 1) await wait(50);
  }

  async function openOrder(number: string): Promise<void> {
    const seq = station.pack?.lastSeq ?? 0;
    const answer = await station.scan(number);
    if (answer === null) return;
    if (answer.accepted) {
      await afterAnswer(seq);
      return;
    }
    switch (answer.code) {
      case 'scan.order-shipped':
      case 'scan.order-cancelled':
        memory.finished.add(number);
        return;
      default:
        // Not pulled yet, or its label is not there yet.
        parked.set(number, Date.now() + parkMs);
        await wait();
    }
  }

  async function labelOut(): Promise<void> {
    const { pack } = station;
    if (pack === null || pack.order === null || pack.parcelId === null || pack.print === null) return;
    const kind = pack.labelKind ?? 'carrier';
    const label = await inTray(pack.print.id);
    if (station.ended || station.pack?.print?.id !== pack.print.id) return;
    if (label === null) {
      if (pack.print.state === 'unknown' && world.printerWell) await again('no-label', pack.parcelId, kind);
      else await wait();
      return;
    }
    if (random.next() < schedule.reprint) {
      await again('reprint', pack.parcelId, kind);
      return;
    }
    if (random.next() < schedule.wrongLabel) await scanWrong(pack.order, pack.expects ?? '');
    if (station.ended || station.pack?.order !== pack.order) return;
    const code = barcodeOf(label) ?? pack.expects ?? '';
    const seq = station.pack.lastSeq;
    const answer = await station.scan(code);
    if (answer === null) return;
    if (answer.code === 'scan.label-ok') {
      memory.shipped.set(pack.order, code);
      memory.finished.add(pack.order);
    }
    if (answer.code === 'scan.lpn-ok') memory.racked.add(pack.order);
    await afterAnswer(seq);
  }

  /** The printer paused because two labels in a row are unknown; the packer looks at it. */
  async function goOn(seq: number): Promise<void> {
    await station.command('retry', 'the packer of the trial looked at the printer');
    await afterAnswer(seq);
  }

  /** Another parcel's label, or any other code, on this parcel. */
  async function scanWrong(order: string, expects: string): Promise<void> {
    const other =
      [...memory.shipped].find(([number, code]) => number !== order && code !== expects)?.[1] ?? '999999999999';
    const seq = station.pack?.lastSeq ?? 0;
    const answer = await station.scan(other);
    if (answer?.accepted === true) memory.wronglyAccepted.push(`${other} on the parcel of ${order}`);
    await afterAnswer(seq);
  }

  async function again(command: 'no-label' | 'reprint', parcelId: string, kind: string): Promise<void> {
    const key = `${parcelId} ${kind}`;
    // Counted before it is said: if the process dies at once, the station may still have heard it.
    memory.confirmedReprints.set(key, (memory.confirmedReprints.get(key) ?? 0) + 1);
    const seq = station.pack?.lastSeq ?? 0;
    await station.command(command, 'the packer of the trial');
    await afterAnswer(seq);
  }

  async function inTray(printId: string): Promise<string | null> {
    const until = Date.now() + trayMs;
    for (;;) {
      const label = world.labelOf(printId);
      if (label !== null || station.ended || Date.now() > until) return label;
      await station.change(10);
    }
  }

  async function answerQuestion(): Promise<void> {
    const { pack } = station;
    if (pack === null || pack.order === null) return;
    const { prompt, lastSeq, order } = pack;
    const retry = prompt?.commands.includes('retry') === true && !memory.retried.has(order);
    if (retry && prompt.code !== 'cannot-tell') {
      memory.retried.add(order);
      await station.command('retry', 'once more');
    } else {
      memory.aside.set(order, prompt?.kind ?? '');
      memory.finished.add(order);
      await station.command('release-order', 'needs a person');
    }
    await afterAnswer(lastSeq);
  }
}

/** What counts as getting on: the packer's own scans, answered alike again and again, do not. */
function whatIsSeen({ pack, open }: StationProcess, memory: Memory): string {
  const { lastSeq: _seq, ...screen } = pack ?? { lastSeq: 0 };
  return JSON.stringify([screen, open, memory.finished.size]);
}

/** The barcode field of a label in ZPL: the data of the field that begins with a bar code command. */
function barcodeOf(zpl: string): string | null {
  return /\^B[C7QX][^^]*\^FD(?:>[:;])?([^^]+)\^FS/.exec(zpl)?.[1] ?? null;
}
