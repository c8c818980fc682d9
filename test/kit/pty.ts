/**
 * A real pseudo-terminal, so that tests run the serial library against the operating system's own terminal driver.
 * Node has no call for one; Python's standard library has, and is on most development machines. A machine without it
 * is told so by `ptyMissing`, and the test says that it did not run.
 */
import { spawn, spawnSync } from 'node:child_process';

export interface Pty {
  /** What a program opens as its serial port, for example `/dev/pts/3`. */
  readonly path: string;
  /** Sends bytes to that program. */
  send(bytes: Uint8Array): void;
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** The speed that program set, in baud, looked at five times a second. Linux keeps no other setting of a pseudo-terminal. */
  baud(): number;
  /** Pulls the plug: the port hangs up and its path goes away. */
  unplug(): Promise<void>;
}

/** Joins the terminal's device end to standard input and output until either ends; says its name, and each new speed. */
const bridge = `
import os, pty, re, select, sys, termios, tty
speeds = {getattr(termios, name): name[1:] for name in dir(termios) if re.fullmatch("B[0-9]+", name)}
said = None
device, port = pty.openpty()
tty.setraw(port)
os.write(2, (os.ttyname(port) + "\\n").encode())
while True:
    ready, _, _ = select.select([0, device], [], [], 0.2)
    speed = speeds.get(termios.tcgetattr(device)[5], "0")
    if speed != said:
        said = speed
        os.write(2, ("baud " + speed + "\\n").encode())
    if 0 in ready:
        data = os.read(0, 4096)
        if not data: sys.exit(0)
        os.write(device, data)
    if device in ready:
        os.write(1, os.read(device, 4096))
`;

/** Why there is no pseudo-terminal on this machine, or null if there is. */
export function ptyMissing(): string | null {
  if (process.platform === 'win32') return 'Windows has no pseudo-terminals of this kind';
  const probe = spawnSync('python3', ['-c', 'import pty, tty; pty.openpty()'], { encoding: 'utf8', timeout: 10_000 });
  if (probe.error !== undefined) return `python3 does not run (${probe.error.message})`;
  return probe.status === 0 ? null : `python3 cannot open a pseudo-terminal: ${probe.stderr.trim().slice(-200)}`;
}

/** Opens a pseudo-terminal. Rejects if the bridge ends before it says where. */
export function openPty(): Promise<Pty> {
  const child = spawn('python3', ['-c', bridge], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    let said = '';
    let baud = 0;
    child.once('error', reject);
    void ended.then(() => reject(new Error(`the pseudo-terminal ended: ${said}`)));
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      baud = Number(/baud (\d+)\n(?!.*baud)/s.exec(said)?.[1] ?? baud);
      const path = /^(\/\S+)\n/.exec(said)?.[1];
      if (path === undefined) return;
      resolve({
        path,
        send: (sent) => void child.stdin.write(sent),
        onBytes: (listener) => void child.stdout.on('data', listener),
        baud: () => baud,
        unplug: () => {
          child.kill('SIGKILL');
          return ended;
        },
      });
    });
  });
}
