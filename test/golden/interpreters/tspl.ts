/**
 * TSPL bytes -> pages. Written from TSC, "TSPL/TSPL2 Programming Language": command lines end with CR LF, BITMAP is
 * followed by raw bytes whose count is in its parameters, strings stand in quotes and write a quote as `\["]`.
 * Validated on vectors made by hand from the manual: no other TSPL encoder is at hand in npm.
 */
import type { Page } from './page.ts';
import { Canvas, Reader, refuse, whole } from './page.ts';

interface Label {
  canvas: Canvas | null;
  texts: string[];
  commands: string[];
  comments: string[];
}

/** `dotsPerMm` is the head's: TSPL gives the label's size in millimetres. */
export function interpretTspl(bytes: Uint8Array, dotsPerMm: number): Page[] {
  const reader = new Reader(bytes);
  const pages: Page[] = [];
  let size: { width: number; height: number } | null = null;
  let label: Label = { canvas: null, texts: [], commands: [], comments: [] };
  const canvas = (): Canvas => label.canvas ?? refuse('drawing before CLS');

  while (!reader.done) {
    if (reader.skip('BITMAP ')) {
      const [x, y, rowBytes, height] = [5, 5, 4, 5].map((digits) => {
        const text = reader.until(',');
        if (text.length > digits) refuse(`BITMAP: ${text}`);
        return whole(text, 0, 99_999, 'BITMAP');
      });
      if (reader.until(',') !== '0') refuse('BITMAP: only mode 0 (overwrite) is expected');
      if (x === undefined || y === undefined || rowBytes === undefined || height === undefined) refuse('BITMAP');
      canvas().put(x, y, rowBytes, reader.take(rowBytes * height), 0);
      if (!reader.skip('\r\n')) refuse('BITMAP: more bytes than announced');
      label.commands.push(`BITMAP ${x},${y},${rowBytes},${height},0`);
      continue;
    }
    const line = reader.until('\r\n');
    if (/[^\x20-\x7e]/.test(line)) refuse(`control characters in ${JSON.stringify(line.slice(0, 30))}`);
    const [name = '', rest = ''] = split(line);
    if (name === 'REM') {
      label.comments.push(rest);
      continue;
    }
    if (name === 'TEXT') {
      const match = /^(\d+),(\d+),"(\w+)",(0|90|180|270),(\d+),(\d+),"(.*)"$/.exec(rest);
      if (match === null) refuse(`TEXT ${rest}`);
      canvas();
      label.texts.push(unquote(match[7] ?? ''));
      label.commands.push(`TEXT ${match.slice(1, 7).join(',')}`);
      continue;
    }
    label.commands.push(line);
    if (name === 'SIZE') {
      const match = /^(\d+(?:\.\d+)?) mm,(\d+(?:\.\d+)?) mm$/.exec(rest) ?? refuse(`SIZE ${rest}`);
      size = { width: Math.round(Number(match[1]) * dotsPerMm), height: Math.round(Number(match[2]) * dotsPerMm) };
    } else if (name === 'CLS') {
      if (rest !== '' || size === null) refuse('CLS before SIZE');
      label.canvas = new Canvas(size.width, size.height);
    } else if (name === 'PRINT') {
      const [sets, copies, more] = rest.split(',');
      if (more !== undefined) refuse(line);
      const count = whole(sets, 1, 999, 'PRINT') * (copies === undefined ? 1 : whole(copies, 1, 999, 'PRINT'));
      const { width, height, dots } = canvas();
      pages.push({ width, height, dots, copies: count, ...label });
      label = { canvas: null, texts: [], commands: [], comments: [] };
    } else setting(name, rest);
  }
  if (label.commands.length > 0 || label.comments.length > 0) refuse('a label that is never printed');
  return pages;
}

function split(line: string): [string, string] {
  const blank = line.indexOf(' ');
  const two = /^SET (?:TEAR|PEEL|CUTTER)\b/.exec(line)?.[0];
  if (two !== undefined) return [two, line.slice(two.length + 1)];
  return blank < 0 ? [line, ''] : [line.slice(0, blank), line.slice(blank + 1)];
}

function setting(name: string, rest: string): void {
  const length = /^\d+(?:\.\d+)? mm,\d+(?:\.\d+)? mm$/;
  const forms: Readonly<Record<string, RegExp>> = {
    GAP: length,
    BLINE: length,
    DENSITY: /^(?:\d|1[0-5])$/,
    SPEED: /^(?:[1-9]|1[0-8])(?:\.5)?$/,
    DIRECTION: /^[01](?:,[01])?$/,
    REFERENCE: /^\d+,\d+$/,
    'SET TEAR': /^(?:ON|OFF)$/,
    'SET PEEL': /^(?:ON|OFF)$/,
    'SET CUTTER': /^(?:OFF|BATCH|\d{1,5})$/,
  };
  if (!(Object.hasOwn(forms, name) && forms[name]?.test(rest) === true)) refuse(`unknown: ${name} ${rest}`);
}

/** `\["]` is a quote, `\[R]` and `\[L]` are line ends; a quote by itself ends the string. */
function unquote(text: string): string {
  let plain = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text.startsWith('\\["]', at)) {
      plain += '"';
      at += 3;
    } else if (text[at] === '"') refuse('TEXT: the string ends early');
    else if (/^\\\[[RL]\]/.test(text.slice(at))) refuse('TEXT: a line end inside of a string');
    else plain += text[at];
  }
  return plain;
}
