import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../../test/kit/ports.ts';
import { createVirtualClock } from '../../../test/kit/virtual-clock.ts';
import { createRoom } from './room.ts';
import type { Room } from './room.ts';

const megabyte = 1024 * 1024;
const limits = { reserveBytes: 2 * megabyte, lowBytes: 100 * megabyte, leastBytes: 8 * megabyte };
let folder: string;
let free: number;
let room: Room;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-room-'));
  free = 500 * megabyte;
  room = createRoom({ folder, clock: createVirtualClock(), log: silentLog, limits, free: () => free });
});
afterEach(async () => {
  await room.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the reserve is real bytes', async () => {
  expect(await room.look()).toEqual({ level: 'enough', freeBytes: free, reserved: true });
  const { size, blocks } = statSync(join(folder, 'reserve'));
  expect(size).toBe(limits.reserveBytes);
  expect(blocks * 512).toBeGreaterThanOrEqual(limits.reserveBytes);
});

test('a full disk gives up the reserve at once; it comes back, and work with it, when there is room', async () => {
  await room.look();
  const seen: string[] = [];
  room.onChange(({ level }) => seen.push(level));
  room.full();
  expect(existsSync(join(folder, 'reserve'))).toBe(false);
  expect(room.state()).toMatchObject({ level: 'none', reserved: false });
  free = 3 * megabyte;
  expect(await room.look()).toMatchObject({ level: 'none', reserved: false });
  free = 500 * megabyte;
  expect(await room.look()).toMatchObject({ level: 'enough', reserved: true });
  expect(seen).toEqual(['none', 'enough']);
});

test('little room is said before it is none, and none is said before a write fails', async () => {
  await room.look();
  free = 50 * megabyte;
  expect(await room.look()).toMatchObject({ level: 'low' });
  free = 5 * megabyte;
  expect(await room.look()).toMatchObject({ level: 'none', reserved: true });
  free = 10 * megabyte;
  expect(await room.look()).toMatchObject({ level: 'none' });
  free = 20 * megabyte;
  expect(await room.look()).toMatchObject({ level: 'low' });
});

test('a file system that does not say how much is free is believed when it writes', async () => {
  await room.stop();
  room = createRoom({ folder, clock: createVirtualClock(), log: silentLog, limits, free: () => null });
  expect(await room.look()).toEqual({ level: 'enough', freeBytes: null, reserved: true });
});
