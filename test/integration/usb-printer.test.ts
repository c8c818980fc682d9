/** The usb link, the usb package and libusb against an emulated printer: usbfs requests answered by umockdev. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingTools } from '../kit/tools.ts';

const python = '/usr/bin/python3';
const kit = join(import.meta.dirname, '../kit/usb');
const hasUmockdev =
  missingTools(['umockdev-wrapper'], 'USB printers').length === 0 &&
  spawnSync(python, ['-c', 'import gi; gi.require_version("UMockdev", "1.0")']).status === 0;

describe.skipIf(!hasUmockdev)('a USB printer', () => {
  let dir: string;
  let label: Buffer;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'packbench-usb-'));
    // Every byte value, and no `~HS`.
    label = Buffer.from(Array.from({ length: 150_013 }, (_, index) => (index * 7 + (index >> 8)) & 0xff));
    writeFileSync(join(dir, 'label'), label);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  /** Runs one scenario of printer-child.ts; its facts, and what the printer took. */
  async function run(scenario: string, options: readonly string[] = []): Promise<{ facts: object[]; taken: Buffer }> {
    const capture = join(dir, `${scenario}-${options.join('')}`);
    const command = [process.execPath, join(kit, 'printer-child.ts'), scenario, join(dir, 'label')];
    const child = spawn('umockdev-wrapper', [
      ...[python, join(kit, 'printer.py'), '--capture', capture, ...options],
      ...command,
    ]);
    const output = { text: '', errors: '' };
    child.stdout.on('data', (bytes: Buffer) => (output.text += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (output.errors += bytes.toString()));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status, output.errors).toBe(0);
    const facts = output.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as object);
    return { facts, taken: readFileSync(capture) };
  }

  const question = Buffer.from('~HS\r\n');

  test('gets a label byte for byte, is asked before and after, and says that it printed', async () => {
    const { facts, taken } = await run('print');
    expect(facts).toEqual([{ outcome: { kind: 'printed', bytes: label.length }, state: 'ready' }]);
    expect(taken.subarray(0, question.length)).toEqual(question);
    const end = question.length + label.length;
    expect(taken.subarray(question.length, end).equals(label)).toBe(true);
    expect(taken.subarray(end).toString()).toBe('~HS\r\n~HS\r\n');
  }, 60_000);

  test('is known by the device id of its port: its language and model, and only then is it asked in it', async () => {
    const { facts, taken } = await run('detect');
    expect(facts).toMatchObject([
      {
        problem: null,
        proposals: [
          {
            protocol: 'zpl',
            fields: { language: 'zpl', model: 'zebra-gk420d', dpi: 203 },
            sample: 'ZTC GK420d',
            because: [{ code: 'device.because-device-id', params: { said: 'ZPL' } }, { code: 'device.because-model' }],
          },
        ],
      },
    ]);
    expect(taken.toString('latin1')).toBe('~HI');
  }, 60_000);

  test('is in the list of what is plugged in, and being listed does not disturb it', async () => {
    const { facts, taken } = await run('list');
    expect(facts).toMatchObject([
      {
        found: [
          { uri: 'usb://0a5f:0081/29J1', usage: 'printer', manufacturer: 'Zebra', product: 'GK420d', note: null },
        ],
        outcome: { kind: 'written', bytes: label.length },
        state: 'open',
      },
    ]);
    expect(taken.equals(label)).toBe(true);
  }, 60_000);

  test('unplugged in the middle of a label: unknown, with exactly the bytes it took', async () => {
    const { facts, taken } = await run('print', ['--unplug-after', '70005']);
    const bytes = taken.length - question.length;
    expect(facts).toEqual([
      { outcome: { kind: 'unknown', bytes, message: expect.stringContaining('was unplugged') }, state: 'offline' },
    ]);
    expect(bytes).toBe(70_000);
  }, 60_000);

  test('unplugged before the first byte of the label: nothing was printed', async () => {
    const { facts } = await run('print', ['--unplug-after', '5']);
    expect(facts).toEqual([
      { outcome: { kind: 'not-printed', message: expect.stringContaining('was unplugged') }, state: 'offline' },
    ]);
  }, 60_000);

  test('that stops taking data ends the write in its time with what it took, and the link closes', async () => {
    const { facts, taken } = await run('write', ['--stall-after', '20000']);
    expect(facts).toEqual([
      {
        outcome: { kind: 'failed', bytes: 20_000, message: expect.stringContaining('stopped taking data') },
        word: null,
      },
      { closedWithin2s: true },
    ]);
    expect(taken.length).toBe(20_000);
  }, 60_000);

  test('is found when it is plugged in, and lost when it is pulled out', async () => {
    const { facts } = await run('plug', ['--attach-late']);
    const [seen] = facts as [{ states: string[]; lastError: string }];
    // The emulated device is there a moment before it can be opened, so there may be more than one try.
    expect(seen.states.slice(0, 2)).toEqual(['opening', 'failed']);
    expect(seen.states.slice(-3)).toEqual(['opening', 'open', 'failed']);
    expect(seen.lastError).toContain('was unplugged');
  }, 60_000);
});
