/** The screens of the bags and of the end of the day alone, in a real Chromium: places, keys, scans, questions. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CallName } from '../../preload/contract/index.ts';
import * as bagScene from './bags-scene.ts';
import { startFakeStation, type FakeStation } from './fake-station.ts';
import { ensureScreenBuilt, launchBrowser, openScreen, scan, scanAnswered, type Screen } from './kit.ts';

let browser: Browser;
let station: FakeStation;
let screen: Screen;

beforeAll(async () => {
  await ensureScreenBuilt();
  browser = await launchBrowser();
  station = await startFakeStation();
});
afterAll(async () => {
  await browser.close();
  await station.close();
});
beforeEach(async () => {
  station.reset();
  screen = await openScreen(browser, station.host.mintUrl());
});
afterEach(async () => {
  expect(screen.complaints).toEqual([]);
  await screen.close();
});

const placeMarks = { PACK: 'queue-search', BAGS: 'chosen-bag', DAY: 'documents' } as const;

/** Goes to a place by scanner, and waits until it is there. */
async function go(place: keyof typeof placeMarks): Promise<void> {
  await scan(screen, `PB:GO:${place}`);
  await screen.at(placeMarks[place]).waitFor();
}

/** The input of the first call of this name, once it was made. */
async function called(name: CallName): Promise<unknown> {
  await expect.poll(() => station.calls.some((call) => call.name === name)).toBe(true);
  return station.calls.find((call) => call.name === name)?.input;
}

const names = (): string[] => station.calls.map((call) => call.name).filter((name) => name !== 'orders.list');

describe('places', () => {
  test('a scan goes to the place that is open, and nowhere else', async () => {
    await go('BAGS');
    expect(await scanAnswered(screen, 'HGE001')).toBe('bag.unknown-code');
    await go('DAY');
    expect(await scanAnswered(screen, 'HGE002')).toBe('day.code-unknown');
    await go('PACK');
    expect(await scanAnswered(screen, 'HGE003')).toBe('scan.order-unknown');
    expect(names()).toEqual(['bags.scan', 'day.scan', 'pack.scan']);
  });

  test('F11, F12 and F2 do the same as the barcodes', async () => {
    await screen.page.keyboard.press('F11');
    await screen.at('chosen-bag').waitFor();
    await screen.page.keyboard.press('F12');
    await screen.at('documents').waitFor();
    await screen.page.keyboard.press('F2');
    await screen.at('queue-search').waitFor();
    expect(await screen.at('place-pack').getAttribute('aria-current')).toBe('page');
  });

  test('a key of the pack screen does nothing at the bags', async () => {
    await go('BAGS');
    await screen.page.keyboard.press('F10');
    await scanAnswered(screen, 'HGE001');
    expect(names()).toEqual(['bags.scan']);
  });
});

describe('bags', () => {
  beforeEach(async () => {
    station.set('bags', bagScene.filling);
    await go('BAGS');
    await screen.at('bag-card').first().waitFor();
  });

  test('cards show number, route, count and weight against their limits, and mark the chosen one', async () => {
    const chosen = screen.page.locator('[data-testid=bag-card][data-chosen=true]');
    expect(await chosen.getAttribute('data-destination')).toBe('US');
    expect(await chosen.textContent()).toMatch(/27 \/ 500 件.*19\.737 \/ 30\.000 kg/);
    expect(await screen.at('bag-card').count()).toBe(3);
    expect(await screen.at('bag-parcel').first().getAttribute('data-waybill')).toBe('HGE2507080000270');
  });

  test('each refusal of the station has its own sound on the screen', async () => {
    station.answers.set('HGE7', {
      accepted: false,
      notice: { code: 'bag.refused-wrong-route', tone: 'stop', params: {} },
      sound: 'wrong-route',
    });
    await scanAnswered(screen, 'HGE7');
    expect(await screen.at('feedback').getAttribute('data-sound')).toBe('wrong-route');
  });

  test('voiding asks for its reason; a barcode of the digit gives it', async () => {
    await scan(screen, 'PB:KEY:V');
    await screen.at('question').waitFor();
    expect(names()).toEqual([]);
    await scan(screen, 'PB:KEY:1');
    expect(await called('bags.command')).toEqual({
      command: 'void',
      bagId: null,
      route: null,
      reason: '袋子破损或受潮',
    });
  });

  test('a route without a bag gets one from the list, by barcodes of keys alone', async () => {
    await scan(screen, 'PB:KEY:DOWN');
    await scan(screen, 'PB:KEY:1');
    expect(await called('bags.command')).toMatchObject({
      command: 'open',
      route: { vendor: 'hge', destination: 'FR' },
    });
  });

  test('a wrong weight shows cause, sums and the parcels that would explain it', async () => {
    station.set('bags', bagScene.mismatch);
    await screen.at('mismatch').waitFor();
    expect(await screen.at('mismatch').textContent()).toMatch(/19\.937 kg.*19\.417 kg.*−520/);
    expect(await screen.at('candidate').count()).toBe(3);
    await screen.page.keyboard.press('r');
    expect(await called('bags.command')).toMatchObject({ command: 'recount' });
  });

  test('a recount lists what is missing first, and ticks what was found', async () => {
    station.set('bags', bagScene.recount);
    await screen.page.waitForSelector('[data-testid=bag-parcel][data-missing=true]');
    const marks = await screen
      .at('bag-parcel')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-missing')));
    expect(marks.slice(0, 4)).toEqual(['true', 'true', 'true', 'false']);
  });
});

