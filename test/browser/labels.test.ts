/** The label inspector and the printers of Settings, with scanner and keys, in a real Chromium. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startNodeHost } from '../../main/host/node/host.ts';
import { projectDir, startTestStation } from '../kit/station.ts';
import { startFakeStation, type FakeStation } from './fake-station.ts';
import {
  atStage,
  ensureScreenBuilt,
  launchBrowser,
  openScreen,
  picture,
  scan,
  scanAnswered,
  type Screen,
} from './kit.ts';
import * as scene from './scene.ts';

let browser: Browser;
beforeAll(async () => {
  await ensureScreenBuilt();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

describe('on a station of the test', () => {
  let station: FakeStation;
  let screen: Screen;
  beforeAll(async () => {
    station = await startFakeStation();
    screen = await openScreen(browser, station.host.url);
  });
  afterAll(async () => {
    expect(screen.complaints).toEqual([]);
    await station.close();
  });
  beforeEach(async () => {
    station.reset();
    await screen.page.keyboard.press('Escape');
  });
  const calls = (name: string): unknown[] =>
    station.calls.filter((call) => call.name === name).map((call) => call.input);

  test('a key opens the inspector, and a scan looks the label up instead of packing it', async () => {
    await screen.page.keyboard.press('Control+KeyI');
    await screen.at('inspector-none').waitFor();
    await scan(screen, scene.labelled.waybill ?? '');
    await screen.at('inspector-bitmap').waitFor();
    expect(station.scans()).toEqual([]);
    expect(await screen.at('inspector-codes').innerText()).toContain('HGE2507080000516');
    expect(await screen.at('inspector-prints').innerText()).toContain('P017 欧阳娜娜');
    expect(await screen.at('inspector-output').innerText()).toContain('8120');
  });

  test('our own codes still do what they say while the inspector is open', async () => {
    await screen.page.keyboard.press('Control+KeyI');
    await screen.at('inspector-search').waitFor();
    await scanAnswered(screen, 'PB:PRINT:7');
    expect(station.scans()).toEqual(['PB:PRINT:7']);
  });

  test('a label is printed again by keys alone, with its reason, on the printer that was chosen', async () => {
    await screen.page.keyboard.press('Control+KeyI');
    await scan(screen, scene.labelled.waybill ?? '');
    await screen.at('inspector-printer-spare').click();
    await expect.poll(() => calls('labels.inspect').at(-1)).toMatchObject({ printerId: 'spare' });
    await screen.page.keyboard.press('Control+KeyP');
    await screen.at('inspector-reason-2').waitFor();
    await screen.page.keyboard.press('2');
    await expect
      .poll(() => calls('labels.reprint'))
      .toEqual([{ parcelId: 'parcel-9', kind: 'carrier', reason: '面单丢失', printerId: 'spare' }]);
  });

  test('slips are printed by key: of the order on the desk, and of the one the inspector shows', async () => {
    station.set('pack', scene.weigh);
    await screen.at('command-print-slip').waitFor();
    await screen.page.keyboard.press('Control+KeyS');
    const onDesk = scene.weigh.order?.id ?? '';
    await expect.poll(() => calls('slips.print')).toEqual([{ orderId: onDesk, kind: 'packing' }]);
    await expect.poll(() => screen.at('feedback').innerText()).toContain('slips');
    await screen.page.keyboard.press('Control+KeyI');
    await scan(screen, scene.labelled.waybill ?? '');
    await screen.at('slip-print-contents').waitFor();
    await screen.page.keyboard.press('Control+KeyD');
    await expect.poll(() => calls('slips.print').at(-1)).toEqual({ orderId: scene.labelled.orderId, kind: 'contents' });
  });

  test('Settings print the sheets and save them as PDF', async () => {
    await screen.page.keyboard.press('F7');
    await screen.at('sheet-scanner-print').click();
    await expect.poll(() => calls('sheets.print')).toEqual([{ kind: 'scanner', locale: 'zh-CN' }]);
    const saved = screen.page.waitForEvent('download');
    await screen.at('sheet-badges-save').click();
    expect((await saved).suggestedFilename()).toBe('packbench-badges.pdf');
    expect(calls('sheets.file')).toEqual([{ kind: 'badges', locale: 'zh-CN' }]);
    await screen.page.keyboard.press('Escape');
  });

  test('Settings print a test label, calibrate and count a new roll', async () => {
    await screen.page.keyboard.press('F7');
    await screen.at('printer-label-test').click();
    await expect.poll(() => screen.at('printer-label-said').innerText()).toContain('PB:PRINT:7');
    await screen.at('printer-label-calibrate').click();
    await expect.poll(() => calls('printers.calibrate')).toEqual([{ printerId: 'label' }]);
    await screen.at('printer-label-roll').fill('250');
    await screen.at('printer-label-new-roll').click();
    await expect.poll(() => calls('printers.newRoll')).toEqual([{ printerId: 'label', labels: 250 }]);
    await screen.page.keyboard.press('Escape');
  });
});

test(
  'on a whole station the label that was just printed is shown dot for dot, with its waybill read back',
  { timeout: 120_000 },
  async () => {
    const desk = await startTestStation({ orders: 6 });
    const { inside } = desk.station;
    await inside.intake.sync();
    const host = await startNodeHost({
      station: desk.station.backend,
      rendererDir: join(projectDir, 'dist', 'renderer'),
      port: 0,
      log: desk.ports.log,
      clock: desk.ports.clock,
    });
    const screen = await openScreen(browser, host.url, { width: 1_600, height: 900 });
    try {
      const [order] = inside.store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 1 }).rows;
      await scanAnswered(screen, order?.number ?? '');
      for (const line of inside.desk.snapshot.current().lines) {
        for (let n = line.scansDone; n < line.scansNeeded; n += 1) await scanAnswered(screen, line.productCode);
      }
      await atStage(screen, 'weigh');
      inside.virtual.scale?.put(1_250);
      await atStage(screen, 'scan-back');
      await screen.page.keyboard.press('Control+KeyI');
      await screen.at('inspector-bitmap').waitFor();
      const size = await screen
        .at('inspector-bitmap')
        .evaluate((image) => [(image as HTMLImageElement).naturalWidth, (image as HTMLImageElement).naturalHeight]);
      expect(size).toEqual([800, 1_200]);
      const { waybill } = inside.desk.snapshot.current().parcel ?? {};
      expect(await screen.at('inspector-codes').locator('[data-match=true]').innerText()).toContain(waybill);
      await picture(screen, 'label-inspector');
      await screen.page.keyboard.press('Escape');
      await screen.page.keyboard.press('F7');
      await screen.at('printer-label-test').click();
      await expect.poll(() => screen.at('printer-label-said').innerText(), { timeout: 30_000 }).toContain('PB:PRINT:1');
      await scanAnswered(screen, 'PB:PRINT:1');
      await expect.poll(() => screen.at('printer-label-tested').innerText()).toContain('PB:PRINT:1');
      await screen.at('printer-label').scrollIntoViewIfNeeded();
      await picture(screen, 'printers');
      expect(inside.devices.printers()[0]).toMatchObject({ state: 'ready' });
      expect(screen.complaints).toEqual([]);
    } finally {
      await screen.close();
      await host.close();
      await desk.stop();
    }
  },
);
