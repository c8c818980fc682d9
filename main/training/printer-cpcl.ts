/**
 * What a CPCL printer makes of its bytes. Written apart from the station's encoder, from Zebra, "CPCL Programming
 * Manual"; strict.
 */
import type { PrinterStream, StreamEvent } from './printer-stream.ts';
import { Drawing, Queue, commandStream, labelId, maxLineBytes, maxPictureBytes } from './printer-stream.ts';

const settings = /^(?:TONE -?\d+|CONTRAST [0-3]|SPEED [0-5]|GAP-SENSE|BAR-SENSE|CUT|FORM|LEFT|CENTER|RIGHT)$/;

interface Session {
  readonly drawing: Drawing;
  readonly notes: string[];
  readonly height: number;
  readonly copies: number;
  width: number;
}

export function createCpclStream(media: { readonly widthDots: number }): PrinterStream {
  const queue = new Queue();
  let begunAt: number | null = null;
  let session: Session | null = null;

  function reset(): void {
    begunAt = null;
    session = null;
  }

  /** `CG w h x y ` and raw bytes; `EG` and digits. */
  function graphic(open: Session): 'done' | 'need' {
    const head = queue.head(48);
    const match = /^([CE])G (\d+) (\d+) (\d+) (\d+) /.exec(head);
    if (match === null)
      return head.length < 48 && !head.includes('\r\n') ? 'need' : fail(`a wrong ${head.slice(0, 16)}`);
    const [rowBytes = 0, height = 0, x = 0, y = 0] = match.slice(2).map(Number);
    const length = rowBytes * height * (match[1] === 'E' ? 2 : 1);
    if (length > maxPictureBytes) fail('a picture larger than the memory');
    if (queue.length < match[0].length + length + 2) return 'need';
    queue.take(match[0].length);
    const data = queue.take(length);
    if (!queue.startsWith('\r\n')) fail('a picture with more bytes than announced');
    queue.take(2);
    const rows = match[1] === 'E' ? Buffer.from(data.toString('latin1'), 'hex') : data;
    if (rows.length !== rowBytes * height) fail('a picture with wrong digits');
    open.drawing.picture({ x, y, rowBytes, rows });
    return 'done';
  }

  function command(line: string, open: Session, events: StreamEvent[]): void {
    const text = /^(?:TEXT|T) \d+ \d+ (\d+) (\d+) (.+)$/.exec(line);
    const bars = /^(?:BARCODE|B) 128 (\d+) \d+ (\d+) (\d+) (\d+) (\S+)$/.exec(line);
    if (line.startsWith(';')) open.notes.push(line.slice(1));
    else if (/^(?:PAGE-WIDTH|PW) \d+$/.test(line)) open.width = Number(line.split(' ')[1]);
    else if (text !== null) open.drawing.text(Number(text[1]), Number(text[2]), 24, text[3] ?? '');
    else if (bars !== null)
      open.drawing.code128(Number(bars[3]), Number(bars[4]), Number(bars[1]) + 1, Number(bars[2]), bars[5] ?? '');
    else if (line === 'PRINT') {
      const zpl = open.drawing.zpl(open.width, open.height);
      events.push({ kind: 'format', id: labelId(open.notes, zpl), copies: open.copies, zpl });
      reset();
    } else if (!settings.test(line)) fail(`an unknown command ${JSON.stringify(line.slice(0, 24))}`);
  }

  function step(events: StreamEvent[]): 'done' | 'need' {
    if (session === null && queue.at(0) === 0x1b) {
      if (queue.length < 2) return 'need';
      const letter = queue.take(2)[1];
      if (letter !== 0x68 && letter !== 0x76) fail('an unknown escape command');
      events.push({ kind: 'question', question: letter === 0x68 ? 'cpcl' : 'cpcl-version' });
      return 'done';
    }
    if (session === null && queue.at(0) < 0x20 && queue.at(0) !== 0x0d && queue.at(0) !== 0x0a) {
      events.push({ kind: 'mistake', reason: `CPCL: the control character ${queue.take(1)[0]?.toString(16)}` });
      return 'done';
    }
    begunAt ??= queue.used;
    if (session !== null && /^[CE]G /.test(queue.head(3))) return graphic(session);
    if (queue.length > maxLineBytes) fail('a line without end');
    const line = queue.line('\r\n');
    if (line === null) return 'need';
    if (/[^\x20-\x7e\x80-\xff]/.test(line)) fail('control characters in a line');
    if (session !== null) command(line, session, events);
    else {
      const match = /^! \d+ \d+ \d+ (\d+) (\d+)$/.exec(line);
      if (match === null) fail(`text outside of a session: ${JSON.stringify(line.slice(0, 24))}`);
      const [height, copies] = [Number(match[1]), Number(match[2])];
      session = { drawing: new Drawing(), notes: [], height, copies, width: media.widthDots };
    }
    return 'done';
  }
  return commandStream({ queue, begunAt: () => begunAt, step, reset });
}

function fail(reason: string): never {
  throw new Error(`CPCL: ${reason}`);
}
