/** What 鸿讯 pushes to a desk: over real sockets, with the virtual vendor, and with everybody else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPushReceiver, type PushReceiver } from '../../main/host/node/push-receiver.ts';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { openStore } from '../../main/store/open.ts';
import type { Store } from '../../main/store/store.ts';
import { openPushIntake } from '../../main/station/push-intake.ts';
import { createHongxunTwin } from '../../main/training/hongxun-twin.ts';
import { createTrainingVendors, type TrainingVendors } from '../../main/training/vendors.ts';
import { createPushReader, type ReceivedPush } from '../../main/vendors/hongxun/push.ts';
import { settings } from '../../main/vendors/hongxun/settings.ts';
import { sequentialIds, silentLog } from '../kit/ports.ts';

const sk = 'training-hongxun-sk';
const own = {
  baseUrl: 'http://127.0.0.1:1',
  createBy: 'TRAINING',
  dataSource: 'PACKBENCH',
  warehouseCode: 'WH01',
  customerFlag: 'TRAINING-CUSTOMER',
};
const clock = createSystemClock();
let dir: string;
let stored: ReceivedPush[];
let failing: boolean;
let receiver: PushReceiver;
const closers: (() => void | Promise<void>)[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-pushes-'));
  stored = [];
  failing = false;
  receiver = await listen();
});
afterEach(async () => {
  await receiver.close();
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

const listen = (seen: PushReceiver['seen'] extends () => infer S ? S : never = []): Promise<PushReceiver> =>
  startPushReceiver<ReceivedPush>({
    reader: createPushReader(settings.parse({ ...own, sk })),
    onPush: async (_kind, push) => {
      await Promise.resolve();
      if (failing) throw new Error('disk full');
      stored.push(push);
    },
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: 64 * 1024,
    clock,
    log: silentLog,
    seen,
  });

const vendor = (): { bytes(request: unknown, at?: number): Buffer } => {
  const twin = createHongxunTwin({ ...own, sk }, join(dir, 'twin'));
  closers.push(() => twin.close());
  return { bytes: (request, at = clock.now()) => twin.pushBytes(request, at) };
};
const signature = {
  customerNumber: 'DD1',
  signType: '10',
  actualQuantity: 1,
  signer: '李四',
  signedTime: '2026-01-05 08:00:00',
  productList: [],
};
const json = 'Content-Type: application/json';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: string;
}

/** The raw exchange of these bytes with the listener. */
function exchange(port: number, head: readonly string[], body: Buffer | string = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () =>
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
        text,
        body: text.slice(text.indexOf('\r\n\r\n') + 4),
      }),
    );
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    socket.write(body);
  });
}
const post = (bytes: Buffer, path = '/hongxun/sign-info', headers: readonly string[] = [json]): Promise<Answer> =>
  exchange(
    receiver.port,
    [`POST ${path} HTTP/1.1`, 'Host: desk', ...headers, `Content-Length: ${bytes.length}`, 'Connection: close'],
    bytes,
  );

