/**
 * `npm start`: opens the station. In Electron if its binary is here or can be fetched promptly, otherwise on the Node
 * host with the address printed. Arguments go to the station as they are (`npm start -- --port 8080 --data DIR`).
 * Plain JavaScript, so that it can say something useful on any Node from 20 on.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { decideHost, electronBinary, firstUrl, isBehind, openCommand } from './start/decide.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Longest wait for Electron's binary before the Node host is started instead. */
const fetchLimitMs = 8_000;
/** Electron ending with a failure this soon means it cannot run here (a library or the sandbox is missing). */
const earlyExitMs = 5_000;

const args = process.argv.slice(2);

if (!(await canRunStation())) {
  const own = path.join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (process.env.PACKBENCH_REEXECUTED === '1' || !existsSync(own)) {
    console.error(
      `Packbench needs Node 24 and found ${process.version} without the one npm installs: run "npm ci" (with install scripts on) and try again.`,
    );
    process.exit(3);
  }
  const again = [fileURLToPath(import.meta.url), ...args];
  process.exit(await run(own, again, { stdio: 'inherit', env: { ...process.env, PACKBENCH_REEXECUTED: '1' } }));
}

if (!existsSync(path.join(root, 'node_modules/vite'))) {
  console.error('The dependencies are not installed: run "npm ci" and try again.');
  process.exit(3);
}

const host = decideHost({
  env: process.env,
  platform: process.platform,
  uid: process.getuid?.() ?? null,
  args,
  binary: electronBinary(root),
});

// The screen is built while Electron's binary is being fetched.
const [built, binary] = await Promise.all([
  build('renderer', ['renderer', 'preload/contract', 'preload/rpc', 'vite.config.ts'], 'dist/renderer/index.html'),
  host.kind === 'fetch' ? fetchElectron() : host.kind === 'electron' ? host.binary : null,
]);
if (!built) process.exit(3);
if (host.kind === 'node' && host.reason) console.log(host.reason);

let status = null;
if (binary && (await build('main', ['main', 'preload'], 'dist/main/main.js'))) status = await runElectron(binary);
process.exit(status ?? (await runNode()));

/** True if this Node has the built-in database and runs TypeScript as it is. */
async function canRunStation() {
  try {
    await import('node:sqlite');
  } catch {
    return false;
  }
  return process.features.typescript === 'strip';
}

/**
 * Builds `part` if what is built is older than its sources.
 * @param {string} part @param {string[]} sources @param {string} output
 * @returns {Promise<boolean>} false if the build failed
 */
async function build(part, sources, output) {
  const behind = isBehind(
    sources.map((source) => path.join(root, source)),
    path.join(root, output),
  );
  if (!behind) return true;
  console.log(part === 'renderer' ? 'Building the screen …' : 'Building the main process …');
  const status = await run(process.execPath, [path.join(root, 'tools/build/build.mjs'), part], { stdio: 'inherit' });
  return status === 0;
}

/** Electron's own installer, given up after a few seconds; it is tried again at the next start. */
async function fetchElectron() {
  const installer = path.join(root, 'node_modules/electron/install.js');
  if (!existsSync(installer)) return null;
  await run(process.execPath, [installer], { stdio: 'ignore', timeout: fetchLimitMs, killSignal: 'SIGKILL' });
  const fetched = electronBinary(root);
  if (!fetched) console.log('Electron could not be fetched here; starting the Node host instead.');
  return fetched;
}

/** @param {string} electron @returns {Promise<number | null>} null if it cannot run on this machine */
async function runElectron(electron) {
  const startedAt = performance.now();
  const code = await run(electron, [path.join(root, 'dist/main/main.js'), ...args], { stdio: 'inherit' });
  if (code === 0 || performance.now() - startedAt > earlyExitMs) return code;
  console.error(`Electron ended at once with status ${code}; starting the Node host instead.`);
  return null;
}

async function runNode() {
  const entry = path.join(root, 'main/host/node/cli/packbench.ts');
  let opened = false;
  return run(process.execPath, [entry, 'station', ...args], { stdio: ['inherit', 'pipe', 'inherit'] }, (text) => {
    process.stdout.write(text);
    const url = opened ? null : firstUrl(text);
    const command = url && openCommand(url, process.platform, process.env);
    if (!command) return;
    opened = true;
    // A missing opener is no fault: the address is on the screen.
    spawn(command.file, command.args, { stdio: 'ignore', detached: true })
      .on('error', () => {})
      .unref();
  });
}

/**
 * Runs a child to its end and passes our own stop signals on to it.
 * @param {string} file @param {string[]} argv @param {import('node:child_process').SpawnOptions} options
 * @param {(text: string) => void} [onText]
 * @returns {Promise<number>} its exit status; 3 if it could not be started or was killed
 */
function run(file, argv, options, onText) {
  return new Promise((resolve) => {
    const child = spawn(file, argv, options);
    const stop = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
    process.on('SIGINT', stop).on('SIGTERM', stop);
    // npm's shell does not pass a stop signal on: when it is gone, so is the one who asked for us.
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM');
    }, 500);
    const done = (/** @type {number} */ status) => {
      clearInterval(watch);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve(status);
    };
    if (onText) child.stdout?.setEncoding('utf8').on('data', onText);
    child.on('error', (error) => {
      console.error(`${path.basename(file)}: ${error.message}`);
      done(3);
    });
    child.on('exit', (code) => done(code ?? 3));
  });
}
