/** What the virtual printers of every language have in common: events, bytes as they come, dots as they are burnt. */
import { createHash } from 'node:crypto';

/** What a printer makes of its bytes. */
export type StreamEvent =
  /** One label is complete. `zpl` draws what comes out, so that one drawer serves all languages. */
  | { readonly kind: 'format'; readonly id: string; readonly copies: number; readonly zpl: Uint8Array }
  /** The host asks; the names are those of the answers in `printer-answers.ts`. */
  | { readonly kind: 'question'; readonly question: string }
  /** The host wants these bytes back when everything before them is out. */
  | { readonly kind: 'confirm'; readonly reply: Uint8Array }
  | { readonly kind: 'mistake'; readonly reason: string };

/** One connection's stream. */
export interface PrinterStream {
  /** True while a label is coming in. */
  readonly partial: boolean;
  /** Bytes of the label that is coming in. */
  readonly partialBytes: number;
  push(bytes: Uint8Array): StreamEvent[];
  /** The connection has ended: a label that needs no end mark is complete now. */
  end?(): StreamEvent[];
}

/** Bytes that have come in and are not used up. */
export class Queue {
  #bytes = Buffer.alloc(0);
  #used = 0;

  /** Bytes used up so far. */
  get used(): number {
    return this.#used;
  }
  get length(): number {
    return this.#bytes.length;
  }
  add(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }
  at(index: number): number {
    return this.#bytes[index] ?? -1;
  }
  startsWith(text: string): boolean {
    return this.#bytes.subarray(0, text.length).toString('latin1') === text;
  }
  /** The first characters, at most so many. */
  head(count: number): string {
    return this.#bytes.subarray(0, count).toString('latin1');
  }
  /** Up to the mark, which is used up too; null if it has not come yet. */
  line(mark: string): string | null {
    const end = this.#bytes.indexOf(mark, 0, 'latin1');
    return end < 0
      ? null
      : this.take(end + mark.length)
          .subarray(0, end)
          .toString('latin1');
  }
  take(count: number): Buffer {
    const part = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    this.#used += count;
    return part;
  }
}

/** A picture in a label: rows of whole bytes in which 1 is black. */
export interface Picture {
  readonly x: number;
  readonly y: number;
  readonly rowBytes: number;
  readonly rows: Uint8Array;
}

/** The label as ZPL, so that it can be drawn and read like any other. */
export class Drawing {
  readonly #fields: string[] = [];

  get empty(): boolean {
    return this.#fields.length === 0;
  }
  picture({ x, y, rowBytes, rows }: Picture): void {
    const digits = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength).toString('hex').toUpperCase();
    this.#fields.push(`^FO${x},${y}^GFA,${rows.length},${rows.length},${rowBytes},${digits}^FS`);
  }
  text(x: number, y: number, size: number, text: string): void {
    this.#fields.push(`^FO${x},${y}^A0N,${size},${size}^FH_^FD${hexText(text)}^FS`);
  }
  code128(x: number, y: number, module: number, height: number, data: string): void {
    this.#fields.push(`^FO${x},${y}^BY${module}^BCN,${height},N,N,N,A^FH_^FD${hexText(data)}^FS`);
  }
  box(x: number, y: number, width: number, height: number): void {
    this.#fields.push(`^FO${x},${y}^GB${width},${height},${Math.min(width, height)}^FS`);
  }
  zpl(width: number, height: number): Uint8Array {
    return Buffer.from(`^XA^CI28^PW${width}^LL${height}${this.#fields.join('')}^XZ`, 'latin1');
  }
}

function hexText(text: string): string {
  return [...Buffer.from(text, 'utf8')].map((byte) => `_${byte.toString(16).padStart(2, '0')}`).join('');
}

/** The print id of a note `print=ID page=N/M`, with `#N` for pages after the first; else a digest of the label. */
export function labelId(notes: readonly string[], zpl: Uint8Array): string {
  for (const note of notes) {
    const match = /^\s*print=([\w.-]+)(?:\s+page=(\d+)\/\d+)?/.exec(note);
    if (match?.[1] === undefined) continue;
    return match[2] === undefined || match[2] === '1' ? match[1] : `${match[1]}#${match[2]}`;
  }
  return createHash('sha256').update(zpl).digest('hex').slice(0, 16);
}

/** All bits turned round. */
export function turned(rows: Uint8Array): Uint8Array {
  return rows.map((byte) => ~byte & 0xff);
}

/** Largest picture and line a virtual printer takes. */
export const maxPictureBytes = 16 * 1024 * 1024;
export const maxLineBytes = 64 * 1024;

/** A stream from a parser of one command: `need` means that more bytes must come first. */
export function commandStream(parser: {
  readonly queue: Queue;
  /** Where the open label began, as a count of used bytes, or null. */
  readonly begunAt: () => number | null;
  readonly step: (events: StreamEvent[]) => 'done' | 'need';
  /** After nonsense: forget what is open. */
  readonly reset: () => void;
  readonly end?: () => StreamEvent[];
}): PrinterStream {
  const { queue, begunAt, step, reset } = parser;
  return {
    get partial() {
      return begunAt() !== null;
    },
    get partialBytes() {
      const from = begunAt();
      return from === null ? 0 : queue.used - from + queue.length;
    },
    push(bytes) {
      queue.add(bytes);
      const events: StreamEvent[] = [];
      try {
        while (queue.length > 0 && step(events) === 'done');
      } catch (error) {
        // What a real printer does after nonsense nobody can say; this one throws away what it has.
        events.push({ kind: 'mistake', reason: error instanceof Error ? error.message : String(error) });
        queue.take(queue.length);
        reset();
      }
      return events;
    },
    ...(parser.end === undefined ? {} : { end: parser.end }),
  };
}