describe('a signed push', () => {
  test('is stored before it is answered in the documented form', async () => {
    const answer = await post(vendor().bytes(signature));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ code: 200, message: '响应成功', flag: true });
    expect(stored).toMatchObject([{ kind: 'sign-info', request: { signer: '李四', customerNumber: 'DD1' } }]);
  });

  test('comes from the virtual vendor, signature and pictures', async () => {
    const training: TrainingVendors = await createTrainingVendors({
      dir: join(dir, 'training'),
      clock,
      seed: 7,
      orders: 3,
      log: silentLog,
      processingMs: 0,
    });
    closers.push(() => training.stop());
    const about = { orderNumber: 'DD1', mailno: 'W1', signer: '李四', at: clock.now() };
    const answers = await training.pushDelivery(`${receiver.origin}/hongxun`, about);
    expect(answers.map(({ kind, status }) => `${kind} ${status}`)).toEqual(['sign-info 200', 'sign-images 200']);
    expect(stored.map(({ kind }) => kind)).toEqual(['sign-info', 'sign-images']);
  });

  test('is taken once, also when two arrive together and after a restart', async () => {
    const bytes = vendor().bytes(signature);
    const both = await Promise.all([post(bytes), post(bytes)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const upper = Buffer.from(
      bytes.toString().replace(/"sign":"([^"]+)"/, (_whole, sign: string) => `"sign":"${sign.toUpperCase()}"`),
    );
    expect((await post(upper)).status).toBe(409);
    expect((await post(bytes, '/hongxun/outbound-confirm')).status).toBe(409);
    const seen = receiver.seen();
    await receiver.close();
    receiver = await listen(seen);
    expect((await post(bytes)).status).toBe(409);
    expect(stored.length).toBe(1);
  });

  test('that could not be stored is not answered as done, and may come again', async () => {
    const bytes = vendor().bytes(signature);
    failing = true;
    const refused = await post(bytes);
    expect([refused.status, JSON.parse(refused.body)]).toMatchObject([503, { flag: false }]);
    failing = false;
    expect((await post(bytes)).status).toBe(200);
    expect(stored.length).toBe(1);
  });
});

