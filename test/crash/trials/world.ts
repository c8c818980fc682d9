/** Everything outside the station of one trial: vendors behind cutting proxies, printer, scale. It outlives the child. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../../main/ports.ts';
import { createVirtualPrinter, type VirtualPrinter } from '../../../main/training/printer.ts';
import { createVirtualScale, type VirtualScale } from '../../../main/training/scale.ts';
import { createTrainingVendors, type TrainingVendors } from '../../../main/training/vendors.ts';
import { silentLog } from '../../kit/ports.ts';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts';
import { lineTroubles, startPrinterProxy, type LineTrouble } from './printer-proxy.ts';
import { createScaledClock, type ClockSetting } from './scaled-clock.ts';
import { carriers, inFlightMs, timeoutMs, type CutVendor, type PrinterTrouble, type Schedule } from './schedule.ts';

export interface World {
  readonly vendors: TrainingVendors;
  readonly vendorDir: string;
  readonly printer: VirtualPrinter;
  /** Sets a trouble of the printer or of its line; null takes all away. */
  trouble(trouble: PrinterTrouble | null, afterBytes?: number): Promise<void>;
  /** Calls `task` once a label broke off in the middle; the returned function ends the watch. */
  onceBroken(task: () => void): () => void;
  /** True while nothing is wrong with the printer and its line. */
  readonly printerWell: boolean;
  readonly scale: VirtualScale;
  readonly proxies: Readonly<Record<CutVendor, CuttingProxy>>;
  readonly profile: unknown;
  readonly secrets: Readonly<Record<string, string>>;
  readonly clock: ClockSetting;
  readonly orderNumbers: readonly string[];
  /** The label that came out of this attempt, as ZPL text, or null. */
  labelOf(printId: string): string | null;
  stop(): Promise<void>;
}

const log: Log = silentLog;
const isOfLine = (trouble: PrinterTrouble): trouble is LineTrouble => lineTroubles.some((each) => each === trouble);

export async function openWorld(dir: string, schedule: Schedule, rate: number): Promise<World> {
  const vendorDir = join(dir, 'vendors');
  const printerDir = join(dir, 'printer');
  mkdirSync(vendorDir, { recursive: true });
  mkdirSync(printerDir, { recursive: true });
  const machineMs = Date.now();
  const setting: ClockSetting = { machineMs, startMs: machineMs, rate, jumpMs: 0 };
  const clock = createScaledClock(setting);
  const vendors = await createTrainingVendors({
    dir: vendorDir,
    clock,
    log,
    seed: schedule.trial,
    orders: schedule.orders,
    processingMs: 0,
  });
  // A careless repeat must show as a duplicate.
  vendors.setCarrierRefusesRepeats(false);
  for (const { vendor, fault } of schedule.faults) vendors.get(vendor).addFault(fault);
  const printer = await createVirtualPrinter({ dir: printerDir, clock, log, dpi: 203, widthMm: 100, heightMm: 150 });
  const line = await startPrinterProxy(printer);
  const scale = await createVirtualScale({ clock, log, settleMs: 100 });
  let calls = 0;
  // The vendors take their time from the schedule, the next value with each call.
  const nextDelay = (): void => {
    vendors.setProcessingMs(schedule.delaysMs[calls % schedule.delaysMs.length] ?? 0);
    calls += 1;
  };
  const proxies = {} as Record<CutVendor, CuttingProxy>;
  for (const vendor of carriers) {
    const cuts = schedule.cuts.filter((cut) => cut.vendor === vendor);
    proxies[vendor] = await startCuttingProxy(
      new URL(vendors.get(vendor).baseUrl),
      new Map(cuts.map(({ connection, place }) => [connection, place])),
      nextDelay,
    );
  }

  const through = (vendor: CutVendor): Record<string, unknown> => {
    const { baseUrl, settings } = vendors.get(vendor);
    const address = new URL(baseUrl);
    return { ...settings, baseUrl: `${proxies[vendor].origin}${address.pathname}`, timeoutMs, inFlightMs };
  };
  const profile = {
    desk: { id: 'C01', site: 'CRASH', locale: 'en' },
    vendors: {
      waiqin365: { ...vendors.get('waiqin365').settings, pollMs: 3_000 },
      hge: { ...through('hge'), service: 'P10008' },
      ane: through('ane'),
      asiabill: through('asiabill'),
      hongxun: through('hongxun'),
    },
    devices: {
      printers: [{ id: 'zebra', link: line.uri, dpi: 203, media: '100x150mm' }],
      scales: [{ id: 'bench', link: scale.uri, protocol: 'mt-sics' }],
    },
    routes: [
      { when: { country: 'CN', minG: 1_000 }, vendor: 'ane' },
      { when: {}, vendor: 'hge', service: 'P10008' },
    ],
    limits: { lpnAfterMs: 8_000 },
  };
  let printerWell = true;
  return {
    vendors,
    vendorDir,
    printer,
    async trouble(trouble, afterBytes) {
      printerWell = trouble === null;
      const ofLine = trouble !== null && isOfLine(trouble);
      line.set(ofLine ? trouble : null);
      await printer.setFault(trouble === null || ofLine ? 'ready' : trouble, afterBytes);
    },
    onceBroken(task) {
      const before = printer.counts.mistakes;
      const timer = setInterval(() => {
        if (printer.counts.mistakes === before) return;
        clearInterval(timer);
        task();
      }, 10);
      return () => clearInterval(timer);
    },
    get printerWell() {
      return printerWell;
    },
    scale,
    proxies,
    profile,
    secrets: Object.fromEntries(vendors.secrets),
    clock: setting,
    orderNumbers: vendors.orderNumbers(),
    labelOf(printId) {
      const index = printer.labels().findLastIndex((label) => label.id === printId);
      return index < 0 ? null : readFileSync(join(printerDir, 'printer-labels', `${index + 1}.zpl`), 'latin1');
    },
    async stop() {
      for (const vendor of carriers) proxies[vendor].close();
      line.close();
      await Promise.all([vendors.stop(), printer.stop(), scale.stop()]);
    },
  };
}
