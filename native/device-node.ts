/**
 * Whether the file that stands for an open device is still there. A driver does not always say that its device was pulled
 * out (a port nobody writes to, a reader asleep in the kernel); on Linux and macOS the file in /dev goes away at once.
 */
import { stat } from 'node:fs/promises';
import type { LinkClock, LinkTimer } from './link.ts';

/** From one look to the next, in milliseconds. */
export const nodeEveryMs = 250;

/** What stands at a path now: null if nothing does. Rejects if that cannot be told. */
export type NodeIdentity = (path: string) => Promise<string | null>;

const identityOf: NodeIdentity = async (path) => {
  try {
    const { ino, rdev } = await stat(path);
    return `${ino}.${rdev}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENXIO')) return null;
    throw error;
  }
};

/** Calls `gone` once when the file went away or became another one. On Windows ports are no files: never called. */
export function watchDeviceNode(
  path: string,
  clock: LinkClock,
  gone: () => void,
  identity: NodeIdentity = identityOf,
): () => void {
  let timer: LinkTimer | null = null;
  let stopped = false;
  let first: string | null | undefined;
  async function look(): Promise<void> {
    // What cannot be told changes nothing.
    const now = await identity(path).catch(() => undefined);
    if (stopped) return;
    first ??= now;
    if (now !== undefined && (now === null || now !== first)) {
      stopped = true;
      gone();
      return;
    }
    timer = clock.after(nodeEveryMs, () => void look());
  }
  if (path.startsWith('/')) void look();
  return () => {
    stopped = true;
    timer?.cancel();
  };
}
