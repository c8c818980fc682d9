/** A profile that is wrong: one line that names the place and the fix, wherever the station is started from. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { connectNative } from '../../../main/host/node/native-client.ts';
import { startNodeHost } from '../../../main/host/node/host.ts';
import { createNodePorts } from '../../../main/host/shared/node-ports.ts';
import { parseProfile, ProfileError } from '../../../main/profile/profile.ts';
import { startStation, type Station } from '../../../main/station.ts';
import { createTrainingVendors, type TrainingVendors } from '../../../main/training/vendors.ts';
import { createClient, stationContract } from '../../../preload/rpc/index.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { projectDir, startTestStation, type TestStation } from '../../kit/station.ts';
import { runCli } from './cli.ts';
import { drained, inStore, packUpToScale, scan, scanLabel, ship, shows, waitingOrders } from './packer.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-bad-'));
  cleanups.push(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

async function station(options: Parameters<typeof startTestStation>[0]): Promise<TestStation> {
  const desk = await startTestStation(options);
  cleanups.push(() => desk.stop());
  return desk;
}

const hge = { baseUrl: 'http://127.0.0.1:9', apiKey: 'k', apiSecret: 'secret:hge.apiSecret' };
const env = { PACKBENCH_SECRET_hge_apiSecret: 's' };
const label = { id: 'label', link: 'tcp://127.0.0.1:9' };

/** What is wrong, and what the one line must say. */
const wrong: readonly (readonly [what: string, profile: unknown, says: RegExp])[] = [
  ['an unknown key at the top', { vendor: {} }, /^profile: top level: unknown key "vendor"; remove it or correct/],
  [
    'an unknown key of a vendor',
    { vendors: { hge: { ...hge, servce: 'P1' } } },
    /^profile: vendors\.hge: unknown key "servce"; remove/,
  ],
  ['a wrong value of a vendor', { vendors: { hge: { ...hge, auth: 'basic' } } }, /^profile: vendors\.hge\.auth: /],
  [
    'an unknown key of a printer',
    { devices: { printers: [{ ...label, lnk: 'x' }] } },
    /^profile: devices\.printers\.0: unknown key "lnk"; remove/,
  ],
  [
    'an unknown vendor',
    { vendors: { fedex: {} } },
    /^profile: vendors\.fedex: no such vendor in this version; known are .*hge/,
  ],
  [
    'a route to nowhere',
    { routes: [{ when: {}, vendor: 'dhl' }] },
    /^profile: routes\.0\.vendor: dhl is no carrier of this version; known are hge/,
  ],
];

