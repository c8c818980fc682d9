/**
 * CUPS on Linux and macOS, through its own programs: `lp -o raw` to hand a label over, `lpstat` to ask. Their exit status
 * and messages in the C locale are what is read. Sources: lp(1), lpstat(1); the printer-state-reasons of RFC 8011,
 * section 5.4.12 and PWG 5100.9; CUPS 2.4.2 as run by the tests.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { DeviceWord } from '../link.ts';
import type { HandOver, Spooler, SpoolerQueue } from './spooler.ts';

const maxOutputBytes = 64 * 1024;
/** A program that was told to end is killed after this. */
const killMs = 500;

/** What a program came to. `status` null: it was ended, or did not start. */
export interface ProgramOutcome {
  readonly status: number | null;
  /** True once the program ran: from then on it may have done something. */
  readonly started: boolean;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program with arguments (never through a shell) and `input`, for at most `timeoutMs`. Never rejects. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  input: Uint8Array | null,
  timeoutMs: number,
) => Promise<ProgramOutcome>;

/** Throws a one-line Error if this system has no CUPS programs. */
export function createCupsSpooler(run: RunProgram | null = null): Spooler {
  if (run === null && spawnSync('lp', ['--help'], { stdio: 'ignore', timeout: 5_000 }).error !== undefined) {
    throw new Error('this system has no lp command; install the CUPS client (package cups-client)');
  }
  return cupsSpoolerOver(run ?? runProgram);
}

function cupsSpoolerOver(run: RunProgram): Spooler {
  async function describeQueue(queue: string, timeoutMs: number): Promise<ProgramOutcome> {
    return run('lpstat', ['-l', '-p', queue, '-a', queue], null, timeoutMs);
  }
  return {
    async find(queue, timeoutMs) {
      const { status, output, errors } = await describeQueue(queue, timeoutMs);
      if (status === 0 && output.includes(`printer ${queue} `)) return null;
      return status === null ? 'the spooler does not answer' : oneLine(errors === '' ? output : errors);
    },
    async hand(queue, title, bytes, timeoutMs) {
      return readHandOver(await run('lp', ['-d', queue, '-o', 'raw', '-t', title], bytes, timeoutMs), bytes.length);
    },
    async state(queue, timeoutMs) {
      const [about, waiting] = await Promise.all([
        describeQueue(queue, timeoutMs),
        run('lpstat', ['-o', queue], null, timeoutMs),
      ]);
      if (about.status !== 0) return null;
      return readQueueState(queue, about.output, waiting.status === 0 ? waiting.output : null);
    },
    async list(timeoutMs) {
      const { status, output, errors } = await run('lpstat', ['-v'], null, timeoutMs);
      if (status === 0) return readQueues(output);
      // lpstat ends with 1 where there is a scheduler and no queue.
      if (/no destinations added/i.test(errors)) return [];
      throw new Error(status === null ? 'the spooler does not answer' : oneLine(errors === '' ? output : errors));
    },
  };
}

/** Messages of lp after which the scheduler certainly has no job: it refused, or was never reached. */
const certainlyRefused =
  /does not exist|unknown destination|not accepting|no default destination|scheduler (is )?not (running|responding)|connection refused|unable to connect|no such file/i;

/** What `lp` came to. `request id is QUEUE-12 (1 file(s))` and status 0 is the only success. */
export function readHandOver(lp: ProgramOutcome, length: number): HandOver {
  if (lp.status === 0 && /request id is \S+/.test(lp.output)) return { taken: length, problem: null };
  const said = oneLine(lp.errors === '' ? lp.output : lp.errors);
  if (!lp.started) return { taken: 0, problem: said };
  if (lp.status !== null && lp.status !== 0 && certainlyRefused.test(lp.errors)) return { taken: 0, problem: said };
  return { taken: length, problem: said === '' ? 'the spooler did not say whether it took the label' : said };
}

/** Keywords of printer-state-reasons, without their severity, and the notice code of each. */
const reasonCodes: readonly (readonly [RegExp, string])[] = [
  [/^media-(empty|needed)/, 'printer.paper-out'],
  [/^media-jam/, 'printer.jam'],
  [/^(cover|door|interlock)-open|^input-tray-missing/, 'printer.head-open'],
  [/^marker-supply-empty/, 'printer.ribbon-out'],
  [/^(offline|connecting-to-device|timed-out|shutdown)/, 'printer.offline'],
  [/^(paused|moving-to-paused)/, 'printer.paused'],
  [/^(fuser-over-temp)/, 'printer.too-hot'],
  [/^other-error|^cups-.*-error/, 'printer.fault'],
];

/** The lines of `lpstat -v`: `device for QUEUE: URI`. A queue's name has neither spaces nor colons in CUPS. */
export function readQueues(output: string): SpoolerQueue[] {
  return output.split('\n').flatMap((line) => {
    const [, queue, device = ''] = /^device for ([^\s:]+): (\S*)/.exec(line) ?? [];
    return queue === undefined ? [] : [{ queue, device: device === '' ? null : device }];
  });
}

/** What `lpstat -l -p -a` and `lpstat -o` say of one queue. */
export function readQueueState(queue: string, about: string, waiting: string | null): DeviceWord {
  const lines = about.split('\n');
  const head = lines.find((line) => line.startsWith(`printer ${queue} `)) ?? '';
  const reasons = new Set<string>();
  if (/ disabled since /.test(head)) reasons.add('printer.paused');
  if (lines.some((line) => line.startsWith(`${queue} not accepting`))) reasons.add('printer.paused');
  const alerts = lines.find((line) => /^\s*Alerts:/.test(line))?.replace(/^\s*Alerts:/, '') ?? '';
  for (const keyword of alerts.split(/[\s,]+/)) {
    // A report or a warning keeps nothing from printing, except that the device cannot be reached.
    const plain = keyword.replace(/-(error|warning|report)$/, '');
    const serious = !/-(warning|report)$/.test(keyword) || /^(offline|connecting-to-device)/.test(plain);
    const code = reasonCodes.find(([pattern]) => pattern.test(plain))?.[1];
    if (serious && code !== undefined) reasons.add(code);
  }
  const queued = waiting === null ? null : waiting.split('\n').filter((line) => line.startsWith(`${queue}-`)).length;
  return { ready: reasons.size === 0, reasons: [...reasons], queued };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}

const runProgram: RunProgram = (program, args, input, timeoutMs) =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      // CUPS_SERVER and the like stay; messages must be the ones that are read here.
      env: { ...process.env, LC_ALL: 'C', LANGUAGE: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    let started = false;
    let ended = false;
    const finish = (status: number | null): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      resolve({ status, started, output, errors });
    };
    const timer = setTimeout(() => {
      errors += ' timed out';
      child.kill();
      setTimeout(() => {
        child.kill('SIGKILL');
        finish(null);
      }, killMs).unref();
    }, timeoutMs);
    child.on('spawn', () => {
      started = true;
    });
    child.stdout.on('data', (bytes: Buffer) => {
      if (output.length < maxOutputBytes) output += bytes.toString('utf8');
    });
    child.stderr.on('data', (bytes: Buffer) => {
      if (errors.length < maxOutputBytes) errors += bytes.toString('utf8');
    });
    child.on('error', (error) => {
      errors += error.message;
      finish(null);
    });
    child.on('close', finish);
    // A program that ends before it read everything says so by its status.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? undefined);
  });
