/**
 * What an interpreter makes of a byte stream. The interpreters are written from the languages' manuals and share
 * nothing with the encoders: their dots are one byte each, counted from the top left.
 */
export interface Page {
  readonly width: number;
  readonly height: number;
  /** `width * height` bytes: 1 is black. */
  readonly dots: Uint8Array;
  readonly copies: number;
  /** Texts the printer writes in its own fonts, in order. */
  readonly texts: readonly string[];
  /** Names of the commands with their plain parameters, in order, without text and picture data. */
  readonly commands: readonly string[];
  /** Comments, in order. */
  readonly comments: readonly string[];
}

/** Bytes that the language's manual does not allow: an interpreter forgives nothing. */
export class MalformedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedError';
  }
}

export function refuse(message: string): never {
  throw new MalformedError(message);
}

/** A page being drawn. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint8Array;

  constructor(width: number, height: number) {
    if (!(width >= 1 && width <= 20_000 && height >= 1 && height <= 100_000)) refuse(`a page of ${width} x ${height}`);
    this.width = width;
    this.height = height;
    this.dots = new Uint8Array(width * height);
  }

  /** Lays packed rows on the page, leftmost dot in the highest bit; `black` is the bit that burns. */
  put(x: number, y: number, rowBytes: number, packed: Uint8Array, black: 0 | 1): void {
    const rows = packed.length / rowBytes;
    if (!Number.isInteger(rows)) refuse(`${packed.length} bytes are no whole rows of ${rowBytes}`);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < rowBytes * 8; column += 1) {
        const bit = ((packed[row * rowBytes + Math.floor(column / 8)] ?? 0) >> (7 - (column % 8))) & 1;
        if (bit !== black) continue;
        if (x + column >= this.width || y + row >= this.height)
          refuse(`a black dot outside of the page at ${x + column},${y + row}`);
        this.dots[(y + row) * this.width + x + column] = 1;
      }
    }
  }
}

/** Reads a byte stream forward. */
export class Reader {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) refuse('the bytes end in the middle of a command');
    this.at += 1;
    return value;
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) refuse(`${count} bytes announced, ${this.bytes.length - this.at} left`);
    const part = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return part;
  }

  /** Up to `end`, which is passed over. */
  until(end: string): string {
    const found = Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength).indexOf(
      end,
      this.at,
      'latin1',
    );
    if (found < 0) refuse(`no ${JSON.stringify(end)} to the end`);
    const text = Buffer.from(this.bytes.subarray(this.at, found)).toString('latin1');
    this.at = found + end.length;
    return text;
  }

  /** True, and passed over, if these characters come next. */
  skip(text: string): boolean {
    const next = Buffer.from(this.bytes.subarray(this.at, this.at + text.length)).toString('latin1');
    if (next !== text) return false;
    this.at += text.length;
    return true;
  }
}

/** A whole number within limits, written in digits alone. */
export function whole(text: string | undefined, least: number, most: number, what: string): number {
  if (text === undefined || !/^-?\d+$/.test(text)) refuse(`${what}: ${JSON.stringify(text)} is no whole number`);
  const value = Number(text);
  if (value < least || value > most) refuse(`${what}: ${value} is not within ${least} to ${most}`);
  return value;
}
