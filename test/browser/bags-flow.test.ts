/**
 * Big bags and the end of a day by scanner alone, in a real Chromium, against a real station: database, sockets, the
 * virtual HGE, the virtual scale and printer. Weights put on the scale are the only thing done by hand.
 *
 * The line is cut from the middle of the stream until all three bags are closed: as long as the scans take, because
 * browser, sockets and station run on the real clock here. `PACKBENCH_CUT_MINUTES=10` makes the cut that long; what longer
 * cuts do to the queue of calls is tried on a virtual clock too (`test/integration/outage.test.ts`).
 */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNodeHost, type NodeHost } from '../../main/host/node/host.ts';
import type { BagsSnapshot, BagView, DaySnapshot } from '../../preload/contract/index.ts';
import { labelled, type Shipped } from '../integration/station/bag-packer.ts';
import { drained, shows } from '../integration/station/packer.ts';
import { projectDir, startTestStation, type TestStation } from '../kit/station.ts';
import { ensureScreenBuilt, launchBrowser, openScreen, picture, scan, scanAnswered, type Screen } from './kit.ts';

const parcelCount = 60;
const cutMs = Number(process.env['PACKBENCH_CUT_MINUTES'] ?? '0') * 60_000;
const limitMs = 900_000 + cutMs;
let browser: Browser;
let desk: TestStation;
let host: NodeHost;
let screen: Screen;
let parcels: Shipped[];

beforeAll(async () => {
  await ensureScreenBuilt();
  desk = await startTestStation({ orders: parcelCount });
  await desk.station.inside.intake.sync();
  parcels = await labelled(desk, parcelCount, (n) => 300 + 17 * n);
  await drained(desk);
  await desk.client.call('training.set', { scaleGrams: 0 });
  browser = await launchBrowser();
  host = await startNodeHost({
    station: desk.station.backend,
    rendererDir: join(projectDir, 'dist', 'renderer'),
    port: 0,
    log: desk.ports.log,
    clock: desk.ports.clock,
  });
  screen = await openScreen(browser, host.url);
}, limitMs);
afterAll(async () => {
  await browser.close();
  await host.close();
  await desk.stop();
});

const bags = (): BagsSnapshot => desk.station.inside.bags.snapshot.current();
const day = (): DaySnapshot => desk.station.inside.day.snapshot.current();

/**
 * On a machine busy with other tests the browser may take longer over a scan's keys than a scanner ever does. The screen
 * then refuses the scan as cut off, and the packer scans again once it listens.
 */
async function wasCut(before: string | null): Promise<boolean> {
  const feedback = screen.at('feedback');
  if ((await feedback.count()) === 0 || (await feedback.getAttribute('data-id')) === before) return false;
  if (!/^scan\.refused-/.test((await feedback.getAttribute('data-code')) ?? '')) return false;
  await screen.page.waitForTimeout(1_200);
  return true;
}

const shownId = async (): Promise<string | null> =>
  (await screen.at('feedback').count()) === 0 ? null : screen.at('feedback').getAttribute('data-id');

async function answered(code: string, expected: string | RegExp): Promise<void> {
  let before = await shownId();
  let got = await scanAnswered(screen, code);
  for (let tries = 0; tries < 4 && (await wasCut(before)); tries += 1) {
    before = await shownId();
    got = await scanAnswered(screen, code);
  }
  if (typeof expected === 'string') expect(got).toBe(expected);
  else expect(got).toMatch(expected);
}

/** Scans a code for the screen itself, and waits for what it brings up. */
async function brings(code: string, selector: string): Promise<void> {
  const before = await shownId();
  await scan(screen, code);
  const again = async (): Promise<void> => {
    await screen.page.waitForTimeout(700);
    if (await wasCut(before)) await scan(screen, code);
  };
  await Promise.all([screen.page.waitForSelector(selector, { timeout: 60_000 }), again()]);
}

const sound = (): Promise<string | null> => screen.at('feedback').getAttribute('data-sound');

