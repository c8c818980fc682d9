/** Runs the command line as its users do, in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectDir } from '../../kit/station.ts';

export interface CliRun {
  readonly status: number | null;
  readonly out: string;
  /** Lines of standard error. */
  readonly errors: readonly string[];
}

/** Resolves when the process has ended. `onLine` gets every line of standard output as it comes. */
export function runCli(
  args: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    /** Where the demo leaves what no option places. */
    readonly cwd?: string;
    onLine?(line: string): void;
  } = {},
): Promise<CliRun> {
  const command = join(projectDir, 'main/host/node/cli/packbench.ts');
  const child = spawn(process.execPath, [command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd ?? projectDir,
    env: { ...process.env, ...options.env },
  });
  const out: string[] = [];
  let errors = '';
  createInterface(child.stdout).on('line', (line) => {
    out.push(line);
    options.onLine?.(line);
  });
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ status, out: out.join('\n'), errors: errors.split('\n').filter((line) => line !== '') });
    });
  });
}
