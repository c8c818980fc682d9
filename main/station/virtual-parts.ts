/** Starts what training must stand in for: only what the profile leaves out. */
import { join } from 'node:path';
import { loadPrinterModels, settlePrinter } from '../profile/printer-models.ts';
import type { StationOptions } from '../station.ts';
import { createVirtualPrinter } from '../training/printer.ts';
import { createVirtualScale } from '../training/scale.ts';
import { createTrainingVendors } from '../training/vendors.ts';
import type { VirtualParts } from './training-room.ts';
import type { TrainingSettings } from './vendor-set.ts';
import { createVirtualMachines } from './virtual-machines.ts';
import { virtualLink } from './virtual-scale.ts';

export interface RunningVirtualParts {
  readonly parts: VirtualParts;
  /** By vendor id. */
  readonly settings: ReadonlyMap<string, TrainingSettings>;
  stop(): Promise<void>;
}

export const virtualPrinterMedia = { dpi: 203, widthMm: 100, heightMm: 150 } as const;
const virtualScaleSettleMs = 300;
/** The virtual vendors work in milliseconds, so a call given up on is settled in seconds, not minutes. */
const trainingTimes = { timeoutMs: 6_000, inFlightMs: 1_500 } as const;

export async function startVirtualParts(
  options: Pick<StationOptions, 'ports' | 'profile' | 'resourcesDir' | 'trainingOrders' | 'trainingSeed'>,
  virtualVendors: readonly string[],
): Promise<RunningVirtualParts> {
  const { ports, profile } = options;
  const { clock, log } = ports;
  const dir = join(ports.dataDir, 'training');
  const stops: (() => Promise<void>)[] = [];
  try {
    const vendors =
      virtualVendors.length === 0
        ? null
        : await createTrainingVendors({
            dir,
            clock,
            log,
            seed: options.trainingSeed ?? 1,
            orders: options.trainingOrders ?? 60,
          });
    if (vendors !== null) stops.push(() => vendors.stop());
    const paper = virtualPaper(options);
    const printer = paper === null ? null : await createVirtualPrinter({ dir, clock, log, ...paper });
    if (printer !== null) stops.push(() => printer.stop());
    // Only the first scale of a profile is read.
    const [given] = profile.devices.scales;
    const isPlayed = given === undefined || given.link === virtualLink;
    const scale = isPlayed ? await createVirtualScale({ clock, log, settleMs: virtualScaleSettleMs }) : null;
    if (scale !== null) stops.push(() => scale.stop());
    const machines = createVirtualMachines(clock, log);
    stops.push(() => machines.stop());
    await machines.ensure(profile);
    const secrets = Object.fromEntries(vendors?.secrets ?? []);
    return {
      parts: { vendors, printer, scale, machines },
      settings: new Map(
        (vendors?.vendors ?? []).map((vendor) => [
          vendor.id,
          // The upstream has no call with an effect, so nothing of it can be in flight.
          { settings: vendor.id === 'waiqin365' ? vendor.settings : { ...vendor.settings, ...trainingTimes }, secrets },
        ]),
      ),
      async stop() {
        for (const stop of stops.reverse()) await stop();
      },
    };
  } catch (error) {
    for (const stop of stops.reverse()) await stop();
    throw error;
  }
}

/** What the virtual printer speaks and holds; null if every printer is real. */
function virtualPaper(
  options: Pick<StationOptions, 'profile' | 'resourcesDir'>,
): Pick<Parameters<typeof createVirtualPrinter>[0], 'language' | 'dpi' | 'widthMm' | 'heightMm'> | null {
  const { printers } = options.profile.devices;
  if (printers.length === 0) return virtualPrinterMedia;
  const played = printers.find((printer) => printer.link === virtualLink);
  if (played === undefined) return null;
  const { language, dpi, media } = settlePrinter(played, loadPrinterModels(options.resourcesDir));
  return { language, dpi, ...media };
}
