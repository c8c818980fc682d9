/**
 * Settings → Devices: joins what the profile names, what runs and what is plugged in; saves and removes devices; looks at
 * one closely. The profile file stays the truth: nothing is kept elsewhere.
 */
import {
  ContractError,
  type ConfiguredDevice,
  type DeviceChange,
  type DeviceKind,
  type DevicesSnapshot,
  type DiagnosticReport,
  type Notice,
  type PluggedThing,
  type SettingProblem,
} from '../../../preload/contract/index.ts';
import type { Clock, Link, Links, Log, PluggedDevice, Timer } from '../../ports.ts';
import type { PrinterModels } from '../../profile/printer-models.ts';
import { ProfileError, type Profile } from '../../profile/profile.ts';
import type { DeviceList, ProfileBook, WrittenDevice } from '../../profile/profile-book.ts';
import { inWords, type People } from '../people.ts';
import { deviceProblems, deviceProtocols, problemsOfUse } from './device-settings.ts';
import { createDeviceSessions, type DeviceSessions } from './device-session.ts';
import { isThisThing } from './same-device.ts';

/** A device that runs, without what only the profile file and the inventory know. */
export type RunningDevice = Omit<ConfiguredDevice, 'plugged' | 'written'>;

export interface DeviceRoomParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly links: Links;
  /** The link of the desk with this URI while a device uses it. */
  inUse(uri: string): Link | null;
  /** Null without a profile file: nothing can be saved. */
  readonly profile: ProfileBook | null;
  readonly printerModels: PrinterModels;
  readonly people: Pick<People, 'mayOverride' | 'supervisor' | 'current' | 'overrideUsed'>;
  /** Writes into the record of the desk. */
  record(what: 'device-saved' | 'device-removed', payload: Record<string, unknown>): void;
  running(): readonly RunningDevice[];
  /** Takes a changed list of devices into use if that is possible while the station runs. */
  takeOver(kind: DeviceKind, profile: Profile): Promise<DeviceChange['effect']>;
  /** Starts the station anew with this profile, after the call was answered. */
  startAnew(profile: Profile): void;
  diagnose(kind: DeviceKind, id: string): Promise<DiagnosticReport>;
}

/** A topic that costs nothing while nobody follows it. */
export interface DevicesTopic {
  current(): DevicesSnapshot;
  onChange(listener: () => void): () => void;
}

export interface DeviceRoom {
  readonly topic: DevicesTopic;
  readonly sessions: DeviceSessions;
  list(): Promise<DevicesSnapshot>;
  /** What keeps a device from being used as it is; nothing is opened or written. */
  check(kind: DeviceKind, device: WrittenDevice, replaces: string | null): SettingProblem[];
  /** Throw ContractError `refused` or `not-found`, with nothing written. */
  save(kind: DeviceKind, device: WrittenDevice, replaces: string | null): Promise<DeviceChange>;
  remove(kind: DeviceKind, id: string): Promise<DeviceChange>;
  restart(): void;
  diagnose(kind: DeviceKind, id: string): Promise<DiagnosticReport>;
  stop(): Promise<void>;
}

export const deviceLists: Readonly<Record<DeviceKind, DeviceList>> = {
  scale: 'scales',
  dws: 'dws',
  scanner: 'scanners',
  printer: 'printers',
};
const kinds = Object.keys(deviceLists) as DeviceKind[];

/** Ages, counts and states are looked at so often while somebody looks. */
const lookEveryMs = 500;

