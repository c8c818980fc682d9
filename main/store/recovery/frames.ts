/**
 * An append-only file of framed records: what stands in it can be told from what is torn or damaged.
 *
 * One frame, little-endian: `PBF1`, length of the payload (4 bytes), sequence number (8 bytes), CRC-32 of the twelve
 * bytes before it and of the payload (4 bytes), payload. A CRC-32 finds every error burst of up to 32 bits.
 */
import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const magic = 0x31464250;
const headerBytes = 20;
/** No record is larger; a length beyond it is damage. */
export const longestPayload = 256 * 1024 * 1024;

export interface Frame {
  readonly sequence: number;
  readonly payload: Buffer;
  /** Where the frame ends in its file. */
  readonly end: number;
}

/** What a file holds. `torn` bytes at the end are no whole frame; `damaged` counts places between whole frames. */
export interface FrameFile {
  readonly frames: readonly Frame[];
  readonly torn: number;
  readonly damaged: number;
}

export function encodeFrame(sequence: number, payload: Uint8Array): Buffer {
  if (payload.length > longestPayload) throw new RangeError(`a record of ${payload.length} bytes is too large`);
  const frame = Buffer.allocUnsafe(headerBytes + payload.length);
  frame.writeUInt32LE(magic, 0);
  frame.writeUInt32LE(payload.length, 4);
  frame.writeBigUInt64LE(BigInt(sequence), 8);
  frame.set(payload, headerBytes);
  frame.writeUInt32LE(crc32(payload, crc32(frame.subarray(4, 16))), 16);
  return frame;
}

/** The whole frame at `offset`, or null. */
function frameAt(bytes: Buffer, offset: number): Frame | null {
  if (offset + headerBytes > bytes.length || bytes.readUInt32LE(offset) !== magic) return null;
  const length = bytes.readUInt32LE(offset + 4);
  const end = offset + headerBytes + length;
  if (length > longestPayload || end > bytes.length) return null;
  const payload = bytes.subarray(offset + headerBytes, end);
  const sum = crc32(payload, crc32(bytes.subarray(offset + 4, offset + 16)));
  if (bytes.readUInt32LE(offset + 16) !== sum) return null;
  const sequence = bytes.readBigUInt64LE(offset + 8);
  return sequence > BigInt(Number.MAX_SAFE_INTEGER) ? null : { sequence: Number(sequence), payload, end };
}

/** Every whole frame of `bytes`, in order; after damage it looks for the next one. */
export function readFrames(bytes: Buffer): FrameFile {
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(magic);
  const frames: Frame[] = [];
  let damaged = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const frame = frameAt(bytes, offset);
    if (frame !== null) {
      frames.push(frame);
      offset = frame.end;
      continue;
    }
    let next = bytes.indexOf(mark, offset + 1);
    while (next >= 0 && frameAt(bytes, next) === null) next = bytes.indexOf(mark, next + 1);
    // Zeros at the end are room that was taken in advance.
    if (next < 0) return { frames, torn: isZero(bytes.subarray(offset)) ? 0 : bytes.length - offset, damaged };
    damaged += 1;
    offset = next;
  }
  return { frames, torn: 0, damaged };
}

function isZero(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes[0] === 0 && bytes.subarray(1).equals(bytes.subarray(0, -1)));
}

/** An open file of frames, written at its end only. */
export interface FrameWriter {
  readonly path: string;
  readonly bytes: number;
  /** On disk when it returns. If it throws, the file is as before unless `broken` is true afterwards. */
  append(sequence: number, payload: Uint8Array): void;
  /** True once nobody can say what stands at the end of the file. */
  readonly broken: boolean;
  close(): void;
}

/**
 * Opens `path` for appending after its first `keep` bytes; what stands behind them is cut off. `ahead` bytes of zeros
 * are written in advance: a sync of a file that does not grow costs a third (measured on ext4: 0.14 ms for 0.5 ms).
 */
export function openFrameWriter(path: string, keep: number, ahead = 0): FrameWriter {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT);
  try {
    if (fstatSync(file).size !== keep) {
      ftruncateSync(file, keep);
      fdatasyncSync(file);
    }
  } catch (error) {
    closeSync(file);
    throw error;
  }
  let bytes = keep;
  let taken = keep;
  let broken = false;
  let open = true;

  const write = (data: Uint8Array, at: number): void => {
    for (let done = 0; done < data.length;) done += writeSync(file, data, done, data.length - done, at + done);
  };

  /** Takes room in advance. Without room for that, the frame alone may still fit. */
  const extend = (): void => {
    try {
      write(Buffer.alloc(ahead), bytes);
      taken = bytes + ahead;
    } catch {
      ftruncateSync(file, bytes);
      taken = bytes;
    }
  };

  return {
    path,
    get bytes() {
      return bytes;
    },
    get broken() {
      return broken;
    },
    append(sequence, payload) {
      const frame = encodeFrame(sequence, payload);
      try {
        if (ahead > frame.length && bytes + frame.length > taken) extend();
        write(frame, bytes);
      } catch (error) {
        try {
          ftruncateSync(file, bytes);
          taken = bytes;
        } catch {
          broken = true;
        }
        throw error;
      }
      try {
        fdatasyncSync(file);
      } catch (error) {
        // The kernel may have dropped the pages and call the next sync a success: only reading again can tell.
        broken = true;
        throw error;
      }
      bytes += frame.length;
      taken = Math.max(taken, bytes);
    },
    close() {
      if (!open) return;
      open = false;
      try {
        if (taken > bytes && !broken) ftruncateSync(file, bytes);
      } catch {
        // Zeros at the end say nothing; the next start cuts them off.
      }
      closeSync(file);
    },
  };
}

/** The whole content of a file, or null if there is none. */
export function readWhole(path: string): Buffer | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.allocUnsafe(size);
    let done = 0;
    while (done < size) {
      const read = readSync(file, bytes, done, size - done, done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  } finally {
    closeSync(file);
  }
}
