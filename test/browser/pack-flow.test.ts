/** A whole order by scanner alone, in a real Chromium, against a real station: database, sockets, virtual vendors. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startNodeHost, type NodeHost } from '../../main/host/node/host.ts';
import type { PackSnapshot } from '../../preload/contract/index.ts';
import { projectDir, startTestStation, type TestStation } from '../kit/station.ts';
import { atStage, launchBrowser, openScreen, picture, scanAnswered, type Screen } from './kit.ts';

let browser: Browser;
let desk: TestStation;
let host: NodeHost;
let screen: Screen;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

beforeEach(async () => {
  desk = await startTestStation({ orders: 12 });
  await desk.station.inside.intake.sync();
  host = await startNodeHost({
    station: desk.station.backend,
    rendererDir: join(projectDir, 'dist', 'renderer'),
    port: 0,
    log: desk.ports.log,
    clock: desk.ports.clock,
  });
  screen = await openScreen(browser, host.url);
});
afterEach(async () => {
  expect(screen.complaints).toEqual([]);
  await screen.close();
  await host.close();
  await desk.stop();
});

const shown = (): PackSnapshot => desk.station.inside.desk.snapshot.current();
const firstOrder = (): string =>
  desk.station.inside.store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 1 }).rows[0]?.number ?? '';

/** Scans every item that is still missing. */
async function scanItems(): Promise<void> {
  for (const line of shown().lines) {
    for (let n = line.scansDone; n < line.scansNeeded; n += 1) await scanAnswered(screen, line.productCode);
  }
}

async function weigh(grams: number): Promise<void> {
  await desk.client.call('training.set', { scaleGrams: grams });
}

/** What a scanner reads off the newest label in the tray. */
async function newestLabelCode(wanted: (code: string) => boolean): Promise<string> {
  const { printer } = desk.station.inside.virtual;
  const find = (): string | undefined => printer?.labels().at(-1)?.codes.find(wanted);
  return new Promise((resolve) => {
    const known = find();
    if (known !== undefined) resolve(known);
    const stop = printer?.onLabel(() => {
      const code = find();
      if (code === undefined) return;
      stop?.();
      resolve(code);
    });
  });
}

test.each(['zh-CN', 'en'] as const)(
  'online in %s: order, wrong items, weight, wrong label, label, next',
  async (locale) => {
    await atStage(screen, 'idle');
    if (locale === 'en') await screen.page.keyboard.press('F8');
    await screen.page.waitForFunction((wanted) => document.documentElement.lang === wanted, locale);
    await picture(screen, `flow-idle-${locale}`);
    const number = firstOrder();
    expect(await scanAnswered(screen, 'NO-SUCH-ORDER')).toBe('scan.order-unknown');
    expect(await scanAnswered(screen, number)).toBe('scan.order-opened');
    await atStage(screen, 'items');
    expect(await scanAnswered(screen, '6900000000001')).toBe('scan.item-unknown');
    await picture(screen, `flow-wrong-item-${locale}`);
    const first = shown().lines[0];
    for (let n = 0; n < (first?.scansNeeded ?? 0); n += 1) await scanAnswered(screen, first?.productCode ?? '');
    expect(await scanAnswered(screen, first?.productCode ?? '')).toMatch(
      /^scan\.item-surplus|scan\.item-ok|scan\.line-done/,
    );
    await scanItems();
    await atStage(screen, 'weigh');
    await picture(screen, `flow-weigh-${locale}`);
    await weigh(1_234);
    await atStage(screen, 'scan-back');
    await picture(screen, `flow-scan-label-${locale}`);
    expect(await screen.at('parcel').textContent()).toContain('1234');
    expect(await scanAnswered(screen, 'LH000000000CN')).toBe('scan.label-wrong');
    const code = await newestLabelCode((each) => each === shown().expects);
    expect(await scanAnswered(screen, code)).toBe('scan.label-ok');
    await atStage(screen, 'idle');
    expect(desk.station.inside.store.orders.findByNumber(number)?.status).toBe('shipped');
  },
);

test('a scan is taken whole while the search box has the focus, under an input method and with caps lock', async () => {
  const number = firstOrder();
  await screen.at('queue-search').focus();
  expect(await scanAnswered(screen, number, { throughInputMethod: true, capsLock: true })).toBe('scan.order-opened');
  expect(await screen.at('queue-search').inputValue()).toBe('');
});

test('offline: sealed, rack label, and the carrier label at once when the line is back and the rack label is scanned', async () => {
  await desk.client.call('training.set', { network: 'cut' });
  const number = firstOrder();
  await scanAnswered(screen, number);
  await scanItems();
  await weigh(800);
  await atStage(screen, 'scan-back');
  const lpn = await newestLabelCode((each) => each.startsWith('LPN-'));
  await picture(screen, 'flow-offline-rack-label');
  expect(await scanAnswered(screen, lpn)).toBe('scan.lpn-ok');
  await atStage(screen, 'idle');
  expect(await scanAnswered(screen, lpn)).toBe('scan.lpn-not-ready');
  await weigh(0);

  await desk.client.call('training.set', { network: 'up' });
  const { store } = desk.station.inside;
  const parcelId = store.parcels.findByLpn(lpn)?.id ?? '';
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (store.parcels.get(parcelId)?.artworkSha256 == null) return;
      stop();
      resolve();
    };
    const stop = store.onCommit(check);
    check();
  });
  expect(await scanAnswered(screen, lpn)).toBe('scan.lpn-printing');
  await atStage(screen, 'scan-back');
  const code = await newestLabelCode((each) => each === shown().expects);
  expect(await scanAnswered(screen, code)).toBe('scan.label-ok');
  expect(store.orders.findByNumber(number)?.status).toBe('shipped');
});

test('printer out of paper: says so, prints by itself after the refill, exactly one label', async () => {
  await desk.client.call('training.set', { printer: 'paper-out' });
  await scanAnswered(screen, firstOrder());
  await scanItems();
  await weigh(950);
  await screen.page.waitForSelector('[data-testid=prompt][data-kind=printer-blocked]');
  await picture(screen, 'flow-paper-out');
  await desk.client.call('training.set', { printer: 'ready' });
  await atStage(screen, 'scan-back');
  const parcelId = shown().parcel?.id ?? '';
  await newestLabelCode((each) => each === shown().expects);
  const copies = desk.station.inside.store.prints.listByParcel(parcelId).filter((print) => print.kind === 'carrier');
  expect(copies).toHaveLength(1);
});

test('a label cut off in the middle is unknown; N prints one more, marked as a reprint', async () => {
  await desk.client.call('training.set', { printer: 'cut-mid-label' });
  await scanAnswered(screen, firstOrder());
  await scanItems();
  await weigh(950);
  await screen.page.waitForSelector('[data-testid=prompt][data-kind=print-unknown]');
  await picture(screen, 'flow-print-unknown');
  await desk.client.call('training.set', { printer: 'ready' });
  await screen.page.keyboard.press('n');
  await screen.page.waitForFunction(() => document.querySelector('[data-testid=prompt]') === null);
  await atStage(screen, 'scan-back');
  const code = await newestLabelCode((each) => each === shown().expects);
  expect(await scanAnswered(screen, code)).toBe('scan.label-ok');
});
