import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { silentLog } from '../../test/kit/ports.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { createTrainingVendors } from './vendors.ts';

const child = `
  import { createTrainingVendors } from ${JSON.stringify(new URL('./vendors.ts', import.meta.url).href)};
  const clock = { now: () => Date.now(), monotonic: () => performance.now(), after: () => ({ cancel() {} }) };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const training = await createTrainingVendors({ dir: process.argv[1], clock, seed: 1, orders: 3, log, processingMs: 0 });
  const { baseUrl, settings } = training.get('hge');
  console.log(JSON.stringify({ baseUrl, apiKey: settings.apiKey, apiSecret: training.secrets.get('hge.apiSecret') }));
`;

test('every order that was answered for is still there after the process is killed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-training-'));
  const vendorProcess = spawn(process.execPath, ['--input-type=module', '--eval', child, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: vendorProcess.stdout }), 'line')) as [string];
  const { baseUrl, apiKey, apiSecret } = JSON.parse(line) as Record<string, string>;
  let bearer = '';
  const post = async (path: string, body: unknown): Promise<{ code: number; data: Record<string, string> }> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
    const reply = await fetch(`${baseUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await reply.json()) as { code: number; data: Record<string, string> };
  };
  bearer = (await post('get_token/', { api_key: apiKey, api_secret: apiSecret })).data.token ?? '';

  const answered: string[] = [];
  const placeUntilKilled = async (caller: number): Promise<void> => {
    for (let index = 0; ; index += 1) {
      const number = `PB-${caller}-${index}`;
      const consignee = { contact_name: 'A', country_code: 'US', address_one: 'B' };
      const body = {
        customer_order_num: number,
        service_code: 'P10006',
        shipper_info: { address_num: 'A1' },
        consignee_info: consignee,
      };
      try {
        const reply = await post('order_create/', body);
        if (reply.code === 200) answered.push(number);
        if (answered.length === 40) vendorProcess.kill('SIGKILL');
      } catch {
        return;
      }
    }
  };
  await Promise.all([0, 1, 2, 3].map(placeUntilKilled));
  if (vendorProcess.exitCode === null && vendorProcess.signalCode === null) await once(vendorProcess, 'exit');

  const clock = createVirtualClock(Date.now());
  const again = await createTrainingVendors({ dir, clock, seed: 1, orders: 3, log: silentLog, processingMs: 0 });
  try {
    expect(answered.length).toBeGreaterThanOrEqual(40);
    for (const number of answered) expect(again.get('hge').effectsOf('order', number)).toBe(1);
    expect(again.effects().duplicateVendorOrders).toBe(0);
  } finally {
    await again.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}, 20_000);
