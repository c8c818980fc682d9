/** Why artwork may not be printed. Each is also a notice code of the screen, which says what to do next. */
export type HeldCode =
  /** It cannot be opened: no label file, damaged, cut short. */
  | 'label.unreadable'
  /** It is locked with a password. */
  | 'label.encrypted'
  /** It would take more time or memory than any label does. */
  | 'label.too-heavy'
  /** No barcode on it is the waybill. */
  | 'label.waybill-missing'
  /** A barcode on it is another waybill: `found`. */
  | 'label.wrong-parcel'
  /** The waybill is on it, and its bars are too fine for this printer and media. */
  | 'label.too-fine'
  /** Part of it would fall outside of the media. */
  | 'label.cut-off'
  /** It is larger than the media, too much to make it smaller. */
  | 'label.too-large'
  /** It would do more than draw. */
  | 'label.not-allowed'
  | 'label.blank'
  /** It is in a printer language that this printer does not speak, and cannot be drawn. */
  | 'label.wrong-language';

/** Artwork that was refused: nothing of it is printed. `message` is one line that names the thing. */
export interface HeldLabel {
  readonly held: true;
  readonly code: HeldCode;
  readonly message: string;
  /** `label.wrong-parcel`: the waybill that was found instead. */
  readonly found?: string | undefined;
}

/** Thrown inside this folder; turned into a `HeldLabel` at its edge. */
export class HeldError extends Error {
  readonly code: HeldCode;
  readonly found: string | undefined;
  constructor(code: HeldCode, message: string, found?: string) {
    super(message);
    this.name = 'HeldError';
    this.code = code;
    this.found = found;
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
  if (error instanceof HeldError) {
    const { code, message, found } = error;
    return { held: true, code, message, ...(found === undefined ? {} : { found }) };
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    held: true,
    code: 'label.unreadable',
    message: `the label cannot be read: ${text.replace(/\s+/g, ' ').slice(0, 200)}`,
  };
}
