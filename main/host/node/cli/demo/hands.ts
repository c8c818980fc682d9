/** What the packer does away from the screen: put the parcel on the scale, look at the label that came out. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { WeightSnapshot } from '../../../../../preload/contract/index.ts';
import type { Client, StationContract } from '../../../../../preload/rpc/index.ts';
import { renderZpl, type LabelDpi } from '../../../../labels/index.ts';
import type { Clock } from '../../../../ports.ts';
import type { PrintRecord } from '../../../../store/store.ts';
import type { VirtualParts } from '../../../../station/training-room.ts';

/** A label seen: the attempt it came from, and the barcodes an independent reader found on it. */
export interface SeenLabel {
  readonly printId: string;
  readonly codes: readonly string[];
}

export interface Hands {
  /** Puts the parcel of this order on the scale; returns at once. Does nothing at a real scale. */
  weigh(orderNumber: string): Promise<void>;
  /** Puts a bag with these parcels on the scale; returns at once. Does nothing at a real scale. */
  weighBag(parcels: readonly { orderNumber: string; weightG: number }[], tareG: number): Promise<void>;
  /** Takes it off and waits until the scale shows empty. Does nothing at a real scale. */
  clearScale(): Promise<void>;
  /** The label of this attempt, once it is there and read; null if none came out within the limit. */
  label(printId: string, limitMs: number): Promise<SeenLabel | null>;
  /** Every label seen in this data folder, also in earlier runs. */
  allLabels(): readonly SeenLabel[];
  /** Takes in the bytes of a label handed to a real printer. */
  sent(print: PrintRecord, bytes: Uint8Array): void;
  /** Writes the pictures of all labels of this run into a folder, named by barcode. */
  savePictures(dir: string, nameOf: (label: SeenLabel) => string): Promise<void>;
  stop(): void;
}

const LiveLabel = z.object({ printId: z.string(), codes: z.array(z.string()) });
const fallbackWeightG = 800;
/** Drawing a label takes a second; on a busy machine several. */
const drawLimitMs = 20_000;

export function createHands(options: {
  client: Client<StationContract>;
  clock: Clock;
  virtual: VirtualParts;
  dataDir: string;
  /** What lies in a printer of this desk. */
  mediaOf(printerId: string): { readonly dpi: LabelDpi; readonly widthMm: number; readonly heightMm: number };
}): Hands {
  const { client, clock, virtual } = options;
  const record = join(options.dataDir, 'demo-labels.jsonl');
  const live: SeenLabel[] = virtual.printer === null ? readRecord(record) : [];
  const pictures = new Map<string, Uint8Array>();
  /** Labels handed to a real printer that are still being drawn here. */
  const drawing = new Set<string>();
  const watchers = new Set<() => void>();
  let weight: WeightSnapshot | null = null;
  const wake = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  const stops = [
    client.subscribe('weight', (snapshot) => {
      weight = snapshot;
      wake();
    }),
    virtual.printer?.onLabel(wake),
  ];

  /** Resolves with false after the limit. */
  function when(wanted: () => boolean, limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (result: boolean): void => {
        watchers.delete(check);
        timer.cancel();
        resolve(result);
      };
      const timer = clock.after(limitMs, () => {
        done(false);
      });
      const check = (): void => {
        if (wanted()) done(true);
      };
      watchers.add(check);
      check();
    });
  }

  function allLabels(): readonly SeenLabel[] {
    if (virtual.printer === null) return live;
    return virtual.printer.labels().map((label) => ({ printId: label.id, codes: label.codes }));
  }

  const find = (printId: string): SeenLabel | undefined =>
    allLabels().find((label) => label.printId === printId && label.codes.length > 0);

  return {
    async weigh(orderNumber) {
      if (virtual.scale === null) return;
      const grams = virtual.vendors?.parcelWeightG(orderNumber) ?? fallbackWeightG;
      await client.call('training.set', { scaleGrams: grams });
    },
    async weighBag(parcels, tareG) {
      if (virtual.scale === null) return;
      const truly = (parcel: (typeof parcels)[number]): number =>
        virtual.vendors?.parcelWeightG(parcel.orderNumber) ?? parcel.weightG;
      const scaleGrams = parcels.reduce((sum, parcel) => sum + truly(parcel), tareG);
      await client.call('training.set', { scaleGrams });
    },
    async clearScale() {
      if (virtual.scale === null) return;
      await client.call('training.set', { scaleGrams: 0 });
      await when(() => weight?.reason?.code === 'weight.zero', 5_000);
    },
    async label(printId, limitMs) {
      // A label of a run that was killed may lie in the tray unread: looking at it reads it.
      if (virtual.printer?.labels().some((label) => label.id === printId && label.codes.length === 0)) {
        await virtual.printer.png(printId);
      }
      await when(() => find(printId) !== undefined, drawing.has(printId) ? Math.max(limitMs, drawLimitMs) : limitMs);
      return find(printId) ?? null;
    },
    allLabels,
    sent(print, bytes) {
      if (virtual.printer !== null) return;
      drawing.add(print.id);
      renderZpl(bytes, options.mediaOf(print.printerId)).then(
        (rendered) => {
          const seen = { printId: print.id, codes: rendered.flatMap((label) => label.codes) };
          appendFileSync(record, `${JSON.stringify(seen)}\n`);
          live.push(seen);
          drawing.delete(print.id);
          const first = rendered[0];
          if (first !== undefined) pictures.set(print.id, first.png);
          wake();
        },
        () => {
          // A label that cannot be drawn is a label that cannot be verified; the report shows it.
          live.push({ printId: print.id, codes: [] });
          drawing.delete(print.id);
          wake();
        },
      );
    },
    async savePictures(dir, nameOf) {
      // What came out last may not have been read yet; drawing it reads it.
      if (virtual.printer !== null) for (const { printId } of allLabels()) await virtual.printer.png(printId);
      for (const label of allLabels()) {
        const png = virtual.printer === null ? pictures.get(label.printId) : await virtual.printer.png(label.printId);
        if (png !== undefined) writeFileSync(join(dir, `${nameOf(label)}.png`), png);
      }
    },
    stop() {
      for (const stop of stops) stop?.();
    },
  };
}

function readRecord(file: string): SeenLabel[] {
  if (!existsSync(file)) return [];
  const seen: SeenLabel[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      seen.push(LiveLabel.parse(JSON.parse(line)));
    } catch {
      // The last line of a run that was killed may be torn.
    }
  }
  return seen;
}
