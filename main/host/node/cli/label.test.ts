import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { labelPdf } from '../../../labels/fixtures.ts';
import { encryptedPdf } from '../../../labels/hostile-files.ts';
import { runLabel } from './label.ts';

const waybill = 'PB54010000010C';
let dir = '';
let said: string[] = [];
const at = (name: string): string => join(dir, name);
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'packbench-label-'));
  await writeFile(at('label.pdf'), labelPdf([waybill]));
  await writeFile(at('locked.pdf'), encryptedPdf());
});
afterAll(() => rm(dir, { recursive: true, force: true }));
beforeEach(() => {
  said = [];
  for (const way of ['log', 'error'] as const)
    vi.spyOn(console, way).mockImplementation((line: string) => void said.push(line));
  return () => vi.restoreAllMocks();
});

test('several languages are written beside each other, with one picture', async () => {
  const { status, lines } = await run(
    '--in',
    at('label.pdf'),
    '--language',
    'zpl,tspl,epl',
    '--out',
    at('out'),
    '--png',
    at('p.png'),
    '--json',
  );
  expect(status).toBe(0);
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
    ['zpl', 'tspl', 'epl'].map((language) =>
      expect.objectContaining({ language, dpi: 203, pages: 1, codes: [waybill] }),
    ),
  );
  expect((await readFile(at('out.zpl'))).toString('latin1')).toMatch(/^\^XA/);
  expect((await readFile(at('out.tspl'))).toString('latin1')).toContain('BITMAP');
  expect((await readFile(at('p.png'))).readUInt32BE(16)).toBe(812);
});

test('the waybill must be on the label; else nothing is written and the status is 1', async () => {
  const { status, lines } = await run('--in', at('label.pdf'), '--waybill', 'PB99010000010C', '--out', at('none'));
  expect([status, lines.length]).toEqual([1, 1]);
  expect(lines[0]).toContain('(label.wrong-parcel)');
  await expect(readFile(at('none'))).rejects.toThrow('ENOENT');
});

test('lines are written in the printer’s own font, and cannot be commands', async () => {
  const { status } = await run(
    '--text',
    'Order ^XZ "1"',
    '--language',
    'zpl,tspl',
    '--ending',
    'cut',
    '--out',
    at('text'),
  );
  expect(status).toBe(0);
  expect((await readFile(at('text.zpl'))).toString('latin1')).toContain('^FDOrder _5EXZ _221_22^FS');
  expect((await readFile(at('text.tspl'))).toString('latin1')).toContain('"Order ^XZ \\["]1\\["]"');
});

test('an offset that pushes ink off the label is status 1', async () => {
  const { status, lines } = await run('--in', at('label.pdf'), '--offset=-20,0', '--out', at('none'));
  expect([status, lines[0]]).toEqual([1, expect.stringContaining('mm at the left')]);
});

test('an output file that cannot be written is status 3', async () => {
  expect((await run('--in', at('label.pdf'), '--out', at('no/such/folder'))).status).toBe(3);
});

test.each([
  [['--in', 'locked.pdf'], 'label.encrypted'],
  [['--in', 'no.pdf'], 'ENOENT'],
  [['--in', 'label.pdf', '--language', 'zpl,tspl'], '--out FILE'],
  [['--in', 'label.pdf', '--language', 'pcl'], 'known are zpl, tspl, escpos, cpcl, epl'],
  [['--in', 'label.pdf', '--media', '100x150'], '100x150mm'],
  [['--in', 'label.pdf', '--media', '5x5mm'], '100x150mm'],
  [['--in', 'label.pdf', '--dpi', '204'], '203, 300, 600'],
  [['--in', 'label.pdf', '--rotate', '45'], 'auto, 0, 90, 180, 270'],
  [['--in', 'label.pdf', '--offset', '99,0'], 'at most 20'],
  [['--in', 'label.pdf', '--copies', '0'], 'from 1 to 99'],
  [['--in', 'label.pdf', '--out', 'label.pdf'], 'is the label itself'],
  [['label.pdf'], '--in is missing'],
])('%j is refused in one line', async (args, words) => {
  const given = args.map((arg) => (arg.endsWith('.pdf') ? at(arg) : arg));
  await expect(runLabel(given)).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining(words) });
});

async function run(...args: string[]): Promise<{ status: number; lines: string[] }> {
  return { status: await runLabel(args), lines: said };
}
