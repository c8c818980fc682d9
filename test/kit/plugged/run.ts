/** Runs a program under the emulated USB devices (devices.py), where this machine has what that takes. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { missingTools } from '../tools.ts';

const python = '/usr/bin/python3';

/** False if something is missing; says on the console what is skipped. */
export function hasEmulatedDevices(forWhat: string): boolean {
  if (missingTools(['umockdev-wrapper', 'udevadm'], forWhat).length > 0) return false;
  if (spawnSync(python, ['-c', 'import gi; gi.require_version("UMockdev", "1.0")']).status === 0) return true;
  // oxlint-disable-next-line no-console -- a skipped test must be seen
  console.warn(`SKIPPED: ${forWhat}: ${python} has no UMockdev (packages python3-gi, gir1.2-umockdev-1.0)`);
  return false;
}

/**
 * Runs `program` (a TypeScript file) with `scenario` under devices.py, which ends it after so many seconds; what it said in its
 * last line that is JSON. Fails the test if it did not end well.
 */
export async function runPlugged<Facts>(program: string, scenario: string, seconds = 25): Promise<Facts> {
  const bed = [python, join(import.meta.dirname, 'devices.py'), '--seconds', String(seconds)];
  const child = spawn('umockdev-wrapper', [...bed, process.execPath, program, scenario]);
  const output = { text: '', errors: '' };
  child.stdout.on('data', (bytes: Buffer) => (output.text += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output.errors += bytes.toString()));
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status, output.errors + output.text).toBe(0);
  return JSON.parse(output.text.split('\n').findLast((line) => line.startsWith('{')) ?? '{}') as Facts;
}
