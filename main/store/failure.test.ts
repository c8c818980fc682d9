/** What happens when the disk says no. A file size limit makes real writes fail, at COMMIT, inside SQLite. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sequentialIds, silentLog } from '../../test/kit/ports.ts';
import { temporaryFolder } from '../../test/kit/store.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { openConnection } from './connection.ts';
import { openStore } from './open.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(temporaryFolder, 'packbench-failure-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(process.platform === 'win32')(
  'a commit that fails is ambiguous: the store refuses everything until it is opened again and read',
  { timeout: 30_000 },
  () => {
    const path = join(folder, 'station.db');
    const script = `
      import { openStore } from ${JSON.stringify(fileURLToPath(new URL('./open.ts', import.meta.url)))};
      const quiet = { debug() {}, info() {}, warn() {}, error() {} };
      const clock = { now: () => 0, monotonic: () => 0, after: () => ({ cancel() {} }) };
      const store = openStore({ path: ${JSON.stringify(path)}, clock, ids: { next: () => 'x' }, log: quiet });
      let acknowledged = 0;
      const said = [];
      const attempt = (work) => { try { return work(); } catch (error) { said.push(error.code); } };
      while (said.length === 0) {
        attempt(() => {
          store.transaction(() => store.values.set('n' + (acknowledged + 1), 'x'.repeat(2_000)));
          acknowledged += 1;
        });
      }
      attempt(() => store.values.get('n1'));
      attempt(() => store.transaction(() => 1));
      console.log(JSON.stringify({ acknowledged, said, failure: store.failure?.code }));`;
    // SIGXFSZ is ignored, so that the write itself fails, as it does on a broken disk.
    const child = spawnSync(
      'bash',
      ['-c', 'trap "" XFSZ; ulimit -f 1024; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: 'utf8' },
    );
    const told = JSON.parse(child.stdout) as { acknowledged: number; said: string[]; failure: string };
    expect(told.said).toEqual(['ambiguous', 'ambiguous', 'ambiguous']);
    expect(told.failure).toBe('ambiguous');
    expect(told.acknowledged).toBeGreaterThan(10);
    const store = openStore({ path, clock: createVirtualClock(), ids: sequentialIds(), log: silentLog });
    for (let n = 1; n <= told.acknowledged; n += 1) expect(store.values.get(`n${n}`)).not.toBeNull();
    expect(store.check()).toEqual([]);
    store.close();
  },
);

test('a statement that finds no room changes nothing, and work goes on once there is room', () => {
  const connection = openConnection(join(folder, 'full.db'), () => {});
  connection.exec('CREATE TABLE t (x TEXT) STRICT');
  const pages = Number(connection.get('PRAGMA page_count')?.['page_count']);
  connection.exec(`PRAGMA max_page_count = ${pages + 1}`);
  const fill = () =>
    connection.transaction(() => {
      for (let n = 0; n < 100; n += 1) connection.run('INSERT INTO t VALUES (?)', 'x'.repeat(1_000));
    });
  expect(fill).toThrow(expect.objectContaining({ code: 'full' }));
  expect(connection.failure).toBeNull();
  expect(connection.get('SELECT count(*) AS count FROM t')).toEqual({ count: 0 });
  connection.exec(`PRAGMA max_page_count = ${pages + 1_000}`);
  fill();
  expect(connection.get('SELECT count(*) AS count FROM t')).toEqual({ count: 100 });
  connection.close();
});

test('a broken rule of the database is our own mistake, not a reason to stop', () => {
  const connection = openConnection(join(folder, 'rule.db'), () => {});
  connection.exec('CREATE TABLE t (x TEXT UNIQUE) STRICT');
  connection.run('INSERT INTO t VALUES (?)', 'a');
  expect(() => connection.run('INSERT INTO t VALUES (?)', 'a')).toThrow(expect.objectContaining({ code: 'failed' }));
  expect(connection.failure).toBeNull();
  connection.close();
});
