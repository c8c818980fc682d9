/**
 * The demo against what it did not start itself: vendors, a printer and a scale on loopback, named by a profile, with
 * secrets from the environment alone. What the report says is held against what the other side has seen.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DemoReport } from '../../../main/host/node/cli/demo/report.ts';
import { createVirtualPrinter } from '../../../main/training/printer.ts';
import { createVirtualScale } from '../../../main/training/scale.ts';
import { createTrainingVendors, type TrainingVendors } from '../../../main/training/vendors.ts';
import { silentLog } from '../../kit/ports.ts';
import { realClock } from '../../kit/real-clock.ts';
import { runCli, type CliRun } from './cli.ts';
import { labelsWith } from './packer.ts';

/** Far above what it takes; drawing a label is most of it. */
const limitMs = 240_000;
const orders = 4;
const common = { clock: realClock, log: silentLog };

let dir: string;
const cleanups: (() => unknown)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'packbench-live-'));
  cleanups.push(() => {
    rmSync(dir, { recursive: true, force: true });
  });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function outsideVendors(): Promise<TrainingVendors> {
  const outside = await createTrainingVendors({ ...common, dir: join(dir, 'outside'), seed: 9, orders });
  cleanups.push(() => outside.stop());
  return outside;
}

/**
 * How an integrator may write a base address: `bare` without the documented path, `slash` with a slash at the end,
 * `version` with the version that AsiaBill's paths begin with.
 */
type AddressForm = 'bare-slash' | 'documented' | 'version-slash';
const documentedPaths = { waiqin365: 'api', hge: 'openapi/customer', asiabill: 'openApi' } as const;

function written(baseUrl: string, id: keyof typeof documentedPaths, form: AddressForm): string {
  const { origin } = new URL(baseUrl);
  const version = form.startsWith('version') && id === 'asiabill' ? '/V2022-03' : '';
  const path = form.startsWith('bare') ? origin : `${origin}/${documentedPaths[id]}${version}`;
  return form.endsWith('slash') ? `${path}/` : path;
}

interface DemoResult {
  readonly run: CliRun;
  readonly report: DemoReport;
}

async function demo(
  outside: TrainingVendors,
  form: AddressForm,
  devices: unknown,
  onLine: (line: string) => void = () => undefined,
  hge: Readonly<Record<string, unknown>> = {},
): Promise<DemoResult> {
  const ids = ['waiqin365', 'hge', 'asiabill'] as const;
  const vendors = Object.fromEntries(
    ids.map((id) => {
      const { settings, baseUrl } = outside.get(id);
      return [id, { ...settings, baseUrl: written(baseUrl, id, form), ...(id === 'hge' ? hge : {}) }];
    }),
  );
  const profile = join(dir, 'profile.json');
  writeFileSync(profile, JSON.stringify({ desk: { id: 'L01', site: 'HZ1', locale: 'en' }, vendors, devices }));
  expect(readFileSync(profile, 'utf8')).toContain('"secret:hge.apiSecret"');
  const reportFile = join(dir, 'report.json');
  const run = await runCli(
    [
      'demo',
      '--profile',
      profile,
      '--data',
      join(dir, 'data'),
      '--orders',
      String(orders),
      '--report',
      reportFile,
      '--labels',
      join(dir, 'labels'),
    ],
    {
      cwd: dir,
      onLine,
      env: Object.fromEntries(
        [...outside.secrets].map(([name, value]) => [`PACKBENCH_SECRET_${name.replaceAll('.', '_')}`, value]),
      ),
    },
  );
  expect(run.errors).toEqual([]);
  return { run, report: JSON.parse(readFileSync(reportFile, 'utf8')) as DemoReport };
}

/** What the report says, and what the vendors have seen, of a shift in which nothing went wrong. */
function expectWhole({ run, report }: DemoResult, outside: TrainingVendors): void {
  expect(report.items.flatMap((item) => item.needsPerson ?? [])).toEqual([]);
  expect(report, run.out).toMatchObject({
    ordersPulled: orders,
    parcelsSealed: orders,
    vendorOrders: orders,
    labelsPrinted: orders,
    labelsVerified: orders,
    trackingUploaded: orders,
    needsPerson: 0,
    duplicates: 0,
    lost: 0,
    // Nothing is voided at a vendor that is not ours.
    bagsVoided: 0,
    scanForms: 1,
  });
  expect(report.items.every((item) => item.handedOver)).toBe(true);
  expect(report.offlineMs).toBeGreaterThan(0);
  expect(outside.effects()).toMatchObject({
    ordersServed: orders,
    vendorOrders: orders,
    duplicateVendorOrders: 0,
    trackingUploads: orders,
    duplicateUploads: 0,
    bags: report.bagsCreated,
    bagsVoided: 0,
    duplicateBags: 0,
    scanForms: 1,
    manifests: report.manifests,
    duplicateDocuments: 0,
  });
  expect(report.items.map((item) => item.orderNumber).sort()).toEqual([...outside.orderNumbers()].sort());
  expect(report.items.every((item) => item.status === 'shipped' && item.trackingUploaded && item.labelVerified)).toBe(
    true,
  );
  expect(run.status).toBe(0);
  const pictures = readdirSync(join(dir, 'labels'));
  for (const item of report.items) expect(pictures).toContain(`${item.waybill ?? '?'}.png`);
}

