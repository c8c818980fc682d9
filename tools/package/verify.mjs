/** Looks into a packed application and tells whether it has all it needs to run. */
import { extractFile, listPackage, statFile } from '@electron/asar';
import { getCurrentFuseWire } from '@electron/fuses';
import { existsSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';

/** Fuses by their position in the wire (Electron, docs/tutorial/fuses.md), and what a release must have. */
const fuses = [
  ['run as Node', false],
  ['cookie encryption', true],
  ['NODE_OPTIONS', false],
  ['--inspect', false],
  ['archive integrity', true],
  ['only the archive is loaded', true],
  ['own browser snapshot', false],
  ['file: privileges', false],
];

/**
 * @typedef {{ what: string, good: boolean, detail: string }} Finding
 */

/**
 * @param {string} resources the folder with app.asar
 * @param {string} binary the executable that carries the fuses
 * @param {{ dependencies: Record<string, string>, bundled: readonly string[] }} expected runtime dependencies, and
 *   those of them that are inside the built screen
 * @returns {Promise<Finding[]>}
 */
export async function verifyPackage(resources, binary, { dependencies, bundled }) {
  const archive = path.join(resources, 'app.asar');
  if (!existsSync(archive)) return [{ what: 'archive', good: false, detail: `${archive} is missing` }];
  const files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/').replace(/^\//, ''));
  const has = new Set(files);
  /** @param {string} file */
  const text = (file) => extractFile(archive, file).toString('utf8');
  /** @param {string} what @param {string[]} missing @param {string} detail @returns {Finding} */
  const all = (what, missing, detail) => ({
    what,
    good: missing.length === 0,
    detail: missing.length === 0 ? detail : `missing: ${missing.slice(0, 8).join(', ')}`,
  });
  /** @param {string[]} wanted */
  const absent = (wanted) => wanted.filter((file) => !has.has(file));

  const main = files.filter((file) => /^dist\/main\/[^/]+\.js$/.test(file));
  const page = has.has('dist/renderer/index.html') ? text('dist/renderer/index.html') : '';
  const assets = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file]) => `dist/renderer/${file}`);
  const resourceFiles = files.filter((file) => file.startsWith('resources/'));
  const shipped = Object.keys(dependencies).filter((name) => !bundled.includes(name));
  const natives = files.filter((file) => file.endsWith('.node'));
  const packed = natives.filter((file) => {
    const entry = statFile(archive, file);
    return !('unpacked' in entry && entry.unpacked && existsSync(path.join(resources, 'app.asar.unpacked', file)));
  });

  return [
    all(
      'main process',
      absent(['package.json', 'dist/main/main.js']),
      `dist/main: ${main.join(', ').replaceAll('dist/main/', '')}`,
    ),
    all('preload', absent(['dist/preload/bridge.cjs']), 'dist/preload/bridge.cjs'),
    all(
      'screen',
      absent(['dist/renderer/index.html', ...assets]),
      `index.html and the ${assets.length} files it names`,
    ),
    { what: 'resources', good: resourceFiles.length > 0, detail: `${resourceFiles.length} files` },
    all('dependencies', absent(shipped.map((name) => `node_modules/${name}/package.json`)), `${shipped.length} direct`),
    all('their dependencies', unresolved(files, has, text), 'every one is found from where it is asked for'),
    all(
      'imports of main',
      importsOf(main, text).filter((name) => !has.has(`node_modules/${name}/package.json`)),
      'all in the archive',
    ),
    all(
      'files of packages that main asks for',
      filesAskedFor(main, text).filter((name) => !has.has(placeOf(name))),
      filesAskedFor(main, text).join(', ') || 'none',
    ),
    {
      what: 'native modules',
      good: packed.length === 0,
      detail: packed.length ? `inside the archive: ${packed.join(', ')}` : `${natives.length} beside the archive`,
    },
    all(
      'no source maps, tests or types',
      files.filter((file) => /\.map$|\.test\.|^(main|renderer|test|tools)\//.test(file)),
      'none',
    ),
    await verifyFuses(binary),
  ];
}

/** @param {string} binary @returns {Promise<Finding>} */
async function verifyFuses(binary) {
  const wire = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (await getCurrentFuseWire(binary)));
  const wrong = fuses.filter(([, on], at) => wire[at] !== (on ? 49 : 48)).map(([name]) => name);
  return {
    what: 'fuses',
    good: wrong.length === 0,
    detail: wrong.length ? `wrong: ${wrong.join(', ')}` : `${fuses.length} as they must be`,
  };
}

/**
 * Dependencies named in a shipped package.json that Node would not find inside the archive.
 * @param {readonly string[]} files @param {ReadonlySet<string>} has @param {(file: string) => string} text
 */
function unresolved(files, has, text) {
  const missing = [];
  for (const file of files.filter((name) => /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(name))) {
    /** @type {{ dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} */
    const read = JSON.parse(text(file));
    for (const name of Object.keys(read.dependencies ?? {})) {
      if (name in (read.optionalDependencies ?? {})) continue;
      if (!lookups(path.posix.dirname(file)).some((folder) => has.has(`${folder}${name}/package.json`))) {
        missing.push(`${name} (for ${path.posix.dirname(file).replace(/^.*node_modules\//, '')})`);
      }
    }
  }
  return missing;
}

/** Where Node looks for a package asked for from `folder`, nearest first. @param {string} folder */
function lookups(folder) {
  const found = [];
  for (let at = folder; at !== '.'; at = path.posix.dirname(at)) {
    if (path.posix.basename(at) !== 'node_modules') found.push(`${at}/node_modules/`);
  }
  return [...found, 'node_modules/'];
}

/** Packages that built code imports by name. @param {readonly string[]} files @param {(file: string) => string} text */
function importsOf(files, text) {
  const names = files.flatMap((file) => [
    ...text(file).matchAll(/^(?:import|export)[^'"\n]*from\s*"([^".][^"]*)"|^import\s*"([^".][^"]*)"/gm),
  ]);
  const packages = names
    .map(([, from, bare]) => from ?? bare ?? '')
    .filter((name) => name && name !== 'electron' && !isBuiltin(name));
  return [
    ...new Set(
      packages.map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    ),
  ];
}

/** Files of packages that built code finds by `resolve("package/file")`. @param {readonly string[]} files @param {(file: string) => string} text */
function filesAskedFor(files, text) {
  const found = files.flatMap((file) => [
    ...text(file).matchAll(/\bresolve\(\s*["'`](@?[a-z][^"'`]*\.[a-z0-9]+)["'`]\s*\)/g),
  ]);
  return [...new Set(found.map(([, name]) => name ?? ''))];
}

const find = createRequire(import.meta.url).resolve;

/** Where the archive must have such a file; packages may name it otherwise than it lies. @param {string} name */
function placeOf(name) {
  return find(name)
    .replaceAll('\\', '/')
    .replace(/^.*?\/node_modules\//, 'node_modules/');
}
