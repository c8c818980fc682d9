/** Entry of the desktop program. Options: `--profile FILE`, `--data DIR`, `--store-secret NAME`. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BrowserWindow, Menu, app, ipcMain, protocol, safeStorage, session } from 'electron';
import { z } from 'zod';
import { startStation } from '../../station.ts';
import { defaultDataDir, profileFile, readProfile } from '../shared/data-dir.ts';
import { createNodePorts } from '../shared/node-ports.ts';
import type { NodePorts } from '../shared/node-ports.ts';
import type { ElectronApi } from './electron-api.ts';
import { runElectronHost } from './host.ts';
import { createSafeSecrets } from './safe-secrets.ts';

const electron: ElectronApi = { app, BrowserWindow, ipcMain, protocol, session, safeStorage, Menu };
/** Built to `dist/main/main.js`; the screen and the preload script lie beside that folder. */
const builtDir = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const projectDir = resolve(builtDir, '..');

// Electron's own answer is its own version as long as the program is not packaged.
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8')));

// Chromium's own switches come through the same command line, so what is not ours is left alone.
const { values } = parseArgs({
  args: process.argv.slice(app.isPackaged ? 1 : 2),
  options: { profile: { type: 'string' }, data: { type: 'string' }, 'store-secret': { type: 'string' } },
  strict: false,
  allowPositionals: true,
});
const text = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
const dataDir = resolve(text(values['data']) ?? defaultDataDir());

app.setName('Packbench');
// Chromium's files, and with them the single-instance lock, belong to the data folder: one station per folder.
app.setPath('userData', join(dataDir, 'electron'));

function fail(message: string): void {
  process.stderr.write(`packbench: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
}

function openSecrets(): ReturnType<typeof createSafeSecrets> {
  return createSafeSecrets({ safeStorage, file: join(dataDir, 'secrets.bin'), platform: process.platform });
}

function makeStation(): { ports: NodePorts; starting: ReturnType<typeof startStation> } {
  const ports = createNodePorts({ dataDir, version, secrets: openSecrets() });
  // A profile that is wrong is shown on the screen like any other reason not to start.
  const start = async (): ReturnType<typeof startStation> =>
    startStation({
      ports,
      profile: readProfile(text(values['profile']), dataDir),
      profileFile: profileFile(text(values['profile']), dataDir),
      resourcesDir: join(projectDir, 'resources'),
    });
  return { ports, starting: start() };
}

async function runProgram(): Promise<void> {
  await runElectronHost(electron, {
    rendererDir: join(builtDir, 'renderer'),
    preloadPath: join(builtDir, 'preload', 'bridge.cjs'),
    startStation() {
      const { ports, starting } = makeStation();
      process.on('uncaughtException', (error) => {
        // What the database holds is whole; going on with unknown state would not be.
        ports.log.error({ error }, 'the program failed and ends');
        fail(error.message);
        app.exit(3);
      });
      return {
        backend: starting.then((station) => station.backend),
        log: ports.log,
        clock: ports.clock,
        async stop() {
          const station = await starting.catch(() => null);
          await station?.stop();
          ports.log.close();
        },
      };
    },
    fail,
  });
}

/** `packbench --store-secret hge.apiSecret < file`: the value comes on standard input, never on the command line. */
async function storeSecret(name: string): Promise<void> {
  await app.whenReady();
  openSecrets().set(name, readFileSync(0, 'utf8').replace(/\r?\n$/, ''));
  process.stdout.write(`secret "${name}" is stored\n`);
  app.exit(0);
}

const secretName = text(values['store-secret']);
// Not awaited here: Electron becomes ready only after this module has been evaluated, so waiting for `ready` at the
// top level would wait for ever (electron/electron#41369).
(secretName === undefined ? runProgram() : storeSecret(secretName)).catch((error: unknown) => {
  fail(error instanceof Error ? error.message : String(error));
  app.exit(3);
});
