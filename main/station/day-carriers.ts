/** The carriers of this desk as the end of the day sees them: what each can be told, and what it needs for it. */
import type { DayCarrier } from '../desk/handover/day-context.ts';
import { documentEffects, type VendorEntry } from './vendor-set.ts';

const none = { details: [], flight: [] };

/** `carriers` by the names of the screen. A carrier that is not set up yet is asked for no fields: its push waits. */
export function dayCarriers(
  vendors: readonly VendorEntry[],
  carriers: readonly { readonly id: string; readonly name: string }[],
): DayCarrier[] {
  return carriers.map(({ id, name }) => ({
    ...{ id, name, effects: documentEffects(vendors, id) },
    needs: vendors.find((entry) => entry.id === id)?.vendor?.handoverNeeds ?? { 'scan-form': none, manifest: none },
  }));
}