export function createDeviceRoom(parts: DeviceRoomParts): DeviceRoom {
  const { clock, log, links, profile, people } = parts;
  const sessions = createDeviceSessions({
    ...{ clock, log, links, printerModels: parts.printerModels },
    inUse: (uri) => parts.inUse(uri),
  });
  const protocols = deviceProtocols(parts.printerModels);
  const listeners = new Set<() => void>();
  let plugged: readonly PluggedDevice[] = [];
  let stopWatching: (() => void) | null = null;
  let timer: Timer | null = null;
  let told = '';
  let changing: Promise<unknown> = Promise.resolve();
  /** The devices of the file that this station runs, as text. */
  const applied = new Map(kinds.map((kind) => [kind, JSON.stringify(writtenDevices(kind))]));

  /** The devices of the file, or of nothing if it cannot be read now. */
  function writtenDevices(kind: DeviceKind): readonly WrittenDevice[] {
    try {
      return profile?.devices(deviceLists[kind]) ?? [];
    } catch {
      return [];
    }
  }

  function build(): DevicesSnapshot {
    const running = parts.running();
    const configured: ConfiguredDevice[] = [];
    let restartNeeded = false;
    for (const kind of kinds) {
      const written = writtenDevices(kind);
      if (JSON.stringify(written) !== applied.get(kind)) restartNeeded = true;
      const ofKind = running.filter((device) => device.kind === kind);
      for (const device of ofKind) {
        const inFile = written.find((each) => isThisOne(each, device)) ?? null;
        configured.push({ ...device, plugged: pluggedAs(device.link, kind)?.uri ?? null, written: inFile });
      }
      for (const device of written) {
        if (ofKind.some((runs) => isThisOne(device, runs))) continue;
        configured.push(waiting(kind, device));
      }
    }
    return {
      at: clock.now(),
      notSavable: notSavable(),
      needsSupervisor: !people.mayOverride(),
      restartNeeded,
      configured: configured.slice(0, 100).map(withUnplugged),
      plugged: plugged.map((thing) => viewOf(thing, configured)),
      absent: links.inventory.absent().map(({ kind, reason }) => ({ kind, reason: reason.slice(0, 400) })),
      protocols,
    };
  }

  function pluggedAs(link: string, kind: DeviceKind): PluggedDevice | null {
    return plugged.find((thing) => isThisThing(link, kind, thing)) ?? null;
  }

  /** A device whose link names a plugged thing that is not there. */
  function withUnplugged(device: ConfiguredDevice): ConfiguredDevice {
    const kind = /^(usb|hid|serial):\/\//.exec(device.link)?.[1];
    if (kind === undefined || device.plugged !== null || device.virtual) return device;
    if (device.state === 'working' || device.state === 'absent' || device.state === 'restart') return device;
    if (links.inventory.absent().some((each) => each.kind === kind)) return device;
    return { ...device, state: 'unplugged', reason: { code: 'device.unplugged', tone: 'warn', params: {} } };
  }

  function notSavable(): Notice | null {
    if (profile === null) return { code: 'device.no-profile-file', tone: 'info', params: {} };
    return profile.changedUnderneath() ? { code: 'device.profile-changed', tone: 'warn', params: {} } : null;
  }

  function tellIfChanged(): void {
    const snapshot = JSON.stringify({ ...build(), at: 0 });
    if (snapshot === told) return;
    told = snapshot;
    for (const listener of [...listeners]) listener();
  }

  function look(): void {
    timer = clock.after(lookEveryMs, look);
    tellIfChanged();
  }

  async function ask(): Promise<void> {
    plugged = await links.inventory.list();
    if (listeners.size > 0) tellIfChanged();
  }

  const topic: DevicesTopic = {
    current: build,
    onChange(listener) {
      listeners.add(listener);
      if (stopWatching === null) {
        stopWatching = links.inventory.onChange(() => void ask());
        void ask();
        look();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) rest();
      };
    },
  };

  function rest(): void {
    stopWatching?.();
    stopWatching = null;
    timer?.cancel();
    timer = null;
  }

  /** One change at a time; each reads the file as the one before left it. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = changing.then(work);
    changing = mine.catch(() => null);
    return mine;
  }

  async function change(
    kind: DeviceKind,
    what: 'device-saved' | 'device-removed',
    id: string,
    edit: (devices: readonly WrittenDevice[]) => readonly WrittenDevice[],
  ): Promise<DeviceChange> {
    if (profile === null) {
      throw new ContractError(
        'refused',
        'this station was started without a profile file; there is nothing to save into',
      );
    }
    if (!people.mayOverride()) {
      throw new ContractError('refused', "devices are changed by a supervisor; scan a supervisor's badge first");
    }
    try {
      const { profile: changed, backup } = profile.write(deviceLists[kind], edit(profile.devices(deviceLists[kind])));
      const by = people.supervisor() ?? people.current();
      parts.record(what, { kind, id, ...(by === null ? {} : { by: inWords(by) }) });
      people.overrideUsed();
      await sessions.stop();
      const effect = await parts.takeOver(kind, changed);
      if (effect === 'live') applied.set(kind, JSON.stringify(writtenDevices(kind)));
      tellIfChanged();
      return { effect, backup };
    } catch (error) {
      if (error instanceof ProfileError) throw new ContractError('refused', error.message);
      throw error;
    }
  }

  return {
    topic,
    sessions,
    async list() {
      await ask();
      return build();
    },
    check: (kind, device, replaces) =>
      deviceProblems(kind, device, replaces, writtenDevices(kind), parts.printerModels),
    save: (kind, device, replaces) =>
      inTurn(() => {
        const id = typeof device['id'] === 'string' ? device['id'] : '';
        return change(kind, 'device-saved', id, (devices) => {
          const at = devices.findIndex((each) => each['id'] === replaces);
          if (replaces !== null && at < 0) {
            throw new ContractError('not-found', `the profile has no ${kind} "${replaces}"`);
          }
          if (id !== replaces && devices.some((each) => each['id'] === id)) {
            throw new ContractError('refused', `there is a ${kind} called "${id}" already; give this one another name`);
          }
          // What the schema refuses, the profile says in its own words.
          const others = devices.filter((each) => each['id'] !== replaces);
          const [useless] = problemsOfUse(kind, device, others, parts.printerModels);
          if (useless !== undefined) {
            throw new ContractError('refused', String(useless.notice.params['message'] ?? useless.notice.code));
          }
          // The desk reads the first scale: a new one is the one that is wanted.
          if (replaces === null) return kind === 'scale' ? [device, ...devices] : [...devices, device];
          return devices.map((each, index) => (index === at ? device : each));
        });
      }),
    remove: (kind, id) =>
      inTurn(() =>
        change(kind, 'device-removed', id, (devices) => {
          const left = devices.filter((each) => each['id'] !== id);
          if (left.length === devices.length) {
            throw new ContractError('not-found', `the profile has no ${kind} "${id}"`);
          }
          return left;
        }),
      ),
    restart() {
      if (profile === null) throw new ContractError('refused', 'this station was started without a profile file');
      if (!people.mayOverride()) {
        throw new ContractError('refused', "the station is restarted by a supervisor; scan a supervisor's badge first");
      }
      try {
        parts.startAnew(profile.readAgain());
      } catch (error) {
        throw new ContractError('refused', error instanceof Error ? error.message : String(error));
      }
    },
    diagnose: (kind, id) => parts.diagnose(kind, id),
    async stop() {
      rest();
      listeners.clear();
      await sessions.stop();
      sessions.view.stop();
    },
  };
}

/** Whether a device of the file is this one that runs. The virtual stand-in may bear the name of a real one to come. */
function isThisOne(written: WrittenDevice, { id, virtual }: RunningDevice): boolean {
  return written['id'] === id && (!virtual || written['link'] === 'virtual');
}

