/** The station's process as the harness sees it: its reports, its answers, its end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setupVariable, type ChildSetup, type FromChild, type PackReport, type ToChild } from './messages.ts';

export interface Answer {
  readonly accepted: boolean;
  readonly code: string;
}

export interface StationProcess {
  readonly process: ChildProcess;
  readonly pack: PackReport | null;
  readonly open: Extract<FromChild, { kind: 'open' }> | null;
  readonly reports: readonly FromChild[];
  readonly errors: string;
  readonly ended: boolean;
  send(message: ToChild): void;
  /** Null if the process ended without an answer. */
  scan(code: string): Promise<Answer | null>;
  command(command: Extract<ToChild, { kind: 'command' }>['command'], reason: string): Promise<Answer | null>;
  /** True if the station has nothing left that it would go on with by itself. */
  quiet(): Promise<boolean>;
  /** Resolves at the next report, when the process ends, or after the time. */
  change(limitMs: number): Promise<void>;
  /** Resolves when the process is gone and all it said was read. */
  readonly exit: Promise<{ readonly status: number | null; readonly signal: string | null }>;
}

type Seen = Extract<FromChild, { kind: 'seen' }>;
type Asked =
  | Pick<Extract<ToChild, { kind: 'scan' }>, 'kind' | 'code'>
  | Pick<Extract<ToChild, { kind: 'command' }>, 'kind' | 'command' | 'reason'>;

export function spawnStation(
  program: readonly string[],
  setup: ChildSetup,
  onReport: (message: FromChild) => void,
  env: Readonly<Record<string, string>> = {},
): StationProcess {
  const child = spawn(process.execPath, ['--max-semi-space-size=32', ...program], {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env, [setupVariable]: JSON.stringify(setup) },
  });
  const reports: FromChild[] = [];
  const answers = new Map<number, (answer: Answer | null) => void>();
  const looks = new Map<number, (seen: Seen | null) => void>();
  const watchers = new Set<() => void>();
  let pack: PackReport | null = null;
  let open: StationProcess['open'] = null;
  let errors = '';
  let ended = false;
  let asked = 0;
  const wake = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  child.stdin?.on('error', () => undefined);
  child.stderr?.on('data', (bytes: Buffer) => {
    errors = (errors + bytes.toString('utf8')).slice(-20_000);
  });
  createInterface(child.stdio[3] as Readable).on('line', (text) => {
    const message = JSON.parse(text) as FromChild;
    if (message.kind === 'seen') {
      // Said because it was asked, not because anything changed.
      looks.get(message.n)?.(message);
      looks.delete(message.n);
      return;
    }
    reports.push(message);
    if (message.kind === 'pack') pack = message.pack;
    if (message.kind === 'open') open = message;
    if (message.kind === 'answer') {
      answers.get(message.n)?.(message);
      answers.delete(message.n);
    }
    onReport(message);
    wake();
  });
  const exit = new Promise<{ status: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      ended = true;
      for (const answer of answers.values()) answer(null);
      for (const look of looks.values()) look(null);
      answers.clear();
      looks.clear();
      wake();
      resolve({ status, signal });
    });
  });
  const send = (message: ToChild): void => {
    if (!ended) child.stdin?.write(`${JSON.stringify(message)}\n`);
  };
  const ask = (message: Asked): Promise<Answer | null> => {
    if (ended) return Promise.resolve(null);
    asked += 1;
    const n = asked;
    return new Promise((resolve) => {
      answers.set(n, resolve);
      send({ ...message, n });
    });
  };
  return {
    process: child,
    get pack() {
      return pack;
    },
    get open() {
      return open;
    },
    reports,
    get errors() {
      return errors;
    },
    get ended() {
      return ended;
    },
    send,
    scan: (code) => ask({ kind: 'scan', code }),
    command: (command, reason) => ask({ kind: 'command', command, reason }),
    async quiet() {
      if (ended) return false;
      asked += 1;
      const n = asked;
      const seen = await new Promise<Seen | null>((resolve) => {
        looks.set(n, resolve);
        send({ kind: 'look', n });
      });
      return seen?.jobs === 0 && seen.prints === 0;
    },
    change: (limitMs) =>
      new Promise((resolve) => {
        if (ended) {
          resolve();
          return;
        }
        const done = (): void => {
          clearTimeout(timer);
          watchers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, limitMs);
        watchers.add(done);
      }),
    exit,
  };
}
