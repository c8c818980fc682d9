/**
 * A small station in its own process: pulls orders, seals them, prints one label each, and lets the real outbox tell
 * the vendor, over the real store. When the store refuses it says so, opens the store again where it must, reads what is
 * true, and goes on. Ends by itself once everything is done.
 */
import { openSync, writeSync } from 'node:fs';
import { request } from 'node:http';
import { sealParcel } from '../../../main/desk/sealing.ts';
import type { Courier } from '../../../main/domain/job.ts';
import { nextPrint } from '../../../main/domain/print-transitions.ts';
import { createOutbox, type Outbox } from '../../../main/outbox/outbox.ts';
import { recoverStore } from '../../../main/store/recover.ts';
import { StoreError, type PrintRecord, type Store } from '../../../main/store/store.ts';
import { createIds } from '../../../main/host/shared/ids.ts';
import { pulledOrder } from '../../bench/harness/history.ts';
import { seededRandom, silentLog } from '../../kit/ports.ts';
import { createScaledClock } from '../trials/scaled-clock.ts';

export interface IoSettings {
  readonly dataFile: string;
  readonly acknowledgements: string;
  readonly orders: number;
  /** Of the vendor and the printer in the harness, on loopback. */
  readonly port: number;
}

/** `refused`: the store said no; `restored`: it had to be brought back from a copy. */
export type IoMessage = { readonly kind: 'refused' | 'restored'; readonly why: string } | { readonly kind: 'finished' };

/** Waits of a minute take three seconds. */
const rate = 20;
const pauseMs = 5;
/** Far more than any single fault causes. */
const mostRefusals = 400;

const settings = JSON.parse(process.argv[2] ?? '') as IoSettings;
const clock = createScaledClock({ machineMs: Date.now(), startMs: Date.now(), rate, jumpMs: 0 });
const ids = createIds(clock);
const acknowledgements = openSync(settings.acknowledgements, 'a');
const acknowledged = new Set<number>();
let refusals = 0;

const tell = (message: IoMessage): void => void process.send?.(message);
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));

function refused(error: unknown): void {
  // What is not the store's own word is our mistake, and ends the run; so is a store that never lets us go on.
  if (!(error instanceof StoreError) && !isDiskError(error)) throw error;
  refusals += 1;
  if (refusals > mostRefusals) throw error;
  tell({ kind: 'refused', why: error instanceof StoreError ? `${error.code}: ${error.message}` : String(error) });
}

function isDiskError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && /^(?:EIO|ENOSPC)$/.test(String(error.code));
}

function post(path: string, body: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: settings.port, path, method: 'POST' }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('end', () => resolve(JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>));
    });
    call.once('error', reject);
    call.end(JSON.stringify(body));
  });
}

const courier: Courier = {
  traits: () => ({ effect: 'checkable', inFlightMs: 1_000, keyWindowMs: null }),
  async send(_vendor, { facts, operation, requestId }) {
    try {
      return { kind: 'done', result: await post('/send', { reference: facts?.reference, operation, requestId }) };
    } catch (error) {
      return { kind: 'unknown', code: 'no-answer', message: String(error) };
    }
  },
  async reconcile(_vendor, { facts, operation }) {
    try {
      const answer = await post('/find', { reference: facts?.reference, operation });
      return answer['found'] === true ? { kind: 'found', result: answer } : { kind: 'not-found' };
    } catch (error) {
      return { kind: 'unsure', code: 'no-answer', message: String(error) };
    }
  },
};

interface Running {
  readonly store: Store;
  readonly outbox: Outbox;
}

async function open(): Promise<Running> {
  for (;;) {
    let store: Store | null = null;
    try {
      const opened = recoverStore({ path: settings.dataFile, clock, ids, log: silentLog });
      store = opened.store;
      // Told to whoever can make room; the outbox meets a full disk by itself and says nothing to us.
      store.onFull(() => tell({ kind: 'refused', why: 'full: no room' }));
      if (opened.kind === 'restored') tell({ kind: 'restored', why: JSON.stringify(opened.report) });
      for (const print of store.prints.listByState('sending')) {
        store.prints.update(nextPrint(print, { kind: 'interrupted' }, clock.now()));
      }
      const outbox = createOutbox({ store, courier, clock, random: seededRandom(1), ids, log: silentLog });
      outbox.start();
      return { store, outbox };
    } catch (error) {
      closeQuietly(store);
      refused(error);
      await pause();
    }
  }
}

