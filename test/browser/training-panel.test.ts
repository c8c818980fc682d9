/** The training panel in a real Chromium, on a whole station: every virtual device driven from it, by keys. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { startNodeHost } from '../../main/host/node/host.ts';
import { projectDir, startTestStation } from '../kit/station.ts';
import { atStage, ensureScreenBuilt, launchBrowser, openScreen, picture, type Screen } from './kit.ts';

let browser: Browser;
beforeAll(async () => {
  await ensureScreenBuilt();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

/** Enter on a control of the panel. */
async function press(screen: Screen, testId: string): Promise<void> {
  await screen.at(testId).focus();
  await screen.page.keyboard.press('Enter');
}

test(
  'scale, printer, measuring machine and scanner do what the panel says, and the screen shows it',
  { timeout: 180_000 },
  async () => {
    const desk = await startTestStation({ orders: 6 });
    const { inside } = desk.station;
    await inside.intake.sync();
    const host = await startNodeHost({
      station: desk.station.backend,
      rendererDir: join(projectDir, 'dist', 'renderer'),
      port: 0,
      log: desk.ports.log,
      clock: createSystemClock(),
    });
    const screen = await openScreen(browser, host.url, { width: 1_600, height: 1_400 });
    const { page, at } = screen;
    const shows = (testId: string, state: string): Promise<unknown> =>
      page.waitForSelector(`[data-testid=${testId}][data-state=${state}]`, { timeout: 20_000 });
    try {
      await page.keyboard.press('F6');
      await press(screen, 'training-start-scanner');
      await press(screen, 'training-start-dws');
      await at('training-scanner').waitFor();
      await shows('status-dws-dws', 'online');
      expect(await at('status-dws-dws').innerText()).toContain('虚拟');
      expect(await at('training-start-dws').count()).toBe(0);

      const [order] = inside.store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 1 }).rows;
      const number = order?.number ?? '';
      await expect.poll(() => inside.virtual.machines.scanner()?.device.connections()).toBe(1);
      const scanned = async (code: string): Promise<void> => {
        await at('training-scan-code').fill(code);
        await page.keyboard.press('Enter');
      };
      await scanned(number);
      await atStage(screen, 'items');
      const done = (): number => inside.desk.snapshot.current().lines.reduce((sum, line) => sum + line.scansDone, 0);
      for (const line of inside.desk.snapshot.current().lines) {
        for (let n = line.scansDone; n < line.scansNeeded; n += 1) {
          const before = done();
          await scanned(line.productCode);
          await expect.poll(done, { timeout: 20_000 }).toBe(before + 1);
        }
      }
      await atStage(screen, 'weigh');

      await press(screen, 'training-scale-plug');
      await page.waitForSelector('[data-testid=training-scale-plug][aria-pressed=true]');
      await shows('status-scale', 'connecting');
      expect(await at('training-scale-plug').getAttribute('aria-pressed')).toBe('true');
      await press(screen, 'training-scale-plug');
      await shows('status-scale', 'stable');
      await at('training-scale-speaks').selectOption('cas');
      await expect.poll(() => inside.virtual.machines.chosenScale()).toBe('cas');
      await shows('status-scale', 'stable');
      await at('training-scale-mode').selectOption('overload');
      await shows('status-scale', 'overload');
      await at('training-scale-mode').selectOption('steady');
      await shows('status-scale', 'stable');

      await press(screen, 'training-printer-plug');
      await shows('status-printer-label', 'offline');
      await press(screen, 'training-printer-plug');
      await shows('status-printer-label', 'ready');
      await at('training-printer').selectOption('paper-out');
      await shows('status-printer-label', 'attention');
      await at('training-printer').selectOption('ready');
      await shows('status-printer-label', 'ready');

      expect(await at('training-dws-barcode').inputValue()).toBe(number);
      await press(screen, 'training-dws-noread');
      await page.waitForSelector('[data-testid=feedback][data-code="dws.no-read"]');
      await at('training-dws-size').fill('300x200');
      expect(await at('training-dws-none').isDisabled()).toBe(true);
      await at('training-dws-size').fill('300x200x150');
      await picture(screen, 'training-panel');
      await press(screen, 'training-dws-none');
      await atStage(screen, 'scan-back');
      expect(inside.desk.snapshot.current().parcel).toMatchObject({ weightG: 1_250, size: { lengthMm: 300 } });
      await press(screen, 'training-dws-plug');
      await shows('status-dws-dws', 'connecting');
      expect(screen.complaints).toEqual([]);
    } finally {
      await screen.close();
      await host.close();
      await desk.stop();
    }
  },
);
