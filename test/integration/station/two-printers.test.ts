/** A desk with two printers of different languages and resolutions: roles, and the fall-back of a whole station. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createVirtualPrinter, type VirtualPrinter } from '../../../main/training/printer.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { startTestStation } from '../../kit/station.ts';

async function virtualPrinter(widthMm: number, dpi: 203 | 300): Promise<VirtualPrinter> {
  const dir = mkdtempSync(join(tmpdir(), 'packbench-two-'));
  const printer = await createVirtualPrinter({ dir, clock: realClock, log: silentLog, dpi, widthMm, heightMm: 150 });
  onTestFinished(async () => {
    await printer.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  return printer;
}

test(
  'out of paper with 0 bytes written: the label comes out of the fall-back, made for its head, said and on record',
  { timeout: 120_000 },
  async () => {
    const main = await virtualPrinter(100, 203);
    const spare = await virtualPrinter(100, 300);
    await main.setFault('paper-out');
    const desk = await startTestStation({
      orders: 4,
      profile: {
        devices: {
          printers: [
            { id: 'main', link: main.uri, dpi: 203, fallback: 'spare' },
            { id: 'spare', link: spare.uri, dpi: 300, use: ['bag'] },
          ],
        },
      },
    });
    onTestFinished(() => desk.stop());
    const { inside } = desk.station;
    await inside.intake.sync();
    const [order] = inside.store.orders.list({ status: 'waiting', search: '', offset: 0, limit: 1 }).rows;
    inside.desk.scan(order?.number ?? '');
    for (const line of inside.desk.snapshot.current().lines) {
      for (let n = line.scansDone; n < line.scansNeeded; n += 1) inside.desk.scan(line.productCode);
    }
    const came = new Promise<void>((resolve) => {
      spare.onLabel(() => resolve());
    });
    inside.virtual.scale?.put(1_250);
    await came;
    await expect.poll(() => inside.desk.snapshot.current().stage, { timeout: 30_000 }).toBe('scan-back');
    const parcelId = inside.desk.snapshot.current().parcel?.id ?? '';
    const [print] = inside.store.prints.listByParcel(parcelId);
    expect(print).toMatchObject({ printerId: 'spare', state: 'printed', copy: 0 });
    expect(main.counts.formats).toBe(0);
    const events = inside.store.events.listForOrder(order?.id ?? '');
    expect(events.find(({ kind }) => kind === 'print-fallback')?.detail).toMatchObject({
      insteadOf: 'main',
      because: 'printer.paper-out',
    });
    const inspected = await desk.client.call('labels.inspect', { parcelId, kind: 'carrier' });
    expect(inspected.bitmap).toMatchObject({ width: 800, height: 1_200 });
    const onSpare = await desk.client.call('labels.inspect', { parcelId, kind: 'carrier', printerId: 'spare' });
    expect(onSpare.bitmap).toMatchObject({ width: 1_181, height: 1_771 });
    expect(onSpare.codes.filter(({ isWaybill }) => isWaybill)).not.toEqual([]);
  },
);
