/**
 * From sealed to a label on the box. The carrier's label is printed the moment it is in hand. If it does not come
 * soon, or the line is known to be down, our own rack label lets the packer go on; the carrier's then waits until the
 * rack label is scanned, so that never two labels lie on the desk unasked.
 */
import type { Timer } from '../ports.ts';
import type { ParcelRecord, ParcelPrintKind } from '../store/store.ts';
import { notice, yes, type Answer } from './answer.ts';
import { labelInHand, type DeskContext } from './desk-context.ts';
import { latestPrint, readStage } from './snapshot.ts';

export interface LabelFlow {
  /** The carrier's label of this parcel is coming. */
  await(parcel: ParcelRecord): void;
  /** The label is not coming soon: print the rack label of the parcel on the desk. */
  printRackLabel(parcelId: string): void;
  printCarrierIfReady(rackLabelScanned: boolean): void;
  /** Prints another copy, marked REPRINT. `unknownPrintId` is the attempt of which the packer says that nothing came. */
  printAgain(parcel: ParcelRecord, kind: ParcelPrintKind, reason: string, unknownPrintId: string | null): Answer;
  /** Nothing to wait for any more. */
  cancel(): void;
}

export function createLabelFlow(desk: DeskContext): LabelFlow {
  const { store, printing } = desk;
  let timer: Timer | null = null;

  function cancel(): void {
    timer?.cancel();
    timer = null;
  }

  function printRackLabel(parcelId: string): void {
    if (desk.work()?.parcelId !== parcelId) return;
    const { parcel, prints } = desk.facts();
    if (parcel === null || labelInHand(desk, parcelId)) return;
    if (prints.some((print) => print.state !== 'not-printed')) return;
    if (parcel.labelHeld !== null || readStage(desk.facts()).stage === 'stopped') return;
    cancel();
    printing.request(parcel, 'lpn', printing.nextCopy(parcel.id, 'lpn'), '');
    desk.refresh();
  }

  return {
    cancel,
    printRackLabel,
    await(parcel) {
      cancel();
      if (desk.vendorDown(parcel.vendor)) {
        printRackLabel(parcel.id);
        return;
      }
      timer = desk.clock.after(desk.lpnAfterMs, () => {
        timer = null;
        printRackLabel(parcel.id);
      });
    },
    printCarrierIfReady(rackLabelScanned) {
      const { parcel, prints } = desk.facts();
      if (parcel === null || !labelInHand(desk, parcel.id)) return;
      const carrier = latestPrint(prints, 'carrier');
      if (carrier !== null && carrier.state !== 'not-printed') return;
      const rack = latestPrint(prints, 'lpn');
      // A carrier label that was on its way out already (a stop came between "none came out" and the next) is past the rack.
      const pastRack = carrier !== null && carrier.bytesWritten !== 0;
      if (!rackLabelScanned && !pastRack && rack !== null) {
        const withdrawn = rack.state === 'not-printed' || (rack.state === 'claimed' && printing.withdraw(rack.id));
        if (!withdrawn) return;
      }
      cancel();
      printing.request(parcel, 'carrier', printing.nextCopy(parcel.id, 'carrier'), '');
      desk.refresh();
    },
    printAgain(parcel, kind, reason, unknownPrintId) {
      const unknown = unknownPrintId === null ? null : store.prints.get(unknownPrintId);
      if (unknown !== null) {
        printing.settle(unknown.id, { state: 'not-printed', message: reason, detail: { by: 'packer', reason } });
        desk.resumePrinter();
      }
      const copy = printing.nextCopy(parcel.id, kind);
      printing.request(parcel, kind, copy, reason);
      return yes(notice('print.reprint', 'info', { copy }), 'item');
    },
  };
}
