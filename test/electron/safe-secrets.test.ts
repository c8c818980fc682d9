import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSafeSecrets } from '../../main/host/electron/safe-secrets.ts';
import { createSafeStorage } from './stand-in.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-secrets-'));
  file = join(folder, 'inner', 'secrets.bin');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a secret is kept encrypted, for its owner only, and read back by the next start', () => {
  createSafeSecrets({ safeStorage: createSafeStorage(), file, platform: 'linux' }).set('hge.apiSecret', 'tops3cret');
  expect(readFileSync(file, 'utf8')).not.toContain('tops3cret');
  expect(statSync(file).mode & 0o077).toBe(0);
  const again = createSafeSecrets({ safeStorage: createSafeStorage(), file, platform: 'linux' });
  expect(again.get('hge.apiSecret')).toBe('tops3cret');
  expect(again.values()).toEqual(['tops3cret']);
});

test.each([
  ['the hard-coded password of basic_text', { backend: 'basic_text' }],
  ['an unknown keyring', { backend: 'unknown' }],
  ['no encryption at all', { available: false }],
] as const)('nothing is stored under %s', (_what, settings) => {
  const secrets = createSafeSecrets({ safeStorage: createSafeStorage(settings), file, platform: 'linux' });
  expect(() => secrets.set('hge.apiSecret', 'tops3cret')).toThrow(/^secret "hge.apiSecret" is not stored: /);
  expect(() => statSync(file)).toThrow();
});

test('a secret of another user or machine is named, not shown', () => {
  createSafeSecrets({ safeStorage: createSafeStorage(), file, platform: 'linux' }).set('a', 'b');
  writeFileSync(file, JSON.stringify({ 'hge.apiSecret': Buffer.from('xxgarbage').toString('base64') }));
  expect(() => createSafeSecrets({ safeStorage: createSafeStorage(), file, platform: 'linux' })).toThrow(
    /secret "hge.apiSecret" .* cannot be decrypted/,
  );
});

test('a damaged file is said in one line', () => {
  createSafeSecrets({ safeStorage: createSafeStorage(), file, platform: 'linux' }).set('a', 'b');
  writeFileSync(file, '{"a":');
  expect(() => createSafeSecrets({ safeStorage: createSafeStorage(), file, platform: 'linux' })).toThrow(/is damaged/);
});
