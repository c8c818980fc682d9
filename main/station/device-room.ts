/** Settings → Devices of this station: what runs, the profile file, and what is plugged in, brought together. */
import { createDeviceRoom, type DeviceRoom } from '../desk/devices/device-room.ts';
import type { People } from '../desk/people.ts';
import type { PrinterRoom } from '../desk/printer-room.ts';
import { runDiagnostics } from '../diagnostics/report.ts';
import type { Links, Ports } from '../ports.ts';
import type { PrinterModels } from '../profile/printer-models.ts';
import type { ProfileBook } from '../profile/profile-book.ts';
import type { Profile } from '../profile/profile.ts';
import type { Store } from '../store/store.ts';
import { createDeviceDiagnosis, type DeviceDiagnosis } from './device-diagnosis.ts';
import { createDeviceParts } from './device-parts.ts';
import type { Devices } from './devices.ts';
import type { DwsMachines } from './dws-machines.ts';
import { withHttpListening } from './http-listening.ts';
import type { LinkBook } from './link-book.ts';
import type { Scanners } from './scanners.ts';
import type { VirtualMachines } from './virtual-machines.ts';

export interface DeviceRoomOptions {
  readonly ports: Ports;
  readonly profile: Profile;
  /** Null without a profile file: nothing can be saved. */
  readonly profileBook: ProfileBook | null;
  readonly resourcesDir: string;
  readonly store: Pick<Store, 'events'>;
  readonly people: People;
  readonly devices: Devices;
  readonly dws: DwsMachines;
  readonly scanners: Scanners;
  readonly machines: VirtualMachines;
  readonly printerRoom: PrinterRoom;
  readonly printerModels: PrinterModels;
  /** What the desk's devices opened. */
  readonly book: LinkBook;
  /** Links that are not the desk's own: what is tried in the wizard stays out of the book. */
  readonly links: Links;
  /** The profile that holds from now on. */
  profileChanged(changed: Profile): void;
  startAnew(changed: Profile): void;
}

export function openDeviceRoom(options: DeviceRoomOptions): {
  readonly deviceRoom: DeviceRoom;
  readonly deviceDiagnosis: DeviceDiagnosis;
  readonly stops: readonly (() => void | Promise<void>)[];
} {
  const { ports, profile, devices, printerRoom, printerModels, book, machines, dws, scanners, store } = options;
  const { clock, log } = ports;
  const parts = createDeviceParts({ profile, devices, printerRoom, book, clock, machines, dws, scanners });
  const { resourcesDir } = options;
  const deviceDiagnosis = createDeviceDiagnosis({ parts, devices, book, links: ports.links, clock, resourcesDir });
  const deviceRoom = createDeviceRoom({
    clock,
    log,
    links: withHttpListening(options.links, ports.httpIntake),
    inUse: (uri) => {
      const link = book.find(uri)?.link;
      return link === undefined || link.state === 'closed' ? null : link;
    },
    profile: options.profileBook,
    printerModels,
    people: options.people,
    record: (what, payload) => {
      store.events.append(what, {}, payload);
    },
    running: () => parts.running(),
    takeOver: (kind, changed) => {
      options.profileChanged(changed);
      return parts.takeOver(kind, changed);
    },
    startAnew: (changed) => {
      options.startAnew(changed);
    },
    diagnose: (kind, id) => runDiagnostics(deviceDiagnosis.checksOf(kind, id), ports.version, clock),
  });
  const stops = [
    () => deviceRoom.stop(),
    () => {
      parts.stop();
    },
  ];
  return { deviceRoom, deviceDiagnosis, stops };
}
