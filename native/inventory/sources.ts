/** The kinds of thing this machine can list. */
import type { InventorySource } from './inventory.ts';

export function systemSources(): readonly InventorySource[] {
  return [];
}
