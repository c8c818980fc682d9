import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeFrame, openFrameWriter, readFrames } from './frames.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-frames-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const payloads = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 20 });
const fileOf = (list: readonly Uint8Array[]): Buffer =>
  Buffer.concat(list.map((payload, index) => encodeFrame(index + 1, payload)));

test('frames are read back as they were written', () => {
  fc.assert(
    fc.property(payloads, (list) => {
      const { frames, torn, damaged } = readFrames(fileOf(list));
      expect({ torn, damaged }).toEqual({ torn: 0, damaged: 0 });
      expect(frames.map(({ sequence, payload }) => [sequence, [...payload]])).toEqual(
        list.map((payload, index) => [index + 1, [...payload]]),
      );
    }),
  );
});

test('a file cut anywhere keeps every frame before the cut, and tells of the rest', () => {
  fc.assert(
    fc.property(payloads, fc.nat(), (list, at) => {
      const whole = fileOf(list);
      const cut = at % whole.length;
      const { frames, torn, damaged } = readFrames(whole.subarray(0, cut));
      const ends = list.map((_, index) => fileOf(list.slice(0, index + 1)).length);
      expect(frames.length).toBe(ends.filter((end) => end <= cut).length);
      expect(damaged).toBe(0);
      // A cut inside a frame whose bytes so far are zeros cannot happen: a frame begins with its mark.
      expect(torn).toBe(cut - (frames.at(-1)?.end ?? 0));
    }),
  );
});

test('a flipped bit anywhere costs the frame it is in, never another, and never goes unseen', () => {
  fc.assert(
    fc.property(payloads, fc.nat(), fc.integer({ min: 0, max: 7 }), (list, at, bit) => {
      const bytes = fileOf(list);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      const { frames, torn, damaged } = readFrames(bytes);
      expect(frames.length).toBe(list.length - 1);
      expect(torn > 0 || damaged > 0).toBe(true);
      for (const { sequence, payload } of frames) expect([...payload]).toEqual([...(list[sequence - 1] ?? [])]);
    }),
  );
});

test('room taken in advance is no content, and is given back at the end', () => {
  const path = join(folder, 'f');
  const writer = openFrameWriter(path, 0, 10_000);
  writer.append(1, Buffer.from('one'));
  writer.append(2, Buffer.from('two'));
  const inUse = readFileSync(path);
  expect(inUse.length).toBe(10_000);
  expect(readFrames(inUse)).toMatchObject({ torn: 0, damaged: 0 });
  expect(readFrames(inUse).frames.map(({ payload }) => String(payload))).toEqual(['one', 'two']);
  writer.close();
  expect(readFileSync(path).length).toBe(writer.bytes);
  const again = openFrameWriter(path, writer.bytes);
  again.append(3, Buffer.from('three'));
  again.close();
  expect(readFrames(readFileSync(path)).frames.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});
