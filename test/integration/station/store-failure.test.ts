/** What a packer and the vendors see when the database fails under a running station. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreError } from '../../../main/store/store.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';

let dataDir: string;
let desk: TestStation | null;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'packbench-failing-'));
  desk = null;
});
afterEach(async () => {
  await desk?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = async (): Promise<TestStation> => {
  desk = await startTestStation({ dataDir, orders: 6 });
  await desk.client.call('orders.sync', {});
  return desk;
};

/** Resolves once the status says, or no longer says, that the records are read again. */
function until(running: TestStation, there: boolean): Promise<void> {
  const { status } = running.station.backend.topics;
  const told = (): boolean => status.current().problems.some(({ code }) => code === 'store.reopening') === there;
  return new Promise((resolve) => {
    const look = (): void => {
      if (!told()) return;
      stop();
      resolve();
    };
    const stop = status.onChange(look);
    look();
  });
}

const firstOrder = async (running: TestStation): Promise<string> => {
  const { rows } = await running.client.call('orders.list', { status: 'waiting' });
  return rows[0]?.number ?? '';
};

test('a failed commit is met by opening the database again, and the order stays on the desk', async () => {
  const running = await start();
  const number = await firstOrder(running);
  expect((await running.client.call('pack.scan', { code: number })).accepted).toBe(true);
  const before = (await running.client.call('pack.scan', { code: 'nothing like this' })).seq;
  let shown = '';
  running.station.backend.topics.pack.onChange(() => {
    shown = running.station.backend.topics.pack.current().next.code;
  });

  running.station.inside.store.upkeep.refuse(new StoreError('ambiguous', 'an injected failure of COMMIT'));
  const refused = await running.client.call('pack.scan', { code: number });
  expect(refused).toMatchObject({ accepted: false, sound: 'stop', notice: { code: 'store.reopening' } });
  expect(refused.seq).toBeGreaterThan(before);
  await until(running, true);
  await until(running, false);

  expect(shown).not.toBe('store.reopening');
  const { pack } = running.station.backend.topics;
  expect(pack.current().order?.number).toBe(number);
  const after = await running.client.call('pack.scan', { code: 'nothing like this' });
  expect(after.seq).toBeGreaterThan(refused.seq);
  expect(running.station.inside.store.failure).toBeNull();
  const { steps } = await running.client.call('diagnose.run', {});
  expect(steps.find((step) => step.id === 'recovery')?.detail).toMatch(/opened again 1 times.*injected/u);
});

test('a page that changes under a running station is restored, said once, and taken off the list by a person', async () => {
  const running = await start();
  const path = join(dataDir, 'packbench.db');
  await running.stop();
  desk = await startTestStation({ dataDir, orders: 6 });
  const bytes = readFileSync(path);
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  desk.station.inside.store.upkeep.refuse(new StoreError('corrupt', 'database disk image is malformed'));
  await until(desk, true);
  await until(desk, false);

  const { items } = await desk.client.call('attention.list', {});
  const restored = items.find((item) => item.notice.code === 'store.restored');
  expect(restored?.actions).toEqual(['seen']);
  await desk.client.call('attention.resolve', { id: restored?.id ?? '', action: 'seen', reason: '' });
  expect((await desk.client.call('attention.list', {})).items).toEqual([]);
  expect((await desk.client.call('orders.list', {})).total).toBe(6);
});

test('a full disk refuses the scan in words before anything is begun, and work resumes by itself', async () => {
  const megabyte = 1024 * 1024;
  let free = 500 * megabyte;
  const room = {
    reserveBytes: megabyte,
    lowBytes: 100 * megabyte,
    leastBytes: 8 * megabyte,
    lookEveryMs: 20,
    firstAfterMs: 1,
  };
  desk = await startTestStation({ dataDir, orders: 6, safety: { room, free: () => free } });
  const running = desk;
  await running.client.call('orders.sync', {});
  const number = await firstOrder(running);
  const { status } = running.station.backend.topics;
  const reports = (code: string | null): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        const codes = status.current().problems.map((problem) => problem.code);
        if (code === null ? codes.some((each) => each.startsWith('store.')) : !codes.includes(code)) return;
        stop();
        resolve();
      };
      const stop = status.onChange(look);
      look();
    });

  free = 50 * megabyte;
  await reports('store.low');
  expect((await running.client.call('pack.scan', { code: 'PB:QTY:1' })).notice.code).not.toBe('store.full');
  free = 2 * megabyte;
  await reports('store.full');
  const refused = await running.client.call('pack.scan', { code: number });
  expect(refused).toMatchObject({ accepted: false, sound: 'stop', notice: { code: 'store.full', tone: 'stop' } });
  expect(running.station.backend.topics.pack.current().stage).toBe('idle');
  await expect(running.client.call('orders.sync', {})).rejects.toThrow(/disk is full/u);
  const { steps } = await running.client.call('diagnose.run', {});
  expect(steps.find((step) => step.id === 'disk')?.outcome).toBe('fail');

  free = 500 * megabyte;
  await reports(null);
  expect((await running.client.call('pack.scan', { code: number })).accepted).toBe(true);
});
