/** The shapes of the inventory; they match the station's ports by structure, as `native/link.ts` does. */

export type PluggedKind = 'usb' | 'hid' | 'serial' | 'spooler';

/** One thing that is plugged in, or one print queue. Ids are four lower-case hexadecimal digits. */
export interface PluggedDevice {
  readonly uri: string;
  readonly kind: PluggedKind;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
  readonly path: string | null;
  readonly usage: 'scale' | 'scanner' | 'printer' | 'other';
  readonly note: string | null;
}

export interface InventoryChange {
  readonly attached: readonly PluggedDevice[];
  readonly detached: readonly PluggedDevice[];
}

export interface Inventory {
  list(): Promise<readonly PluggedDevice[]>;
  absent(): readonly { readonly kind: PluggedKind; readonly reason: string }[];
  onChange(listener: (change: InventoryChange) => void): () => void;
  onPlug(listener: () => void): () => void;
}
