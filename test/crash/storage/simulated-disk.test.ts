/** The disk of the power cuts keeps what it must and loses what it may, or the cuts prove nothing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixedRandom, seededRandom } from '../../kit/ports.ts';
import { bundleChild } from './bundle.ts';
import { createSimulatedDisk } from './simulated-disk.ts';
import type { StorageOperation } from './record.ts';

const opened = (handle: number, path: string): StorageOperation => ({
  kind: 'open',
  handle,
  created: true,
  emptied: false,
  path,
});
const written = (handle: number, at: number, text: string): StorageOperation => ({
  kind: 'write',
  handle,
  at,
  data: Buffer.from(text),
});

function diskAfter(...operations: readonly StorageOperation[]) {
  const disk = createSimulatedDisk();
  for (const operation of operations) disk.apply(operation);
  return disk;
}

test('what was synced is there after any cut, whatever follows', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 2_000 }), { maxLength: 8 }), fc.nat(), (texts, seed) => {
      const disk = diskAfter(opened(1, 'file'), written(1, 0, 'kept'), { kind: 'sync', handle: 1 });
      for (const text of texts) disk.apply(written(1, 4, text));
      const left = disk.afterCut(seededRandom(seed)).get('file');
      expect(left?.subarray(0, 4).toString()).toBe('kept');
    }),
  );
});

test('what was not synced is kept, torn by the sector or lost', () => {
  const disk = diskAfter(opened(1, 'file'), { kind: 'sync', handle: 1 }, written(1, 0, 'x'.repeat(4_096)));
  const sizes = new Set<number>();
  for (let seed = 0; seed < 200; seed += 1) {
    const left = disk.afterCut(seededRandom(seed)).get('file') ?? Buffer.alloc(0);
    sizes.add(left.filter((byte) => byte === 0x78).length);
  }
  expect(sizes).toContain(0);
  expect(sizes).toContain(4_096);
  expect([...sizes].filter((size) => size > 0 && size < 4_096).every((size) => size % 512 === 0)).toBe(true);
  expect(sizes.size).toBeGreaterThan(4);
});

test('a name is lost unless the file or its folder was synced, and a rename leaves one of both names', () => {
  const disk = diskAfter(opened(1, 'part'), written(1, 0, 'new'));
  expect([...disk.afterCut(fixedRandom(0)).keys()]).toEqual([]);
  disk.apply({ kind: 'sync', handle: 1 });
  disk.apply({ kind: 'rename', from: 'part', to: 'whole' });
  expect([...disk.afterCut(fixedRandom(0)).keys()]).toEqual(['part']);
  disk.apply({ kind: 'sync-folder', path: '' });
  expect(disk.afterCut(fixedRandom(0)).get('whole')?.toString()).toBe('new');
});

test('a mutant whose piece of text is gone stops the run', async () => {
  const piece = { module: '/main/store/connection.ts', find: 'no such text', replace: '' };
  await expect(bundleChild('workload-child', { name: 'stale', replacements: [piece] })).rejects.toThrow('no such text');
});
