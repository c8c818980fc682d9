/** From a parcel or bag to a label on paper: where its bytes come from, which printer takes them, and who hears of it. */
import type { Answer } from '../desk/answer.ts';
import { notice, yes } from '../desk/answer.ts';
import { bagLabelBytes } from '../desk/bags/bag-labels.ts';
import { createLabelStock, type LabelStock } from '../desk/label-stock.ts';
import { createPrinterRoom, type PrinterRoom } from '../desk/printer-room.ts';
import { createPrinting, type Printing } from '../desk/printing.ts';
import { heldText } from '../domain/held-label.ts';
import type { Labels } from '../labels/index.ts';
import type { Ports } from '../ports.ts';
import type { PrintRecord, Store } from '../store/store.ts';
import { roleOf } from './desk-printers.ts';
import type { Devices } from './devices.ts';
import { createLabelMaker } from './label-maker.ts';
import { drawsOwnLabel, ownLabelFor, type VendorEntry } from './vendor-set.ts';

export interface LabelPrintingOptions {
  readonly ports: Ports;
  readonly store: Store;
  readonly deskId: string;
  readonly devices: Devices;
  readonly labels: Labels;
  readonly vendors: readonly VendorEntry[];
  vendorName(id: string): string;
  /** The printers as the status bar shows them. */
  printerStates(): ReturnType<Devices['printers']>;
  /** The exact bytes of every label handed to a printer. */
  onSent?: ((print: PrintRecord, bytes: Uint8Array) => void) | undefined;
  /** The desks, which are made after this. */
  readonly hears: {
    changed(print: PrintRecord): void;
    /** The label of this parcel may not be printed; `text` says why, for the record. */
    held(parcelId: string, text: string): void;
    /** A label came out of another printer than it should. */
    fallback(print: PrintRecord, words: Answer): void;
    printersChanged(): void;
  };
}

export interface LabelPrinting {
  readonly stock: LabelStock;
  readonly printing: Printing;
  readonly printerRoom: PrinterRoom;
}

export function openLabelPrinting(options: LabelPrintingOptions): LabelPrinting {
  const { ports, store, deskId, devices, labels, vendors, vendorName, hears } = options;
  const { clock, ids, log, failpoint } = ports;
  const maker = createLabelMaker(labels, deskId, (vendor, facts) => ownLabelFor(vendors, vendor, facts));
  const stock = createLabelStock(
    store,
    maker,
    (vendor) => drawsOwnLabel(vendors, vendor),
    () => devices.printersFor('parcel')[0]?.target ?? null,
  );
  const printerRoom = createPrinterRoom({
    store,
    clock,
    labels,
    printers: devices.printerList,
    status: () => options.printerStates(),
    onChange: () => {
      hears.printersChanged();
    },
  });
  const printing = createPrinting({
    store,
    failpoint,
    clock,
    ids,
    log,
    printers: devices.printerList,
    printersFor: (kind, printerId) => devices.printersFor(roleOf(kind), printerId),
    labelBytes: (parcel, kind, target) => stock.bytes(parcel, kind, target),
    onChange: (print) => {
      hears.changed(print);
    },
    onHeld: (parcelId, kind, code, message) => {
      if (kind === 'carrier') hears.held(parcelId, heldText(code, message));
      log.warn({ parcelId, label: kind, code, message }, 'a label is held');
    },
    onFallback: (print, from) => {
      hears.fallback(print, yes(notice('print.fallback', 'warn', { from, to: print.printerId }), 'none'));
    },
    bags: {
      labelBytes: bagLabelBytes({ store, maker: labels, deskId, vendorName }),
      onHeld: ({ bagId, kind, message }, code) => {
        log.warn({ bagId, label: kind, code, message }, 'a label is held');
      },
    },
    onSent: (print, bytes) => {
      printerRoom.labelSent(print.printerId);
      options.onSent?.(print, bytes);
    },
  });
  return { stock, printing, printerRoom };
}
