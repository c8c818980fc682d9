/** A machine that sends over HTTP: let in by token, refused by everything else, answered after its record was written down. */
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { DevicesSnapshot } from '../../../preload/contract/index.ts';
import { startTestStation, type TestStation } from '../../kit/station.ts';
import { shows } from './packer.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function desk(more: Record<string, unknown> = {}): Promise<{ station: TestStation; url: string }> {
  const machine = {
    ...{ id: 'gate', link: 'http-listen://127.0.0.1:0/dws', format: 'json', weightUnit: 'kg', lengthUnit: 'cm' },
    ...{ token: 'secret:dws.gate', reply: '{"code":"{Code}","status":"{Status}"}', ...more },
  };
  const station = await startTestStation({
    profile: { devices: { dws: [machine] } },
    orders: 1,
    env: { PACKBENCH_SECRET_dws_gate: 'let-me-in' },
  });
  cleanups.push(() => station.stop());
  await shows(station, 'status', () => station.station.inside.dws.listening('gate') !== null);
  return { station, url: `${station.station.inside.dws.listening('gate') ?? ''}/dws` };
}

const body = JSON.stringify({ barcode: 'SF1', weight: '12,3', length: 30, width: 20, height: 15 });
const token = { authorization: 'Bearer let-me-in' };

test('a record is down before it is answered', async () => {
  const { station, url } = await desk();
  const answer = await fetch(url, { method: 'POST', body, headers: token });
  expect([answer.status, await answer.json()]).toEqual([200, { code: 'SF1', status: 'OK' }]);
  expect(station.station.inside.store.dws.heldWithCode('SF1', 1)[0]?.record).toMatchObject({
    weightG: 12_300,
    lengthMm: 300,
  });
});

test.each([
  ['no token', 401, {}, body, 'POST', ''],
  ['a wrong token', 401, { 'x-token': 'let-me' }, body, 'POST', ''],
  ['a web page', 403, { ...token, origin: 'https://example.org' }, body, 'POST', ''],
  ['another path', 404, token, body, 'POST', '/x'],
  ['another method', 405, token, undefined, 'GET', ''],
  ['a body that is too large', 413, token, 'x'.repeat(300_000), 'POST', ''],
  ['what is no record', 422, token, '{"hello":1}', 'POST', ''],
] as const)('%s: %d, and nothing is kept', async (_, status, headers, sent, method, path) => {
  const { station, url } = await desk();
  const answer = await fetch(`${url}${path}`, { method, headers, ...(sent === undefined ? {} : { body: sent }) });
  expect([answer.status, station.station.inside.store.dws.count()]).toEqual([status, 0]);
});

test('Settings → Devices has it like any other machine: listening, at work, what it refused and how old its newest is', async () => {
  const { station, url } = await desk();
  const shown = (fits: (gate: DevicesSnapshot['configured'][number]) => boolean) =>
    shows(station, 'devices', ({ configured }) => configured.some((each) => each.id === 'gate' && fits(each))).then(
      ({ configured }) => configured.find(({ id }) => id === 'gate'),
    );
  expect(await shown(() => true)).toMatchObject({
    ...{ kind: 'dws', protocol: 'json', state: 'quiet', reason: null, inUse: true, virtual: false },
    ...{ frames: 0, refused: 0, bytes: 0, lastFrameAt: null, lastRefused: null },
  });
  const before = station.ports.clock.now();
  await fetch(url, { method: 'POST', body, headers: token });
  const working = await shown(({ frames }) => frames === 1);
  expect(working).toMatchObject({ state: 'working', refused: 0, bytes: Buffer.byteLength(body) });
  expect(working?.lastFrameAt).toBeGreaterThanOrEqual(before - 1);
  await fetch(url, { method: 'POST', body: '{"hello":1}', headers: token });
  expect(await shown(({ refused }) => refused === 1)).toMatchObject({
    frames: 1,
    lastRefused: { raw: Buffer.from('{"hello":1}').toString('hex') },
  });
});

test('its messages can be watched while the desk uses it, and the steps of “why does it not read?” pass', async () => {
  const { station, url } = await desk();
  const link = 'http-listen://127.0.0.1:0/dws';
  const device = { id: 'gate', link, format: 'json', weightUnit: 'kg', lengthUnit: 'cm' };
  await station.client.call('devices.watch', { kind: 'dws', device });
  await fetch(url, { method: 'POST', body, headers: token });
  expect(await shows(station, 'deviceSession', ({ frames }) => frames === 1)).toMatchObject({
    shared: true,
    refused: 0,
  });
  await station.client.call('devices.stop', {});
  const { steps } = await station.client.call('devices.diagnose', { kind: 'dws', id: 'gate' });
  // Nothing passed it meanwhile: that is no fault.
  expect(steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
    'dws.gate.link ok',
    'dws.gate.module ok',
    'dws.gate.plugged skipped',
    'dws.gate.opens ok',
    'dws.gate.bytes warn',
  ]);
});

test('a port that is taken is said in Settings and in the status bar, which never call the machine online', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => taken.close(resolve)));
  const { port } = taken.address() as AddressInfo;
  const machine = { id: 'gate', link: `http-listen://127.0.0.1:${port}/dws`, format: 'sick' };
  const station = await startTestStation({ profile: { devices: { dws: [machine] } }, orders: 1 });
  cleanups.push(() => station.stop());
  const { dws } = await shows(station, 'status', (now) => now.problems.length > 0);
  expect(dws).toMatchObject([{ id: 'gate', state: 'connecting', reason: { code: 'dws.connecting' } }]);
  const { configured } = await shows(station, 'devices', (now) => now.configured.some(({ id }) => id === 'gate'));
  expect(configured.find(({ id }) => id === 'gate')).toMatchObject({
    state: 'failed',
    reason: {
      code: 'device.link-failed',
      params: { reason: expect.stringContaining(String(port)) },
      cause: { code: 'link.http-taken' },
    },
  });
});

test('from an address that is not let in nothing is read', async () => {
  const { url } = await desk({ allow: ['10.9.8.7'] });
  await expect(fetch(url, { method: 'POST', body, headers: token })).rejects.toThrow();
});

test('a token that is not set is a problem on the screen, and nothing listens', async () => {
  const machine = { id: 'gate', link: 'http-listen://127.0.0.1:0/', format: 'sick', token: 'secret:dws.none' };
  const station = await startTestStation({ profile: { devices: { dws: [machine] } }, orders: 1 });
  cleanups.push(() => station.stop());
  const { problems } = await shows(station, 'status', (now) => now.problems.length > 0);
  expect(problems[0]?.params['reason']).toContain('dws.none');
  expect(station.station.inside.dws.listening('gate')).toBeNull();
});
