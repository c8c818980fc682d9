/** Checks a source tree against the house plan (rooms.ts) and the placement of packages (placement.json). */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { referencesOf, Resolver, type Target } from './references.ts';
import { mayImport, places, type Place, type Room, roomOf, usable } from './rooms.ts';

/** Which package or node: module is usable where; each name stands under exactly one place. */
export type Placement = Readonly<Record<Place, readonly string[]>>;

export interface Violation {
  /** Relative to the root, with `/`; with `:line` where it has one. */
  readonly where: string;
  /** What is wrong, and why there is such a rule. */
  readonly message: string;
}

export interface PackageLists {
  readonly dependencies?: Readonly<Record<string, string>> | undefined;
  readonly devDependencies?: Readonly<Record<string, string>> | undefined;
}

const sources = /\.[cm]?[jt]sx?$/;
const unitTest = /\.test\.tsx?$/;
const skipped = new Set(['tools/boundaries/fixtures']);
const top = ['preload', 'main', 'renderer', 'native', 'resources', 'tools', 'test'];

/** Every breach in the tree below `root`; empty if the house is in order. */
export function checkTree(root: string, placement: Placement, packages: PackageLists): Violation[] {
  const placeOf = new Map(places.flatMap((place) => placement[place].map((name) => [name, place] as const)));
  const resolver = new Resolver(root);
  return [
    ...checkPlacement(placement, packages),
    ...filesBelow(root).flatMap((file) => checkFile(root, file, resolver, placeOf)),
  ];
}

/** Each dependency is placed once, nothing else is placed, and what is shipped is a runtime dependency. */
export function checkPlacement(placement: Placement, packages: PackageLists): Violation[] {
  const where = 'tools/boundaries/placement.json';
  const runtime = Object.keys(packages.dependencies ?? {});
  const development = Object.keys(packages.devDependencies ?? {});
  const placed = places.flatMap((place) => placement[place]);
  const found: Violation[] = [];
  const add = (message: string): number => found.push({ where, message });
  for (const name of [...runtime, ...development]) {
    if (!placed.includes(name)) {
      add(`${name} is not placed: list it as pure, node, electron, web or tool, so that it is used only where it runs`);
    }
  }
  for (const name of new Set(placed)) {
    if (placed.filter((other) => other === name).length > 1) {
      add(`${name} is placed twice: a package has one place, or nobody can say where it may run`);
    }
    if (!name.startsWith('node:') && !runtime.includes(name) && !development.includes(name)) {
      add(`${name} is placed but is no dependency any more: take it out`);
    }
  }
  for (const name of placement.tool) {
    if (runtime.includes(name)) add(`${name} is a tool but is shipped: move it to devDependencies`);
  }
  for (const name of [...placement.pure, ...placement.node, ...placement.web]) {
    if (development.includes(name)) {
      add(`${name} is used by the product but is a development dependency: a packaged station would not have it`);
    }
  }
  return found;
}

function checkFile(root: string, file: string, resolver: Resolver, placeOf: ReadonlyMap<string, Place>): Violation[] {
  const room = roomOf(file);
  if (!room) return [{ where: file, message: 'lies in no room: add its folder to tools/boundaries/rooms.ts' }];
  const absolute = path.join(root, file);
  const found: Violation[] = [];
  for (const { request, line } of referencesOf(absolute)) {
    const where = `${file}:${line}`;
    if (request === null) {
      if (room.environment !== 'tool' && !unitTest.test(file)) {
        found.push({ where, message: 'imports a computed name: nobody can check where it leads, so write it out' });
      }
      continue;
    }
    const message = judge(file, room, request, resolver.resolve(absolute, request), placeOf);
    if (message) found.push({ where, message });
  }
  return found;
}

function judge(
  file: string,
  room: Room,
  request: string,
  target: Target,
  placeOf: ReadonlyMap<string, Place>,
): string | null {
  switch (target.kind) {
    case 'missing':
      return `imports ${request}, which cannot be found: ${target.message}`;
    case 'file':
      return judgeFile(file, room, target.file);
    case 'builtin':
      if (target.bare) return `imports ${request}: write ${target.name}, so that it cannot be mistaken for a package`;
      return judgePackage(file, room, target.name, placeOf);
    case 'package':
      return judgePackage(file, room, target.name, placeOf);
  }
}

function judgeFile(file: string, room: Room, target: string): string | null {
  const other = roomOf(target);
  // package.json and the like at the root: data, for those who build or host the product.
  if (!other && !target.includes('/') && target.endsWith('.json')) return null;
  if (!other) return `imports ${target}, which lies outside the house plan`;
  if (mayImport(room, other) || (unitTest.test(file) && room.name === other.name)) return null;
  // What tests share: clocks moved by hand, and links that end in memory.
  if (unitTest.test(file) && /^(test\/kit|native\/memory)\//.test(target)) return null;
  if (other.name === 'test') {
    return `imports ${target}: nothing imports test (a unit test may use test/kit), or the product would depend on its own tests`;
  }
  return `imports ${target}: ${room.name} may not import ${other.name}, because ${room.why}`;
}

function judgePackage(file: string, room: Room, name: string, placeOf: ReadonlyMap<string, Place>): string | null {
  const place = placeOf.get(name);
  if (!place) {
    return `uses ${name}, which is not placed: list it in tools/boundaries/placement.json, so that it is used only where it runs`;
  }
  // A unit test beside its source runs under Node in the test runner: tools, node: modules and libraries are open to it.
  if (unitTest.test(file) && (place === 'tool' || place === 'node' || place === 'pure')) return null;
  if (room.packages && !room.packages.includes(name)) {
    return `uses ${name}: ${room.name} may use ${room.packages.join(', ') || 'no package'}, because ${room.why}`;
  }
  if (usable[room.environment].includes(place)) return null;
  const only = place === 'electron' ? '; only main/host/electron and preload/bridge.ts import electron' : '';
  return `uses ${name} (${place}): ${room.name} runs in the ${room.environment} environment${only}, because ${room.why}`;
}

/** Source files below the root's own folders, relative, sorted. The fixtures of this check break rules on purpose. */
function filesBelow(root: string): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && !skipped.has(file) && (folder !== '' || top.includes(entry.name)))
          walk(file);
      } else if (sources.test(entry.name) && !entry.name.endsWith('.d.ts')) {
        found.push(file);
      }
    }
  };
  walk('');
  return found.sort();
}

/** Reads placement.json; throws one line if a place is missing or unknown. */
export function readPlacement(file: string): Placement {
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof read !== 'object' || read === null) throw new Error(`${file} is not an object`);
  const lists = Object.entries(read);
  const unknown = lists.find(([name]) => !places.some((place) => place === name));
  if (unknown) throw new Error(`${file}: ${unknown[0]} is no place; use ${places.join(', ')}`);
  const names = (place: Place): string[] => {
    const list: unknown = lists.find(([name]) => name === place)?.[1];
    if (!Array.isArray(list)) throw new Error(`${file}: the list ${place} is missing`);
    return list.map(String);
  };
  return {
    pure: names('pure'),
    node: names('node'),
    electron: names('electron'),
    web: names('web'),
    tool: names('tool'),
  };
}
