import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decideHost, electronBinary, firstUrl, isBehind, openCommand } from './decide.mjs';

const desk = { env: { DISPLAY: ':0' }, platform: 'linux', uid: 1000, args: [], binary: '/electron' };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'packbench-start-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the host', () => {
  test('is Electron when its binary is there', () => {
    expect(decideHost(desk)).toEqual({ kind: 'electron', binary: '/electron' });
  });
  test('is fetched when the binary is not there', () => {
    expect(decideHost({ ...desk, binary: null })).toEqual({ kind: 'fetch' });
  });
  test.each([
    ['in CI', { env: { DISPLAY: ':0', CI: 'true' } }],
    ['when asked for', { env: { DISPLAY: ':0', PACKBENCH_HOST: 'node' } }],
    ['without a display on Linux', { env: {} }],
    ['for root on Linux', { uid: 0 }],
  ])('is Node %s', (_when, change) => {
    expect(decideHost({ ...desk, ...change }).kind).toBe('node');
  });
  test('needs no DISPLAY variable on Windows', () => {
    expect(decideHost({ ...desk, env: {}, platform: 'win32', uid: null }).kind).toBe('electron');
  });
});

test('an Electron package without its binary counts as absent, and is not downloaded by asking', () => {
  mkdirSync(path.join(folder, 'node_modules/electron'), { recursive: true });
  writeFileSync(path.join(folder, 'node_modules/electron/path.txt'), 'electron');
  expect(electronBinary(folder)).toBeNull();
});

describe('the screen is built', () => {
  const source = () => path.join(folder, 'renderer/app/main.tsx');
  const output = () => path.join(folder, 'dist/index.html');
  beforeEach(() => {
    mkdirSync(path.join(folder, 'renderer/app'), { recursive: true });
    mkdirSync(path.join(folder, 'dist'));
    writeFileSync(source(), '');
    utimesSync(source(), 1000, 1000);
  });
  test('when there is none', () => {
    expect(isBehind([path.join(folder, 'renderer')], output())).toBe(true);
  });
  test('when a source is newer', () => {
    writeFileSync(output(), '');
    utimesSync(output(), 999, 999);
    expect(isBehind([path.join(folder, 'renderer')], output())).toBe(true);
  });
  test('not when it is up to date, nor for a newer test', () => {
    writeFileSync(output(), '');
    utimesSync(output(), 1001, 1001);
    writeFileSync(path.join(folder, 'renderer/app/main.test.tsx'), '');
    expect(isBehind([path.join(folder, 'renderer')], output())).toBe(false);
  });
});

describe('the address', () => {
  test('is found in a line of output', () => {
    expect(firstUrl('Packbench: http://127.0.0.1:8080/#token=ab\n')).toBe('http://127.0.0.1:8080/#token=ab');
  });
  test('is only ever a loopback one', () => {
    expect(firstUrl('see https://example.com:443/')).toBeNull();
  });
  test('is opened without a shell, and not in CI', () => {
    const url = 'http://127.0.0.1:1/?a=1&b=2';
    expect(openCommand(url, 'win32', {})?.args).toContain(url);
    expect(openCommand(url, 'linux', { DISPLAY: ':0', CI: '1' })).toBeNull();
    expect(openCommand(url, 'linux', {})).toBeNull();
  });
});
