/** What lies on a virtual scale, and what its load cell feels of it: weights settle, swing, or are too much. */
import type { TrainingState } from '../../preload/contract/index.ts';
import type { Clock, Timer } from '../ports.ts';

export type VirtualScaleMode = TrainingState['scale']['mode'];

/** A bench scale: 60 kg, 1 g. Overload begins 9 divisions above capacity, underload 2 % of capacity below zero. */
export const capacityG = 60_000;
const overG = capacityG + 9;
const underG = -capacityG * 0.02;

export interface ScaleLoad {
  mode(): VirtualScaleMode;
  /** What lies there, in grams; the display may differ. */
  grams(): number;
  /** The load as the cell feels it now, in grams: on its way to the new weight, or swinging about it. */
  feltG(): number;
  isMoving(): boolean;
  /** Whether a display of so many grams gross is out of the scale's range, or the scale is told to say so. */
  beyond(grossG: number): 'overload' | 'underload' | null;
  /** Throws if not finite. */
  put(grams: number): void;
  setMode(mode: VirtualScaleMode): void;
  stop(): void;
}

/** `settled`: the load has just become stable. `changed`: anything did. A weight moves for `settleMs` milliseconds. */
export function createScaleLoad(clock: Clock, settleMs: number, told: { settled(): void; changed(): void }): ScaleLoad {
  let mode: VirtualScaleMode = 'steady';
  let fromG = 0;
  let loadG = 0;
  let movedAt = clock.monotonic() - settleMs;
  let settling: Timer | null = null;

  const isMoving = (): boolean => mode === 'moving' || settling !== null;

  function feltG(): number {
    const now = clock.monotonic();
    if (mode === 'moving') return loadG + 25 * Math.sin(now / 90);
    const part = settling === null || settleMs <= 0 ? 1 : Math.min(1, (now - movedAt) / settleMs);
    return fromG + (loadG - fromG) * part;
  }

  function startMoving(): void {
    settling?.cancel();
    settling = null;
    movedAt = clock.monotonic();
    if (settleMs <= 0) {
      if (!isMoving()) told.settled();
      return;
    }
    settling = clock.after(settleMs, () => {
      settling = null;
      if (!isMoving()) told.settled();
      told.changed();
    });
  }

  return {
    mode: () => mode,
    grams: () => loadG,
    feltG,
    isMoving,
    beyond(grossG) {
      if (mode === 'overload' || grossG > overG) return 'overload';
      return mode === 'underload' || grossG < underG ? 'underload' : null;
    },
    put(grams) {
      if (!Number.isFinite(grams)) throw new Error(`virtual scale: ${grams} is not a weight in grams`);
      if (grams === loadG) return;
      fromG = feltG();
      loadG = grams;
      startMoving();
      told.changed();
    },
    setMode(next) {
      if (next === mode) return;
      mode = next;
      fromG = loadG;
      startMoving();
      told.changed();
    },
    stop() {
      settling?.cancel();
      settling = null;
    },
  };
}
