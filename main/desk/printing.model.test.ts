/**
 * The print ledger against a plain model: a printer that is out of paper, refuses, cuts labels off, prints and says
 * nothing, or says so; a station that dies at any moment; packers who scan, say what they see, ask again. The printer
 * counts the labels that came out; the ledger only knows what it was told.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelRuns } from '../../test/kit/model-runs.ts';
import { silentLog } from '../../test/kit/ports.ts';
import { aParcel, aPulledOrder, openTestStore, type TestStore } from '../../test/kit/store.ts';
import { createVirtualClock, type VirtualClock } from '../../test/kit/virtual-clock.ts';
import type { PrintOutcome, PrintRequest } from '../domain/device.ts';
import type { ParcelRecord, ParcelPrint } from '../store/store.ts';
import { createPrinting, type Printing } from './printing.ts';

/** What the printer does with the next label. */
const fates = ['prints', 'paper-out', 'refuses', 'cut-early', 'cut-late', 'mute'] as const;
type Fate = (typeof fates)[number];

interface Physical {
  readonly parcelId: string;
  readonly printId: string;
  readonly copy: number;
}

/** What really happened. */
interface Model {
  /** Labels that came out, in order. */
  readonly labels: Physical[];
  /** Attempts of which at least one byte left. */
  readonly touched: string[];
  /** Labels people asked for, by parcel: the first one and every reprint. */
  readonly wanted: Map<string, number>;
  /** Prints people or scans settled. */
  readonly settled: Set<string>;
  /** What the printer was asked to do and must not be. */
  readonly wrong: string[];
}

interface Pending {
  readonly request: PrintRequest;
  readonly answer: (outcome: PrintOutcome) => void;
  begun: boolean;
}

interface Real {
  readonly clock: VirtualClock;
  readonly opened: TestStore;
  readonly announces: boolean;
  printing: Printing;
  pending: Pending[];
  wake: () => void;
}

type Command = fc.AsyncCommand<Model, Real>;
const parcelIds = ['parcel-1', 'parcel-2', 'parcel-3'] as const;
const decode = (bytes: Uint8Array): Physical => JSON.parse(new TextDecoder().decode(bytes)) as Physical;

function start(model: Model, real: Real): void {
  const { store } = real.opened;
  real.pending = [];
  const mine = real.pending;
  real.printing = createPrinting({
    store,
    clock: real.clock,
    ids: real.opened.ids,
    log: silentLog,
    printers: [
      {
        id: 'label',
        target: { language: 'zpl', dpi: 203, widthMm: 100, heightMm: 150 },
        announcesFirstByte: real.announces,
        trouble: () => [],
        onState(listener) {
          real.wake = listener;
          return () => undefined;
        },
        print(request) {
          const row = store.prints.get(request.printId);
          const [last, before] = store.prints.latestSent('label', 3).filter(({ id }) => id !== request.printId);
          // Collected, because the ledger survives a printer's driver that throws.
          if (row?.state !== (real.announces ? 'preflight' : 'sending')) model.wrong.push(`sent while ${row?.state}`);
          if (model.touched.includes(request.printId)) model.wrong.push('sent again after a byte had left');
          if (last?.state === 'unknown' && before?.state === 'unknown')
            model.wrong.push('a third label after two unknown');
          return new Promise((answer) => mine.push({ request, answer, begun: false }));
        },
      },
    ],
    printersFor() {
      return this.printers;
    },
    labelBytes: (parcel) =>
      Promise.resolve({
        held: false,
        bytes: (copy, printId) =>
          new TextEncoder().encode(JSON.stringify({ parcelId: parcel.id, printId, copy } satisfies Physical)),
      }),
    onChange: () => undefined,
    onHeld: () => undefined,
  });
  real.printing.recover();
  real.printing.resume();
}

const prints = (real: Real): ParcelPrint[] => parcelIds.flatMap((id) => real.opened.store.prints.listByParcel(id));

