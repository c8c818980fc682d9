/** An inventory a test plugs things into by hand. */
import type { Inventory, InventoryChange, PluggedDevice, PluggedKind } from '../inventory/device.ts';
import { createListeners } from '../listeners.ts';

export interface MemoryInventory extends Inventory {
  /** Adds a device, or replaces the one with the same URI; what is left out is null and its usage `other`. */
  plugIn(device: Pick<PluggedDevice, 'uri' | 'kind'> & Partial<PluggedDevice>): void;
  /** Does nothing if no such device is there. */
  pullOut(uri: string): void;
  /** Says that a kind cannot be listed, as a missing native module does; null: it can. */
  setAbsent(kind: PluggedKind, reason: string | null): void;
}

export function createMemoryInventory(): MemoryInventory {
  const devices = new Map<string, PluggedDevice>();
  const absent = new Map<PluggedKind, string>();
  const listeners = createListeners<InventoryChange>((error) => {
    throw error;
  });
  return {
    list: () => Promise.resolve([...devices.values()].filter(({ kind }) => !absent.has(kind))),
    absent: () => [...absent].map(([kind, reason]) => ({ kind, reason })),
    onChange: listeners.add,
    onPlug: (listener) => listeners.add(() => listener()),
    plugIn(given) {
      const device: PluggedDevice = {
        vendorId: null,
        productId: null,
        serialNumber: null,
        manufacturer: null,
        product: null,
        path: null,
        usage: 'other',
        note: null,
        ...given,
      };
      devices.set(device.uri, device);
      listeners.emit({ attached: [device], detached: [] });
    },
    pullOut(uri) {
      const device = devices.get(uri);
      if (device === undefined) return;
      devices.delete(uri);
      listeners.emit({ attached: [], detached: [device] });
    },
    setAbsent(kind, reason) {
      if (reason === null) absent.delete(kind);
      else absent.set(kind, reason);
    },
  };
}
