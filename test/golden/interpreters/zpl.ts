/**
 * ZPL bytes -> pages. Written from Zebra, "ZPL II Programming Guide" (^GF and its compression scheme, ^FH, ^FD, ^CI)
 * for the part that labels of dots and plain texts use. Validated on the output of zpl-image and, through pictures,
 * against zpl-renderer-js.
 */
import { inflateSync } from 'node:zlib';
import type { Page } from './page.ts';
import { Canvas, refuse, whole } from './page.ts';

interface Field {
  x: number;
  y: number;
  hex: string | null;
  draw: ((canvas: Canvas) => void) | null;
}

export function interpretZpl(bytes: Uint8Array): Page[] {
  const stream = Buffer.from(bytes).toString('latin1');
  if (!/^\s*(?:\^XA[^]*?\^XZ\s*)*$/.test(stream)) refuse('bytes outside of ^XA ... ^XZ');
  return [...stream.matchAll(/\^XA([^]*?)\^XZ/g)].map((match) => interpretFormat(match[1] ?? ''));
}

function interpretFormat(text: string): Page {
  if (!/^(?:[\^][^^]*)*$/.test(text) || text.includes('~')) refuse('bytes before the first command, or ~ inside');
  let [width, height, copies] = [0, 0, 1];
  let utf8 = false;
  let field: Field | null = null;
  const drawn: ((canvas: Canvas) => void)[] = [];
  const texts: string[] = [];
  const commands: string[] = [];
  const comments: string[] = [];
  const open = (): Field => field ?? refuse('a field command before ^FO');

  for (const command of text.match(/\^[^^]*/g) ?? []) {
    const name = command.slice(0, 3);
    const rest = command.slice(3);
    if (name === '^FX') {
      comments.push(rest);
      field = { x: 0, y: 0, hex: null, draw: null };
      continue;
    }
    if (/[^\x20-\x7e]/.test(command)) refuse(`bytes beyond ASCII in ${command.slice(0, 20)}`);
    commands.push(name === '^FD' || name === '^GF' ? name : command);
    if (name === '^PW') width = whole(rest, 1, 32_000, '^PW');
    else if (name === '^LL') height = whole(rest, 1, 32_000, '^LL');
    else if (name === '^PQ') copies = whole(/^(\d+),0,0,Y$/.exec(rest)?.[1], 1, 99, '^PQ');
    else if (name === '^FO') {
      const [x, y] = rest.split(',');
      field = { x: whole(x, 0, 32_000, '^FO'), y: whole(y, 0, 32_000, '^FO'), hex: null, draw: null };
    } else if (name === '^GF') {
      const { x, y } = open();
      const { rowBytes, rows } = graphic(rest);
      open().draw = (canvas) => canvas.put(x, y, rowBytes, rows, 1);
    } else if (name === '^FH') open().hex = rest === '' ? '_' : rest;
    else if (name === '^FD') texts.push(decodeText(rest, open().hex, utf8));
    else if (name === '^FS') {
      const { draw } = open();
      if (draw !== null) drawn.push(draw);
      field = null;
    } else if (name === '^CI') utf8 = rest === '28';
    else if (!/^\^(?:LH0,0|MD-?\d+|PR\d+|MN[YMN]|MM[TCP]|A0N,\d+,\d+)$/.test(command)) refuse(`unknown: ${command}`);
  }
  if (field !== null) refuse('a field without ^FS');
  const canvas = new Canvas(width, height);
  for (const draw of drawn) draw(canvas);
  return { width, height, dots: canvas.dots, copies, texts, commands, comments };
}

function graphic(rest: string): { rowBytes: number; rows: Uint8Array } {
  const match = /^A,(\d+),(\d+),(\d+),([^]*)$/.exec(rest) ?? refuse(`^GF${rest.slice(0, 20)}`);
  const [count, total, rowBytes] = [match[1], match[2], match[3]].map((part) => whole(part, 1, 1e8, '^GF'));
  if (count === undefined || total === undefined || rowBytes === undefined || count !== total) refuse('^GF counts');
  const data = match[4] ?? '';
  const rows = data.startsWith(':') && /^:[ZB]64:/.test(data) ? unpack(data) : expand(data, rowBytes);
  if (rows.length !== total) refuse(`^GF: ${rows.length} bytes where ${total} were announced`);
  return { rowBytes, rows };
}

function unpack(data: string): Uint8Array {
  const [, kind, base64 = '', crc] = data.split(':');
  if (!/^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/.test(base64)) refuse('^GF: not base64');
  let sum = 0;
  for (const character of base64) {
    sum ^= character.charCodeAt(0) << 8;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x8000 ? ((sum << 1) ^ 0x11021) & 0xffff : (sum << 1) & 0xffff;
  }
  if (crc !== sum.toString(16).padStart(4, '0')) refuse(`^GF: checksum ${crc ?? ''}`);
  const bytes = Buffer.from(base64, 'base64');
  if (kind === 'B64') return bytes;
  try {
    return inflateSync(bytes);
  } catch {
    return refuse('^GF: not zlib');
  }
}

/** Counts G to Y (1 to 19) and g to z (20 to 400) before a digit; `,` fills the row with zeros; `:` repeats the row. */
function expand(data: string, rowBytes: number): Uint8Array {
  const digits = rowBytes * 2;
  const rows: string[] = [];
  let row = '';
  let times = 0;
  const end = (): void => {
    rows.push(row);
    row = '';
  };
  for (const character of data) {
    if (/[G-Y]/.test(character)) times += character.charCodeAt(0) - 'F'.charCodeAt(0);
    else if (/[g-z]/.test(character)) times += 20 * (character.charCodeAt(0) - 'f'.charCodeAt(0));
    else if (/[0-9A-F]/.test(character)) {
      row += character.repeat(Math.max(1, times));
      times = 0;
      if (row.length > digits) refuse('^GF: a run beyond its row');
      if (row.length === digits) end();
    } else if (times > 0) refuse('^GF: a count without a digit');
    else if (character === ',') {
      row = row.padEnd(digits, '0');
      end();
    } else if (character === ':') {
      if (row !== '' || rows.length === 0) refuse('^GF: a repeat in the middle of a row');
      rows.push(rows.at(-1) ?? '');
    } else refuse(`^GF: ${JSON.stringify(character)}`);
  }
  if (row !== '' || times > 0) refuse('^GF: the last row is not whole');
  return Buffer.from(rows.join(''), 'hex');
}

function decodeText(data: string, hex: string | null, utf8: boolean): string {
  const bytes: number[] = [];
  for (let at = 0; at < data.length; at += 1) {
    if (hex !== null && data[at] === hex) {
      const digits = data.slice(at + 1, at + 3);
      if (!/^[0-9A-Fa-f]{2}$/.test(digits)) refuse(`^FH: ${digits}`);
      bytes.push(Number.parseInt(digits, 16));
      at += 2;
    } else bytes.push(data.charCodeAt(at));
  }
  return new TextDecoder(utf8 ? 'utf-8' : 'latin1', { fatal: true }).decode(Uint8Array.from(bytes));
}
