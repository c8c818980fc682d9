/**
 * `npm run package -- [--dir] [electron-builder options]`: builds, packs and verifies the application. Downloads
 * nothing: without Electron's binary it packs a placeholder of it, which only `--dir` allows.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, Platform } from 'electron-builder';
import { writePlaceholder } from './package/placeholder.mjs';
import { verifyPackage } from './package/verify.mjs';
import { electronBinary } from './start/decide.mjs';
import { inRepository } from './steps.mjs';

/** Inside the built screen already, and left out of the archive (electron-builder.yml, files). */
const bundled = ['@fontsource/noto-sans-sc', '@tanstack/react-virtual', 'react', 'react-dom', 'zustand'];

const unpackedOnly = process.argv.includes('--dir');
const installed = electronBinary(inRepository('.'));
/** @type {{ dependencies: Record<string, string> }} */
const manifest = JSON.parse(readFileSync(inRepository('package.json'), 'utf8'));
/** @type {{ version: string }} */
const electron = JSON.parse(readFileSync(inRepository('node_modules/electron/package.json'), 'utf8'));

if (!installed && !unpackedOnly) {
  console.error(
    'Electron\'s binary is not here: run "npx --no-install install-electron" first, or pack a placeholder with --dir.',
  );
  process.exit(3);
}
if (!installed && process.platform !== 'linux') {
  console.error(
    'Electron\'s binary is not here, and a placeholder of it can be packed on Linux only: run "npx --no-install install-electron" first.',
  );
  process.exit(3);
}

const built = spawnSync(process.execPath, [inRepository('tools/build/build.mjs')], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const scratch = mkdtempSync(path.join(tmpdir(), 'packbench-electron-'));
try {
  let electronDist = inRepository('node_modules/electron/dist');
  if (!installed) {
    console.log(
      `Electron ${electron.version} is not on this machine: packing a placeholder that cannot open a window.`,
    );
    electronDist = scratch;
    writePlaceholder(scratch, electron.version);
    // Nothing may be signed, or looked for to sign with, on a machine that packs a placeholder.
    process.env.CSC_IDENTITY_AUTO_DISCOVERY = 'false';
  }
  await build({
    projectDir: inRepository('.'),
    targets: Platform.current().createTarget(unpackedOnly ? ['dir'] : undefined),
    publish: 'never',
    config: {
      extends: inRepository('electron-builder.yml'),
      electronDist,
      electronVersion: electron.version,
      npmRebuild: false,
    },
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const { resources, binary } = packedApp();
const findings = await verifyPackage(resources, binary, { dependencies: manifest.dependencies, bundled });
for (const { what, good, detail } of findings) console.log(`${good ? 'ok  ' : 'FAIL'} ${what}: ${detail}`);
if (findings.some(({ good }) => !good)) process.exitCode = 1;
else console.log(`Packed in ${path.dirname(resources)}${installed ? '' : ' (with a placeholder instead of Electron)'}`);

/** Where electron-builder put the unpacked application. */
function packedApp() {
  const release = inRepository('release');
  const folder = readdirSync(release).find(
    (name) => /^(linux|win|mac)(-.*)?(-unpacked)?$/.test(name) && !name.endsWith('.yml'),
  );
  if (!folder) throw new Error('electron-builder left no unpacked application in release/');
  const at = path.join(release, folder);
  if (process.platform === 'darwin') {
    const app = path.join(at, 'Packbench.app');
    return { resources: path.join(app, 'Contents/Resources'), binary: app };
  }
  const name = process.platform === 'win32' ? 'Packbench.exe' : 'packbench';
  return { resources: path.join(at, 'resources'), binary: path.join(at, name) };
}
