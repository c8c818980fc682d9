/**
 * The first frame of a GIF, as gray. Own code because what is there holds eight bytes per pixel and shows a damaged file
 * as a white one; a label needs its size judged first and every fault named. Source: "GIF89a Specification" (CompuServe,
 * 1990), sections 17 to 22 and appendix F.
 */
import type { GrayImage } from '../bitmap.ts';
import { HeldError } from '../held.ts';
import { requirePixels } from './pixels.ts';

/** Decodes the first frame on white; transparent is white. Throws `HeldError`. */
export function decodeGif(bytes: Uint8Array): GrayImage {
  const reader = createReader(bytes);
  const signature = String.fromCharCode(...bytes.subarray(0, 6));
  if (!/^GIF8[79]a$/.test(signature)) throw new HeldError('label.unreadable', 'the label is not a GIF picture');
  reader.skip(6);
  const width = reader.word();
  const height = reader.word();
  requirePixels(width, height);
  const flags = reader.byte();
  const background = reader.byte();
  reader.skip(1);
  const global = (flags & 0x80) === 0 ? null : reader.take(3 << ((flags & 7) + 1));
  let transparent = -1;
  for (;;) {
    const kind = reader.byte();
    if (kind === 0x3b) throw new HeldError('label.blank', 'the label GIF holds no picture');
    if (kind === 0x21) {
      const label = reader.byte();
      const block = reader.blocks(4096);
      if (label === 0xf9 && block.length >= 4) transparent = ((block[0] ?? 0) & 1) === 1 ? (block[3] ?? -1) : -1;
      continue;
    }
    if (kind !== 0x2c) throw damaged(`it holds an unknown block ${kind}`);
    const [left, top, across, down] = [reader.word(), reader.word(), reader.word(), reader.word()];
    if (across === 0 || down === 0 || left + across > width || top + down > height)
      throw damaged('its frame lies outside');
    const frameFlags = reader.byte();
    const colours = (frameFlags & 0x80) === 0 ? global : reader.take(3 << ((frameFlags & 7) + 1));
    if (colours === null) throw damaged('it has no colours');
    const levels = grayLevels(colours, transparent);
    const data = new Uint8Array(width * height).fill(global === null ? 255 : (levels[background] ?? 255));
    if (across !== width || down !== height) data.fill(255);
    const smallest = reader.byte();
    const pixels = unpack(reader, smallest, across * down);
    for (let row = 0; row < down; row += 1) {
      const y = top + ((frameFlags & 0x40) === 0 ? row : interlacedRow(row, down));
      const to = y * width + left;
      for (let x = 0; x < across; x += 1) data[to + x] = levels[pixels[row * across + x] ?? 0] ?? 255;
    }
    return { width, height, data };
  }
}

/** Codes of growing length, lowest bit first (appendix F). Stops at `count` pixels; fewer are a file cut short. */
function unpack(reader: Reader, smallest: number, count: number): Uint8Array {
  if (smallest < 2 || smallest > 8) throw damaged(`its code size is ${smallest}`);
  const clear = 1 << smallest;
  const prefix = new Uint16Array(4096);
  const suffix = new Uint8Array(4096);
  const stack = new Uint8Array(4097);
  for (let code = 0; code < clear; code += 1) suffix[code] = code;
  const pixels = new Uint8Array(count);
  let [next, size, previous, first] = [clear + 2, smallest + 1, -1, 0];
  let [held, bits, left] = [0, 0, 0];
  let filled = 0;
  while (filled < count) {
    while (bits < size) {
      if (left === 0) left = reader.byte();
      if (left === 0) throw damaged('it is cut short');
      held |= reader.byte() << bits;
      bits += 8;
      left -= 1;
    }
    const code = held & ((1 << size) - 1);
    held >>>= size;
    bits -= size;
    if (code === clear) {
      [next, size, previous] = [clear + 2, smallest + 1, -1];
      continue;
    }
    if (code === clear + 1) throw damaged('it is cut short');
    if (code > next || (code === next && previous < 0)) throw damaged('a code in it is out of order');
    let depth = 0;
    let at = code;
    if (code === next) {
      stack[depth] = first;
      depth += 1;
      at = previous;
    }
    while (at >= clear) {
      stack[depth] = suffix[at] ?? 0;
      depth += 1;
      at = prefix[at] ?? 0;
    }
    first = at;
    stack[depth] = first;
    for (let index = depth; index >= 0 && filled < count; index -= 1) {
      pixels[filled] = stack[index] ?? 0;
      filled += 1;
    }
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      suffix[next] = first;
      next += 1;
      if (next === 1 << size && size < 12) size += 1;
    }
    previous = code;
  }
  return pixels;
}

/** Where the given row of an interlaced frame belongs: every eighth, then the rows between (appendix E). */
function interlacedRow(row: number, down: number): number {
  let rest = row;
  for (const [start, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const) {
    const rows = Math.max(0, Math.ceil((down - start) / step));
    if (rest < rows) return start + rest * step;
    rest -= rows;
  }
  return row;
}

/** Rec. 601 luma of each colour; the transparent one is white. */
function grayLevels(colours: Uint8Array, transparent: number): Uint8Array {
  const levels = new Uint8Array(256).fill(255);
  for (let index = 0; index * 3 < colours.length; index += 1) {
    const [red, green, blue] = [colours[index * 3] ?? 0, colours[index * 3 + 1] ?? 0, colours[index * 3 + 2] ?? 0];
    levels[index] = Math.round((red * 299 + green * 587 + blue * 114) / 1000);
  }
  if (transparent >= 0) levels[transparent] = 255;
  return levels;
}

interface Reader {
  byte(): number;
  word(): number;
  skip(count: number): void;
  take(count: number): Uint8Array;
  /** The bytes of a row of sub-blocks, the first `most` of them. */
  blocks(most: number): Uint8Array;
}

function createReader(bytes: Uint8Array): Reader {
  let at = 0;
  const byte = (): number => {
    const value = bytes[at];
    if (value === undefined) throw damaged('it is cut short');
    at += 1;
    return value;
  };
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) throw damaged('it is cut short');
    at += count;
    return bytes.subarray(at - count, at);
  };
  return {
    byte,
    word: () => byte() + byte() * 256,
    skip: (count) => void take(count),
    take,
    blocks(most) {
      const kept: number[] = [];
      for (let length = byte(); length > 0; length = byte()) {
        for (const value of take(length)) if (kept.length < most) kept.push(value);
      }
      return Uint8Array.from(kept);
    },
  };
}

function damaged(why: string): HeldError {
  return new HeldError('label.unreadable', `the label picture is damaged: ${why}`);
}