/** A device of the file that this station does not run yet. */
function waiting(kind: DeviceKind, device: WrittenDevice): ConfiguredDevice {
  const text = (name: string): string => (typeof device[name] === 'string' ? device[name] : '');
  return {
    kind,
    id: text('id').slice(0, 40),
    link: text('link').slice(0, 200),
    protocol: (text('protocol') || text('format') || text('language')).slice(0, 60),
    state: 'restart',
    reason: { code: 'device.restart-needed', tone: 'info', params: {} },
    virtual: false,
    inUse: false,
    frames: null,
    refused: null,
    bytes: null,
    lastFrameAt: null,
    lastRefused: null,
    plugged: null,
    written: device,
  };
}

function viewOf(thing: PluggedDevice, configured: readonly ConfiguredDevice[]): PluggedThing {
  const { uri, kind, usage, vendorId, productId, serialNumber, path, note } = thing;
  const device = configured.find((each) => each.plugged === uri || isThisThing(each.link, each.kind, thing));
  return {
    ...{ kind, usage, path, note },
    uri: uri.slice(0, 400),
    name: [thing.manufacturer, thing.product]
      .filter((part) => part !== null && part !== '')
      .join(' ')
      .slice(0, 300),
    ids: vendorId === null || productId === null ? null : `${vendorId}:${productId}`,
    serialNumber,
    device: device === undefined ? null : { kind: device.kind, id: device.id },
  };
}
