/**
 * A recording of what a device sent: JSON lines, a head with the link and its settings, then each chunk as it arrived, with
 * its time. Chunks are kept apart, because how bytes were cut is part of what went wrong.
 */
import { z } from 'zod';
import type { Clock } from '../../../ports.ts';

/** Largest recording written or read, in bytes of the file. */
export const maxRecordingBytes = 64 * 1024 * 1024;

export const RecordingHead = z.strictObject({
  packbench: z.literal('device-recording'),
  version: z.literal(1),
  link: z.string().max(200),
  kind: z.string().max(20).nullable(),
  protocol: z.string().max(40).nullable(),
  /** Settings of the line, as far as they were given. */
  settings: z.record(z.string().max(40), z.union([z.string().max(200), z.number(), z.boolean()])),
  /** ISO 8601. */
  startedAt: z.string().max(40),
});
export type RecordingHead = z.infer<typeof RecordingHead>;

const Chunk = z.strictObject({
  /** Milliseconds since the start. */
  at: z.number().min(0).max(86_400_000),
  hex: z
    .string()
    .max(2 * 1024 * 1024)
    .regex(/^(?:[0-9a-f]{2})*$/, 'must be pairs of 0-9 and a-f'),
});
/** What happened to the link meanwhile, and why the recording ended. */
const Remark = z.strictObject({ at: z.number().min(0), link: z.string().max(400) });
const End = z.strictObject({ at: z.number().min(0), end: z.string().max(40), bytes: z.number().min(0) });
const Line = z.union([Chunk, Remark, End]);

export interface Recording {
  readonly head: RecordingHead;
  readonly chunks: readonly { readonly at: number; readonly bytes: Uint8Array }[];
}

/** Reads a recording. Throws an Error with one line that names the line of the file. */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n');
  const head = RecordingHead.safeParse(jsonOf(lines[0] ?? '', 1));
  if (!head.success) {
    throw new Error('line 1 is not the head of a recording; make one with `packbench device record`');
  }
  const chunks: { at: number; bytes: Uint8Array }[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const read = Line.safeParse(jsonOf(line, index + 1));
    if (!read.success)
      throw new Error(`line ${index + 1} is neither a chunk { at, hex } nor a remark of the recording`);
    if (!('hex' in read.data)) continue;
    const last = chunks.at(-1);
    if (last !== undefined && read.data.at < last.at) throw new Error(`line ${index + 1} goes back in time`);
    chunks.push({ at: read.data.at, bytes: Uint8Array.from(Buffer.from(read.data.hex, 'hex')) });
  }
  return { head: head.data, chunks };
}

/** Hands out the chunks in order, one after the other; with `pace` each at its own time, never earlier. */
export async function playRecording(
  recording: Recording,
  clock: Clock,
  pace: boolean,
  take: (chunk: Recording['chunks'][number]) => void | Promise<void>,
): Promise<void> {
  const startedAt = clock.monotonic();
  for (const chunk of recording.chunks) {
    const waitMs = startedAt + chunk.at - clock.monotonic();
    if (pace && waitMs > 0) {
      await new Promise<void>((resolve) => {
        clock.after(waitMs, resolve);
      });
    }
    await take(chunk);
  }
}

function jsonOf(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`line ${number} is not JSON; the file may have been cut`);
  }
}
