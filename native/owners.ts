/**
 * Who has which device. The operating system lets one program open a device twice where it should not (a HID scale on
 * Linux: each opener gets every report, and two questions cross), so this process keeps its own list: one owner per device.
 */
import { LinkError, linkProblem, type LinkProblem } from './link-problems.ts';

/** A device that was taken. */
export interface Claim {
  /** Gives it back; safe to call twice. */
  release(): void;
}

/** A device that somebody else has. */
export interface Taken {
  readonly heldBy: string;
  /** Calls back once, when it is free. Returns the function that stops it. */
  whenFree(tell: () => void): () => void;
}

export interface Owners {
  take(device: string, owner: string): Claim | Taken;
}

export function createOwners(): Owners {
  const holders = new Map<string, { readonly owner: string; readonly waiting: Set<() => void> }>();
  return {
    take(device, owner) {
      const held = holders.get(device);
      if (held !== undefined) {
        return {
          heldBy: held.owner,
          whenFree(tell) {
            // A device that became free in between is told of at once.
            if (holders.get(device) !== held) {
              tell();
              return () => undefined;
            }
            held.waiting.add(tell);
            return () => held.waiting.delete(tell);
          },
        };
      }
      const mine = { owner, waiting: new Set<() => void>() };
      holders.set(device, mine);
      return {
        release() {
          if (holders.get(device) !== mine) return;
          holders.delete(device);
          for (const tell of mine.waiting) tell();
        },
      };
    },
  };
}

/** Takes a device or throws the one-line Error that names who has it. */
export function takeOrThrow(owners: Owners | undefined, device: string, owner: string, uri: string): Claim {
  const claim = owners?.take(device, owner) ?? { release: () => undefined };
  if ('heldBy' in claim) throw new LinkError(inUse(uri, claim.heldBy));
  return claim;
}

/** What is said of a device that somebody else has. */
export function inUse(uri: string, heldBy: string): LinkProblem {
  return linkProblem('in-use', { uri, owner: heldBy });
}
