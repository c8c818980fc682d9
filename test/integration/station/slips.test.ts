/** Slips and sheets of a whole station: by command barcode and by call, on a receipt printer that never answers. */
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import iconv from 'iconv-lite';
import { expect, onTestFinished, test } from 'vitest';
import { startTestStation } from '../../kit/station.ts';

/** Takes bytes on loopback and says nothing. */
async function mutePrinter(): Promise<{ readonly uri: string; text(): string }> {
  const chunks: Buffer[] = [];
  const server: Server = createServer((socket) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  return {
    uri: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => iconv.decode(Buffer.concat(chunks), 'gb18030'),
  };
}

test('the packing slip of the order on the desk by its barcode; sheets as PDF', { timeout: 60_000 }, async () => {
  const till = await mutePrinter();
  const desk = await startTestStation({
    orders: 2,
    profile: {
      desk: { people: [{ badge: 'P017', name: '张三' }] },
      devices: {
        printers: [
          { id: 'label', link: 'virtual' },
          { id: 'till', link: till.uri, language: 'escpos', use: ['slip'], answers: false, columns: 32 },
        ],
      },
    },
  });
  onTestFinished(() => desk.stop());
  const { inside } = desk.station;
  await inside.intake.sync();
  const idle = await desk.client.call('pack.scan', { code: 'PB:CMD:print-slip' });
  expect(idle).toMatchObject({ accepted: false, notice: { code: 'scan.command-not-now' } });

  const [order] = inside.store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 1 }).rows;
  await desk.client.call('pack.scan', { code: 'PB:BADGE:P017' });
  await desk.client.call('pack.scan', { code: order?.number ?? '' });
  const taken = await desk.client.call('pack.scan', { code: 'PB:CMD:print-slip' });
  expect(taken).toMatchObject({ accepted: true, notice: { code: 'slip.under-way' } });
  const said = (): string => inside.desk.snapshot.current().last?.notice.code ?? '';
  await expect.poll(said, { timeout: 20_000 }).toBe('paper.unknown');
  expect(till.text()).toContain(order?.number);
  expect(inside.store.prints.listByState('claimed')).toEqual([]);
  const slip = inside.store.events.listForOrder(order?.id ?? '').find(({ kind }) => kind === 'slip-printed');
  expect(slip?.detail).toEqual({ slip: 'packing', outcome: 'unknown', printer: 'till', person: 'P017 张三' });

  const refused = desk.client.call('slips.print', { orderId: order?.id ?? '', kind: 'contents' });
  await expect(refused).rejects.toMatchObject({ code: 'refused' });
  for (const kind of ['commands', 'scanner', 'badges'] as const) {
    const sheet = await desk.client.call('sheets.file', { kind, locale: 'zh-CN' });
    expect(Buffer.from(sheet.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect(sheet.pages).toBeGreaterThan(0);
  }
});