describe('everything else leaves nothing behind', () => {
  const line = (method = 'POST', path = '/hongxun/sign-info'): string => `${method} ${path} HTTP/1.1`;
  const attacks: readonly (readonly [string, number, (good: Buffer) => Promise<Answer>])[] = [
    ['a signature that is no hex', 400, (good) => post(Buffer.from(good.toString().replace(/"sign":"./, '"sign":"x')))],
    [
      'a signature one digit off',
      401,
      (good) =>
        post(
          Buffer.from(
            good.toString().replace(/"sign":"(.)/, (_whole, digit: string) => `"sign":"${digit === '0' ? '1' : '0'}`),
          ),
        ),
    ],
    [
      'a signature of zeros',
      401,
      (good) => post(Buffer.from(good.toString().replace(/"sign":"[^"]+"/, `"sign":"${'0'.repeat(32)}"`))),
    ],
    ['a changed body', 401, (good) => post(Buffer.from(good.toString().replace('李四', '王五')))],
    ['no signature', 400, (good) => post(Buffer.from(good.toString().replace(/"sign":"[^"]+",/, '')))],
    ['a push of eleven minutes ago', 401, () => post(vendor().bytes(signature, clock.now() - 660_000))],
    ['a push from the future', 401, () => post(vendor().bytes(signature, clock.now() + 660_000))],
    ['a signed body of another interface', 422, (good) => post(good, '/hongxun/sign-images')],
    ['another path', 404, (good) => post(good, '/hongxun/other')],
    ['dots in the path', 404, (good) => post(good, '/hongxun/../hongxun/sign-info')],
    ['a query', 404, (good) => post(good, '/hongxun/sign-info?x=1')],
    ['no JSON', 400, () => post(Buffer.from('x=1'))],
    ['deep nesting', 400, () => post(Buffer.from('['.repeat(5_000)))],
    ['an empty body', 400, () => post(Buffer.alloc(0))],
    ['a huge body by its length', 413, () => post(Buffer.alloc(100_000, 0x20))],
    [
      'a huge body in chunks',
      413,
      () =>
        exchange(
          receiver.port,
          [line(), 'Host: desk', json, 'Transfer-Encoding: chunked', 'Connection: close'],
          `${(100_000).toString(16)}\r\n${' '.repeat(100_000)}\r\n0\r\n\r\n`,
        ),
    ],
    ['a form', 415, (good) => post(good, undefined, ['Content-Type: application/x-www-form-urlencoded'])],
    ['plain text', 415, (good) => post(good, undefined, ['Content-Type: text/plain'])],
    ['no type', 415, (good) => post(good, undefined, [])],
    ['another charset', 415, (good) => post(good, undefined, [`${json}; charset=gbk`])],
    ['a packed body', 415, (good) => post(good, undefined, [json, 'Content-Encoding: gzip'])],
    ['a web page', 403, (good) => post(good, undefined, [json, 'Origin: https://evil.example'])],
    ['a page of the null origin', 403, (good) => post(good, undefined, [json, 'Origin: null'])],
    ['a fetch of a page', 403, (good) => post(good, undefined, [json, 'Sec-Fetch-Site: cross-site'])],
    ['GET', 405, () => exchange(receiver.port, [line('GET'), 'Host: desk', 'Connection: close'])],
    ['OPTIONS', 405, () => exchange(receiver.port, [line('OPTIONS'), 'Host: desk', 'Connection: close'])],
    ['no Host', 400, () => exchange(receiver.port, [line(), json, 'Content-Length: 0', 'Connection: close'])],
    ['a tunnel', 0, () => exchange(receiver.port, ['CONNECT 127.0.0.1:1 HTTP/1.1', 'Host: desk'])],
    [
      'an upgrade',
      0,
      () => exchange(receiver.port, [line('GET'), 'Host: desk', 'Connection: Upgrade', 'Upgrade: websocket']),
    ],
    [
      'an expectation',
      417,
      () => exchange(receiver.port, [line(), 'Host: desk', json, 'Expect: 100-continue', 'Content-Length: 5']),
    ],
    [
      'two lengths',
      400,
      () => exchange(receiver.port, [line(), 'Host: desk', json, 'Content-Length: 5', 'Content-Length: 6'], 'xxxxx'),
    ],
    [
      'a length and chunks',
      400,
      () =>
        exchange(
          receiver.port,
          [line(), 'Host: desk', json, 'Content-Length: 5', 'Transfer-Encoding: chunked'],
          '0\r\n\r\n',
        ),
    ],
    ['huge headers', 400, () => exchange(receiver.port, [line(), 'Host: desk', `X: ${'x'.repeat(20_000)}`])],
    ['garbage', 400, () => exchange(receiver.port, ['\u0016\u0003\u0001'])],
  ];

  test.each(attacks)('%s', async (_what, status, attack) => {
    const answer = await attack(vendor().bytes(signature));
    expect(answer.status).toBe(status);
    expect(stored).toEqual([]);
    expect(receiver.seen()).toEqual([]);
    expect(answer.text).not.toContain(sk);
    expect(answer.text.toLowerCase()).not.toContain('access-control-');
    if (answer.body.startsWith('{')) expect(JSON.parse(answer.body)).toMatchObject({ flag: false });
  });
});

test('what was received is in the desk’s record, found by its order, and remembered over a restart', async () => {
  const path = join(dir, 'packbench.db');
  const open = (): Store => openStore({ path, clock, ids: sequentialIds(), log: silentLog });
  const raw = { ...own, sk: 'secret:hongxun.sk', receive: { enabled: true, port: 0 } };
  const intakeOver = (store: Store, given: Readonly<Record<string, unknown>> = raw) =>
    openPushIntake({
      vendors: [{ id: 'hongxun', virtual: false, settings: given }],
      secrets: { get: (name) => (name === 'hongxun.sk' ? sk : undefined) },
      store: () => store,
      clock,
    });
  const bytes = vendor().bytes(signature);
  let store = open();
  expect(intakeOver(store, { ...own, sk: 'secret:hongxun.sk' })).toBeNull();
  for (const expected of [200, 409]) {
    const intake = intakeOver(store);
    if (intake === null) throw new Error('receiving is on in this profile');
    const running = await startPushReceiver({ ...intake, clock, log: silentLog });
    const response = await fetch(`${running.origin}/hongxun/sign-info`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(bytes),
    });
    expect(response.status).toBe(expected);
    await running.close();
    expect(store.events.firstBroken()).toBeNull();
    store.close();
    store = open();
  }
  store.close();
});
