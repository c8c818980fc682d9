/** Documented limits, checked before anything is sent. */
import type { BuildRefusal } from './vendor.ts';

export function refuse(code: string, message: string): BuildRefusal {
  return { refused: true, code, message };
}

export interface TextLimit {
  /** The vendor's field name. */
  readonly field: string;
  readonly value: string;
  readonly min: number;
  /** Characters, not bytes. */
  readonly max: number;
}

/** The first limit that is broken, as a refusal that names the field and the length; null if all hold. */
export function checkLengths(limits: readonly TextLimit[]): BuildRefusal | null {
  for (const { field, value, min, max } of limits) {
    const length = [...value].length;
    if (length < min) {
      return refuse(
        length === 0 ? 'field-missing' : 'field-too-short',
        `${field} has ${length} characters, needs ${min}`,
      );
    }
    if (length > max) return refuse('field-too-long', `${field} has ${length} characters, at most ${max} are allowed`);
  }
  return null;
}
