/** The kinds of link this station can make. Another kind is one folder and one line in `makers`. */
import type { Inventory } from './inventory/device.ts';
import { createInventory } from './inventory/inventory.ts';
import { systemSources } from './inventory/sources.ts';
import type { Link, LinkClock, LinkLog, LinkMaker, LinkOptions } from './link.ts';
import { linkError } from './link-problems.ts';
import type { MemoryHub } from './memory/hub.ts';
import { createHidLink } from './hid/link.ts';
import { createOwners } from './owners.ts';
import { createPlugs } from './plugs.ts';
import { createSerialLink } from './serial/link.ts';
import { createSpoolerLink } from './spooler/link.ts';
import { createListenLink } from './tcp-listen/link.ts';
import { createTcpLink } from './tcp/link.ts';
import { createUsbLink } from './usb/link.ts';

const makers: Readonly<Record<string, LinkMaker>> = {
  hid: createHidLink,
  serial: createSerialLink,
  spooler: createSpoolerLink,
  tcp: createTcpLink,
  'tcp-listen': createListenLink,
  usb: createUsbLink,
};

/**
 * Makes links by the scheme of their URI. Links join the desk to its own devices, so they do not pass through the
 * switch that cuts the desk from the network: a cut line leaves the printer and the scale working.
 * `memory`, if given, serves `memory://NAME`, and its inventory stands in for what is plugged into this machine.
 */
export function createLinks(deps: {
  readonly clock: LinkClock;
  readonly log: LinkLog;
  readonly random?: () => number;
  readonly memory?: MemoryHub;
}): { create(uri: string, options: LinkOptions): Link; readonly inventory: Inventory } {
  const { clock, log } = deps;
  const plugs = createPlugs(clock);
  const makerDeps = { clock, log, random: deps.random ?? Math.random, owners: createOwners(), plugs };
  return {
    inventory: deps.memory?.inventory ?? createInventory({ ...makerDeps, sources: systemSources(plugs) }),
    create(uri, options) {
      const scheme = /^([a-z][a-z0-9-]*):\/\//.exec(uri)?.[1];
      if (scheme === 'memory' && deps.memory !== undefined) return deps.memory.link(uri);
      const make = scheme !== undefined && Object.hasOwn(makers, scheme) ? makers[scheme] : undefined;
      if (make === undefined) {
        throw linkError('unknown-kind', { uri, kinds: Object.keys(makers).join(', ') });
      }
      return make(uri, options, makerDeps);
    },
  };
}

export type { Link, LinkClock, LinkDeps, LinkMaker, LinkOptions, LinkState, WriteOutcome } from './link.ts';
export { listUsbPrinters } from './usb/list.ts';
export { createMemoryHub } from './memory/hub.ts';
export type { MemoryDevice, MemoryHub } from './memory/hub.ts';
export { allowedPeers } from './tcp-listen/address.ts';
