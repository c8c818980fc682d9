/**
 * Label bytes in hand to the first byte at a printer: a 4 x 6 inch PDF at 203 dpi (drawn, read back, encoded, sent) and
 * ZPL passed through, over TCP through the real printer driver, which asks the printer for its state first.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createPrinter } from '../../main/devices/printer/printer.ts';
import type { Artwork } from '../../main/domain/shipping.ts';
import { createLabels, type LabelTarget } from '../../main/labels/index.ts';
import { makePdfLabel, makeZplLabel, type LabelFacts } from '../../main/training/label-artwork.ts';
import { createLinks } from '../../native/index.ts';
import { fixedRandom, silentLog } from '../kit/ports.ts';
import { projectDir } from '../kit/station.ts';
import { benchmark, processorMs, type Bench } from './harness/benchmark.ts';
import { benchClock } from './harness/history.ts';

const pdfMs = 100;
const zplMs = 10;
const warmUp = 5;

const target: LabelTarget = { language: 'zpl', dpi: 203, widthMm: 102, heightMm: 152.5 };
const waybillOf = (round: number): string => `92612901000000${String(10_000_000 + round)}`;

async function run(bench: Bench): Promise<void> {
  const rounds = bench.quick ? 50 : 150;
  const resourcesDir = join(projectDir, 'resources');
  const labels = createLabels({ clock: benchClock, log: silentLog, resourcesDir });
  await labels.warmUp();
  const device = await startDevice();
  const links = createLinks({ clock: benchClock, log: silentLog, random: () => fixedRandom().next() });
  const link = links.create(`tcp://127.0.0.1:${device.port}`, { reopen: false });
  const printer = createPrinter({
    id: 'label',
    link,
    language: 'zpl',
    ask: true,
    clock: benchClock,
    log: silentLog,
    times: { pollMs: 1 },
  });

  for (const [name, budget, make] of [
    ['PDF', pdfMs, (facts: LabelFacts) => artworkOf('application/pdf', makePdfLabel(facts, { customsPage: false }))],
    ['ZPL pass-through', zplMs, (facts: LabelFacts) => artworkOf('application/zpl', makeZplLabel(facts))],
  ] as const) {
    const whole: number[] = [];
    const prepared: number[] = [];
    const processor: number[] = [];
    for (let round = 0; round < rounds + warmUp; round += 1) {
      const facts = labelFacts(waybillOf(round));
      const artwork = make(facts);
      const cpuFrom = process.cpuUsage();
      const from = performance.now();
      const label = await labels.prepare(artwork, facts.waybill, target);
      if (label.held) throw new Error(`${name}: ${label.message}`);
      const bytes = label.bytes(0, `print-${round}`);
      const preparedAt = performance.now();
      const cpuMs = processorMs(cpuFrom);
      device.expect();
      const outcome = await printer.print({ printId: `print-${round}`, bytes });
      if (outcome.kind !== 'printed') throw new Error(`${name}: the label is ${outcome.kind}`);
      if (round < warmUp) continue;
      whole.push(device.firstByteAt() - from);
      prepared.push(preparedAt - from);
      processor.push(cpuMs);
    }
    bench.add({ name: `${name} in hand to first byte`, unit: 'ms', samples: whole, budget });
    bench.add({ name: `of it: ${name} made ready`, unit: 'ms', samples: prepared });
    bench.add({ name: `of that: processor time, ${name}`, unit: 'ms', samples: processor });
  }
  await printer.stop();
  await device.close();
  await labels.stop();
}

const artworkOf = (type: Artwork['type'], bytes: Uint8Array): Artwork => ({
  type,
  base64: Buffer.from(bytes).toString('base64'),
});

interface Device {
  readonly port: number;
  /** The next label has not begun. */
  expect(): void;
  firstByteAt(): number;
  close(): Promise<void>;
}

/** A printer that is always ready and done at once; notes when a label's first byte arrives. */
async function startDevice(): Promise<Device> {
  // Zebra, "ZPL II Programming Guide", ~HS: three lines between STX and ETX.
  const ready =
    '\x02030,0,0,1218,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n';
  const question = '~HS\r\n';
  let firstByteAt: number | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      const rest = text.replaceAll(question, '');
      if (rest !== '') firstByteAt ??= performance.now();
      if (text.endsWith(question)) socket.write(ready, 'latin1');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    expect: () => void (firstByteAt = null),
    firstByteAt() {
      if (firstByteAt === null) throw new Error('no byte of the label arrived');
      return firstByteAt;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function labelFacts(waybill: string): LabelFacts {
  return {
    waybill,
    orderNumber: 'HGE2601050000001',
    reference: 'XS202601050001-P1',
    service: 'P10006',
    sender: {
      name: 'Packbench Training',
      company: '杭州练习仓',
      phone: '0571-88001234',
      lines: ['1 Xueyuan Road'],
      place: 'Hangzhou, Zhejiang 310012',
      country: 'CN',
    },
    receiver: {
      name: 'Ann Lee',
      company: '',
      phone: '+1 401-311-2522',
      lines: ['1200 N Harbor Blvd', 'Apt 4B'],
      place: 'Los Angeles, CA 91700',
      country: 'US',
    },
    weightG: 1_234,
    date: '2026-01-05',
    items: [{ name: 'Longjing tea', quantity: 2, weightG: 500, value: '12.00' }],
  };
}

await benchmark(run);