function check(model: Model, real: Real): void {
  expect(model.wrong).toEqual([]);
  for (const parcelId of parcelIds) {
    const out = model.labels.filter((label) => label.parcelId === parcelId);
    const wanted = model.wanted.get(parcelId) ?? 0;
    expect(out.length, `labels of ${parcelId}`).toBeLessThanOrEqual(wanted);
    // Two labels of one parcel can be told apart, and the later one has the higher number.
    const copies = out.map(({ copy }) => copy);
    expect(copies).toEqual([...new Set(copies)].toSorted((a, b) => a - b));
  }
  for (const print of prints(real)) {
    const came = model.labels.some(({ printId }) => printId === print.id);
    if (print.state === 'printed' && !model.settled.has(print.id)) expect(came, 'counted as printed').toBe(true);
    if (print.state === 'claimed' || print.state === 'preflight') {
      expect(model.touched.includes(print.id), `${print.id} waits although bytes left`).toBe(false);
    }
  }
}

/** The printer takes the bytes: from here on the label may come out. */
function touch(model: Model, it: Pending): Physical {
  const label = decode(it.request.bytes);
  if (!it.begun) {
    it.request.beforeFirstByte?.();
    it.begun = true;
    model.touched.push(it.request.printId);
  }
  return label;
}

const command = (name: string, run: (model: Model, real: Real) => Promise<void> | void): Command => ({
  check: () => true,
  async run(model, real) {
    await run(model, real);
    await real.clock.settle();
    check(model, real);
  },
  toString: () => name,
});

const parcelOf = (real: Real, id: string): ParcelRecord => real.opened.store.parcels.get(id) as ParcelRecord;

const want = (model: Model, parcelId: string): void =>
  void model.wanted.set(parcelId, (model.wanted.get(parcelId) ?? 0) + 1);

/** The desk prints a parcel's first label once; a later one is a person's wish. */
const request = (parcelId: string): Command =>
  command(`label for ${parcelId}`, (model, real) => {
    const latest = real.printing.latest(parcelId, 'carrier');
    if (latest !== null && latest.state !== 'printed' && latest.state !== 'not-printed') return;
    want(model, parcelId);
    real.printing.request(parcelOf(real, parcelId), 'carrier', real.printing.nextCopy(parcelId, 'carrier'), '');
  });

const answer = (fate: Fate): Command =>
  command(`printer: ${fate}`, (model, real) => {
    const it = real.pending.shift();
    if (it === undefined) return;
    const bytes = it.request.bytes.length;
    if (it.begun && (fate === 'paper-out' || fate === 'refuses')) {
      it.answer({ kind: 'unknown', bytes: 1, message: 'cut' });
      return;
    }
    switch (fate) {
      case 'paper-out':
        it.answer({ kind: 'blocked', reasons: ['printer.paper-out'] });
        return;
      case 'refuses':
        it.answer({ kind: 'not-printed', message: 'refused' });
        return;
      case 'cut-early':
        touch(model, it);
        it.answer({ kind: 'unknown', bytes: 1, message: 'cut' });
        return;
      case 'cut-late':
      case 'mute':
        model.labels.push(touch(model, it));
        it.answer({ kind: 'unknown', bytes, message: 'no answer' });
        return;
      case 'prints':
        model.labels.push(touch(model, it));
        it.answer({ kind: 'printed', bytes });
    }
  });

/** Bytes are on their way; nothing is said yet. */
const firstBytes = command('first bytes leave', (model, real) => {
  const [it] = real.pending;
  if (it !== undefined) touch(model, it);
});

/** The process dies. What had left may come out of the printer afterwards. */
const crash = (comesOut: boolean): Command =>
  command(comesOut ? 'crash, the label still comes out' : 'crash', (model, real) => {
    for (const it of real.pending) {
      const left = it.begun || !real.announces;
      if (left && !model.touched.includes(it.request.printId)) model.touched.push(it.request.printId);
      if (left && comesOut) model.labels.push(decode(it.request.bytes));
    }
    void real.printing.stop();
    real.opened.reopen();
    start(model, real);
    for (const print of prints(real)) expect(print.state).not.toBe('sending');
  });

