/**
 * What an ESC/POS printer makes of its bytes. Written apart from the station's encoder, from Epson, "ESC/POS Command
 * Reference"; strict: a drawer, a macro or a control character among the text is a mistake. A label ends where it is
 * cut, fed to the next one or to the tear bar, or where the connection ends.
 */
import type { PrinterStream, StreamEvent } from './printer-stream.ts';
import { Drawing, Queue, commandStream, labelId, maxPictureBytes } from './printer-stream.ts';

/** Parameters of the ESC and GS commands that only set something: how many bytes follow. */
const escSettings = new Map(
  [...'!-EGMRatV{ 3']
    .map((letter): [number, number] => [letter.charCodeAt(0), 1])
    .concat([
      [0x40, 0],
      [0x32, 0],
      [0x24, 2],
      [0x5c, 2],
    ]),
);
const gsSettings = new Map(
  [...'!BHbfhw']
    .map((letter): [number, number] => [letter.charCodeAt(0), 1])
    .concat([
      [0x4c, 2],
      [0x57, 2],
      [0x50, 2],
    ]),
);
const lineDots = 30;

export function createEscposStream(media: { readonly widthDots: number }): PrinterStream {
  const queue = new Queue();
  let begunAt: number | null = null;
  let drawing = new Drawing();
  let y = 0;
  let line: number[] = [];
  let stored: { rowBytes: number; rows: Uint8Array } | null = null;

  function reset(): void {
    begunAt = null;
    drawing = new Drawing();
    y = 0;
    line = [];
    stored = null;
  }
  function endLine(): void {
    const text = new TextDecoder('gb18030').decode(Uint8Array.from(line));
    if (text.trim() !== '') drawing.text(8, y, 24, text);
    line = [];
    y += lineDots;
  }
  function endLabel(events: StreamEvent[]): void {
    if (line.length > 0) endLine();
    if (!drawing.empty) {
      const zpl = drawing.zpl(media.widthDots, Math.max(1, y));
      events.push({ kind: 'format', id: labelId([], zpl), copies: 1, zpl });
    }
    reset();
  }
  function burn(rowBytes: number, rows: Uint8Array): void {
    drawing.picture({ x: 0, y, rowBytes, rows });
    y += rows.length / rowBytes;
  }
  const two = (at: number): number => queue.at(at) + 256 * queue.at(at + 1);

  function raster(): 'done' | 'need' {
    if (queue.length < 8) return 'need';
    const [rowBytes, height] = [two(4), two(6)];
    if (queue.at(2) !== 0x30 || queue.at(3) % 48 !== 0 || rowBytes === 0 || height === 0 || height > 2_303)
      fail('a wrong GS v 0');
    if (queue.length < 8 + rowBytes * height) return 'need';
    queue.take(8);
    burn(rowBytes, queue.take(rowBytes * height));
    return 'done';
  }

  /** `GS ( X pL pH ...`. */
  function extended(events: StreamEvent[]): 'done' | 'need' {
    if (queue.length < 5) return 'need';
    const length = two(3);
    if (queue.length < 5 + length) return 'need';
    const letter = queue.head(3).charAt(2);
    queue.take(5);
    const data = queue.take(length);
    if (letter === 'L') {
      if (data[1] === 0x70) {
        const [width, height] = [data.readUInt16LE(6), data.readUInt16LE(8)];
        const rowBytes = Math.ceil(width / 8);
        if (data.length !== 10 + rowBytes * height || length > maxPictureBytes) fail('a GS ( L of a wrong length');
        stored = { rowBytes, rows: data.subarray(10) };
      } else if (data[1] === 0x32 || data[1] === 2) {
        if (stored === null) fail('GS ( L prints what was never stored');
        burn(stored.rowBytes, stored.rows);
        stored = null;
      } else fail('an unknown GS ( L');
    } else if (letter === 'H') {
      if (length !== 6 || data[0] !== 0x30 || data[1] !== 0x30) fail('a wrong GS ( H');
      endLabel(events);
      events.push({ kind: 'confirm', reply: Buffer.concat([Buffer.of(0x37, 0x22), data.subarray(2), Buffer.of(0)]) });
    } else if (letter !== 'K' && letter !== 'k') fail(`an unknown GS ( ${letter}`);
    return 'done';
  }

  /** `GS k m n d1...dn`: drawn as Code 128 if it is one. */
  function barcode(): 'done' | 'need' {
    if (queue.length < 4 || queue.length < 4 + queue.at(3)) return 'need';
    if (queue.at(2) < 65) fail('a barcode in the old form');
    const count = queue.at(3);
    const kind = queue.at(2);
    queue.take(4);
    const data = queue
      .take(count)
      .toString('latin1')
      .replace(/^\{[ABC]/, '');
    if (kind === 73) drawing.code128(60, y, 2, 80, data);
    y += 90;
    return 'done';
  }

  function gs(events: StreamEvent[]): 'done' | 'need' {
    if (queue.length < 2) return 'need';
    const second = queue.at(1);
    const count = gsSettings.get(second);
    if (second === 0x76) return raster();
    if (second === 0x28) return extended(events);
    if (second === 0x6b) return barcode();
    if (second === 0x49) {
      if (queue.length < 3) return 'need';
      if (queue.take(3)[2] !== 67) fail('an unknown GS I');
      events.push({ kind: 'question', question: 'escpos-model' });
      return 'done';
    }
    if (second === 0x0c) {
      queue.take(2);
      endLabel(events);
    } else if (second === 0x56) {
      if (queue.length < 3 || (queue.at(2) >= 65 && queue.length < 4)) return 'need';
      queue.take(queue.at(2) >= 65 ? 4 : 3);
      endLabel(events);
    } else if (count !== undefined) {
      if (queue.length < 2 + count) return 'need';
      queue.take(2 + count);
    } else fail(`an unknown GS ${second.toString(16)}`);
    return 'done';
  }

  function esc(events: StreamEvent[]): 'done' | 'need' {
    if (queue.length < 2) return 'need';
    const second = queue.at(1);
    const count = second === 0x64 ? 1 : escSettings.get(second);
    if (count === undefined) fail(`an unknown ESC ${second.toString(16)}`);
    if (queue.length < 2 + count) return 'need';
    queue.take(2 + count);
    if (second === 0x64) endLabel(events);
    // Clears the print buffer: a line that was begun is gone.
    if (second === 0x40) line = [];
    return 'done';
  }

  function step(events: StreamEvent[]): 'done' | 'need' {
    const first = queue.at(0);
    if (first === 0x10) {
      if (queue.length < 3) return 'need';
      const [, command = 0, which = 0] = queue.take(3);
      if (command !== 4 || which < 1 || which > 4) fail('an unknown real-time command');
      events.push({ kind: 'question', question: `escpos-${which}` });
      return 'done';
    }
    begunAt ??= queue.used;
    if (first === 0x1d) return gs(events);
    if (first === 0x1b) return esc(events);
    if (first === 0x1c) {
      if (queue.length < 2) return 'need';
      if (queue.at(1) !== 0x26 && queue.at(1) !== 0x2e) fail('an unknown FS command');
      queue.take(2);
      return 'done';
    }
    if (first === 0x0a) {
      queue.take(1);
      endLine();
    } else if (first === 0x0d) queue.take(1);
    else if (first < 0x20 || first === 0x7f) fail(`the control character ${first.toString(16)}`);
    else if (first < 0x80) line.push(...queue.take(1));
    else {
      if (queue.length < 2) return 'need';
      line.push(...queue.take(2));
    }
    return 'done';
  }

  return commandStream({
    queue,
    // Settings alone are no label.
    begunAt: () => (queue.length === 0 && drawing.empty && line.length === 0 && stored === null ? null : begunAt),
    step,
    reset,
    end() {
      const events: StreamEvent[] = [];
      if (queue.length > 0 || stored !== null) reset();
      else endLabel(events);
      return events;
    },
  });
}

function fail(reason: string): never {
  throw new Error(`ESC/POS: ${reason}`);
}
