import { expect, test } from 'vitest';
import {
  createCupsSpooler,
  readHandOver,
  readQueues,
  readQueueState,
  type ProgramOutcome,
  type RunProgram,
} from './cups.ts';

const ran = (given: Partial<ProgramOutcome>): ProgramOutcome => ({
  status: 0,
  started: true,
  output: '',
  errors: '',
  ...given,
});

test.each<[string, Partial<ProgramOutcome>, number, RegExp | null]>([
  ['a request id is the only success', { output: 'request id is zpl-12 (1 file(s))\n' }, 500, null],
  ['success without a request id is uncertain', { output: '' }, 500, /did not say/],
  [
    'no such queue: certainly nothing',
    { status: 1, errors: 'lp: The printer or class does not exist.' },
    0,
    /not exist/,
  ],
  [
    'a queue that takes nothing: certainly nothing',
    { status: 1, errors: 'lp: Destination "zpl" is not accepting jobs.' },
    0,
    /not accepting/,
  ],
  ['no scheduler: certainly nothing', { status: 1, errors: 'lp: Error - scheduler not responding.' }, 0, /scheduler/],
  [
    'a program that never ran: certainly nothing',
    { status: null, started: false, errors: 'spawn lp ENOENT' },
    0,
    /ENOENT/,
  ],
  ['an error nobody knows is uncertain', { status: 1, errors: 'lp: Broken pipe' }, 500, /Broken pipe/],
  ['a program that was ended is uncertain', { status: null, errors: ' timed out' }, 500, /timed out/],
])('lp: %s', (_what, outcome, taken, problem) => {
  const read = readHandOver(ran(outcome), 500);
  expect(read.taken).toBe(taken);
  if (problem === null) expect(read.problem).toBeNull();
  else expect(read.problem).toMatch(problem);
});

/** As CUPS 2.4.2 writes them. */
const idle =
  'printer zpl is idle.  enabled since Sun Nov 22 02:40:00 2026\n\tAlerts: none\nzpl accepting requests since x';

test('an idle queue is ready, and its jobs are counted', () => {
  expect(readQueueState('zpl', idle, 'zpl-3  root 1024 x\nzpl-4  root 1024 x\nother-1 root 1 x\n')).toEqual({
    ready: true,
    reasons: [],
    queued: 2,
  });
  expect(readQueueState('zpl', idle, null).queued).toBeNull();
});

test.each([
  [idle.replace('is idle.  enabled', 'disabled'), ['printer.paused']],
  [idle.replace('zpl accepting', 'zpl not accepting'), ['printer.paused']],
  [idle.replace('none', 'media-empty-error cover-open'), ['printer.paper-out', 'printer.head-open']],
  [idle.replace('none', 'offline-report'), ['printer.offline']],
  [idle.replace('none', 'media-low-warning marker-supply-low-report'), []],
  [idle.replace('none', 'media-empty-warning'), []],
])('what keeps a queue from printing: case %#', (about, reasons) => {
  expect(readQueueState('zpl', about, '')).toEqual({ ready: reasons.length === 0, reasons, queued: 0 });
});

test('a name that begins like the one that is asked for is another queue', async () => {
  const run: RunProgram = () => Promise.resolve(ran({ output: 'printer zpl2 is idle.\n' }));
  await expect(createCupsSpooler(run).find('zpl', 100)).resolves.toContain('zpl2');
});

test('the queue and the title are arguments, never a shell line', async () => {
  const calls: (readonly string[])[] = [];
  const run: RunProgram = (program, args) => {
    calls.push([program, ...args]);
    return Promise.resolve(ran({ output: 'request id is a b; rm -1 (1 file(s))' }));
  };
  await createCupsSpooler(run).hand('a b; rm', 'packbench-1', new Uint8Array(3), 100);
  expect(calls).toEqual([['lp', '-d', 'a b; rm', '-o', 'raw', '-t', 'packbench-1']]);
});

test('the queues of lpstat -v, each with where it sends to', () => {
  const said = 'device for slips: usb://EPSON/TM-T20\ndevice for zpl: socket://127.0.0.1:9100\nsomething else\n';
  expect(readQueues(said)).toEqual([
    { queue: 'slips', device: 'usb://EPSON/TM-T20' },
    { queue: 'zpl', device: 'socket://127.0.0.1:9100' },
  ]);
});

test.each([
  [{ status: 1, errors: 'lpstat: No destinations added.\n' }, []],
  [{ status: 1, errors: 'lpstat: Scheduler is not running.\n' }, 'Scheduler is not running'],
  [{ status: null }, 'does not answer'],
])('a spooler without queues is empty, one that does not answer says so: case %#', async (outcome, expected) => {
  const list = createCupsSpooler(() => Promise.resolve(ran(outcome))).list(100);
  if (typeof expected === 'string') await expect(list).rejects.toThrow(expected);
  else await expect(list).resolves.toEqual(expected);
});
