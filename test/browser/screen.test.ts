/** The screen alone, in a real Chromium under the host's own security policy: scanner, keys, truth. */
import type { Browser, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeStation, type FakeStation } from './fake-station.ts';
import { atStage, ensureScreenBuilt, launchBrowser, openScreen, scan, scanAnswered, type Screen } from './kit.ts';
import * as scene from './scene.ts';

const code = '6901234567892';
let browser: Browser;
let station: FakeStation;
/** One page for all tests that leave it as they found it. */
let screen: Screen;

beforeAll(async () => {
  await ensureScreenBuilt();
  browser = await launchBrowser();
  station = await startFakeStation();
  screen = await openScreen(browser, station.host.url);
});
afterAll(async () => {
  await browser.close();
  await station.close();
});
beforeEach(async () => {
  station.reset();
  await atStage(screen, 'idle');
  await screen.page.keyboard.press('Escape');
  await screen.page.keyboard.press('F2');
  await screen.page.keyboard.press('Escape');
  await screen.page.waitForSelector('[data-testid=queue-row]');
});

/** A page of its own, for tests that change what a page remembers. */
async function withFreshScreen(use: (fresh: Screen) => Promise<void>): Promise<void> {
  const fresh = await openScreen(browser, station.host.mintUrl());
  try {
    await use(fresh);
  } finally {
    await fresh.close();
  }
}

const typedSlowly = { delay: 90 };
const search = () => screen.at('queue-search');

async function eventually(check: () => Promise<void> | void): Promise<void> {
  await expect
    .poll(async () => {
      await check();
      return true;
    })
    .toBe(true);
}

describe('a scan reaches the station', () => {
  test('with nothing focused, as a scanner and not as typing', async () => {
    expect(await scanAnswered(screen, code)).toBe('scan.order-unknown');
    expect(station.calls.filter((call) => call.name === 'pack.scan')).toEqual([
      { name: 'pack.scan', input: { code, source: 'wedge' } },
    ]);
  });

  test('from inside the search box, and leaves the box as it was', async () => {
    await screen.page.keyboard.press('F2');
    await screen.page.keyboard.type('abc', typedSlowly);
    await screen.page.waitForTimeout(1_100);
    await scanAnswered(screen, code);
    expect(station.scans()).toEqual([code]);
    expect(await search().inputValue()).toBe('abc');
  });

  test('through a Chinese input method and with Caps Lock on', async () => {
    await screen.page.keyboard.press('F2');
    await scanAnswered(screen, 'SO-2026/Ab', { throughInputMethod: true });
    await scanAnswered(screen, 'SO-2026/Ab', { capsLock: true });
    expect(station.scans()).toEqual(['SO-2026/Ab', 'SO-2026/Ab']);
    expect(await search().inputValue()).toBe('');
  });

  test('while a button has the focus, without pressing it', async () => {
    await screen.at('key-language').focus();
    await scanAnswered(screen, code);
    expect(await screen.page.getAttribute('html', 'lang')).toBe('zh-CN');
  });

  test('many in a row, each once and in order', async () => {
    const codes = Array.from({ length: 20 }, (_, index) => `69012345678${10 + index}`);
    for (const one of codes) await scanAnswered(screen, one);
    expect(station.scans()).toEqual(codes);
  });

  test('with the programmed prefix, however slow the scanner', async () => {
    await withFreshScreen(async (fresh) => {
      await fresh.page.keyboard.press('F7');
      await fresh.at('scanner-prefix-f13').click();
      await fresh.page.keyboard.press('F2');
      await scanAnswered(fresh, code, { prefix: 'F13', gapMs: 100 });
      expect(station.scans()).toEqual([code]);
      expect(await fresh.at('queue-search').inputValue()).toBe('');
    });
  });
});

test('a scan without its end is refused by name and nothing is sent', async () => {
  await withFreshScreen(async (fresh) => {
    await scan(fresh, code, { terminator: null });
    await fresh.page.waitForSelector('[data-testid=feedback][data-code="scan.refused-cut"]');
    expect(station.scans()).toEqual([]);
  });
});

test('typing in the search box stays there and filters the queue', async () => {
  await screen.page.keyboard.press('F2');
  await screen.page.keyboard.type('100007', typedSlowly);
  await eventually(async () => expect(await screen.at('queue-row').count()).toBe(1));
  expect(station.scans()).toEqual([]);
});

test('an order is found and opened with keys alone', async () => {
  // The rows of the whole queue, not of a search before it.
  await eventually(async () => expect(await screen.at('queue-row').count()).toBeGreaterThan(2));
  await screen.page.keyboard.press('F2');
  await screen.page.keyboard.press('ArrowDown');
  await screen.page.keyboard.press('Enter');
  await eventually(() => expect(station.scans()).toEqual(['SO2026112100003']));
});

test('a code typed by hand is shown while it is typed and sent by Enter', async () => {
  await screen.page.keyboard.type('so9', typedSlowly);
  expect(await screen.at('typed').innerText()).toContain('so9');
  await screen.page.keyboard.press('Enter');
  await eventually(() =>
    expect(station.calls.filter((call) => call.name === 'pack.scan')).toEqual([
      { name: 'pack.scan', input: { code: 'so9', source: 'keyboard' } },
    ]),
  );
});

describe('a question on the screen', () => {
  beforeEach(async () => {
    station.set('pack', scene.printUnknown);
    await screen.page.waitForSelector('[data-testid=prompt]');
  });
  const commands = () => station.calls.filter((call) => call.name === 'pack.command').map((call) => call.input);

  test('is answered by its key', async () => {
    await screen.page.keyboard.press('n');
    await eventually(() => expect(commands()).toEqual([{ command: 'no-label', reason: '' }]));
  });

  test('is not answered by a scan that begins with that key', async () => {
    await scanAnswered(screen, 'N1234567');
    expect(station.scans()).toEqual(['N1234567']);
    expect(commands()).toEqual([]);
  });
});

