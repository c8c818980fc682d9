/**
 * What a TSPL printer makes of its bytes. Written apart from the station's encoder, from TSC, "TSPL/TSPL2 Programming
 * Language"; strict: what a real printer would pass over in silence is a mistake here.
 */
import type { PrinterStream, StreamEvent } from './printer-stream.ts';
import { Drawing, Queue, commandStream, labelId, maxLineBytes, maxPictureBytes, turned } from './printer-stream.ts';

const settings =
  /^(?:GAP|BLINE|OFFSET|DENSITY|SPEED|DIRECTION|REFERENCE|SHIFT|CODEPAGE|COUNTRY|SET (?:TEAR|PEEL|CUTTER|PARTIAL_CUTTER)|SOUND|FEED|HOME)\b/;

export function createTsplStream(dotsPerMm: number): PrinterStream {
  const queue = new Queue();
  let begunAt: number | null = null;
  let size: { width: number; height: number } | null = null;
  let drawing: Drawing | null = null;
  let notes: string[] = [];
  const page = (): Drawing => drawing ?? fail('drawing before CLS');

  function reset(): void {
    begunAt = null;
    drawing = null;
    notes = [];
  }

  function bitmap(): 'done' | 'need' {
    const head = queue.head(48);
    const match = /^BITMAP (\d+),(\d+),(\d+),(\d+),([012]),/.exec(head);
    if (match === null) return head.length < 48 && !head.includes('\n') ? 'need' : fail(`a wrong ${head.slice(0, 24)}`);
    const [x = 0, y = 0, rowBytes = 0, height = 0] = match.slice(1, 5).map(Number);
    const length = rowBytes * height;
    if (length > maxPictureBytes) fail('a picture larger than the memory');
    if (queue.length < match[0].length + length + 2) return 'need';
    queue.take(match[0].length);
    const rows = turned(queue.take(length));
    if (!queue.startsWith('\r\n')) fail('a picture with more bytes than announced');
    queue.take(2);
    if (match[5] !== '0') fail('a picture that is not laid over');
    page().picture({ x, y, rowBytes, rows });
    return 'done';
  }

  function command(line: string, events: StreamEvent[]): void {
    const text = /^TEXT (\d+),(\d+),"[^"]*",\d+,\d+,\d+,"(.*)"$/.exec(line);
    const bars = /^BARCODE (\d+),(\d+),"128M?",(\d+),[0-2],0,(\d+),\d+,"([^"]*)"$/.exec(line);
    const bar = /^BAR (\d+),(\d+),(\d+),(\d+)$/.exec(line);
    const print = /^PRINT (\d+)(?:,(\d+))?$/.exec(line);
    const measure = /^SIZE ([\d.]+) mm, ?([\d.]+) mm$/.exec(line);
    if (measure !== null) {
      size = { width: Math.round(Number(measure[1]) * dotsPerMm), height: Math.round(Number(measure[2]) * dotsPerMm) };
    } else if (line === 'CLS') drawing = new Drawing();
    else if (line.startsWith('REM ')) notes.push(line.slice(4));
    else if (text !== null) page().text(Number(text[1]), Number(text[2]), 24, (text[3] ?? '').replaceAll('\\["]', '"'));
    else if (bars !== null)
      page().code128(Number(bars[1]), Number(bars[2]), Number(bars[4]), Number(bars[3]), bars[5] ?? '');
    else if (bar !== null) page().box(Number(bar[1]), Number(bar[2]), Number(bar[3]), Number(bar[4]));
    else if (print !== null) {
      if (size === null) fail('PRINT before SIZE');
      const zpl = page().zpl(size.width, size.height);
      const copies = Number(print[1]) * Number(print[2] ?? 1);
      events.push({ kind: 'format', id: labelId(notes, zpl), copies, zpl });
      reset();
    } else if (!settings.test(line)) fail(`an unknown command ${JSON.stringify(line.slice(0, 24))}`);
  }

  /** Bytes in front of an immediate command: it acts at once, wherever in a line it stands. */
  function beforeImmediate(): number {
    const head = queue.head(64);
    const at = head.indexOf('\x1b!');
    return at > 0 && !head.startsWith('BITMAP') && !head.slice(0, at).includes('\n') ? at : 0;
  }

  function step(events: StreamEvent[]): 'done' | 'need' {
    const stray = beforeImmediate();
    if (stray > 0) {
      queue.take(stray);
      events.push({ kind: 'mistake', reason: 'TSPL: bytes that are no command' });
    }
    if (queue.startsWith('~!T')) {
      queue.take(3);
      events.push({ kind: 'question', question: 'tspl-model' });
      return 'done';
    }
    if (queue.at(0) === 0x1b) {
      if (queue.length < 3) return 'need';
      const letter = queue.take(3).toString('latin1').slice(1);
      if (letter === '!?') events.push({ kind: 'question', question: 'tspl' });
      else if (letter === '!S') events.push({ kind: 'question', question: 'tspl-s' });
      else fail('an unknown escape command');
      return 'done';
    }
    begunAt ??= queue.used;
    if (queue.startsWith('BITMAP')) return bitmap();
    if (queue.length > maxLineBytes) fail('a line without end');
    const line = queue.line('\r\n');
    if (line === null) return 'need';
    // An empty line is no command.
    if (line === '') return 'done';
    if (/[^\x20-\x7e\x80-\xff]/.test(line)) fail('control characters in a line');
    command(line, events);
    return 'done';
  }
  return commandStream({ queue, begunAt: () => begunAt, step, reset });
}

function fail(reason: string): never {
  throw new Error(`TSPL: ${reason}`);
}
