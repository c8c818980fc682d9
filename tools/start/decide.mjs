/** What `npm start` decides, apart from what it does: which host, whether to build, how to open the address. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Electron's executable if it is on the disk. Electron's own `require('electron')` downloads it when it is not, so
 * its path file is read directly (electron 45, index.js).
 *
 * @param {string} root the repository
 * @returns {string | null}
 */
export function electronBinary(root) {
  const folder = path.join(root, 'node_modules/electron');
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  try {
    const name = readFileSync(path.join(folder, 'path.txt'), 'utf8').trim();
    const file = path.join(override ?? path.join(folder, 'dist'), name);
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

/**
 * @param {{ env: Record<string, string | undefined>, platform: string, uid: number | null, args: readonly string[],
 *   binary: string | null }} facts
 * @returns {{ kind: 'node', reason: string } | { kind: 'electron', binary: string } | { kind: 'fetch' }}
 */
export function decideHost({ env, platform, uid, binary }) {
  if (env.PACKBENCH_HOST === 'node') return { kind: 'node', reason: '' };
  if (env.PACKBENCH_HOST !== 'electron') {
    if (env.CI) return { kind: 'node', reason: 'CI is set: starting the Node host.' };
    if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
      return { kind: 'node', reason: 'There is no display: starting the Node host.' };
    }
    // Chromium refuses to start as root with its sandbox on, and Packbench never turns the sandbox off.
    if (platform === 'linux' && uid === 0) {
      return { kind: 'node', reason: 'Electron does not run as root: starting the Node host.' };
    }
  }
  return binary ? { kind: 'electron', binary } : { kind: 'fetch' };
}

/**
 * True if `output` is missing or older than any file below `sources`. Tests do not count: they are not built.
 *
 * @param {readonly string[]} sources files or folders @param {string} output
 */
export function isBehind(sources, output) {
  if (!existsSync(output)) return true;
  const builtAt = statSync(output).mtimeMs;
  return sources.some((source) => newer(source, builtAt));
}

/** @param {string} file @param {number} builtAt @returns {boolean} */
function newer(file, builtAt) {
  if (!existsSync(file)) return false;
  const facts = statSync(file);
  if (!facts.isDirectory()) return facts.mtimeMs > builtAt && !/\.test\.tsx?$/.test(file);
  return readdirSync(file).some((name) => newer(path.join(file, name), builtAt));
}

/** The first address in a line of output, or null. @param {string} text */
export function firstUrl(text) {
  return /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+\S*/.exec(text)?.[0] ?? null;
}

/**
 * How this system opens an address, or null where nobody would see it.
 *
 * @param {string} url @param {string} platform @param {Record<string, string | undefined>} env
 * @returns {{ file: string, args: string[] } | null}
 */
export function openCommand(url, platform, env) {
  if (env.CI || env.PACKBENCH_NO_BROWSER) return null;
  if (platform === 'win32') return { file: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
  if (platform === 'darwin') return { file: 'open', args: [url] };
  return env.DISPLAY || env.WAYLAND_DISPLAY ? { file: 'xdg-open', args: [url] } : null;
}