/** One picture in each language. */
async function pictures(name: string): Promise<void> {
  if (process.env['PACKBENCH_PICTURES'] === undefined) return;
  await picture(screen, `${name}-zh-CN`);
  await screen.page.keyboard.press('F8');
  await screen.page.waitForFunction(() => document.documentElement.lang === 'en');
  await picture(screen, `${name}-en`);
  await screen.page.keyboard.press('F8');
  await screen.page.waitForFunction(() => document.documentElement.lang === 'zh-CN');
}

async function emptyScale(): Promise<void> {
  await desk.client.call('training.set', { scaleGrams: 0 });
  await shows(desk, 'weight', (now) => now.grams === 0 && now.state === 'stable');
}

const openBag = (destination: string): BagView => {
  const bag = bags().open.find((one) => one.route.destination === destination);
  if (bag === undefined) throw new Error(`no open bag for ${destination}`);
  return bag;
};

/** Chooses the bag by its number, and puts it on the scale with `offG` more or less than it should weigh. */
async function weighBag(destination: string, offG = 0): Promise<string> {
  await emptyScale();
  const bag = openBag(destination);
  await answered(bag.number, 'bag.chosen');
  await answered('PB:BAG:CLOSE', 'bag.next-weigh');
  await desk.client.call('training.set', { scaleGrams: bag.parcelsWeightG + bag.tareG + offG });
  await screen.page.waitForSelector('[data-testid=next-panel]:not([data-stage=weigh])');
  return bag.number;
}

/** Scans the label of a closed bag once it lies there. */
async function scanBagLabel(number: string): Promise<string> {
  const { waiting } = await shows(desk, 'bags', (now) =>
    now.waiting.some((bag) => bag.number === number && bag.stage === 'scan-back'),
  );
  const label = waiting.find((bag) => bag.number === number)?.label?.number ?? '';
  // The virtual printer reads what it put out a moment later.
  const printed = (): number =>
    desk.station.inside.virtual.printer?.labels().filter((one) => one.codes.includes(label)).length ?? 0;
  await expect.poll(printed, { timeout: 30_000 }).toBe(1);
  await answered(label, /^bag\./);
  await screen.page.waitForSelector(`[data-testid=bag-row][data-bag="${number}"][data-stage=ready]`);
  return label;
}

const hge = async (name: string, params: unknown): Promise<unknown> =>
  desk.station.inside.vendors.find((entry) => entry.id === 'hge')?.vendor?.call?.(name, params);
const referenceOf = (parcel: Shipped | undefined): string =>
  desk.station.inside.store.parcels.get(parcel?.id ?? '')?.reference ?? '';
const atHge = (parcel: Shipped): boolean =>
  desk.station.inside.store.parcels.get(parcel.id)?.vendor === 'hge' && parcel.waybill !== '';

/** The newest document, once it is at this stage. */
const newest = (kind: string, stage: string): string =>
  `[data-testid=documents] li:first-child[data-testid=document][data-kind=${kind}][data-stage=${stage}]`;
const failedParcel = '[data-testid=handover-parcel][data-state=failed]';

