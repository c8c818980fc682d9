/** The weight on the screen, in a real Chromium: what it should be, why it is refused, and a container, by scanner and keys. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Notice } from '../../preload/contract/index.ts';
import { startFakeStation, type FakeStation } from './fake-station.ts';
import { atStage, ensureScreenBuilt, launchBrowser, openScreen, picture, scan, type Screen } from './kit.ts';
import * as scene from './scene.ts';

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

const expected = { expectedG: 8_240, fromG: 8_110, toG: 8_370, blindTo: '赠品券' };
const refused: Notice = {
  code: 'weight.unexpected-missing',
  tone: 'stop',
  params: { grams: 7_830, fromG: 8_110, toG: 8_370, name: '龙井茶' },
};

function showRefusal(): void {
  station.set('weight', { ...scene.weightStable, grams: 7_830, reason: refused, expected });
  station.set('pack', {
    ...scene.weigh,
    next: { code: 'next.weigh-again', tone: 'stop', params: {} },
    prompt: {
      kind: 'weight-refused',
      notice: refused,
      printId: null,
      options: [
        { command: 'recount-items', key: 'C' },
        { command: 'override-weight', key: 'O' },
        { command: 'release-order', key: 'F9' },
      ],
    },
  });
}

const commands = (): unknown[] =>
  station.calls.filter((call) => call.name === 'pack.command').map((call) => call.input);

async function toEnglish(): Promise<void> {
  await screen.page.keyboard.press('F8');
  await screen.page.waitForFunction(() => document.documentElement.lang === 'en');
}

test('a weight that does not fit: range, cause and the ways on, in both languages', async () => {
  showRefusal();
  await atStage(screen, 'weigh');
  await screen.page.waitForSelector('[data-testid=prompt][data-kind=weight-refused]');
  expect(await screen.page.textContent('[data-testid=expected]')).toContain('应为 8110 – 8370 克');
  expect(await screen.page.textContent('[data-testid=expected]')).toContain('赠品券');
  expect(await screen.page.textContent('[data-testid=prompt]')).toContain('可能少了一件 龙井茶');
  await picture(screen, 'weight-refused-zh-CN');
  await toEnglish();
  expect(await screen.page.textContent('[data-testid=expected]')).toContain('Expected 8110 – 8370 g');
  expect(await screen.page.textContent('[data-testid=prompt]')).toContain('One 龙井茶 may be missing');
});

test('C counts again, O asks for the reason first', async () => {
  showRefusal();
  await screen.page.waitForSelector('[data-testid=prompt][data-kind=weight-refused]');
  await screen.page.keyboard.press('KeyC');
  await expect.poll(commands).toEqual([{ command: 'recount-items', reason: '' }]);
  await screen.page.keyboard.press('KeyO');
  await screen.page.waitForSelector('[data-testid=reason-dialog]');
  await screen.page.keyboard.press('Digit3');
  await expect.poll(() => commands().length).toBe(2);
  expect(commands()[1]).toMatchObject({ command: 'override-weight' });
});

test('a container is shown with gross and tare; one key tares and clears, and the barcode works at any place', async () => {
  station.set('pack', scene.weigh);
  station.set('weight', { ...scene.weightUsable, grams: 8_240 });
  await atStage(screen, 'weigh');
  await screen.page.keyboard.press('Control+KeyB');
  await expect.poll(commands).toEqual([{ command: 'tare', reason: '' }]);
  const tare = { tareG: 300, grossG: 8_540, stays: true };
  station.set('weight', { ...scene.weightUsable, grams: 8_240, expected: { ...expected, blindTo: null }, tare });
  await screen.page.waitForSelector('[data-testid=tare]');
  expect(await screen.page.textContent('[data-testid=tare]')).toContain('毛重 8540 克 – 容器 300 克');
  await screen.page.keyboard.press('Control+KeyB');
  await expect.poll(commands).toHaveLength(2);
  expect(commands()[1]).toMatchObject({ command: 'tare-clear' });
  await screen.page.keyboard.press('F11');
  await scan(screen, 'PB:TARE');
  await expect
    .poll(() => station.calls.filter((call) => call.name === 'pack.scan').map((call) => call.input))
    .toMatchObject([{ code: 'PB:TARE' }]);
});
