/** A packer for tests: works a test station through the contract, and waits for what the screen shows. */
import type { PackSnapshot, ScanFeedback, TopicName, TopicSnapshot } from '../../../preload/contract/index.ts';
import type { VirtualPrinter } from '../../../main/training/printer.ts';
import type { TestStation } from '../../kit/station.ts';

/** A screen that never shows what is waited for; far above what a loaded machine needs. */
const limitMs = 45_000;

/** Resolves with the first snapshot of the topic for which `wanted` is true. */
export function shows<N extends TopicName>(
  desk: TestStation,
  topic: N,
  wanted: (snapshot: TopicSnapshot<N>) => boolean,
): Promise<TopicSnapshot<N>> {
  return new Promise((resolve, reject) => {
    let last: TopicSnapshot<N> | null = null;
    const finish = (): void => {
      timer.cancel();
      // The first snapshot may come before `subscribe` returns.
      queueMicrotask(() => stop());
    };
    const timer = desk.ports.clock.after(limitMs, () => {
      stop();
      reject(new Error(`topic ${topic} never showed it; last: ${JSON.stringify(last).slice(0, 1_500)}`));
    });
    const stop = desk.client.subscribe(topic, (snapshot: TopicSnapshot<N>) => {
      last = snapshot;
      if (!wanted(snapshot)) return;
      finish();
      resolve(snapshot);
    });
  });
}

/** Resolves with what `find` gives once it gives something; asked after every commit. */
export function inStore<T>(desk: TestStation, what: string, find: () => T | null | undefined | false): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      timer.cancel();
      stop();
    };
    const timer = desk.ports.clock.after(limitMs, () => {
      stop();
      reject(new Error(`the database never held ${what}`));
    });
    const check = (): void => {
      const found = find();
      if (found === null || found === undefined || found === false) return;
      done();
      resolve(found);
    };
    const stop = desk.station.inside.store.onCommit(check);
    check();
  });
}

export const scan = (desk: TestStation, code: string): Promise<ScanFeedback> =>
  desk.client.call('pack.scan', { code, source: 'demo' });

/** Numbers of the orders that wait, in the order of the queue. */
export function waitingOrders(desk: TestStation): string[] {
  const { rows } = desk.station.inside.store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 500 });
  return rows.map((row) => row.number);
}

export async function scanItems(desk: TestStation): Promise<void> {
  for (const line of desk.station.inside.desk.snapshot.current().lines) {
    for (let n = line.scansDone; n < line.scansNeeded; n += 1) await scan(desk, line.productCode);
  }
}

/** Scans an order and its items, and puts the parcel on the virtual scale. */
export async function packUpToScale(desk: TestStation, number: string, grams: number): Promise<void> {
  await desk.client.call('training.set', { scaleGrams: 0 });
  // A weight still moving when its parcel leaves could be any: only an empty scale frees the next parcel.
  await shows(desk, 'weight', (now) => now.grams === null || (now.state === 'stable' && now.grams === 0));
  const opened = await scan(desk, number);
  if (!opened.accepted) throw new Error(`the desk refused ${number}: ${JSON.stringify(opened.notice)}`);
  await scanItems(desk);
  await desk.client.call('training.set', { scaleGrams: grams });
}

/** Waits until a label lies on the desk, and scans what the screen asks for. */
export async function scanLabel(desk: TestStation): Promise<ScanFeedback> {
  const { expects } = await shows(desk, 'pack', (pack) => pack.stage === 'scan-back' && pack.expects !== null);
  return scan(desk, expects ?? '');
}

/** The whole way of one order, from scan to scan-back. */
export async function ship(desk: TestStation, number: string, grams = 700): Promise<void> {
  await packUpToScale(desk, number, grams);
  const answer = await scanLabel(desk);
  if (!answer.accepted) throw new Error(`the desk refused the label of ${number}: ${JSON.stringify(answer.notice)}`);
}

/** Resolves when the tracking numbers of so many parcels are uploaded and nothing is open any more. */
export async function drained(desk: TestStation): Promise<void> {
  await inStore(desk, 'an empty outbox', () => desk.station.inside.store.jobs.summary().open === 0);
}

export const pack = (desk: TestStation): PackSnapshot => desk.station.inside.desk.snapshot.current();

/** Labels of a virtual printer that carry this code. */
export const labelsWith = (printer: VirtualPrinter, code: string): number =>
  printer.labels().filter((label) => label.codes.includes(code)).length;
