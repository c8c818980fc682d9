/**
 * Whether the file that stands for an open device is still there. A driver does not always say that its device was pulled
 * out (a port nobody writes to, a reader asleep in the kernel); on Linux and macOS the file in /dev goes away at once.
 */
import { access, stat } from 'node:fs/promises';
import type { LinkClock, LinkTimer } from './link.ts';

/** From one look to the next, in milliseconds. */
export const nodeEveryMs = 250;

/** What stands at a path now: null if nothing does. Rejects if that cannot be told. */
export type NodeIdentity = (path: string) => Promise<string | null>;

const identityOf: NodeIdentity = async (path) => {
  try {
    await access(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENXIO')) return null;
    throw error;
  }
  // Where the file is there and cannot be looked at more closely (an emulated device), being there has to do.
  const { ino, rdev } = await stat(path).catch(() => ({ ino: 0, rdev: 0 }));
  return `${ino}.${rdev}`;
};

/**
 * Calls `gone` once when the file went away or became another one. A path at which nothing stood from the beginning says
 * nothing, and on Windows ports are no files: then it is never called.
 */
export function watchDeviceNode(
  path: string,
  clock: LinkClock,
  gone: () => void,
  identity: NodeIdentity = identityOf,
): () => void {
  let timer: LinkTimer | null = null;
  let stopped = false;
  let first: string | undefined;
  async function look(): Promise<void> {
    // What cannot be told changes nothing.
    const now = await identity(path).catch(() => undefined);
    if (stopped) return;
    first ??= now ?? undefined;
    if (first !== undefined && now !== undefined && now !== first) {
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
