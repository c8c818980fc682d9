/** Scans of scanners that the station reads reach the place that is open on the screen, as keyboard scans do. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeStation, type FakeStation } from './fake-station.ts';
import { ensureScreenBuilt, launchBrowser, openScreen } from './kit.ts';

let browser: Browser;
let station: FakeStation;

beforeAll(async () => {
  await ensureScreenBuilt();
  browser = await launchBrowser();
  station = await startFakeStation();
});
afterAll(async () => {
  await browser.close();
  await station.close();
});

test('in order, each with the id of its scanner, and to the place a scanner belongs to', async () => {
  const screen = await openScreen(browser, station.host.url);
  try {
    const scans = [
      { code: ']C0SO-1', refusal: null, scanner: 'left', place: 'screen' },
      { code: 'BAG-D01-7', refusal: null, scanner: 'right', place: 'bags' },
      { code: 'PB:GO:PACK', refusal: null, scanner: 'left', place: 'screen' },
      { code: '', refusal: 'cut', scanner: 'left', place: 'screen' },
    ] as const;
    scans.forEach((scan, index) => station.deviceScans.set(index + 1, scan));
    const waiting = scans.map((_, index) => ({ seq: index + 1, at: 1 }));
    station.set('scanners', { scanners: [], waiting });
    await screen.page.waitForSelector('[data-testid=feedback][data-code="scan.refused-cut"]');
    await expect
      .poll(() => station.calls.filter((call) => /^(pack|bags)\.scan$/.test(call.name)))
      .toEqual([
        { name: 'pack.scan', input: { code: ']C0SO-1', source: 'device', manner: { scanner: 'left' } } },
        { name: 'bags.scan', input: { code: 'BAG-D01-7', source: 'device', manner: { scanner: 'right' } } },
      ]);
  } finally {
    await screen.close();
  }
});
