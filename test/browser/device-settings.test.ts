/** The settings of a device as fields, filled in by keyboard alone, in a real Chromium. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { startNodeHost } from '../../main/host/node/host.ts';
import { createVirtualScale } from '../../main/training/scale.ts';
import { silentLog } from '../kit/ports.ts';
import { projectDir, startTestStation, type TestStation } from '../kit/station.ts';
import { startFakeStation } from './fake-station.ts';
import { ensureScreenBuilt, launchBrowser, openScreen, picture, type Screen } from './kit.ts';

let browser: Browser;
beforeAll(async () => {
  await ensureScreenBuilt();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

/** Presses Tab until the element has the focus: as often as there are stops before it, and on if others came meanwhile. */
async function tabTo({ page }: Screen, testId: string): Promise<void> {
  const stopsBefore = (id: string): number => {
    const stops = [
      ...document.querySelectorAll<HTMLElement>('button, input, select, textarea, summary, a[href], [tabindex]'),
    ];
    const open = stops.filter((each) => each.tabIndex >= 0 && !each.matches(':disabled') && each.checkVisibility());
    const wanted = open.findIndex((each) => each.dataset['testid'] === id);
    const now = document.activeElement;
    const at = open.findLastIndex(
      (each) =>
        each === now || (now !== null && (now.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING) !== 0),
    );
    return wanted < 0 ? 1 : (wanted - at + open.length) % open.length;
  };
  for (let tries = 0; tries < 60; tries += 1) {
    const stops = await page.evaluate(stopsBefore, testId);
    if (stops === 0) return;
    await Promise.all(Array.from({ length: stops }, () => page.keyboard.press('Tab')));
  }
  expect.fail(`Tab does not reach ${testId}`);
}

/** Chooses with the arrow keys, as the list of a closed select is gone through. */
async function choose(screen: Screen, testId: string, value: string): Promise<void> {
  await tabTo(screen, testId);
  const options = await screen
    .at(testId)
    .locator('option')
    .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
  const steps = options.indexOf(value) - options.indexOf(await screen.at(testId).inputValue());
  const key = steps < 0 ? 'ArrowUp' : 'ArrowDown';
  await Promise.all(Array.from({ length: Math.abs(steps) }, () => screen.page.keyboard.press(key)));
  await expect.poll(() => screen.at(testId).inputValue(), { timeout: 20_000 }).toBe(value);
}

/** Writes into a field as an input method does, so that no rhythm of keys is taken for a scanner's. */
async function write(screen: Screen, testId: string, text: string): Promise<void> {
  await tabTo(screen, testId);
  await screen.page.keyboard.insertText(text);
}

async function pressButton(screen: Screen, testId: string): Promise<void> {
  await expect.poll(() => screen.at(testId).isEnabled(), { timeout: 20_000 }).toBe(true);
  await tabTo(screen, testId);
  await screen.page.keyboard.press('Enter');
}

/** A desk with a profile file and no devices of its own, and its screen at the settings of a new scale. */
async function atSettings(link: string): Promise<{ desk: TestStation; screen: Screen; close: () => Promise<void> }> {
  const desk = await startTestStation({ orders: 1, profileFile: true });
  const host = await startNodeHost({
    station: desk.station.backend,
    rendererDir: join(projectDir, 'dist', 'renderer'),
    port: 0,
    log: desk.ports.log,
    clock: createSystemClock(),
  });
  const screen = await openScreen(browser, host.url, { width: 1_600, height: 900 });
  await screen.page.keyboard.press('Control+KeyU');
  await pressButton(screen, 'devices-add');
  await write(screen, 'devices-link', link);
  await pressButton(screen, 'devices-by-hand');
  return {
    ...{ desk, screen },
    async close() {
      await screen.close();
      await host.close();
      await desk.stop();
    },
  };
}

const scalesOf = (desk: TestStation): unknown =>
  (JSON.parse(readFileSync(join(desk.dataDir, 'profile.json'), 'utf8')) as { devices?: { scales?: unknown } }).devices
    ?.scales;

async function save(screen: Screen): Promise<void> {
  await pressButton(screen, 'devices-skip-test');
  await pressButton(screen, 'devices-save');
  await screen.at('devices-said').waitFor();
}

test('an XK3190 is set up with its form and unit by keyboard', { timeout: 300_000 }, async () => {
  const speaks = { protocol: 'xk3190', form: 'reversed', unit: 'kg' } as const;
  const scale = await createVirtualScale({ clock: createSystemClock(), log: silentLog, settleMs: 100, speaks });
  scale.put(3_000);
  const { desk, screen, close } = await atSettings(scale.uri);
  const { at } = screen;
  try {
    await choose(screen, 'devices-protocol', 'xk3190');
    expect(await at('devices-form').innerText()).toContain('=000.3000 (3.000)');
    // The station says at the field what is missing, and nobody gets past it.
    await at('devices-unit-problem').waitFor();
    expect(await at('devices-skip-test').isEnabled()).toBe(false);
    await choose(screen, 'devices-form', 'reversed');
    await choose(screen, 'devices-unit', 'kg');
    await write(screen, 'devices-equalFrames', '51');
    expect(await at('devices-equalFrames-problem').innerText()).toContain('1 到 50');
    await screen.page.keyboard.press('Control+KeyA');
    await screen.page.keyboard.insertText('4');
    await expect.poll(() => at('devices-reading').innerText(), { timeout: 20_000 }).toBe('= 3000 g');
    await at('devices-unit-problem').waitFor({ state: 'detached' });
    await save(screen);
    expect(scalesOf(desk)).toEqual([
      { id: 'bench', link: scale.uri, protocol: 'xk3190', form: 'reversed', unit: 'kg', equalFrames: 4 },
    ]);
    expect(screen.complaints).toEqual([]);
  } finally {
    await close();
    await scale.stop();
  }
});

