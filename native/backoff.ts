/** Longest wait between two attempts to re-open a link. */
export const maxBackoffMs = 5_000;
const firstBackoffMs = 200;

/**
 * Wait before re-open attempt `attempt` (0 the first), in milliseconds: doubles from 200 ms to 5 s, and lies uniformly
 * between half of that and all of it, so that desks that lost the same printer together do not return together.
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling * (0.5 + random / 2));
}
