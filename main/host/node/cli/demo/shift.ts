/**
 * One shift: every order from scan to label, the network cut in the middle, then bags, documents and the truck, and
 * nothing left behind at the end.
 */
import type { PackSnapshot } from '../../../../../preload/contract/index.ts';
import type { Clock, Line } from '../../../../ports.ts';
import type { Store } from '../../../../store/store.ts';
import type { Hands } from './hands.ts';
import { closeDay } from './closing-day.ts';
import { workBags, type BagPartOptions } from './bagging.ts';
import { PackerError } from './follow.ts';
import type { Packer } from './packer.ts';

export interface ShiftOptions {
  readonly packer: Packer;
  readonly hands: Hands;
  readonly store: Store;
  readonly line: Line;
  readonly clock: Clock;
  /** Parcels to have sealed when the shift ends, earlier runs in this data folder included. */
  readonly orders: number;
  /** One line of progress for the person watching. */
  say(line: string): void;
}

/** What the big bags and the end of the day need beside; null: the shift ends with the parcels. */
export type DayPart = Pick<BagPartOptions, 'client' | 'takesBags' | 'isVirtual' | 'mayVoid'> | null;

export interface ShiftResult {
  readonly offlineMs: number;
  /** Orders, bags and documents the packer had to leave, with the reason. */
  readonly left: readonly { readonly orderNumber: string; readonly reason: string }[];
}

const sealLimitMs = 30_000;
const labelLimitMs = 60_000;
const drainLimitMs = 90_000;
/** The line is cut after this share of the orders, and comes back after that one. */
const cutFrom = 0.4;
const cutTo = 0.6;
/** With fewer orders left there is no middle to cut. */
const fewestToCut = 4;
const onTheWay = ['sealed', 'labelled', 'rack', 'attention'] as const;

export async function workShift(options: ShiftOptions, day: DayPart = null): Promise<ShiftResult> {
  const { packer, store, line, clock, say } = options;
  const left: { orderNumber: string; reason: string }[] = [];
  let offlineMs = 0;
  let cutAt: number | null = null;

  async function guarded(orderNumber: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof PackerError)) throw error;
      say(`${orderNumber}: ${error.message}`);
      left.push({ orderNumber, reason: error.message });
      await packer.command('release-order', 'the demo packer could not go on');
    }
  }

  // What lay on the desk when the last run ended comes first.
  const first = await packer.look();
  if (first.order !== null) {
    const { number } = first.order;
    say(`${number}: still on the desk, going on`);
    await guarded(number, () => finishOrder(options, number));
  }

  const waiting = nextOrders(store, options.orders - sealedCount(store));
  const from = Math.floor(waiting.length * cutFrom);
  const to = Math.max(from + 1, Math.floor(waiting.length * cutTo));
  for (const [index, number] of waiting.entries()) {
    if (waiting.length >= fewestToCut && index === from) {
      say('the network is cut');
      line.set(false);
      cutAt = clock.monotonic();
    }
    if (cutAt !== null && index === to) {
      offlineMs += clock.monotonic() - cutAt;
      cutAt = null;
      line.set(true);
      say('the network is back');
    }
    await guarded(number, async () => {
      const opened = await packer.scan(number);
      if (!opened.accepted) throw new PackerError(`the desk refused the order: ${opened.notice.code}`);
      await finishOrder(options, number);
    });
  }
  if (cutAt !== null) {
    offlineMs += clock.monotonic() - cutAt;
    line.set(true);
    say('the network is back');
  }

  for (const number of ordersOnTheWay(store)) {
    if (left.some((each) => each.orderNumber === number)) continue;
    await guarded(number, () => bringBack(options, number));
  }
  if (day !== null) {
    const leave = (number: string, reason: string): void => {
      if (left.some((each) => each.orderNumber === number)) return;
      say(`${number}: ${reason}`);
      left.push({ orderNumber: number, reason });
    };
    offlineMs += await workBags({ ...options, ...day, leave });
    await closeDay({ ...options, ...day, leave });
  }
  await drained(options);
  return { offlineMs: Math.round(offlineMs), left };
}

/** Takes the order on the desk from whatever stage it is at to the end. */
async function finishOrder(options: ShiftOptions, orderNumber: string): Promise<void> {
  const { packer, hands, say } = options;
  let desk = await packer.look();
  if (desk.stage === 'items') {
    for (const line of desk.lines) {
      for (let n = line.scansDone; n < line.scansNeeded; n += 1) {
        const answer = await packer.scan(line.productCode);
        if (!answer.accepted) throw new PackerError(`the desk refused item ${line.productCode}: ${answer.notice.code}`);
      }
    }
    desk = await packer.until('the items to be done', (now) => now.stage !== 'items', 5_000);
  }
  if (desk.stage === 'weigh') {
    await hands.weigh(orderNumber);
    desk = await packer.until('the parcel to be sealed', (now) => now.stage !== 'weigh', sealLimitMs);
    say(`${orderNumber}: sealed at ${desk.parcel?.weightG ?? '?'} g`);
  }
  const cleared = hands.clearScale();
  await finishLabel(options, orderNumber);
  await cleared;
}

