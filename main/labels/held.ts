/** Why artwork may not be printed. Each is also a notice code of the screen. */
export type HeldCode =
  | 'label.unreadable'
  | 'label.waybill-missing'
  | 'label.too-large'
  | 'label.not-allowed'
  | 'label.blank'
  | 'label.wrong-language';

/** Artwork that was refused: nothing of it is printed. `message` is one line that names the thing. */
export interface HeldLabel {
  readonly held: true;
  readonly code: HeldCode;
  readonly message: string;
}

/** Thrown inside this folder; turned into a `HeldLabel` at its edge. */
export class HeldError extends Error {
  readonly code: HeldCode;
  constructor(code: HeldCode, message: string) {
    super(message);
    this.name = 'HeldError';
    this.code = code;
  }
}

/** Thrown when the label service was stopped meanwhile: says nothing of the label, which is prepared again next time. */
export class StoppedError extends Error {
  constructor() {
    super('labels are stopped');
    this.name = 'StoppedError';
  }
}

/** The held label of a failure; a failure we did not foresee holds the label as unreadable. */
export function toHeld(error: unknown): HeldLabel {
  if (error instanceof HeldError) return { held: true, code: error.code, message: error.message };
  const text = error instanceof Error ? error.message : String(error);
  return {
    held: true,
    code: 'label.unreadable',
    message: `the label cannot be read: ${text.replace(/\s+/g, ' ').slice(0, 200)}`,
  };
}