test(
  'a printer that answers, base addresses version-slash: every label came out of it once',
  async () => {
    const outside = await outsideVendors();
    const printer = await createVirtualPrinter({
      ...common,
      dir: join(dir, 'printer'),
      dpi: 203,
      widthMm: 100,
      heightMm: 150,
    });
    cleanups.push(() => printer.stop());
    // Reading what came out is for afterwards; until then it only counts.
    const result = await demo(outside, 'version-slash', {
      printers: [{ id: 'zebra', link: printer.uri, dpi: 203, media: '100x150mm' }],
    });
    expectWhole(result, outside);
    for (const label of printer.labels()) await printer.png(label.id);
    for (const item of result.report.items) expect(labelsWith(printer, item.waybill ?? '')).toBe(1);
    expect(result.report.bagsCreated).toBe(new Set(result.report.items.map((item) => item.bag)).size);
    expect(result.report).toMatchObject({ manifests: 1, bagLabelsPrinted: result.report.bagsCreated });
    for (const item of result.report.items) expect(labelsWith(printer, item.bag ?? '')).toBe(1);
    expect(printer.counts.mistakes).toBe(0);
  },
  limitMs,
);

test(
  'a carrier that refuses the first big bag: every parcel leaves by the scan form, and nobody is asked',
  async () => {
    const outside = await outsideVendors();
    const paths = { createBag: 'no/such/address/' };
    const result = await demo(outside, 'documented', {}, undefined, { assumed: { paths } });
    expectWhole(result, outside);
    expect(result.report).toMatchObject({ bagsCreated: 0, bagLabelsPrinted: 0, manifests: 0 });
    expect(result.run.out).toContain('hge takes no big bags');
  },
  limitMs,
);

/** Takes everything and says nothing, as printers on a plain print server do. */
async function dumbSink(): Promise<{ uri: string; text(): string }> {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (bytes) => received.push(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    uri: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    text: () => Buffer.concat(received).toString('latin1'),
  };
}

test(
  'a printer that never answers, base addresses bare-slash: every label went to it once, and it is not asked for ever',
  async () => {
    const outside = await outsideVendors();
    const sink = await dumbSink();
    const result = await demo(outside, 'bare-slash', {
      printers: [{ id: 'sink', link: sink.uri, dpi: 203, media: '100x150mm' }],
    });
    expectWhole(result, outside);
    // One first page for each carrier label, and one rack label for each parcel sealed while the line was cut.
    const prints = [...sink.text().matchAll(/\^FXprint=(\S+) page=1\//g)].map((match) => match[1]);
    expect(new Set(prints).size).toBe(prints.length);
    expect(prints.length).toBeGreaterThanOrEqual(orders + 1);
    // Each question it leaves unanswered costs the packer a second and a half.
    expect(sink.text().split('~HS').length - 1).toBeLessThanOrEqual(4);
  },
  limitMs,
);

test(
  'a scale that speaks MT-SICS, base addresses documented: each parcel has the weight that lay on it',
  async () => {
    const outside = await outsideVendors();
    const scale = await createVirtualScale({ ...common, settleMs: 50 });
    cleanups.push(() => scale.stop());
    const printer = await createVirtualPrinter({
      ...common,
      dir: join(dir, 'printer'),
      dpi: 300,
      widthMm: 100,
      heightMm: 150,
    });
    cleanups.push(() => printer.stop());
    const weights = [1_250, 340, 2_005, 777];
    const put: number[] = [];
    // The next parcel is put on as soon as the one before it is sealed.
    const putNext = (): void => {
      const next = weights[put.length];
      if (next === undefined) return;
      put.push(next);
      scale.put(next);
    };
    putNext();
    const result = await demo(
      outside,
      'documented',
      {
        printers: [{ id: 'zebra', link: printer.uri, dpi: 300, media: '100x150mm' }],
        scales: [{ id: 'bench', link: scale.uri, protocol: 'mt-sics' }],
      },
      (line) => {
        if (/: sealed at \d+ g$/.test(line)) putNext();
      },
    );
    expectWhole(result, outside);
    expect(result.report.items.map((item) => item.weightG)).toEqual(weights);
  },
  limitMs,
);
