/** One label file -> printer bytes: the command line's `label`. */
import { sniffArtwork } from '../domain/artwork.ts';
import type { Clock, Log } from '../ports.ts';
import { createEngine } from './engine.ts';
import type { LabelEngine, LayWishes } from './engine.ts';
import { toHeld } from './held.ts';
import type { HeldLabel } from './held.ts';
import { prepareLabel } from './labels.ts';
import type { LabelTarget } from './media.ts';
import { createWorkerEngine } from './worker-engine.ts';

/** The printer bytes, the picture of what comes out, and the barcodes read back from it. */
export interface ConvertedLabel {
  readonly held: false;
  readonly bytes: Uint8Array;
  /** Labels that come out, without `copies`. */
  readonly pages: number;
  /** Null where the artwork goes through in its own language and cannot be drawn. */
  readonly png: Uint8Array | null;
  readonly codes: readonly string[];
}

export interface ConvertRequest {
  readonly input: Uint8Array;
  readonly target: LabelTarget;
  /** Must be among the barcodes; null takes any label. */
  readonly waybill?: string | null | undefined;
  readonly wishes?: LayWishes | undefined;
  readonly printId?: string | undefined;
  /** False if no picture is wanted: drawing the ZPL that goes through takes half a second. */
  readonly picture?: boolean | undefined;
  /** Where the work is done; in this thread if left out. */
  readonly engine?: LabelEngine | undefined;
}

/**
 * Converts artwork; the type is taken from the first bytes. A label that may not be printed comes back held; never
 * rejects for what is in the file.
 */
export async function convertLabel(request: ConvertRequest): Promise<ConvertedLabel | HeldLabel> {
  const { input, target, waybill = null, wishes, printId = 'convert', picture = true, engine } = request;
  try {
    const type = sniffArtwork(input) ?? 'application/pdf';
    const prepared = await prepareLabel(engine ?? createEngine(''), input, type, waybill, target, wishes);
    // A language that cannot be drawn is no reason not to print it.
    const png = picture ? await prepared.previewPng().catch(() => null) : null;
    return { held: false, bytes: prepared.bytes(0, printId), pages: prepared.pages, png, codes: prepared.codes };
  } catch (error) {
    return toHeld(error);
  }
}

/** An engine in threads of its own, which a file made to hold up whoever opens it cannot hold up. Stop it in the end. */
export function createConverter(deps: {
  readonly clock: Clock;
  readonly log: Log;
}): LabelEngine & { stop(): Promise<void> } {
  return createWorkerEngine({ ...deps, resourcesDir: '', workerUrl: new URL('./worker.ts', import.meta.url) });
}