test('a scale that no protocol fits is described frame by frame, by keyboard', { timeout: 300_000 }, async () => {
  const server = createServer((socket) => {
    const timer = setInterval(() => socket.write('ST,+0001.25kg\r\n'), 250);
    socket.on('close', () => clearInterval(timer)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const link = `tcp://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  const { desk, screen, close } = await atSettings(link);
  const { at, page } = screen;
  try {
    await choose(screen, 'devices-protocol', 'user-defined');
    // What comes is in sight before anything is described.
    await expect.poll(() => at('devices-session').innerText(), { timeout: 20_000 }).toContain('ST,+0001.25kg<CR><LF>');
    await write(screen, 'devices-definition-end', '<CR><LF>');
    await write(screen, 'devices-definition-pattern', '{state:2},{sign:1}{weight:7}{unit:2}');
    await at('devices-definition-states-problem').waitFor();
    await pressButton(screen, 'devices-definition-states-add');
    await write(screen, 'devices-definition-states-0-text', 'ST');
    await choose(screen, 'devices-definition-states-0-meaning', 'stable');
    await pressButton(screen, 'devices-definition-units-add');
    await write(screen, 'devices-definition-units-0-text', 'kg');
    await choose(screen, 'devices-definition-units-0-meaning', 'kg');
    await expect.poll(() => at('devices-reading').innerText(), { timeout: 20_000 }).toBe('= 1250 g');
    await picture(screen, 'device-settings-own');
    await save(screen);
    expect(scalesOf(desk)).toEqual([
      {
        ...{ id: 'bench', link, protocol: 'user-defined' },
        definition: {
          end: '0d 0a',
          pattern: '{state:2},{sign:1}{weight:7}{unit:2}',
          states: { ST: 'stable' },
          units: { kg: 'kg' },
        },
      },
    ]);
    expect(screen.complaints).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  } finally {
    await close();
    server.close();
  }
});

test.each([
  ['scale', 'serial:///dev/ttyUSB0'],
  ['dws', 'tcp-listen://0.0.0.0:8081'],
  ['printer', 'usb://0a5f:0081'],
  ['scanner', 'serial:///dev/ttyACM0'],
])('the settings of a %s fit the screen in both languages', async (kind, link) => {
  const station = await startFakeStation();
  const screen = await openScreen(browser, station.host.url, { height: 1_900 });
  const { page, at } = screen;
  try {
    await page.keyboard.press('Control+KeyU');
    await pressButton(screen, 'devices-add');
    await pressButton(screen, `devices-kind-${kind}`);
    await write(screen, 'devices-link', link);
    await pressButton(screen, 'devices-by-hand');
    await at('devices-section-reading').or(at('devices-section-printer')).waitFor();
    if (kind === 'scale') {
      await choose(screen, 'devices-protocol', 'xk3190');
      // In a list a digit is not the number of a button: the third would leave all of it behind. A key pressed alone is
      // told from a scan after some moments.
      await tabTo(screen, 'devices-baud');
      await page.keyboard.press('3');
      await page.waitForFunction((until) => Date.now() > until, Date.now() + 1_000);
      expect(await at('device-wizard').getAttribute('data-step')).toBe('settings');
    }
    for (const language of ['zh-CN', 'en']) {
      // Every section unfolded.
      const folded = page.locator('details.device-section:not([open]) > summary');
      while ((await folded.count()) > 0) {
        const before = await folded.count();
        await folded.first().focus();
        await page.keyboard.press('Enter');
        await expect.poll(() => folded.count(), { timeout: 10_000 }).toBe(before - 1);
      }
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('.drawer-body, .device-field, .device-section')]
          .filter((each) => each.scrollWidth > each.clientWidth + 1)
          .map((each) => each.getAttribute('data-setting') ?? each.className),
      );
      expect(wide).toEqual([]);
      await page.evaluate(() => {
        document.querySelector('.drawer-body')?.scrollTo(0, 0);
        (document.activeElement as HTMLElement | null)?.blur();
      });
      if (language === 'zh-CN') await picture(screen, `device-settings-${kind}`);
      await page.keyboard.press('F8');
    }
    expect(screen.complaints).toEqual([]);
  } finally {
    await screen.close();
    await station.close();
  }
});
