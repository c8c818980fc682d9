/** Settings → Devices in a real Chromium, on a whole station, with a scale on a real socket. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { startNodeHost } from '../../main/host/node/host.ts';
import { createVirtualScale } from '../../main/training/scale.ts';
import { silentLog } from '../kit/ports.ts';
import { projectDir, startTestStation } from '../kit/station.ts';
import { startFakeStation } from './fake-station.ts';
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

/**
 * Scans as a person does, one code after the other: the next one may come once the time stamps of this one's keys, which lie
 * ahead, have passed, and the guard of the wedge against the rest of a scan with them.
 */
async function press(screen: Screen, code: string): Promise<void> {
  await scan(screen, code);
  await settled(screen, code);
}

async function pressAnswered(screen: Screen, code: string): Promise<string> {
  const said = await scanAnswered(screen, code);
  await settled(screen, code);
  return said;
}

async function settled(screen: Screen, code: string): Promise<void> {
  await screen.page.waitForFunction((until) => Date.now() > until, Date.now() + 10 * code.length + 200);
}

let browser: Browser;
beforeAll(async () => {
  await ensureScreenBuilt();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

test(
  'a TCP scale is added by keys and scans alone, packs a parcel at once, and is shown when it is gone',
  { timeout: 180_000 },
  async () => {
    const clock = createSystemClock();
    let scale = await createVirtualScale({ clock, log: silentLog, settleMs: 100 });
    const { uri } = scale;
    const desk = await startTestStation({ orders: 6, profileFile: true });
    const { inside } = desk.station;
    await inside.intake.sync();
    const host = await startNodeHost({
      station: desk.station.backend,
      rendererDir: join(projectDir, 'dist', 'renderer'),
      port: 0,
      log: desk.ports.log,
      clock,
    });
    const screen = await openScreen(browser, host.url, { width: 1_600, height: 900 });
    const { page, at } = screen;
    try {
      await page.keyboard.press('Control+KeyU');
      await at('devices-add').waitFor();
      await picture(screen, 'devices');
      await at('devices-add').focus();
      await page.keyboard.press('Enter');
      await at('devices-link').fill(uri);
      // Out of the field, so that digits are choices again.
      await at('devices-link').blur();
      await press(screen, 'PB:KEY:1');
      await at('devices-proposal-1').waitFor({ timeout: 30_000 });
      expect(await at('devices-proposal-1').innerText()).toContain('mt-sics');
      await expect.poll(() => at('devices-by-hand').isEnabled()).toBe(true);
      await picture(screen, 'devices-detected');
      await press(screen, 'PB:KEY:1');
      await expect.poll(() => at('devices-reading').innerText(), { timeout: 20_000 }).toBe('= 0 g');
      await picture(screen, 'devices-watch');
      await press(screen, 'PB:KEY:1');
      await page.waitForSelector('[data-testid=devices-test-empty][data-passed=true]');
      scale.put(900);
      await page.waitForSelector('[data-testid=devices-test-loaded][data-passed=true]');
      await picture(screen, 'devices-test');
      scale.put(0);
      await press(screen, 'PB:KEY:ENTER');
      await at('devices-name').waitFor();
      expect(await at('devices-name').inputValue()).toBe('bench');
      await picture(screen, 'devices-save');
      await press(screen, 'PB:KEY:1');
      await at('devices-said').waitFor();
      expect(await at('devices-said').innerText()).toContain('已保存');
      expect(await at('devices-said').getAttribute('data-effect')).toBe('live');
      const profile = JSON.parse(readFileSync(join(desk.dataDir, 'profile.json'), 'utf8')) as {
        devices: { scales: unknown[] };
      };
      expect(profile.devices.scales).toEqual([{ id: 'bench', link: uri, protocol: 'mt-sics' }]);
      await press(screen, 'PB:KEY:ESC');
      await at('devices-drawer').waitFor({ state: 'detached' });

      const [order] = inside.store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 1 }).rows;
      expect(await pressAnswered(screen, order?.number ?? '')).toBe('scan.order-opened');
      await atStage(screen, 'items');
      for (const line of inside.desk.snapshot.current().lines) {
        for (let n = line.scansDone; n < line.scansNeeded; n += 1) {
          expect(await pressAnswered(screen, line.productCode)).toMatch(/-(ok|done)$/);
        }
      }
      await atStage(screen, 'weigh');
      scale.put(1_250);
      await atStage(screen, 'scan-back');
      expect(inside.desk.snapshot.current().parcel?.weightG).toBe(1_250);

      await page.keyboard.press('Control+KeyU');
      await page.waitForSelector('[data-testid=device-scale-bench][data-state=working]');
      await picture(screen, 'devices-in-use');
      const pulledAt = performance.now();
      await scale.stop();
      await page.waitForSelector('[data-testid=device-scale-bench][data-state=failed]');
      expect(performance.now() - pulledAt).toBeLessThan(2_000);
      await at('devices-scale-bench').click();
      await press(screen, 'PB:KEY:1');
      await page.waitForSelector('[data-testid=devices-diagnosis] li[data-outcome=fail]');
      await picture(screen, 'devices-diagnosis');
      scale = await createVirtualScale({
        ...{ clock, log: silentLog, settleMs: 100 },
        port: Number(new URL(uri.replace('tcp:', 'http:')).port),
      });
      await page.waitForSelector('[data-testid=device-page] .device-working', { timeout: 20_000 });
      expect(screen.complaints).toEqual([]);
    } finally {
      await screen.close();
      await host.close();
      await desk.stop();
      await scale.stop();
    }
  },
);

test(
  'what is plugged in, pulled out and cannot be listed is said in words, with ages',
  { timeout: 120_000 },
  async () => {
    const station = await startFakeStation();
    const screen = await openScreen(browser, station.host.url);
    const { page, at } = screen;
    try {
      await page.keyboard.press('F7');
      await at('open-devices').click();
      await page.waitForSelector('[data-testid=device-scale-bench][data-state=unplugged]');
      expect(await at('device-scale-bench').innerText()).toMatch(
        /没有插上[\s\S]*4812[\s\S]*一行数据没有以 CR LF 结尾。请把秤的行尾设为 CR LF/,
      );
      expect(await at('device-plugged').innerText()).toContain('DYMO M10');
      expect(await at('devices-absent-spooler').innerText()).toContain('lpstat is not installed');
      await picture(screen, 'devices-unplugged');
      // Third of the numbered choices: the scale that is plugged in and not used.
      await page.keyboard.press('3');
      await page.waitForSelector('[data-testid=device-wizard][data-step=choose]');
      expect(await at('devices-link').inputValue()).toBe('hid://0922:8003/0071234');
      await page.keyboard.press('1');
      await expect
        .poll(() => station.calls.filter(({ name }) => name === 'devices.detect').map(({ input }) => input))
        .toMatchObject([{ link: 'hid://0922:8003/0071234', kind: 'scale' }]);
      expect(screen.complaints).toEqual([]);
    } finally {
      await screen.close();
      await station.close();
    }
  },
);