test('skipping the scan-back asks for a reason and sends it', async () => {
  station.set('pack', scene.scanBack);
  await atStage(screen, 'scan-back');
  await screen.page.keyboard.press('Control+K');
  await screen.page.waitForSelector('[data-testid=reason-dialog]');
  await screen.page.keyboard.press('2');
  await eventually(() =>
    expect(station.calls.at(-1)?.input).toEqual({ command: 'skip-scan-back', reason: '扫描枪坏了，已人工核对' }),
  );
});

test('a decision is taken with F4, an arrow and a digit', async () => {
  await screen.page.keyboard.press('F4');
  await screen.page.waitForSelector('[data-testid=attention-item]');
  await screen.page.keyboard.press('ArrowDown');
  await screen.page.keyboard.press('2');
  await eventually(() =>
    expect(station.calls.filter((call) => call.name === 'attention.resolve').map((call) => call.input)).toEqual([
      { id: 'print-9', action: 'reprint', reason: '' },
    ]),
  );
});

test('weights that come ten times a second leave the queue untouched', async () => {
  await screen.page.evaluate(() => {
    const counter = { changes: 0 };
    Object.assign(window, { counter });
    const queue = document.querySelector('.queue');
    if (queue === null) throw new Error('no queue');
    new MutationObserver((records) => {
      counter.changes += records.length;
    }).observe(queue, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  const asked = station.calls.length;
  for (let grams = 1; grams <= 20; grams += 1) {
    station.set('weight', { ...scene.weightUsable, grams });
    await screen.page.waitForSelector(`[data-testid=weight][data-grams="${grams}"]`);
  }
  expect(
    await screen.page.evaluate(() => (window as unknown as { counter: { changes: number } }).counter.changes),
  ).toBe(0);
  expect(station.calls.length).toBe(asked);
});

test('the queue is read again when it moves, and only where it is in view', async () => {
  const lists = () => station.calls.filter((call) => call.name === 'orders.list').length;
  await eventually(() => expect(lists()).toBeGreaterThan(0));
  const before = lists();
  station.orders = station.orders.map((row) => ({ ...row, receiverName: '新收件人' }));
  station.set('queue', { revision: 2, counts: scene.counts });
  await screen.page.waitForFunction(() =>
    document.querySelector('[data-testid=queue-row]')?.textContent.includes('新收件人'),
  );
  expect(lists()).toBe(before + 1);
});

test('what is virtual, assumed, offline or unknown is said in words', async () => {
  station.set('status', scene.statusOffline());
  await eventually(async () => {
    const bar = await screen.at('status-bar').innerText();
    for (const word of ['虚拟', '推定', '离线', '2 个结果不明', '1 个已停止', '已超时']) expect(bar).toContain(word);
  });
  for (const badge of ['training', 'virtual', 'assumed', 'offline']) {
    expect(await screen.at(`badge-${badge}`).isVisible()).toBe(true);
  }
  expect(await screen.at('problems').innerText()).toContain('缺纸');
});

test('both languages have words for everything on the screen, and the choice is kept', async () => {
  await withFreshScreen(async (fresh) => {
    station.set('pack', scene.stopped);
    station.set('status', scene.statusOffline());
    await atStage(fresh, 'stopped');
    for (const drawer of ['F1', 'F3', 'F4', 'F7', 'F6']) {
      await fresh.page.keyboard.press(drawer);
      expect(await fresh.page.innerText('body')).not.toMatch(/\bui\.[a-z]/);
    }
    await fresh.page.keyboard.press('F8');
    expect(await fresh.page.innerText('body')).not.toMatch(/\bui\.[a-z]/);
    await fresh.page.reload();
    await atStage(fresh, 'stopped');
    expect(await fresh.page.getAttribute('html', 'lang')).toBe('en');
  });
});

test('a lost connection is loud, scans meanwhile are called lost, and all comes back by itself', async () => {
  await withFreshScreen(async (fresh) => {
    let blocked = false;
    let line: WebSocketRoute | null = null;
    await fresh.page.routeWebSocket(/\/rpc$/, (route) => {
      if (blocked) void route.close({ code: 1001 });
      else {
        route.connectToServer();
        line = route;
      }
    });
    await fresh.page.reload();
    await atStage(fresh, 'idle');
    blocked = true;
    await (line as WebSocketRoute | null)?.close({ code: 1001 });
    await fresh.page.waitForSelector('[data-testid=connection-banner][data-kind=lost]');
    expect(await scanAnswered(fresh, code)).toBe('ui.connection.scan-lost');
    station.set('pack', scene.items);
    blocked = false;
    await atStage(fresh, 'items');
    await fresh.page.waitForSelector('[data-testid=connection-banner]', { state: 'detached' });
    expect(await fresh.at('order-number').innerText()).toBe(scene.order.number);
    expect(station.scans()).toEqual([]);
  });
});

test('an address used before says what to do', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(station.host.url);
  await page.waitForSelector('[data-testid=connection-banner][data-kind=refused]');
  await context.close();
});

test('the token leaves the address at once, and nothing on the page breaks its security policy', async () => {
  await withFreshScreen(async (fresh) => {
    station.set('pack', scene.items);
    await atStage(fresh, 'items');
    await fresh.page.keyboard.press('F6');
    await fresh.page.waitForSelector('[data-testid=tray-label] img');
    expect(fresh.page.url()).not.toContain('#');
    expect(fresh.complaints).toEqual([]);
  });
});
