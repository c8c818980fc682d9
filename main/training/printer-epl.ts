/**
 * What an EPL2 printer makes of its bytes. Written apart from the station's encoder, from Zebra, "EPL2 Programmer's
 * Manual" 980352-001; strict. It has no status that can be relied on, so it is never asked and never answers.
 */
import type { PrinterStream, StreamEvent } from './printer-stream.ts';
import { Drawing, Queue, commandStream, labelId, maxLineBytes, maxPictureBytes, turned } from './printer-stream.ts';

const settings = /^(?:Q\d+(?:,B?\d+(?:[+-]\d+)?)?|S\d|D\d{1,2}|O[A-Z0-9,]*|Z[TB]|I[0-9A-Z,]+|J[FB])$/;

/** `heightDots` of the media: EPL does not have to say it. */
export function createEplStream(media: { readonly widthDots: number; readonly heightDots: number }): PrinterStream {
  const queue = new Queue();
  let begunAt: number | null = null;
  let width = media.widthDots;
  let origin = { x: 0, y: 0 };
  let drawing: Drawing | null = null;
  let notes: string[] = [];
  const page = (): Drawing => drawing ?? fail('drawing before N');

  function reset(): void {
    begunAt = null;
    drawing = null;
    notes = [];
    origin = { x: 0, y: 0 };
  }

  function graphic(): 'done' | 'need' {
    const head = queue.head(40);
    const match = /^GW(\d+),(\d+),(\d+),(\d+),/.exec(head);
    if (match === null) return head.length < 40 && !head.includes('\n') ? 'need' : fail(`a wrong ${head.slice(0, 16)}`);
    const [x = 0, y = 0, rowBytes = 0, height = 0] = match.slice(1).map(Number);
    const length = rowBytes * height;
    if (length > maxPictureBytes) fail('a picture larger than the memory');
    if (queue.length < match[0].length + length + 1) return 'need';
    queue.take(match[0].length);
    const rows = turned(queue.take(length));
    if (queue.at(0) !== 0x0a && queue.at(0) !== 0x0d) fail('a picture with more bytes than announced');
    page().picture({ x: origin.x + x, y: origin.y + y, rowBytes, rows });
    return 'done';
  }

  function command(line: string, events: StreamEvent[]): void {
    const text = /^A(\d+),(\d+),[0-3],([1-9]),(\d),(\d),[NR],"((?:[^"\\]|\\.)*)"$/.exec(line);
    const bars = /^B(\d+),(\d+),[0-3],([0-9A-Z]+),(\d+),\d+,(\d+),[BN],"((?:[^"\\]|\\.)*)"$/.exec(line);
    const black = /^LO(\d+),(\d+),(\d+),(\d+)$/.exec(line);
    const at = (match: RegExpExecArray): [number, number] => [origin.x + Number(match[1]), origin.y + Number(match[2])];
    if (line === 'N') drawing = new Drawing();
    else if (line.startsWith(';')) notes.push(line.slice(1));
    else if (/^q\d+$/.test(line)) width = Number(line.slice(1));
    else if (/^R\d+,\d+$/.test(line)) {
      const [x = 0, y = 0] = line.slice(1).split(',').map(Number);
      origin = { x, y };
    } else if (text !== null)
      page().text(...at(text), 10 + 8 * Number(text[3]) * Number(text[5]), (text[6] ?? '').replace(/\\(.)/g, '$1'));
    else if (bars !== null) {
      if (!/^1[A-E]?$/.test(bars[3] ?? ''))
        fail(`a barcode of kind ${bars[3]}, which this virtual printer cannot draw`);
      page().code128(...at(bars), Number(bars[4]), Number(bars[5]), (bars[6] ?? '').replace(/\\(.)/g, '$1'));
    } else if (black !== null) page().box(...at(black), Number(black[3]), Number(black[4]));
    else if (/^P\d+$/.test(line)) {
      const zpl = page().zpl(width, media.heightDots);
      events.push({ kind: 'format', id: labelId(notes, zpl), copies: Number(line.slice(1)), zpl });
      reset();
    } else if (!settings.test(line)) fail(`an unknown command ${JSON.stringify(line.slice(0, 24))}`);
  }

  function step(events: StreamEvent[]): 'done' | 'need' {
    if (queue.at(0) === 0x0a || queue.startsWith('\r\n')) {
      queue.take(queue.at(0) === 0x0a ? 1 : 2);
      return 'done';
    }
    begunAt ??= queue.used;
    if (queue.startsWith('GW')) return graphic();
    if (queue.length > maxLineBytes) fail('a line without end');
    const line = queue.line('\n')?.replace(/\r$/, '') ?? null;
    if (line === null) return 'need';
    if (/[^\x20-\x7e\x80-\xff]/.test(line)) fail('control characters in a line');
    command(line, events);
    return 'done';
  }
  return commandStream({ queue, begunAt: () => begunAt, step, reset });
}

function fail(reason: string): never {
  throw new Error(`EPL: ${reason}`);
}
