/**
 * Completes package-lock.json: `node tools/lockfile.mjs`, after every `npm install`.
 *
 * npm leaves out of the lock what it could not look up while it wrote it: optional packages for other platforms, where
 * the registry in use does not carry them. `npm ci` then refuses the lock on every platform. Each is put back by what
 * its parent says of it (name and exact version); npm fetches it only on the platform that it is for.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ version?: string, license?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[],
 *   libc?: string[], resolved?: string, optionalDependencies?: Record<string, string> }} Locked
 * @typedef {{ packages: Record<string, Locked> }} Lock
 */

/**
 * What is missing, as lock entries.
 * @param {Lock} lock
 * @returns {Record<string, Locked>}
 */
export function missingFrom(lock) {
  /** @type {Record<string, Locked>} */
  const missing = {};
  for (const [parentPath, parent] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const known = [`${parentPath}/node_modules/${name}`, `node_modules/${name}`].some((at) => at in lock.packages);
      // A range cannot be locked without asking the registry; the parents concerned all name exact versions.
      if (known || !/^\d+\.\d+\.\d+$/.test(version)) continue;
      missing[`node_modules/${name}`] = {
        version,
        ...platformOf(name),
        ...(parent.dev ? { dev: true } : {}),
        ...(parent.license ? { license: parent.license } : {}),
        optional: true,
      };
    }
  }
  return missing;
}

/**
 * The platform that a package is for, from its name (`@oxlint/binding-linux-x64-gnu`, `…/darwin-arm64`).
 * @param {string} name
 * @returns {{ os?: string[], cpu?: string[], libc?: string[] }}
 */
export function platformOf(name) {
  const found = /(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-([a-z]+))?$/.exec(name);
  if (!found?.[1] || !found[2]) return {};
  const libc = found[3] === 'gnu' ? ['glibc'] : found[3] === 'musl' ? ['musl'] : null;
  return { os: [found[1]], cpu: [found[2]], ...(libc ? { libc } : {}) };
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
  /** @type {Lock} */
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingFrom(lock);
  for (const entry of Object.values(lock.packages)) delete entry.resolved;
  const entries = Object.entries({ ...lock.packages, ...missing });
  lock.packages = Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${Object.keys(missing).length} optional packages of other platforms put back`);
}
