/**
 * The virtual side of a desk: vendors, printer and scale that stand in for what the profile leaves out, the line to
 * the network, and the panel that drives them.
 */
import { ContractError, type TrainingState } from '../../preload/contract/index.ts';
import type { TrainingRoom } from '../api/handlers.ts';
import { Observable } from '../desk/observable.ts';
import type { Line, Log } from '../ports.ts';
import type { VirtualPrinter } from '../training/printer.ts';
import type { VirtualScale } from '../training/scale.ts';
import type { TrainingVendors } from '../training/vendors.ts';
import { createMachineControls, type MachineControls } from './training-machines.ts';
import type { VirtualMachines } from './virtual-machines.ts';

/** What is virtual at this desk; null where the profile names the real thing. */
export interface VirtualParts {
  readonly vendors: TrainingVendors | null;
  readonly printer: VirtualPrinter | null;
  readonly scale: VirtualScale | null;
  readonly machines: VirtualMachines;
}

type VendorFault = TrainingState['vendors'][number]['fault'];
const trayShown = 20;

export interface RunningTrainingRoom extends TrainingRoom {
  stop(): void;
}

export function createTrainingRoom(options: {
  parts: VirtualParts;
  line: Line;
  log: Log;
  /** Ids of the vendors that are virtual. */
  virtualVendors: readonly string[];
  /** Nothing of this desk reaches a real vendor: a person may start further virtual machines. */
  mayStart: boolean;
}): RunningTrainingRoom {
  const { parts, line, log } = options;
  const faults = new Map<string, VendorFault>(options.virtualVendors.map((id) => [id, 'none']));
  const pictures = new Map<string, string>();
  const machines: MachineControls = createMachineControls(parts, options.mayStart);
  let printerFault: TrainingState['printer'] = 'ready';
  const state = new Observable<TrainingState>(build());

  function build(): TrainingState {
    return {
      ...machines.shown(),
      printer: printerFault,
      printerVirtual: parts.printer !== null,
      network: line.up ? 'up' : 'cut',
      vendors: [...faults].map(([id, fault]) => ({ id, fault })),
      tray: (parts.printer?.labels() ?? []).slice(-trayShown).map((label) => ({
        id: label.id,
        at: label.at,
        codes: [...label.codes],
        pngBase64: pictures.get(label.id) ?? null,
      })),
    };
  }

  function refresh(): void {
    state.set(build());
  }

  async function picture(id: string): Promise<void> {
    if (parts.printer === null) return;
    const png = await parts.printer.png(id);
    pictures.set(id, Buffer.from(png).toString('base64'));
    const oldest = pictures.keys().next().value;
    if (pictures.size > trayShown && oldest !== undefined) pictures.delete(oldest);
    refresh();
  }

  const stopFollowing = [
    line.onChange(refresh),
    parts.scale?.onChange(refresh),
    parts.printer?.onLabel((label) => {
      refresh();
      picture(label.id).catch((error: unknown) => {
        log.warn({ label: label.id, error: String(error) }, 'a printed label could not be drawn');
      });
    }),
  ];

  return {
    state,
    async set(change) {
      if (change.network !== undefined) {
        line.set(change.network === 'up');
      }
      await machines.set(change);
      if (change.printer !== undefined) {
        if (parts.printer === null) throw new ContractError('refused', 'the printer of this desk is a real one');
        await parts.printer.setFault(change.printer);
        printerFault = change.printer;
      }
      if (change.vendor !== undefined) {
        const { id, fault } = change.vendor;
        const twin = parts.vendors?.vendors.find((vendor) => vendor.id === id);
        if (!faults.has(id) || twin === undefined)
          throw new ContractError('refused', `vendor ${id} is not virtual at this desk`);
        twin.setFault(fault);
        faults.set(id, fault);
      }
      refresh();
      return state.current();
    },
    stop() {
      for (const stop of stopFollowing) stop?.();
    },
  };
}