const unknowns = (real: Real): ParcelPrint[] => prints(real).filter(({ state }) => state === 'unknown');

/** Scanning a label that is there settles its print. A label that is not there cannot be scanned. */
const scanBack = command('scan back', (model, real) => {
  const print = unknowns(real).find(({ id }) => model.labels.some(({ printId }) => printId === id));
  if (print === undefined) return;
  expect(real.printing.settle(print.id, { state: 'printed', message: 'scanned', detail: {} })).toBe(true);
  model.settled.add(print.id);
});

/** The packer says that no label came out, and gets another one, marked. */
const noLabel = command('no label came out', (model, real) => {
  const print = unknowns(real)[0];
  if (print === undefined) return;
  real.printing.settle(print.id, { state: 'not-printed', message: 'said', detail: {} });
  model.settled.add(print.id);
  want(model, print.parcelId);
  const copy = real.printing.nextCopy(print.parcelId, 'carrier');
  expect(copy).toBeGreaterThan(0);
  real.printing.request(parcelOf(real, print.parcelId), 'carrier', copy, 'said');
});

const withdraw = command('withdraw', (model, real) => {
  const waiting = prints(real).find(({ state }) => state === 'claimed');
  if (waiting === undefined || !real.printing.withdraw(waiting.id)) return;
  model.wanted.set(waiting.parcelId, (model.wanted.get(waiting.parcelId) ?? 0) - 1);
});

const commands = fc.commands(
  [
    fc.constantFrom(...parcelIds).map(request),
    fc.constantFrom(...fates).map(answer),
    fc.constantFrom(...fates).map(answer),
    fc.constant(firstBytes),
    fc.boolean().map(crash),
    fc.constant(scanBack),
    fc.constant(noLabel),
    fc.constant(withdraw),
    fc.constantFrom(1, 2_000, 60_000).map((ms) => command(`wait ${ms}`, (_model, real) => real.clock.advance(ms))),
    fc.constant(command('printer able', (_model, real) => real.wake())),
  ],
  { maxCommands: 60, size: 'max' },
);

/** Everything works again and a person answers every question: nothing waits for ever. */
async function drain(model: Model, real: Real): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    await answer('prints').run(model, real);
    await scanBack.run(model, real);
    for (const print of unknowns(real)) {
      if (model.labels.some(({ printId }) => printId === print.id)) continue;
      real.printing.settle(print.id, { state: 'not-printed', message: 'said', detail: {} });
      model.settled.add(print.id);
    }
    await real.clock.advance(2_000);
  }
  expect(prints(real).filter(({ state }) => state !== 'printed' && state !== 'not-printed')).toEqual([]);
}

test(
  'whatever printers, crashes and people do: no second label by itself, none counted that is not there',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), commands, async (announces, run) => {
        const clock = createVirtualClock();
        const opened = openTestStore({ clock });
        const { orderId } = opened.store.orders.upsert('waiqin365', aPulledOrder());
        for (const [index, id] of parcelIds.entries()) {
          opened.store.parcels.insert(aParcel(orderId, { id, reference: `REF-${index}`, lpn: `LPN-${index}` }));
        }
        const model: Model = { labels: [], touched: [], wanted: new Map(), settled: new Set(), wrong: [] };
        const real = { clock, opened, announces, pending: [] as Pending[], wake: () => undefined } as unknown as Real;
        try {
          start(model, real);
          await fc.asyncModelRun(() => ({ model, real }), run);
          await drain(model, real);
        } finally {
          void real.printing.stop();
          opened.remove();
        }
      }),
      modelRuns(20),
    );
  },
);
