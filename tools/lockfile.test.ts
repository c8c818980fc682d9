import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { missingFrom, platformOf } from './lockfile.mjs';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

test('the lock names every optional package of every platform (else run: node tools/lockfile.mjs)', () => {
  expect(Object.keys(missingFrom(lock))).toEqual([]);
});

test('the lock names no download address (else run: node tools/lockfile.mjs)', () => {
  expect(JSON.stringify(lock)).not.toContain('"resolved"');
});

test('a package left out is put back for its own platform only', () => {
  const parent = {
    dev: true,
    license: 'MIT',
    optionalDependencies: { '@a/binding-linux-x64-musl': '1.2.3', b: '^1.0.0' },
  };
  expect(missingFrom({ packages: { 'node_modules/a': parent } })).toEqual({
    'node_modules/@a/binding-linux-x64-musl': {
      version: '1.2.3',
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
      dev: true,
      license: 'MIT',
      optional: true,
    },
  });
});

test.each([
  ['@a/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'] }],
  ['@a/darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['@a/binding-win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
])('the platform of %s', (name, platform) => {
  expect(platformOf(name)).toEqual(platform);
});
