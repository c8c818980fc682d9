import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSystemClock } from '../../shared/clock.ts';
import { createTrainingVendors, type TrainingVendors } from '../../../training/vendors.ts';
import { silentLog } from '../../../../test/kit/ports.ts';
import { runVendor } from './vendor.ts';
import { readInstant } from './vendor-params.ts';

let dir: string;
let said: string[];
let training: TrainingVendors | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-vendor-'));
  said = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await training?.stop();
  training = null;
  rmSync(dir, { recursive: true, force: true });
});

const file = (name: string, text: string): string => {
  const full = join(dir, name);
  writeFileSync(full, text);
  return full;
};
interface Signed {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  signature: string | null;
}
async function sign(...args: string[]): Promise<Signed> {
  expect(await runVendor(['sign', ...args, '--json', '--data', dir])).toBe(0);
  return JSON.parse(said.at(-1) ?? '') as Signed;
}

describe('vendor sign', () => {
  test('reproduces the published vector of 外勤365: exact bytes, real signature, no secret', async () => {
    const body = '{"org_id":"ORG001","org_name":"南京掌控网络","org_parent_id":"","org_sequence":001}';
    const shown = await sign(
      ...['waiqin365', '--operation', 'organization/v1/addOrganization', '--params', file('org.txt', body)],
      ...['--at', '2015-08-06T14:28:36+08:00', '--secret', 'appkey=BFCO0PAgIUgd50c0l6'],
      ...['--secret', 'openid=8888888888888888888', '--request-id', 'ORG00001'],
    );
    expect(shown).toMatchObject({ method: 'POST', body, signature: '74267bf0cae0998a719879ec9b3c7780' });
    expect(shown.url).toBe(
      'https://openapi.waiqin365.com/api/organization/v1/addOrganization/8888888888888888888/20150806142836/74267bf0cae0998a719879ec9b3c7780/ORG00001',
    );
    expect(said.join('\n')).not.toContain('BFCO0PAgIUgd50c0l6');
  });

  test('gives for HGE what the printed rule gives', async () => {
    const shown = await sign(
      ...[
        'hge',
        '--operation',
        'any/path/',
        '--params',
        file('body.json', '{"field":"value"}'),
        '--at',
        '1766304000000',
      ],
      ...['--secret', 'apiKey=abcdefght', '--secret', 'hge.apiSecret=123456789'],
    );
    expect(shown.headers['signature']).toBe('c5ecb0591afc960b4822d7a0e31070d4');
    expect(shown.signature).toBe('c5ecb0591afc960b4822d7a0e31070d4');
  });

  test('gives for 安能 base64 over the hexadecimal text, as its public clients do', async () => {
    // The published vector has an empty code and secret, which no profile takes; sign.ts is tested with it.
    const shown = await sign(
      ...['ane', '--operation', 'any/path', '--params', file('one.txt', '1'), '--at', '0'],
      ...['--secret', 'code=C', '--secret', 'appSecret=S3CRET'],
    );
    expect(shown.signature).toBe('N2Q3YjRiMzM1N2IxNTdmM2QyNjQ5MjZlYjVlNjZiOTg=');
  });

  test.each([
    ['scanForm', 'hge'],
    ['scanform', 'hge'],
    ['Scan Form', 'hge'],
  ])('finds an operation by our name, its path and the vendor’s name: %s', async (word, id) => {
    const params = file('form.json', JSON.stringify({ reference_num: 'TR1', order_nums: ['HGE1'] }));
    const shown = await sign(id, '--operation', word, '--params', params, '--at', '1766304000000');
    expect(shown.url).toBe('https://test-oms.hanjinexp.com/openapi/customer/scanform/');
    expect(shown.body).toBe('{"reference_num":"TR1","order_nums":["HGE1"]}');
  });

  test('keeps the positional form: a sample parcel, or the call’s own sample', async () => {
    expect((await sign('asiabill', 'uploadTracking', '--at', '1651888520935')).headers['request-time']).toBe(
      '1651888520935',
    );
    expect((await sign('hge', 'scanForm', '--at', '1')).body).toContain('TR20250427000000001');
  });

  test('refuses parameters and instants in one line', async () => {
    const params = file('bad.json', '{"order_no":"1"}');
    const bad = ['sign', 'waiqin365', 'approve', '--params', params, '--data', dir];
    await expect(runVendor(bad)).rejects.toThrow(/waiqin365 approve: params: approve: \w+/);
    await expect(runVendor([...bad, '--at', 'noon'])).rejects.toThrow('--at noon');
    await expect(runVendor([...bad, '--secret', 'x'])).rejects.toThrow('NAME=VALUE');
  });
});

test('an instant is milliseconds or ISO 8601; without a zone it is UTC', () => {
  expect(readInstant('1651888520935')).toBe(1_651_888_520_935);
  expect(readInstant('2015-08-06T14:28:36+08:00')).toBe(Date.UTC(2015, 7, 6, 6, 28, 36));
  expect(readInstant('2015-08-06T06:28:36')).toBe(Date.UTC(2015, 7, 6, 6, 28, 36));
  expect(() => readInstant('2015-13-06T06:28:36')).toThrow('--at');
});

test('vendor call makes one live call: 0 done, 1 refused by the vendor, 2 bad parameters', async () => {
  const clock = createSystemClock();
  training = await createTrainingVendors({ dir, clock, seed: 7, orders: 2, log: silentLog, processingMs: 0 });
  const { settings } = training.get('waiqin365');
  const profile = file('profile.json', JSON.stringify({ vendors: { waiqin365: settings } }));
  const secret = `waiqin365.appkey=${training.secrets.get('waiqin365.appkey') ?? ''}`;
  const call = (operation: string, params: unknown): Promise<number> =>
    runVendor([
      ...['call', 'waiqin365', operation, '--params', file('params.json', JSON.stringify(params))],
      ...['--profile', profile, '--data', dir, '--secret', secret],
    ]);
  expect(await call('getDmsSalesOrderInfos', { page_length: 1 })).toBe(0);
  expect(JSON.parse(said.at(-1) ?? '')).toMatchObject({ kind: 'done', result: [{ reason: null }] });
  expect(await call('closeOrder', { order_no: 'NONE' })).toBe(1);
  expect(JSON.parse(said.at(-1) ?? '')).toMatchObject({ kind: 'rejected', code: '1' });
  await expect(call('closeOrder', {})).rejects.toThrow('order_id: one of order_id, order_no is required');
  await expect(runVendor(['call', 'hge', 'scanForm', '--profile', profile, '--data', dir])).rejects.toThrow(
    'live call',
  );
});
