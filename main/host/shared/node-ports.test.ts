import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodePorts } from './node-ports.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-ports-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the ports of a desk come together over its data folder', () => {
  const dataDir = join(folder, 'data');
  const ports = createNodePorts({ dataDir, version: '1.2.3', env: { PACKBENCH_SECRET_hge_apiSecret: 'tops3cret' } });
  expect([ports.dataDir, ports.version, ports.line.up]).toEqual([dataDir, '1.2.3', true]);
  expect(ports.secrets.get('hge.apiSecret')).toBe('tops3cret');
  ports.log.info({ note: 'tops3cret' }, 'started');
  ports.log.close();
  expect(readFileSync(join(dataDir, 'logs', 'packbench.log'), 'utf8')).not.toContain('tops3cret');
  expect(() => ports.links.create('nonsense://x', {})).toThrow(/nonsense/);
});

test.skipIf(process.platform === 'win32')('the data folder is made for its owner only', () => {
  const dataDir = join(folder, 'data');
  createNodePorts({ dataDir, version: '0', env: {} }).log.close();
  expect(statSync(dataDir).mode & 0o077).toBe(0);
});

test.skipIf(process.platform === 'win32')('a secrets file open to others stops the start with the fix', () => {
  writeFileSync(join(folder, 'secrets.json'), '{}');
  chmodSync(join(folder, 'secrets.json'), 0o644);
  expect(() => createNodePorts({ dataDir: folder, version: '0', env: {} })).toThrow(/chmod 600/);
});

test('a data folder that cannot be made is named', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => createNodePorts({ dataDir: join(folder, 'file', 'data'), version: '0', env: {} })).toThrow(
    /^data folder .* cannot be made/,
  );
});