test.each(wrong)('%s is a ProfileError of one line', async (_what, profile, says) => {
  const starting = startTestStation({ profile, env });
  const error: unknown = await starting.then(
    async (desk) => desk.stop(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProfileError);
  expect((error as ProfileError).message).toMatch(says);
  expect((error as ProfileError).message).not.toContain('\n');
});

test.each(wrong.slice(0, 2))(
  '%s: the screen is served all the same, and every call says the line',
  async (_what, profile, says) => {
    const dir = folder();
    mkdirSync(join(dir, 'renderer'));
    writeFileSync(join(dir, 'renderer', 'index.html'), '<!doctype html><title>Packbench</title>');
    const ports = createNodePorts({ dataDir: join(dir, 'data'), version: '0.0.0-test', env });
    const start = async (): Promise<Station> =>
      startStation({
        ports,
        profile: parseProfile(JSON.stringify(profile)),
        resourcesDir: join(projectDir, 'resources'),
      });
    const host = await startNodeHost({
      station: start().then((started) => started.backend),
      rendererDir: join(dir, 'renderer'),
      port: 0,
      log: ports.log,
      clock: ports.clock,
    });
    cleanups.push(
      () => ports.log.close(),
      () => host.close(),
    );
    expect(await (await fetch(host.url)).text()).toContain('<title>Packbench</title>');
    const client = createClient(stationContract, await connectNative(host.socketUrl, host.bearer), {
      timers: realClock,
    });
    cleanups.push(() => {
      client.close();
    });
    await expect(client.call('orders.list', {})).rejects.toMatchObject({
      code: 'not-started',
      message: expect.stringMatching(new RegExp(says.source.slice(1))) as string,
    });
  },
);

test.each([wrong[1], wrong[3]].filter((each) => each !== undefined))(
  'the command line refuses %s with status 2 and one line',
  async (_what, profile, says) => {
    const dir = folder();
    const file = join(dir, 'profile.json');
    writeFileSync(file, JSON.stringify(profile));
    const run = await runCli(['demo', '--profile', file, '--data', join(dir, 'data')], { env });
    expect(run).toMatchObject({ status: 2, out: '' });
    expect(run.errors).toEqual([expect.stringMatching(says)]);
  },
);

/** Vendors that outlive a station, as real ones do. */
async function outsideVendors(orders: number): Promise<TrainingVendors> {
  const vendors = await createTrainingVendors({ dir: folder(), clock: realClock, log: silentLog, seed: 3, orders });
  cleanups.push(() => vendors.stop());
  return vendors;
}

/** Their part of a profile, and the secrets as environment variables. */
function profileOf(outside: TrainingVendors): { vendors: Record<string, unknown>; env: Record<string, string> } {
  return {
    vendors: Object.fromEntries(outside.vendors.map((vendor) => [vendor.id, vendor.settings])),
    env: Object.fromEntries(
      [...outside.secrets].map(([name, value]) => [`PACKBENCH_SECRET_${name.replaceAll('.', '_')}`, value]),
    ),
  };
}

test('a missing secret refuses its vendor and stops nothing else; with the secret set everything drains', async () => {
  const outside = await outsideVendors(3);
  const { vendors, env: all } = profileOf(outside);
  const { PACKBENCH_SECRET_hge_apiSecret: missing, ...rest } = all;
  const dataDir = folder();
  const desk = await startTestStation({ profile: { vendors }, env: rest, dataDir });
  const says = /vendors\.hge\.apiSecret: secret hge\.apiSecret is not set; set PACKBENCH_SECRET_hge_apiSecret/;
  const status = await shows(desk, 'status', (now) => now.vendors.length > 0);
  const shown = status.vendors.find((vendor) => vendor.id === 'hge');
  expect(shown).toMatchObject({ state: 'refused', virtual: false });
  expect(shown?.reason?.params['reason']).toMatch(says);
  expect(status.problems.map((problem) => problem.params['reason'])).toEqual([expect.stringMatching(says)]);

  await desk.station.inside.intake.sync();
  const [number = ''] = waitingOrders(desk);
  await packUpToScale(desk, number, 812);
  const { labelKind, expects } = await shows(desk, 'pack', (now) => now.stage === 'scan-back');
  expect(labelKind).toBe('lpn');
  expect((await scan(desk, expects ?? '')).notice.code).toBe('scan.lpn-ok');
  const placed = await inStore(desk, 'a job that was not sent', () =>
    desk.station.inside.store.jobs
      .list({ states: ['ready'], offset: 0, limit: 10 })
      .find((job) => job.lastError?.kind === 'not-sent'),
  );
  expect(placed).toMatchObject({ vendor: 'hge', operation: 'placeOrder' });
  expect(placed.lastError?.message).toMatch(says);
  await desk.stop();

  const again = await station({
    profile: { vendors },
    env: { ...rest, PACKBENCH_SECRET_hge_apiSecret: missing ?? '' },
    dataDir,
  });
  const { store } = again.station.inside;
  await inStore(again, 'the label', () => store.parcels.get(placed.lane)?.artworkSha256 != null);
  expect(store.orders.findByNumber(number)?.status).toBe('rack');
  expect((await scan(again, expects ?? '')).notice.code).toBe('scan.lpn-printing');
  expect((await scanLabel(again)).notice.code).toBe('scan.label-ok');
  await drained(again);
  expect(outside.effects()).toMatchObject({
    vendorOrders: 1,
    duplicateVendorOrders: 0,
    trackingUploads: 1,
    duplicateUploads: 0,
  });
  expect((await shows(again, 'status', (now) => now.vendors.length > 0)).problems).toEqual([]);
});

test('a secret in plain text is refused by name, and appears neither on the screen nor in the log', async () => {
  const dataDir = folder();
  const secret = 'PLAIN-TEXT-SECRET-1';
  const profile = { vendors: { hge: { ...hge, apiSecret: secret } } };
  const desk = await startTestStation({ profile, dataDir });
  const status = await shows(desk, 'status', (now) => now.problems.length > 0);
  expect(status.problems[0]?.params['reason']).toBe(
    'vendors.hge.apiSecret: holds a secret in plain text; write "secret:hge.apiSecret" and store the value outside the profile',
  );
  expect(status.vendors.find((vendor) => vendor.id === 'hge')?.state).toBe('refused');
  const report = await desk.client.call('diagnose.run', {});
  expect(JSON.stringify([status, report])).not.toContain(secret);
  await desk.stop();
  const logs = readdirSync(join(dataDir, 'logs')).map((name) => readFileSync(join(dataDir, 'logs', name), 'utf8'));
  expect(logs.join('')).not.toContain(secret);
});

test('a second station on the same data is refused in one line, and the first packs on', async () => {
  const dataDir = folder();
  const desk = await station({ dataDir, orders: 2 });
  const says = /^Another Packbench already uses .*packbench\.db\. Close it first\.$/;
  await expect(startTestStation({ dataDir })).rejects.toMatchObject({
    name: 'StoreError',
    code: 'locked',
    message: expect.stringMatching(says) as string,
  });
  const run = await runCli(['demo', '--data', dataDir, '--orders', '2']);
  expect(run).toMatchObject({ status: 3, out: '' });
  expect(run.errors).toEqual([expect.stringMatching(says)]);
  await desk.station.inside.intake.sync();
  await ship(desk, waitingOrders(desk)[0] ?? '');
  await drained(desk);
  expect(desk.station.inside.virtual.vendors?.effects()).toMatchObject({ vendorOrders: 1, trackingUploads: 1 });
});