describe('the end of the day', () => {
  beforeEach(async () => {
    station.set('day', bagScene.choosing);
    await go('DAY');
    await screen.at('choice').first().waitFor();
  });

  test('a push takes the ticked routes with the remembered details', async () => {
    await scan(screen, 'PB:KEY:DOWN');
    await scan(screen, 'PB:KEY:ENTER');
    await screen.page.waitForSelector('[data-testid=choice][data-destination=DE][data-taken=false]');
    await scan(screen, 'PB:KEY:F9');
    expect(await called('day.push')).toMatchObject({
      kind: 'scan-form',
      vendor: 'hge',
      routes: [
        { service: 'P10006', destination: 'US' },
        { service: 'P10006', destination: 'JP' },
      ],
      looseToo: true,
      details: { contactName: '李国强' },
      flight: null,
    });
  });

  test('a field the carrier needs is asked for, and a scan fills it', async () => {
    await scan(screen, 'PB:KEY:F10');
    await screen.at('details-drawer').waitFor();
    await scan(screen, '999-12345675');
    await expect.poll(() => screen.at('detail-airWaybill').inputValue()).toBe('999-12345675');
    expect(names()).toEqual([]);
    await scan(screen, 'PB:KEY:F10');
    expect(await called('day.push')).toMatchObject({
      kind: 'manifest',
      looseToo: false,
      flight: { airWaybill: '999-12345675' },
    });
  });

  test('loading shows how far it is; giving it up needs a reason', async () => {
    station.set('day', bagScene.loading);
    await screen.at('loading').waitFor();
    expect(await screen.at('missing-item').count()).toBe(7);
    await scan(screen, 'PB:KEY:DELETE');
    await screen.at('question').waitFor();
    await scan(screen, 'PB:KEY:1');
    expect(await called('day.loading')).toEqual({ action: 'cancel', vendor: 'hge', reason: '车没来' });
  });
});

test.runIf(process.env['PACKBENCH_LOOK'] !== undefined)('looks', async () => {
  const dir = process.env['PACKBENCH_LOOK'] ?? '';
  const shoot = (name: string): Promise<unknown> =>
    screen.page
      .waitForTimeout(400)
      .then(() => screen.page.screenshot({ path: `${dir}/${name}.png`, animations: 'disabled' }));
  await go('BAGS');
  await shoot('bags-empty');
  for (const [name, scene] of [
    ['filling', bagScene.filling],
    ['mismatch', bagScene.mismatch],
    ['recount', bagScene.recount],
  ] as const) {
    station.set('bags', scene);
    await shoot(`bags-${name}`);
  }
  await screen.page.keyboard.press('F8');
  station.set('bags', bagScene.mismatch);
  await shoot('bags-mismatch-en');
  station.set('day', bagScene.choosing);
  await go('DAY');
  await shoot('day-en');
  await screen.page.keyboard.press('F8');
  await shoot('day');
  await screen.page.keyboard.press('F3');
  await shoot('day-details');
  await screen.page.keyboard.press('Escape');
  station.set('day', bagScene.loading);
  await shoot('day-loading');
});
