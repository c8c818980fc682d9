/** Drives the built screen in a real Chromium, as a packer does: with a scanner and keys. */
import chromiumBinary from '@sparticuz/chromium';
import { existsSync, globSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { chromium, type Browser, type CDPSession, type Locator, type Page } from 'playwright-core';
import { keyFor } from '../../renderer/input/keys.ts';

export interface Screen {
  readonly page: Page;
  readonly keys: CDPSession;
  /** What the page complained about: console errors, broken promises, policy violations. Should stay empty. */
  readonly complaints: string[];
  /** The element with this `data-testid`. */
  at(testId: string): Locator;
  close(): Promise<void>;
}

export interface ScreenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the screen unless what lies in `dist/renderer` is newer than all its sources. */
export async function ensureScreenBuilt(): Promise<void> {
  const built = join(root, 'dist/renderer/index.html');
  const sources = globSync(['renderer/**/*', 'preload/{contract,rpc}/**/*', 'resources/locales/*', 'vite.config.ts'], {
    cwd: root,
  });
  const newest = Math.max(...sources.map((path) => statSync(join(root, path)).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
}

/** Switches the package sets for servers without a display that would also turn off what is being tested here. */
const unwanted =
  /^--(disable-web-security|allow-running-insecure-content|disable-site-isolation-trials|single-process|disable-features=.*|no-zygote|mute-audio)/;

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumBinary.executablePath(),
    args: chromiumBinary.args.filter((argument) => !unwanted.test(argument)),
    headless: true,
  });
}

/** Opens `url` (with its one-time token) in a fresh profile and waits until the station's state is on the screen. */
export async function openScreen(browser: Browser, url: string, options: ScreenOptions = {}): Promise<Screen> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1_366, height: options.height ?? 768 },
    colorScheme: options.dark === true ? 'dark' : 'light',
    locale: 'zh-CN',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  const keys = await context.newCDPSession(page);
  await page.goto(url);
  await page.waitForSelector('[data-testid=next-panel]:not([data-stage=none])');
  return {
    page,
    keys,
    complaints,
    at: (testId) => page.getByTestId(testId),
    close: () => context.close(),
  };
}

export interface ScanOptions {
  /** Time between keys; the page's own clock measures it, so it may come out longer on a busy machine. */
  readonly gapMs?: number;
  readonly prefix?: string | null;
  readonly terminator?: string | null;
  /** Keys as an active Chinese input method delivers them: `key` is `Process`, key code 229. */
  readonly throughInputMethod?: boolean;
  readonly capsLock?: boolean;
}

/**
 * Scans `code`: real key events of the browser, one key down and up per character, with Shift where a US keyboard
 * needs it, and the terminator. All events are sent without waiting between them, as a scanner does; their time
 * stamps are `gapMs` apart.
 */
export async function scan(screen: Screen, code: string, options: ScanOptions = {}): Promise<void> {
  const gapMs = options.gapMs ?? 6;
  const sent: Promise<unknown>[] = [];
  let at = Date.now() / 1_000;
  const press = (key: string, physical: string, modifiers: number): void => {
    at += gapMs / 1_000;
    const hidden = options.throughInputMethod === true && physical !== 'Enter';
    const event = {
      code: physical,
      key: hidden ? 'Process' : key,
      modifiers,
      timestamp: at,
      windowsVirtualKeyCode: hidden ? 229 : virtualKey(physical),
    };
    const text = !hidden && key.length === 1 && (modifiers & 2) === 0 ? { text: key } : {};
    sent.push(
      screen.keys.send('Input.dispatchKeyEvent', {
        ...event,
        ...text,
        type: text.text === undefined ? 'rawKeyDown' : 'keyDown',
      }),
    );
    sent.push(screen.keys.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' }));
  };
  if (typeof options.prefix === 'string') press(options.prefix, options.prefix, 0);
  for (const character of code) {
    const stroke = keyFor(character);
    if (stroke === null) throw new Error(`a scanner cannot type ${JSON.stringify(character)}`);
    const shown = options.capsLock === true ? swapCase(character) : character;
    press(stroke.ctrl ? ']' : shown, stroke.code, (stroke.shift ? 8 : 0) + (stroke.ctrl ? 2 : 0));
  }
  const terminator = options.terminator === undefined ? 'Enter' : options.terminator;
  if (terminator !== null) {
    at += gapMs / 1_000;
    const event = { code: terminator, key: terminator, timestamp: at, windowsVirtualKeyCode: virtualKey(terminator) };
    sent.push(
      screen.keys.send('Input.dispatchKeyEvent', {
        ...event,
        type: 'keyDown',
        text: terminator === 'Enter' ? '\r' : '\t',
      }),
    );
    sent.push(screen.keys.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' }));
  }
  await Promise.all(sent);
}

/** Scans and waits for the answer to be on the screen; gives the answer's notice code. */
export async function scanAnswered(screen: Screen, code: string, options: ScanOptions = {}): Promise<string> {
  const before = await feedbackId(screen);
  await scan(screen, code, options);
  await screen.page.waitForFunction(
    (id) => Number(document.querySelector('[data-testid=feedback]')?.getAttribute('data-id') ?? 0) > id,
    before,
  );
  return (await screen.at('feedback').getAttribute('data-code')) ?? '';
}

async function feedbackId(screen: Screen): Promise<number> {
  return screen.page.evaluate(() =>
    Number(document.querySelector('[data-testid=feedback]')?.getAttribute('data-id') ?? 0),
  );
}

/** Waits until the screen is at a stage of packing. */
export async function atStage(screen: Screen, stage: string): Promise<void> {
  await screen.page.waitForSelector(`[data-testid=next-panel][data-stage=${stage}]`);
}

/** Saves a picture into `docs/images`, once fonts are there and nothing moves. */
export async function picture(screen: Screen, name: string): Promise<string | null> {
  // Only when asked for: a test run must not change files of the project.
  if (process.env['PACKBENCH_PICTURES'] === undefined) return null;
  const path = join(root, 'docs/images', `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await screen.page.evaluate(() => document.fonts.ready.then(() => undefined));
  await screen.page.screenshot({ path, animations: 'disabled' });
  return path;
}

function swapCase(character: string): string {
  const lower = character.toLowerCase();
  return character === lower ? character.toUpperCase() : lower;
}

function virtualKey(code: string): number {
  if (code === 'Enter') return 13;
  if (code === 'Tab') return 9;
  const letter = /^(?:Key|Digit)(.)$/.exec(code)?.[1];
  return letter?.charCodeAt(0) ?? 0;
}
