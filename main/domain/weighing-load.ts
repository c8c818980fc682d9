/** What lies on the scale, and whose it is. Pure. All weights are gross, in grams. */
import type { ScaleReading } from './device.ts';

export interface LoadLimits {
  /** Up to this the scale counts as empty. */
  readonly zeroG: number;
  /** The next parcel's weight must differ by more than this, if the scale was not seen empty in between. */
  readonly changeG: number;
}

/**
 * `parcelId` null: of an earlier run of the station, or not certain. `grams` null: it had not settled when its parcel
 * left the desk, so any weight might be it, and only an empty scale frees the next parcel.
 */
export interface HeldWeight {
  readonly parcelId: string | null;
  readonly grams: number | null;
}

/** The weight of a container, in whole grams. */
export interface Tare {
  readonly grams: number;
  readonly stays: boolean;
}

/** A tare that was in force when the session of the scale ended. `parcelId` null: it was to stay. */
export interface LostTare {
  readonly parcelId: string | null;
}

/**
 * Nothing lies on the scale, or only the container whose weight is taken off. Below zero counts too: where a tray is
 * zeroed away, lifting it off shows underload.
 */
export function isEmpty(reading: ScaleReading | null, tare: Tare | null, limits: LoadLimits): boolean {
  if (reading === null || reading.overload) return false;
  if (reading.underload || reading.grams <= limits.zeroG) return true;
  return tare !== null && Math.abs(reading.grams - tare.grams) <= limits.zeroG;
}

/** True if a settled weight on the scale can be this parcel's: nothing is held, or its own, or clearly another. */
export function belongs(held: HeldWeight | null, parcelId: string, grams: number, limits: LoadLimits): boolean {
  if (held === null || held.parcelId === parcelId) return true;
  return held.grams !== null && Math.abs(grams - held.grams) > limits.changeG;
}
