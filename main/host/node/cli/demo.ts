/** `packbench demo`: plays a shift against the profile's vendors and devices, or against training mode. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createClient, createMemoryPair, createServer, stationContract } from '../../../../preload/rpc/index.ts';
import { startStation } from '../../../station.ts';
import { documentEffects } from '../../../station/vendor-set.ts';
import { virtualPrinterMedia } from '../../../station/virtual-parts.ts';
import { faultMix } from './demo/faults.ts';
import { createHands, type Hands } from './demo/hands.ts';
import { createPacker } from './demo/packer.ts';
import { makeReport, type DemoReport } from './demo/report.ts';
import { sealedCount, workShift, type DayPart } from './demo/shift.ts';
import { readProfile } from '../../shared/data-dir.ts';
import { exitStatus } from './exit.ts';
import { readOptions } from './options.ts';
import { makePorts, resourcesDir } from './station-setup.ts';

export async function runDemo(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    profile: { type: 'string' },
    data: { type: 'string' },
    orders: { type: 'string' },
    seed: { type: 'string' },
    report: { type: 'string' },
    labels: { type: 'string' },
    json: { type: 'boolean' },
    bags: { type: 'boolean' },
    'bags-void': { type: 'boolean' },
    'no-bags': { type: 'boolean' },
    faults: { type: 'boolean' },
  });
  const orders = options.whole('orders', 1, 500) ?? 20;
  const seed = options.whole('seed', 0, 2_147_483_647) ?? 1;
  const kept = options.text('data');
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'packbench-demo-'));
  try {
    const profile = readProfile(options.text('profile'), dataDir);
    const ports = makePorts(dataDir);
    const { clock } = ports;
    const startedAt = clock.monotonic();
    const quiet = options.flag('json');
    let hands: Hands | null = null;
    const station = await startStation({
      ports,
      profile,
      resourcesDir,
      trainingOrders: orders,
      trainingSeed: seed,
      onLabelSent: (print, bytes) => {
        hands?.sent(print, bytes);
      },
    });
    const { store, virtual, intake } = station.inside;
    const pair = createMemoryPair();
    const server = createServer(stationContract, { backend: station.backend, log: ports.log });
    server.attach(pair.server);
    const client = createClient(stationContract, pair.client, { timers: clock });
    const { devices, vendors } = station.inside;
    const mediaOf = (printerId: string) =>
      devices.printerList.find((each) => each.id === printerId)?.target ?? virtualPrinterMedia;
    hands = createHands({ client, clock, virtual, dataDir, mediaOf });
    const virtualVendors = new Set(vendors.filter((entry) => entry.virtual).map((entry) => entry.id));
    const day: DayPart = {
      client,
      // Nobody but the person watching can put a bag on a real scale.
      takesBags: (vendor) =>
        (virtual.scale !== null || options.flag('bags')) && documentEffects(vendors, vendor).createBag !== undefined,
      isVirtual: (vendor) => virtualVendors.has(vendor),
      mayVoid: (vendor) =>
        (virtualVendors.has(vendor) || options.flag('bags-void')) &&
        documentEffects(vendors, vendor).voidBag !== undefined,
    };
    const packer = await createPacker(client, clock);
    try {
      await intake.sync();
      const faults = options.flag('faults') && virtual.vendors !== null ? faultMix(virtual.vendors) : null;
      const say = (line: string): void => {
        faults?.next();
        if (!quiet) console.log(line);
      };
      say(`${sealedCount(store)} parcels sealed before, ${store.orders.counts().waiting} orders waiting`);
      const shift = await workShift(
        { packer, hands, store, line: ports.line, clock, orders, say },
        options.flag('no-bags') ? null : day,
      );
      const { items: attention } = await client.call('attention.list', {});
      const elapsedMs = clock.monotonic() - startedAt;
      const labels = hands.allLabels();
      const report = makeReport({ store, virtual, virtualVendors, labels, attention, shift, elapsedMs });
      const outputs = chooseOutputs(options.text('report'), options.text('labels'));
      await save(outputs, report, hands);
      console.log(quiet ? JSON.stringify(report) : summary(report, outputs));
      return report.needsPerson > 0 || report.lost > 0 || report.duplicates > 0
        ? exitStatus.needsPerson
        : exitStatus.done;
    } finally {
      packer.stop();
      hands.stop();
      client.close();
      server.close('the shift is over');
      await station.stop();
      ports.log.close();
    }
  } finally {
    if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Outputs {
  readonly reportFile: string | undefined;
  readonly labelsDir: string | undefined;
}

/** Without a word about it, the report and the labels are left in `packbench-demo` of the current folder. */
function chooseOutputs(report: string | undefined, labels: string | undefined): Outputs {
  if (report !== undefined || labels !== undefined) return { reportFile: report, labelsDir: labels };
  return { reportFile: join('packbench-demo', 'report.json'), labelsDir: join('packbench-demo', 'labels') };
}

async function save({ reportFile, labelsDir }: Outputs, report: DemoReport, hands: Hands): Promise<void> {
  if (labelsDir !== undefined) {
    mkdirSync(labelsDir, { recursive: true });
    const used = new Map<string, number>();
    const firstCode = (printId: string): string | undefined =>
      hands.allLabels().find((label) => label.printId === printId)?.codes[0];
    await hands.savePictures(labelsDir, (label) => {
      // Further pages of a label (`ID#2`) carry no barcode of their own; they are named after the first.
      const [printId = ''] = label.printId.split('#');
      const name = (label.codes[0] ?? firstCode(printId) ?? label.printId).replace(/[^A-Za-z0-9._-]/g, '_');
      const times = (used.get(name) ?? 0) + 1;
      used.set(name, times);
      return times === 1 ? name : `${name}-${times}`;
    });
  }
  if (reportFile === undefined) return;
  mkdirSync(dirname(reportFile), { recursive: true });
  writeFileSync(reportFile, `${JSON.stringify(report, null, 2)}\n`);
}

function summary(report: DemoReport, { reportFile, labelsDir }: Outputs): string {
  const { items, ...figures } = report;
  return [
    ...Object.entries(figures).map(([name, value]) => `${name.padEnd(18)} ${String(value)}`),
    ...items
      .filter((item) => item.needsPerson !== null)
      .map((item) => `${item.orderNumber}: ${item.needsPerson ?? ''}`),
    ...(reportFile === undefined ? [] : [`report             ${reportFile}`]),
    ...(labelsDir === undefined ? [] : [`labels             ${labelsDir}`]),
  ].join('\n');
}
