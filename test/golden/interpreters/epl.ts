/**
 * EPL2 bytes -> pages. Written from Zebra, "EPL2 Programmer's Manual" 980352-001: command lines end with LF (CR LF is
 * taken too), letters count by case, GW is followed by raw bytes, a string is quoted with `\"` and `\\` inside, `;`
 * begins a comment. Validated on vectors made by hand: no other EPL2 encoder is at hand in npm.
 */
import type { Page } from './page.ts';
import { Canvas, Reader, refuse, whole } from './page.ts';

interface Label {
  width: number | null;
  cleared: boolean;
  drawn: ((canvas: Canvas) => void)[];
  bottom: number;
  texts: string[];
  commands: string[];
  comments: string[];
}
const fresh = (): Label => ({
  width: null,
  cleared: false,
  drawn: [],
  bottom: 1,
  texts: [],
  commands: [],
  comments: [],
});

/** The page is as wide as `q` says and as long as `Q` says, or as what is drawn. */
export function interpretEpl(bytes: Uint8Array): Page[] {
  const reader = new Reader(bytes);
  const pages: Page[] = [];
  let label = fresh();
  let length: number | null = null;
  let direction = 'ZB';

  while (!reader.done) {
    if (reader.skip('GW')) {
      if (!label.cleared) refuse('GW before N');
      const [x = 0, y = 0, rowBytes = 0, height = 0] = [1, 2, 3, 4].map(() =>
        whole(reader.until(','), 0, 99_999, 'GW'),
      );
      const rows = reader.take(rowBytes * height);
      if (!reader.skip('\n') && !reader.skip('\r\n')) refuse('GW: more bytes than announced');
      label.drawn.push((canvas) => canvas.put(x, y, rowBytes, rows, 0));
      label.bottom = Math.max(label.bottom, y + height);
      label.commands.push(`GW${x},${y},${rowBytes},${height}`);
      continue;
    }
    const line = reader.until('\n').replace(/\r$/, '');
    if (/[^\x20-\x7e]/.test(line)) refuse(`control characters in ${JSON.stringify(line.slice(0, 30))}`);
    if (line === '') continue;
    if (line.startsWith(';')) {
      label.comments.push(line.slice(1).trim());
      continue;
    }
    const text = /^A(\d+),(\d+),([0-3]),([1-5]),(\d),(\d),([NR]),"((?:[^"\\]|\\["\\])*)"$/.exec(line);
    if (text !== null) {
      if (!label.cleared) refuse('A before N');
      label.texts.push((text[8] ?? '').replace(/\\(["\\])/g, '$1'));
      label.commands.push(`A${text.slice(1, 8).join(',')}`);
      label.bottom = Math.max(label.bottom, Number(text[2]) + 1);
      continue;
    }
    label.commands.push(line);
    if (line === 'N') label = { ...fresh(), comments: label.comments, commands: label.commands, cleared: true };
    else if (/^q\d+$/.test(line)) label.width = whole(line.slice(1), 1, 9_999, 'q');
    else if (/^Q\d+,(?:B?\d+|0)$/.test(line)) {
      const [dots, gap = ''] = line.slice(1).split(',');
      length = whole(dots, 1, 65_535, 'Q');
      if (gap !== '0') whole(gap.replace('B', ''), 16, 240, 'Q gap');
    } else if (/^P\d+$/.test(line)) {
      if (!label.cleared) refuse('P before N');
      if (direction !== 'ZT') refuse('printing from the bottom is not expected');
      const canvas = new Canvas(label.width ?? refuse('no q'), length ?? label.bottom);
      for (const draw of label.drawn) draw(canvas);
      const { width, height, dots } = canvas;
      const { texts, commands, comments } = label;
      pages.push({ width, height, dots, copies: whole(line.slice(1), 1, 65_535, 'P'), texts, commands, comments });
      label = fresh();
    } else if (/^Z[TB]$/.test(line)) direction = line;
    else if (!/^(?:S[0-6]|D(?:\d|1[0-5])|R\d+,\d+|O[DPLSC]?(?:,[DPLSC]\d*)*)$/.test(line)) refuse(`unknown: ${line}`);
  }
  if (label.commands.length > 0 || label.comments.length > 0) refuse('a label that is never printed');
  return pages;
}