test('a mixed stream of parcels into three bags, the end of the day, and the truck', { timeout: limitMs }, async () => {
  const { store } = desk.station.inside;
  const stream = parcels.filter(atHge);
  const byDestination = Object.entries(Object.groupBy(stream, (parcel) => parcel.destination))
    .map(([destination, all]) => ({ destination, all: all ?? [] }))
    .toSorted((a, b) => b.all.length - a.all.length);
  const three = byDestination.slice(0, 3);
  const [a, b, c] = three.map((one) => one.destination);
  const stranger = byDestination[3]?.all[0];
  if (a === undefined || b === undefined || c === undefined || stranger === undefined)
    throw new Error('too few routes');

  // Three bags side by side, each opened for the first parcel of its route.
  await brings('PB:GO:BAGS', '[data-testid=chosen-bag]');
  const firsts = three.map(({ all }) => all[0]);
  for (const [index, first] of firsts.entries()) {
    await answered(first?.waybill ?? '', index === 0 ? 'bag.refused-no-bag' : 'bag.refused-no-route');
    expect(await sound()).toBe(index === 0 ? 'no-bag' : 'wrong-route');
    await answered('PB:BAG:OPEN', 'bag.opened-with');
  }
  expect(await screen.at('bag-card').count()).toBe(3);

  let cutAt = 0;
  const rest = stream.filter((parcel) => !firsts.includes(parcel));
  for (const [index, parcel] of rest.entries()) {
    if (index === Math.floor(rest.length / 2)) {
      await pictures('bags-filling');
      await desk.client.call('training.set', { network: 'cut' });
      cutAt = desk.ports.clock.monotonic();
    }
    if ([a, b, c].includes(parcel.destination)) {
      await answered(parcel.waybill, /^bag\.parcel-in/);
      await screen.page.waitForSelector(
        `[data-testid=bag-card][data-chosen=true][data-destination=${parcel.destination}]`,
      );
    } else {
      await answered(parcel.waybill, 'bag.refused-no-route');
      expect(await sound()).toBe('wrong-route');
    }
  }
  await answered(firsts[0]?.waybill ?? '', 'bag.refused-already-bagged');
  expect(await sound()).toBe('twice');
  for (const { destination, all } of three) {
    const bag = openBag(destination);
    expect([bag.parcels, bag.parcelsWeightG]).toEqual([all.length, all.reduce((sum, one) => sum + one.weightG, 0)]);
    const card = screen.page.locator(`[data-testid=bag-card][data-destination=${destination}]`);
    expect(await card.getAttribute('data-parcels')).toBe(String(all.length));
  }

  // One parcel of the first bag fell out: the weight says so, and names it; a recount finds it.
  const lost = three[0]?.all.toSorted((one, other) => other.weightG - one.weightG)[0];
  if (lost === undefined) throw new Error('no parcel');
  await weighBag(a, -lost.weightG);
  await screen.page.waitForSelector('[data-testid=mismatch][data-cause=one-too-few]');
  const named = await screen.at('candidate').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-waybill')));
  expect(named).toContain(lost.waybill);
  await pictures('bags-mismatch');
  await answered('PB:BAG:RECOUNT', 'bag.next-recount');
  for (const parcel of three[0]?.all ?? []) if (parcel !== lost) await answered(parcel.waybill, 'bag.recount-found');
  const missing = screen.page.locator('[data-testid=bag-parcel][data-missing=true]');
  expect(await missing.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-waybill')))).toEqual([
    lost.waybill,
  ]);
  await pictures('bags-recount');
  await answered('PB:BAG:TAKE-OUT-MISSING', 'bag.missing-out');
  await answered(lost.waybill, /^bag\.parcel-in/);

  // All three close while the line is down.
  const numbers: string[] = [];
  for (const destination of [a, b, c]) numbers.push(await weighBag(destination));
  expect(bags().waiting.map((bag) => bag.stage)).toEqual(['closing', 'closing', 'closing']);
  await emptyScale();
  const stillCutMs = cutAt + cutMs - desk.ports.clock.monotonic();
  if (stillCutMs > 0) await screen.page.waitForTimeout(stillCutMs);
  await desk.client.call('training.set', { network: 'up' });
  const labels: string[] = [];
  for (const number of numbers) labels.push(await scanBagLabel(number));
  await pictures('bags-ready');

  // The last one is voided with a reason, opened again under a new number, and goes the way once more.
  await answered(labels[2] ?? '', /^bag\./);
  await brings('PB:BAG:VOID', '[data-testid=question][data-about=bag-void]');
  await brings('PB:KEY:1', `[data-testid=bags-voided] [data-testid=bag-row][data-bag="${numbers[2]}"]`);
  await answered('PB:BAG:REOPEN', /^bag\.reopened/);
  expect(openBag(c).number).not.toBe(numbers[2]);
  const again = await weighBag(c);
  await emptyScale();
  labels[2] = await scanBagLabel(again);

  // The end of the day: one order was intercepted at the carrier, and only it fails.
  const held = three[1]?.all[0];
  await hge('intercept', { num_type: 1, num: referenceOf(held), reason: 'test' });
  await brings('PB:GO:DAY', '[data-testid=choice]');
  await pictures('day-choices');
  await brings('PB:KEY:F9', '[data-testid=details-drawer]');
  const typed = ['ZJA88K12', 'Li Guoqiang', 'Mingde', '0571-88886666', '13800001111', 'a@example.com', 'CN'];
  for (const text of [
    ...typed,
    'Zhejiang',
    'Hangzhou',
    '310000',
    '1218',
    'Wenyi Xi Lu',
    'Cangqian 1218',
    '180-12345675',
    'KE856',
  ]) {
    await brings(text, `[data-testid=details-drawer] input[value="${text}"]`);
  }
  await pictures('day-details');
  await brings('PB:KEY:F9', newest('scan-form', 'partial'));
  await brings('PB:KEY:ENTER', failedParcel);
  const failed = screen.page.locator(failedParcel);
  expect(await failed.count()).toBe(1);
  expect(await failed.getAttribute('data-waybill')).toBe(held?.waybill);
  expect(await failed.textContent()).toContain('intercepted');
  await pictures('day-partial');
  await hge('cancelIntercept', { num_type: 1, num: referenceOf(held) });
  await brings('PB:KEY:1', newest('scan-form', 'through'));
  expect(day().documents[0]).toMatchObject({ parcels: 1, failed: 0, repeatable: 0 });
  expect(day().documents[1]).toMatchObject({ stage: 'partial', failed: 1, repeatable: 0 });
  await brings('PB:KEY:ESC', 'body:not(:has([data-testid=document-drawer]))');

  // The manifest of the bags, with another one failing.
  await hge('intercept', { num_type: 1, num: referenceOf(lost), reason: 'test' });
  await brings('PB:KEY:F10', newest('manifest', 'partial'));
  await hge('cancelIntercept', { num_type: 1, num: referenceOf(lost) });
  await brings('PB:KEY:ENTER', failedParcel);
  expect(await failed.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-waybill')))).toEqual([
    lost.waybill,
  ]);
  await brings('PB:KEY:1', newest('manifest', 'through'));
  expect(day().documents[0]).toMatchObject({ kind: 'manifest', parcels: 1, failed: 0 });

  // The list comes out of the printer with the document's number on it.
  const { reference } = day().documents[0] ?? { reference: '' };
  await brings('PB:KEY:1', '[data-testid=feedback][data-code="day.list-printed"]');
  await shows(desk, 'day', (now) => now.documents[0]?.listsPrinted === 1);
  await expect
    .poll(() => desk.station.inside.virtual.printer?.labels().some((one) => one.codes.includes(reference)), {
      timeout: 60_000,
    })
    .toBe(true);
  await brings('PB:KEY:ESC', 'body:not(:has([data-testid=document-drawer]))');

  // The truck: every bag and every loose parcel once; what is no label of this house stays off.
  await brings('PB:KEY:INSERT', '[data-testid=loading]');
  await answered('1Z999AA10123456784', 'day.load-unknown');
  await answered(labels[0] ?? '', 'day.load-scanned');
  await pictures('day-loading');
  await answered('PB:DAY:END', 'day.load-why-missing');
  await screen.page.waitForSelector('[data-testid=question][data-about=day-end]');
  await brings('PB:KEY:ESC', 'body:not(:has([data-testid=question]))');
  for (const label of labels.slice(1)) await answered(label, /^day\.load-/);
  const loose = stream.filter((parcel) => ![a, b, c].includes(parcel.destination));
  for (const parcel of loose) await answered(parcel.waybill, /^day\.load-(scanned|done)/);
  await shows(desk, 'day', (now) => now.loading === null);
  expect(day().last?.notice.code).toBe('day.load-done');
  for (const parcel of stream) {
    const kinds = store.events.list({ parcelId: parcel.id }, 0, 300).map((event) => event.kind);
    expect(kinds.filter((kind) => kind === 'handed-over')).toHaveLength(1);
  }
  expect(store.events.firstBroken()).toBeNull();
  expect(screen.complaints).toEqual([]);
});
