/**
 * CPCL bytes -> pages. Written from Zebra, "CPCL Programming Manual": `! offset xdpi ydpi height quantity`, lines that
 * end with CR LF, EG and CG with width in bytes, height, x, y and the data (hexadecimal or raw), PRINT at the end.
 * Validated on vectors made by hand and on published examples: no other CPCL encoder is at hand in npm.
 */
import type { Page } from './page.ts';
import { Canvas, Reader, refuse, whole } from './page.ts';

interface Session {
  readonly height: number;
  readonly copies: number;
  width: number | null;
  readonly drawn: ((canvas: Canvas) => void)[];
  readonly texts: string[];
  readonly commands: string[];
  readonly comments: string[];
}

export function interpretCpcl(bytes: Uint8Array): Page[] {
  const reader = new Reader(bytes);
  const pages: Page[] = [];
  let session: Session | null = null;

  while (!reader.done) {
    if (session !== null && reader.skip('CG ')) {
      const { rowBytes, height, x, y, place } = graphic(reader);
      const rows = reader.take(rowBytes * height);
      if (!reader.skip('\r\n')) refuse('CG: more bytes than announced');
      session.drawn.push((canvas) => canvas.put(x, y, rowBytes, rows, 1));
      session.commands.push(`CG ${place}`);
      continue;
    }
    if (session !== null && reader.skip('EG ')) {
      const { rowBytes, height, x, y, place } = graphic(reader);
      const digits = reader.until('\r\n');
      if (!/^(?:[0-9A-F]{2})*$/.test(digits) || digits.length !== rowBytes * height * 2)
        refuse(`EG: ${digits.length} digits`);
      const rows = Buffer.from(digits, 'hex');
      session.drawn.push((canvas) => canvas.put(x, y, rowBytes, rows, 1));
      session.commands.push(`EG ${place}`);
      continue;
    }
    const line = reader.until('\r\n');
    if (/[^\x20-\x7e]/.test(line)) refuse(`control characters in ${JSON.stringify(line.slice(0, 30))}`);
    if (session === null) {
      const match = /^! (\d+) (\d+) (\d+) (\d+) (\d+)$/.exec(line) ?? refuse(`no session: ${line.slice(0, 30)}`);
      const height = whole(match[4], 1, 65_535, 'height');
      const copies = whole(match[5], 1, 1_024, 'quantity');
      session = { height, copies, width: null, drawn: [], texts: [], commands: [line], comments: [] };
      continue;
    }
    if (line.startsWith(';')) {
      session.comments.push(line.slice(1).trim());
      continue;
    }
    // The parameters are parted by blanks; the data is everything behind the blank after the last one.
    const text = /^(?:TEXT|T) (\d+) (\d+) (\d+) (\d+) (?! )(.+)$/.exec(line);
    if (text !== null) {
      session.texts.push(text[5] ?? '');
      session.commands.push(`TEXT ${text.slice(1, 5).join(' ')}`);
      continue;
    }
    session.commands.push(line);
    if (line === 'PRINT') {
      const canvas = new Canvas(session.width ?? refuse('no PAGE-WIDTH'), session.height);
      for (const draw of session.drawn) draw(canvas);
      const { width, height, dots } = canvas;
      const { copies, texts, commands, comments } = session;
      pages.push({ width, height, dots, copies, texts, commands, comments });
      session = null;
    } else if (/^PAGE-WIDTH \d+$/.test(line)) session.width = whole(line.slice(11), 1, 9_999, 'PAGE-WIDTH');
    else if (/^TONE -?\d+$/.test(line)) whole(line.slice(5), -99, 200, 'TONE');
    else if (!/^(?:SPEED [0-5]|GAP-SENSE|BAR-SENSE|CUT|FORM)$/.test(line)) refuse(`unknown: ${line}`);
  }
  if (session !== null) refuse('a session without PRINT');
  return pages;
}

function graphic(reader: Reader): { rowBytes: number; height: number; x: number; y: number; place: string } {
  const [rowBytes = 0, height = 0, x = 0, y = 0] = [1, 2, 3, 4].map(() => whole(reader.until(' '), 0, 65_535, 'CG'));
  return { rowBytes, height, x, y, place: `${rowBytes} ${height} ${x} ${y}` };
}
