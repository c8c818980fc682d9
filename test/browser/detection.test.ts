/** The detect step for printers and measuring machines in a real Chromium, in both languages, on a whole station. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { startNodeHost } from '../../main/host/node/host.ts';
import { createVirtualDws } from '../../main/training/dws.ts';
import { createVirtualPrinter } from '../../main/training/printer.ts';
import { silentLog as log } from '../kit/ports.ts';
import { projectDir, startTestStation } from '../kit/station.ts';
import { ensureScreenBuilt, launchBrowser, openScreen, picture } from './kit.ts';

let browser: Browser;
beforeAll(async () => {
  await ensureScreenBuilt();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

test.each(['zh-CN', 'en'] as const)(
  'in %s: a printer is asked what may print only after it was said, a machine is known by its records',
  async (locale) => {
    const clock = createSystemClock();
    const dir = await mkdtemp(join(tmpdir(), 'packbench-detect-'));
    const printer = await createVirtualPrinter({
      ...{ dir, clock, log, language: 'zpl', dpi: 203 },
      ...{ widthMm: 100, heightMm: 150 },
    });
    const machine = await createVirtualDws({ clock, log, format: 'csv' });
    const desk = await startTestStation({ orders: 1, profileFile: true });
    const host = await startNodeHost({
      station: desk.station.backend,
      rendererDir: join(projectDir, 'dist', 'renderer'),
      ...{ port: 0, log: desk.ports.log, clock },
    });
    const screen = await openScreen(browser, host.url, { width: 1_280, height: 1_000 });
    const { page, at } = screen;
    const open = async (kind: string, uri: string): Promise<void> => {
      await page.keyboard.press('Control+KeyU');
      await at('devices-add').click();
      await at(`devices-kind-${kind}`).click();
      await at('devices-link').fill(uri);
      await at('devices-link').blur();
      await page.keyboard.press('1');
      await page.waitForSelector('[data-testid=device-wizard][data-step=detect]');
    };
    try {
      if (locale === 'en') await page.keyboard.press('F8');
      await page.waitForFunction((wanted) => document.documentElement.lang === wanted, locale);
      await open('printer', printer.uri);
      await at('devices-detect-all').waitFor({ timeout: 60_000 });
      expect(await at('devices-detect-all').innerText()).toContain(
        locale === 'en' ? 'may print a line of text' : '可能打印一行文字',
      );
      expect(printer.counts.formats).toBe(0);
      await picture(screen, `detect-printer-asks-${locale}`);
      await page.keyboard.press('1');
      await at('devices-note-device.detect-compare-label').waitFor({ timeout: 60_000 });
      expect(await at('devices-proposal-1').innerText()).toMatch(/zpl\s+PACKBENCH-ZPL/);
      await picture(screen, `detect-printer-${locale}`);
      await page.keyboard.press('1');
      await page.waitForSelector('[data-testid=device-wizard][data-step=settings]');
      expect(printer.counts).toMatchObject({ formats: 0, labels: 0 });

      await page.keyboard.press('Escape');
      await at('devices-drawer').waitFor({ state: 'detached' });
      const connected = new Promise<void>((resolve) => machine.onConnected(() => resolve()));
      await open('dws', machine.uri ?? '');
      await connected;
      for (const index of [1, 2, 3]) {
        const barcodes = [`SF12345678${index}`];
        await machine.measure({ barcodes, grams: 1_250, lengthMm: 300, widthMm: 200, heightMm: 150 });
      }
      await at('devices-proposal-1').waitFor({ timeout: 60_000 });
      await expect.poll(() => at('devices-proposal-1').innerText(), { timeout: 20_000 }).toContain('SF123456783');
      await picture(screen, `detect-dws-${locale}`);
      await page.keyboard.press('1');
      await page.waitForSelector('[data-testid=device-wizard][data-step=settings]');
      expect(screen.complaints).toEqual([]);
    } finally {
      await screen.close();
      await host.close();
      await desk.stop();
      await machine.stop();
      await printer.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
  240_000,
);
