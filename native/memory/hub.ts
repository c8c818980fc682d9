/** Links whose other end is in the same process: for tests, and for devices a test plays by hand. */
import type { Link, LinkState } from '../link.ts';
import { failed, linkError, linkProblem, type LinkProblem } from '../link-problems.ts';
import { createListeners } from '../listeners.ts';
import { createMemoryInventory, type MemoryInventory } from './inventory.ts';

/** The device's end of a memory link. */
export interface MemoryDevice {
  readonly name: string;
  /** All bytes taken so far. */
  readonly received: Uint8Array;
  /** Sends bytes to the link's owner, if the link is open. */
  send(bytes: Uint8Array): void;
  onReceived(listener: (bytes: Uint8Array) => void): () => void;
  /** While unplugged the link is `failed` and takes nothing; it re-opens when plugged in again. */
  plug(plugged: boolean): void;
  /** Takes this many more bytes, then the link fails; null takes all. */
  takeOnly(bytes: number | null): void;
}

export interface MemoryHub {
  /** The device of that name; made on first use. */
  device(name: string): MemoryDevice;
  /** The link `memory://NAME` names. */
  link(uri: string): Link;
  /** What is plugged in, as far as anybody who asks is told. */
  readonly inventory: MemoryInventory;
}

/** Makes an empty hub. A link delivers at once, in order, within the call that sent. */
export function createMemoryHub(): MemoryHub {
  const ends = new Map<string, { device: MemoryDevice; link: Link }>();
  const end = (name: string): { device: MemoryDevice; link: Link } => {
    let found = ends.get(name);
    if (found === undefined) {
      found = createEnds(name);
      ends.set(name, found);
    }
    return found;
  };
  return {
    inventory: createMemoryInventory(),
    device: (name) => end(name).device,
    link(uri) {
      const name = /^memory:\/\/([\w.-]+)$/.exec(uri)?.[1];
      if (name === undefined) throw linkError('bad-memory', { uri });
      return end(name).link;
    },
  };
}

function createEnds(name: string): { device: MemoryDevice; link: Link } {
  const rethrow = (error: unknown): void => {
    throw error;
  };
  const toOwner = createListeners<Uint8Array>(rethrow);
  const toDevice = createListeners<Uint8Array>(rethrow);
  const states = createListeners<LinkState>(rethrow);
  const uri = `memory://${name}`;
  let received: Uint8Array = new Uint8Array(0);
  let plugged = true;
  let wanted = false;
  let room: number | null = null;
  let state: LinkState = 'closed';
  let last: LinkProblem | null = null;

  function setState(next: LinkState, problem: LinkProblem | null): void {
    last = problem;
    if (next === state) return;
    state = next;
    states.emit(next);
  }

  const device: MemoryDevice = {
    name,
    get received() {
      return received;
    },
    send(bytes) {
      if (state === 'open') toOwner.emit(bytes);
    },
    onReceived: toDevice.add,
    plug(next) {
      plugged = next;
      if (!wanted) return;
      if (plugged) setState('open', null);
      else setState('failed', linkProblem('memory-unplugged', { uri }));
    },
    takeOnly(bytes) {
      room = bytes;
    },
  };

  const open = (): void => {
    wanted = true;
    if (plugged) setState('open', null);
    else setState('failed', linkProblem('memory-unplugged', { uri }));
  };

  const link: Link = {
    uri,
    get state() {
      return state;
    },
    get lastError() {
      return last?.message ?? null;
    },
    get problem() {
      return last;
    },
    open,
    write(bytes) {
      if (state !== 'open') {
        return Promise.resolve(failed(0, last ?? linkProblem('not-open', { uri })));
      }
      const taken = room === null ? bytes : bytes.subarray(0, room);
      if (room !== null) room -= taken.length;
      const joined = new Uint8Array(received.length + taken.length);
      joined.set(received);
      joined.set(taken, received.length);
      received = joined;
      toDevice.emit(taken);
      if (taken.length === bytes.length) return Promise.resolve({ kind: 'written', bytes: bytes.length });
      device.plug(false);
      return Promise.resolve(failed(taken.length, linkProblem('gone', { uri })));
    },
    onBytes: toOwner.add,
    onState: states.add,
    close() {
      wanted = false;
      setState('closed', null);
      return Promise.resolve();
    },
  };
  return { device, link };
}
