import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from './log.ts';
import { redact } from './redact.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('lines are JSON with time, level, fields and message, in a file for its owner only', () => {
  const log = createLog({ dir: folder, level: 'info' });
  log.debug({}, 'not written');
  log.warn({ orderId: 'o1' }, 'a thing happened');
  log.close();
  const file = join(folder, 'packbench.log');
  expect(log.file).toBe(file);
  expect(linesOf(file)).toMatchObject([{ level: 40, orderId: 'o1', msg: 'a thing happened' }]);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('a secret is written nowhere: not by field, by value, in a message, an error or a URL', () => {
  const log = createLog({ dir: folder, secretValues: () => ['tops3cret'] });
  log.info({ headers: { Authorization: 'Bearer abc123', 'X-Api-Key': 'abc123' }, body: { sign: 'abc123' } }, 'sent');
  log.info({ url: 'https://x/?k=tops3cret', list: ['tops3cret'] }, 'with tops3cret inside');
  log.error({ error: new Error('refused tops3cret', { cause: new Error('tops3cret') }) }, 'failed');
  log.close();
  const text = readFileSync(join(folder, 'packbench.log'), 'utf8');
  expect(text).not.toMatch(/tops3cret|abc123/);
  expect(text).toContain('refused [redacted]');
});

test('the log does not grow without end', () => {
  const log = createLog({ dir: folder, maxFileBytes: 40_000 });
  for (let line = 0; line < 1_000; line += 1) log.info({ line }, 'x'.repeat(100));
  log.close();
  expect(existsSync(join(folder, 'packbench.1.log'))).toBe(true);
  expect(statSync(join(folder, 'packbench.log')).size).toBeLessThan(41_000);
  expect(statSync(join(folder, 'packbench.1.log')).size).toBeLessThan(41_000);
  expect(linesOf(join(folder, 'packbench.log')).at(-1)).toMatchObject({ line: 999 });
});

test('a line after the end is dropped, not thrown', () => {
  const log = createLog({ dir: folder });
  log.close();
  expect(() => log.info({}, 'late')).not.toThrow();
});

test('what cannot be written as it is still makes a line', () => {
  const cycle: Record<string, unknown> = { big: 1n, bytes: new Uint8Array(9), call: () => 1, long: 'x'.repeat(10_000) };
  cycle['self'] = cycle;
  const copy = redact(cycle) as Record<string, unknown>;
  expect(copy).toMatchObject({ big: '1', bytes: '[9 bytes]', call: '[function]', self: '[cycle]' });
  expect(String(copy['long']).length).toBeLessThan(8_300);
  expect(() => JSON.stringify(copy)).not.toThrow();
});

test('fields that merely sound alike are kept', () => {
  expect(redact({ signedAt: 5, orderSign: 'x', tokens: 3, secret: null })).toEqual({
    signedAt: 5,
    orderSign: 'x',
    tokens: 3,
    secret: null,
  });
});
