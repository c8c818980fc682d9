/**
 * Builds what is shipped: the screen (dist/renderer), and the Electron main process and preload script (dist/main,
 * dist/preload). `node tools/build/build.mjs [renderer] [main]`; without an argument, everything.
 */
import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { siblingFiles } from './sibling-files.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const contract = { '#contract': path.join(root, 'preload/contract/index.ts') };
const builtins = [...builtinModules, /^node:/, 'electron', /^electron\//];

/** The screen, as static files any Chromium can load. */
export async function buildRenderer() {
  if (!existsSync(path.join(root, 'renderer/index.html'))) throw new Error('renderer/index.html is missing');
  await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' });
}

/**
 * The main process as one ES module plus its workers. npm packages stay outside the bundle: several are native or load
 * their own .wasm by path, so they are shipped as they are in node_modules.
 */
export async function buildMain() {
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias: contract },
    plugins: [siblingFiles(root)],
    ssr: { external: true },
    build: {
      ssr: true,
      outDir: path.join(root, 'dist/main'),
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input: { main: path.join(root, 'main/host/electron/main.ts') },
        external: builtins,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}

/** The preload script as one CommonJS file: a sandboxed preload may require `electron` and nothing else. */
export async function buildPreload() {
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias: contract },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: path.join(root, 'dist/preload'),
      emptyOutDir: true,
      target: 'chrome140',
      minify: false,
      sourcemap: false,
      rolldownOptions: {
        input: { bridge: path.join(root, 'preload/bridge.ts') },
        external: builtins,
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  });
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const all = wanted.length === 0;
  if (all || wanted.includes('renderer')) await buildRenderer();
  if (all || wanted.includes('main')) {
    await buildMain();
    await buildPreload();
  }
}
