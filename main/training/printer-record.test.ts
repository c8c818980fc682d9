import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLabelRecord } from './printer-record.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-record-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a label is in the file when append returns, without closing', () => {
  const record = openLabelRecord(dir);
  record.append('p-1', 5, Buffer.from('^XA^XZ'));
  expect(readFileSync(join(dir, 'printer-labels.jsonl'), 'utf8')).toContain('"id":"p-1"');
  expect(openLabelRecord(dir).labels).toMatchObject([{ id: 'p-1', at: 5, codes: [] }]);
});

test('a line cut short by a kill is left out, and the next label is not swallowed by it', () => {
  const record = openLabelRecord(dir);
  const first = record.append('p-1', 5, Buffer.from('a'));
  record.setRead(first, ['C1'], Buffer.from('png'));
  appendFileSync(join(dir, 'printer-labels.jsonl'), '{"kind":"label","seq":2,"i');
  const next = openLabelRecord(dir);
  expect(next.labels).toMatchObject([{ id: 'p-1', codes: ['C1'] }]);
  next.append('p-2', 6, Buffer.from('b'));
  const last = openLabelRecord(dir);
  expect(last.labels.map((label) => label.id)).toEqual(['p-1', 'p-2']);
  expect(Buffer.from(last.zpl(last.labels[1]?.seq ?? 0)).toString()).toBe('b');
  expect(Buffer.from(last.png(first.seq) ?? []).toString()).toBe('png');
});