function closeQuietly(store: Store | null): void {
  try {
    store?.close();
  } catch (error) {
    refused(error);
  }
}

let running = await open();

/** Does `work` until the store took it. `work` reads before it writes: after a failed commit it may be there already. */
async function insist<T>(work: (store: Store) => T): Promise<T> {
  for (;;) {
    try {
      return work(running.store);
    } catch (error) {
      refused(error);
      if (running.store.failure === null) await pause();
      else await openAgain();
    }
  }
}

async function openAgain(): Promise<void> {
  await running.outbox.stop();
  closeQuietly(running.store);
  running = await open();
}

function seal(store: Store, index: number): string {
  return store.transaction(() => {
    const { orderId } = store.orders.upsert('waiqin365', pulledOrder(index));
    const sealed = store.parcels.listByOrder(orderId)[0];
    if (sealed !== undefined) return sealed.id;
    const order = store.orders.get(orderId);
    if (order === null) throw new Error(`order ${index} is not there`);
    return sealParcel(store, ids, {
      order,
      deskId: 'D01',
      vendor: 'hge',
      service: 'P10006',
      weightG: 1_234,
      weightFrames: [],
      jobs: [
        { vendor: 'hge', operation: 'placeOrder', effect: 'checkable', heldBy: null },
        { vendor: 'hge', operation: 'confirm', effect: 'checkable', heldBy: null },
        { vendor: 'asiabill', operation: 'uploadTracking', effect: 'checkable', heldBy: null },
      ],
      at: clock.now(),
      overrideReason: '',
    }).id;
  });
}

function printOf(store: Store, parcelId: string): PrintRecord {
  return store.transaction(() => {
    const known = store.prints.listByParcel(parcelId)[0];
    if (known !== undefined) return known;
    const made: PrintRecord = {
      id: ids.next(),
      parcelId,
      kind: 'lpn',
      printerId: 'label',
      state: 'claimed',
      copy: 0,
      reason: '',
      bytesWritten: 0,
      message: '',
      createdAt: clock.now(),
      settledAt: null,
    };
    store.prints.insert(made);
    return made;
  });
}

async function print(parcelId: string): Promise<void> {
  const claimed = await insist((store) => printOf(store, parcelId));
  if (claimed.state !== 'claimed') return;
  const sending = await insist((store) => {
    const now = store.prints.get(claimed.id);
    if (now?.state !== 'claimed') return null;
    const next = nextPrint(now, { kind: 'send' }, clock.now());
    store.prints.update(next);
    return next;
  });
  // Opened again in between, it has become unknown: nobody may print it by himself any more.
  if (sending === null) return;
  await post('/print', { parcelId });
  await insist((store) => {
    const now = store.prints.get(claimed.id);
    if (now?.state !== 'sending') return;
    store.prints.update({ ...now, state: 'printed', bytesWritten: 100, settledAt: clock.now() });
  });
}

for (let index = 0; index < settings.orders; index += 1) {
  const parcelId = await insist((store) => seal(store, index));
  if (!acknowledged.has(index)) writeSync(acknowledgements, `${index} ${parcelId}\n`);
  acknowledged.add(index);
  running.outbox.poke();
  await print(parcelId);
}
for (;;) {
  const open = await insist((store) => store.jobs.summary().open);
  if (open === 0) break;
  if (running.store.failure === null) await pause();
  else await openAgain();
}
await running.outbox.stop();
closeQuietly(running.store);
// Time limits of calls that were abandoned with a failed store may still be running.
process.send?.({ kind: 'finished' } satisfies IoMessage, () => process.exit(0));