/** Waits for the label and scans it back; goes round again while there is something a packer can settle. */
async function finishLabel(options: ShiftOptions, orderNumber: string): Promise<void> {
  const { packer, say } = options;
  for (let round = 0; round < 6; round += 1) {
    const desk = await packer.until(
      'a label or a question',
      (now) => now.stage !== 'label' || isOther(now, orderNumber) || mayGoOn(now),
      labelLimitMs,
    );
    if (desk.stage === 'idle' || isOther(desk, orderNumber)) return;
    if (mayGoOn(desk)) {
      say(`${orderNumber}: the printer is paused; looked at it, going on`);
      await packer.command('retry', 'looked at the printer');
      continue;
    }
    if (desk.stage === 'stopped') {
      const reason =
        desk.prompt === null
          ? desk.next.code
          : `${desk.prompt.notice.code} ${JSON.stringify(desk.prompt.notice.params)}`;
      if (round > 0 || desk.prompt?.options.every((option) => option.command !== 'retry'))
        throw new PackerError(reason);
      say(`${orderNumber}: ${reason}; trying once more`);
      await packer.command('retry', 'once more');
      continue;
    }
    await scanLabel(options, desk, orderNumber);
  }
  throw new PackerError('the label did not come out in six tries');
}

/** Two labels in a row were unknown, and the printer waits until somebody has looked at it. */
function mayGoOn(desk: PackSnapshot): boolean {
  return desk.stage === 'label' && desk.prompt?.options.some((option) => option.command === 'retry') === true;
}

function isOther(desk: PackSnapshot, orderNumber: string): boolean {
  return desk.order?.number !== orderNumber;
}

/** Reads the label that came out, as a scanner would, and scans it. */
async function scanLabel(options: ShiftOptions, desk: PackSnapshot, orderNumber: string): Promise<void> {
  const { packer, hands, store, say } = options;
  const kind = desk.labelKind ?? 'carrier';
  const print = store.prints.listByParcel(desk.parcel?.id ?? '').findLast((each) => each.kind === kind);
  if (print === undefined) throw new PackerError('the screen asks for a label that was never printed');
  // An unknown print: look into the tray before answering.
  const label = await hands.label(print.id, print.state === 'unknown' ? 3_000 : 20_000);
  if (label === null && print.state === 'unknown') {
    say(`${orderNumber}: no label came out; printing again`);
    await packer.command('no-label', 'nothing in the tray');
    return;
  }
  const code = label?.codes.find((each) => each === desk.expects) ?? label?.codes[0];
  if (code === undefined) throw new PackerError('the label that came out carries no barcode that can be read');
  const answer = await packer.scan(code);
  if (!answer.accepted) throw new PackerError(`the desk refused the label ${code}: ${answer.notice.code}`);
  say(`${orderNumber}: ${kind === 'lpn' ? 'on the rack as' : 'shipped as'} ${code}`);
}

/** Brings a sealed parcel back to the desk as soon as its label is in hand. */
async function bringBack(options: ShiftOptions, orderNumber: string): Promise<void> {
  const { packer, store, clock } = options;
  const until = clock.monotonic() + labelLimitMs;
  for (;;) {
    const answer = await packer.scan(orderNumber);
    if (answer.accepted) break;
    if (answer.notice.code !== 'scan.lpn-not-ready' || clock.monotonic() > until) {
      throw new PackerError(`the desk refused the parcel: ${answer.notice.code}`);
    }
    await nextCommit(store, clock, 2_000);
  }
  await finishLabel(options, orderNumber);
}

/** Waits until no job is open any more, or only such as a person must settle. */
async function drained(options: ShiftOptions): Promise<void> {
  const { store, clock } = options;
  const until = clock.monotonic() + drainLimitMs;
  for (;;) {
    const states = ['ready', 'sending', 'unknown', 'reconciling'] as const;
    const open = store.jobs.list({ states, offset: 0, limit: 500 }).filter((job) => job.heldBy === null);
    const blocked = new Set(
      store.jobs.list({ states: ['rejected', 'dead'], offset: 0, limit: 500 }).map((job) => job.lane),
    );
    if (open.every((job) => blocked.has(job.lane)) || clock.monotonic() > until) return;
    await nextCommit(store, clock, 1_000);
  }
}

function nextCommit(store: Store, clock: Clock, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      timer.cancel();
      resolve();
    };
    const stop = store.onCommit(done);
    const timer = clock.after(limitMs, done);
  });
}

function nextOrders(store: Store, count: number): string[] {
  if (count <= 0) return [];
  const { rows } = store.orders.list({ status: 'waiting', search: '', offset: 0, limit: Math.min(count, 500) });
  return rows.map((row) => row.number);
}

function ordersOnTheWay(store: Store): string[] {
  return onTheWay.flatMap((status) =>
    store.orders.list({ status, search: '', offset: 0, limit: 500 }).rows.map((row) => row.number),
  );
}

/** Orders that have a sealed parcel. */
export function sealedCount(store: Store): number {
  const counts = store.orders.counts();
  return counts.shipped + onTheWay.reduce((sum, status) => sum + counts[status], 0);
}
