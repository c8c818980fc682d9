/** A pseudo-terminal of socat under a name that stays the same, as a serial port does that is pulled and put back. */
import { spawn } from 'node:child_process';

export interface SocatPort {
  /** Sends bytes to the program that has the port open. */
  send(bytes: Uint8Array): void;
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** Pulls the plug: the port hangs up and its name goes away. */
  unplug(): Promise<void>;
}

/** Opens a terminal and names it `path`. Rejects if socat ends before it is there. */
export function openSocatPort(path: string): Promise<SocatPort> {
  const child = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${path}`, 'STDIO'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('error', reject);
    void ended.then(() => reject(new Error(`socat ended: ${said}`)));
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      if (!said.includes('starting data transfer loop')) return;
      resolve({
        send: (sent) => void child.stdin.write(sent),
        onBytes: (listener) => void child.stdout.on('data', listener),
        unplug: () => {
          child.kill('SIGTERM');
          return ended;
        },
      });
    });
  });
}
