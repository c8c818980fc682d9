/**
 * Keeps what a link brings, in two ways: by connection, and by the silence between. How the bytes were cut on their way makes
 * no difference. Bounded: of each connection the first bytes count, and further connections are left out.
 */
export interface Ear {
  /** `from`: the connection, where a link has several. */
  push(bytes: Uint8Array, from?: string): void;
  /** Nothing has come for a while: what comes next is another burst. */
  silence(): void;
  /** Everything of each connection. */
  streams(): Uint8Array[];
  /** What came between two silences, oldest first. */
  bursts(): Uint8Array[];
}

const maxStreamBytes = 16 * 1_024;
const maxStreams = 64;
const maxBursts = 40;
const maxBurstBytes = 4_096;

export function createEar(): Ear {
  const streams = new Map<string, number[]>();
  let bursts: number[][] = [];
  let open = false;
  return {
    push(bytes, from = '') {
      const stream = streams.get(from) ?? (streams.size < maxStreams ? [] : null);
      if (stream !== null) {
        streams.set(from, stream);
        stream.push(...bytes.subarray(0, Math.max(0, maxStreamBytes - stream.length)));
      }
      if (!open) bursts = [...bursts.slice(1 - maxBursts), []];
      open = true;
      const burst = bursts.at(-1);
      burst?.push(...bytes.subarray(0, Math.max(0, maxBurstBytes - burst.length)));
    },
    silence() {
      open = false;
    },
    streams: () => [...streams.values()].map((bytes) => Uint8Array.from(bytes)),
    bursts: () => bursts.map((bytes) => Uint8Array.from(bytes)),
  };
}
