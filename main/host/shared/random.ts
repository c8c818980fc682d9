/** Randomness as a port, from the operating system's generator. */
import { randomBytes } from 'node:crypto';
import type { RandomSource } from '../../ports.ts';

/** Uniform in [0, 1) with 53 random bits. */
export function createRandom(): RandomSource {
  return {
    next() {
      const bytes = randomBytes(8);
      return Number(bytes.readBigUInt64BE() >> 11n) / 2 ** 53;
    },
  };
}
