/**
 * The built program in a real Electron. Needs Electron's binary and a display; where either is missing it says so
 * loudly and is skipped, and the stand-in suites beside this file are what was run.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron as playwrightElectron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const projectDir = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const entry = join(projectDir, 'dist/main/main.js');

/** Why the suite cannot run here, or null. The binary's path is read as Electron's own index.js reads it. */
function missing(): string | null {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return "Electron's binary is not on this machine (node node_modules/electron/install.js)";
  if (!existsSync(join(folder, 'dist', readFileSync(pathFile, 'utf8')))) return "Electron's binary is incomplete";
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    return 'there is no display (run under xvfb-run)';
  }
  if (!existsSync(entry)) return 'the program is not built (npm run build)';
  return null;
}

const reason = missing();
if (reason !== null) {
  process.stderr.write(`\nSKIPPED: the program was NOT tried in a real Electron: ${reason}.\n`);
}

describe.skipIf(reason !== null)(
  `the program in a real Electron${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    let dataDir: string;
    let program: ElectronApplication;
    let page: Page;

    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'packbench-app-'));
      program = await playwrightElectron.launch({ args: [entry, '--data', dataDir], cwd: projectDir });
      page = await program.firstWindow();
      await page.waitForLoadState('domcontentloaded');
    });
    afterAll(async () => {
      await program?.close();
      if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true });
    });

    test('the screen is served from our own scheme', () => {
      expect(page.url()).toBe('packbench://screen/');
    });

    test('the page has the two functions of the bridge and nothing of Node or Electron', async () => {
      const found = await page.evaluate(
        `({ bridge: Object.keys(window.packbench).sort(), node: [typeof require, typeof process, typeof module] })`,
      );
      expect(found).toEqual({ bridge: ['onMessage', 'send'], node: ['undefined', 'undefined', 'undefined'] });
    });

    test('the station answers over the bridge', async () => {
      const answer = await page.evaluate(
        `new Promise((resolve) => {
        window.packbench.onMessage((text) => { const m = JSON.parse(text); if (m.id === 4242) resolve(m); });
        window.packbench.send(JSON.stringify({ kind: 'call', id: 4242, name: 'station.info', input: {} }));
      })`,
      );
      expect(answer).toMatchObject({ kind: 'ok', output: { training: true } });
    });

    test('the window is sandboxed and isolated', async () => {
      const preferences = await program.evaluate(({ BrowserWindow }) => {
        const window = BrowserWindow.getAllWindows()[0];
        // Not part of the published types; read here only to look at what is really in force.
        const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
        return contents.getLastWebPreferences();
      });
      expect(preferences).toMatchObject({
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
      });
    });

    test('inline script, foreign requests, new windows and navigation are refused', async () => {
      const found = await page.evaluate(
        `(async () => {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.head.append(script);
        const fetched = await fetch('https://example.com/').then(() => true, () => false);
        const opened = window.open('https://example.com/') !== null;
        return { injected: window.injected === true, fetched, opened };
      })()`,
      );
      expect(found).toEqual({ injected: false, fetched: false, opened: false });
      await page.evaluate(`location.assign('https://example.com/')`);
      expect(page.url()).toBe('packbench://screen/');
      expect(program.windows()).toHaveLength(1);
    });

    test('a permission asked for is refused', async () => {
      expect(await page.evaluate(`Notification.requestPermission()`)).toBe('denied');
    });

    test('a second start with the same data leaves the first alone', async () => {
      const second = await playwrightElectron.launch({ args: [entry, '--data', dataDir], cwd: projectDir }).then(
        (started) => started.waitForEvent('close').then(() => 'ended'),
        () => 'ended',
      );
      expect(second).toBe('ended');
      expect(program.windows()).toHaveLength(1);
    });
  },
);
