/** A CUPS scheduler of our own on loopback: its own folders, one raw queue to a TCP port. Nothing of the machine is touched. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCups {
  /** What `lp` and `lpstat` must have in their environment. */
  readonly server: string;
  /** Makes the raw queue `name`, which sends to a TCP port. */
  addQueue(name: string, port: number): void;
  /** Runs one of CUPS' programs against this scheduler; its output. Throws if it fails. */
  run(program: string, args: readonly string[]): string;
  stop(): Promise<void>;
}

/** Starts it; resolves once it answers. Rejects if it does not within ten seconds. */
export async function startTestCups(): Promise<TestCups> {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-cups-'));
  // The part that sends to the printer runs as another user.
  chmodSync(dir, 0o755);
  for (const folder of ['etc', 'spool/tmp', 'cache', 'run', 'log']) mkdirSync(join(dir, folder), { recursive: true });
  const port = await freePort();
  writeFileSync(
    join(dir, 'cups-files.conf'),
    `FileDevice Yes\nServerRoot ${dir}/etc\nRequestRoot ${dir}/spool\nTempDir ${dir}/spool/tmp\nCacheDir ${dir}/cache
StateDir ${dir}/run\nAccessLog ${dir}/log/access\nErrorLog ${dir}/log/error\nPageLog ${dir}/log/page
ServerBin /usr/lib/cups\nDataDir /usr/share/cups\nSystemGroup root\n`,
  );
  writeFileSync(
    join(dir, 'cupsd.conf'),
    `LogLevel warn\nListen 127.0.0.1:${port}\nBrowsing Off\nDefaultAuthType None\nWebInterface No
<Location />\nOrder allow,deny\nAllow localhost\n</Location>
<Policy default>\n<Limit All>\nOrder deny,allow\nAllow localhost\n</Limit>\n</Policy>\n`,
  );
  const server = `127.0.0.1:${port}`;
  const env = { ...process.env, CUPS_SERVER: server, LC_ALL: 'C' };
  const run = (program: string, args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', timeout: 10_000 });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const scheduler = spawn(
    '/usr/sbin/cupsd',
    ['-f', '-c', join(dir, 'cupsd.conf'), '-s', join(dir, 'cups-files.conf')],
    {
      stdio: 'ignore',
    },
  );
  const stop = async (): Promise<void> => {
    await ended(scheduler);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await answers(() => spawnSync('lpstat', ['-r'], { env, encoding: 'utf8', timeout: 2_000 }).stdout, scheduler);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    server,
    run,
    addQueue(name, toPort) {
      run('/usr/sbin/lpadmin', ['-p', name, '-E', '-v', `socket://127.0.0.1:${toPort}/`, '-m', 'raw']);
    },
    stop,
  };
}

async function answers(ask: () => string, scheduler: ChildProcess): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) {
    if (scheduler.exitCode !== null) throw new Error('cupsd ended; may this user run it?');
    if (ask().includes('scheduler is running')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('cupsd does not answer');
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
