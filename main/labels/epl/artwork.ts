/**
 * EPL2 made by a vendor. It goes to the printer nearly as it came, so it may only draw: a label must not be able to
 * change the printer's settings, its memory or its ports, or to print more than itself.
 * Source of the commands: Zebra, "EPL2 Programmer's Manual" 980352-001, command reference.
 */
import { HeldError } from '../held.ts';
import { joined } from '../joined.ts';
import { printNote } from '../print-note.ts';
import { escapeEpl } from './text.ts';

/** One command line: its letters, what follows them, and for GW the raw rows. */
export interface EplCommand {
  readonly name: string;
  /** Behind the name, without the line end. Bytes are kept one to one as latin-1 characters. */
  readonly text: string;
  readonly data: Uint8Array | null;
}

/** What a vendor's EPL holds, checked. */
export interface EplArtwork {
  /** Commands of each label, without N and P. */
  readonly formats: readonly (readonly EplCommand[])[];
}

const maxBytes = 4 * 1024 * 1024;
const maxLine = 2_048;

/** What draws, or sets how the same label draws; with the form its parameters must have. */
const drawing: Readonly<Record<string, RegExp>> = {
  A: /^\d{1,5},\d{1,5},[0-7],[0-9A-Za-z],\d{1,2},\d{1,2},[NR],"(?:[^"\\]|\\.)*"$/,
  B: /^\d{1,5},\d{1,5},[0-3],[0-9A-Z]{1,3},\d{1,2},\d{1,3},\d{1,4},[BN],"(?:[^"\\]|\\.)*"$/,
  b: /^\d{1,5},\d{1,5},[A-Z][0-9A-Za-z,]*,"(?:[^"\\]|\\.)*"$/,
  LO: /^\d{1,5},\d{1,5},\d{1,5},\d{1,5}$/,
  LE: /^\d{1,5},\d{1,5},\d{1,5},\d{1,5}$/,
  LW: /^\d{1,5},\d{1,5},\d{1,5},\d{1,5}$/,
  LS: /^\d{1,5},\d{1,5},\d{1,5},\d{1,5},\d{1,5}$/,
  X: /^\d{1,5},\d{1,5},\d{1,3},\d{1,5},\d{1,5}$/,
  GW: /^\d{1,5},\d{1,5},\d{1,4},\d{1,5},$/,
  q: /^\d{1,5}$/,
  Q: /^\d{1,5}(?:,B?\d{1,4}(?:[+-]\d{1,4})?)?$/,
  R: /^\d{1,5},\d{1,5}$/,
  D: /^\d{1,2}$/,
  S: /^\d$/,
  Z: /^[TB]$/,
  I: /^[0-9A-Z](?:,[0-9A-Z]{1,3}){0,2}$/,
  JF: /^$/,
  JB: /^$/,
};

/** Settings that labels often carry and that belong to the printer's set-up, and comments: left out, not refused. */
const leftOut = /^(?:O[A-Za-z0-9,]*|oM|oR[A-Z0-9,]*|;.*)$/;

const reasons: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^\^/, 'is an immediate command to the printer'],
  [/^U/, 'asks or changes the printer set-up'],
  [/^(?:ES|EK|EI)/, 'would change the fonts in the printer'],
  [/^F[A-Z]/, 'needs or changes forms stored in the printer'],
  [/^G[A-Z]/, 'needs or changes pictures stored in the printer'],
  [/^[CV?]/, 'needs values typed in at the printer'],
  [/^T[A-Z]/, 'reads or sets the printer clock'],
  [/^(?:M|Y|W|AUTOFR|dump|PA|o|r|x|f|i|e)/, 'would change the printer'],
];

/** Checks and splits a vendor's EPL. Throws `HeldError` with the reason. `maxWidthDots`: the media's width. */
export function readEplArtwork(bytes: Uint8Array, maxWidthDots: number): EplArtwork {
  if (bytes.length > maxBytes)
    throw new HeldError('label.too-large', `the label is ${bytes.length} bytes of EPL; at most ${maxBytes}`);
  const formats: EplCommand[][] = [];
  let open: EplCommand[] | null = null;
  for (const command of splitLines(bytes)) {
    const line = command.name + command.text;
    if (line === 'N') {
      if (open !== null && open.some(draws)) throw new HeldError('label.unreadable', 'the label is cleared half made');
      open = [...(open ?? [])];
    } else if (/^P\d{0,5}(?:,\d{1,5})?$/.test(line)) {
      if (open === null) throw new HeldError('label.unreadable', 'the label is not EPL: it prints before N clears');
      if (open.some(draws)) formats.push(open);
      open = null;
    } else if (!leftOut.test(line)) {
      open ??= [];
      open.push(checkCommand(command, maxWidthDots));
    }
  }
  if (open !== null && open.some(draws))
    throw new HeldError('label.unreadable', 'the label is cut short: it does not end with P');
  if (formats.length === 0) throw new HeldError('label.blank', 'the label draws nothing');
  return { formats };
}

const draws = (command: EplCommand): boolean => /^(?:A|B|b|L[OEWS]|X|GW)$/.test(command.name);

/** Lines end with LF, with or without CR before it; the rows behind GW are counted, whatever they hold. */
function splitLines(bytes: Uint8Array): EplCommand[] {
  const commands: EplCommand[] = [];
  let at = 0;
  while (at < bytes.length) {
    const picture = bytes[at] === 0x47 && bytes[at + 1] === 0x57 ? readPicture(bytes, at) : null;
    if (picture !== null) {
      commands.push(picture.command);
      at = picture.end;
      continue;
    }
    const feed = bytes.indexOf(0x0a, at);
    const end = feed < 0 ? bytes.length : feed;
    if (end - at > maxLine) throw new HeldError('label.unreadable', 'the label is not EPL: it has a line without end');
    const line = Buffer.from(bytes.subarray(at, end)).toString('latin1').replace(/\r$/, '');
    at = end + 1;
    if (line.trim() === '') continue;
    if (/[\u0000-\u001f\u007f]/.test(line)) {
      throw new HeldError('label.not-allowed', 'the label has control characters between its commands');
    }
    const name = /^(?:L[OEWS]|J[FB]|GW|[A-Za-z])/.exec(line)?.[0] ?? '';
    commands.push({ name, text: line.slice(name.length), data: null });
  }
  return commands;
}

/** `GWx,y,bytes,rows,` and so many raw bytes. Null if it is not that; the line is then refused by name. */
function readPicture(bytes: Uint8Array, at: number): { command: EplCommand; end: number } | null {
  const head = Buffer.from(bytes.subarray(at, at + 40)).toString('latin1');
  const match = /^GW(\d{1,5},\d{1,5},(\d{1,4}),(\d{1,5}),)/.exec(head);
  if (match === null) return null;
  const start = at + match[0].length;
  const length = Number(match[2]) * Number(match[3]);
  if (length > maxBytes || start + length > bytes.length)
    throw new HeldError('label.unreadable', 'the label is cut short: a picture has fewer bytes than it announces');
  const data = bytes.slice(start, start + length);
  let end = start + length;
  if (bytes[end] === 0x0d) end += 1;
  if (bytes[end] === 0x0a) end += 1;
  else if (end < bytes.length)
    throw new HeldError('label.unreadable', 'the label has more bytes of a picture than it announces');
  return { command: { name: 'GW', text: match[1] ?? '', data }, end };
}

function checkCommand(command: EplCommand, maxWidthDots: number): EplCommand {
  const { name, text } = command;
  const form = Object.hasOwn(drawing, name) ? drawing[name] : undefined;
  if (form === undefined || !form.test(text)) {
    const line = name + text;
    const why = reasons.find(([pattern]) => pattern.test(line))?.[1] ?? 'is not a drawing command we know';
    throw new HeldError('label.not-allowed', `the label has ${JSON.stringify(line.slice(0, 24))}, which ${why}`);
  }
  if (name === 'q' && Number(text) > maxWidthDots * 1.05) {
    throw new HeldError(
      'label.too-large',
      `the label is ${text} dots wide and the media ${maxWidthDots}; load wider labels`,
    );
  }
  return command;
}

/** The bytes of one print. `copy` above 0 adds the words REPRINT n at the lower left of each label. */
export function stampEpl(artwork: EplArtwork, printId: string, copy: number, heightDots: number): Uint8Array {
  const count = artwork.formats.length;
  const parts: (string | Uint8Array)[] = [];
  artwork.formats.forEach((commands, index) => {
    parts.push(`\nN\n; ${printNote(printId, index + 1, count)}\n`);
    for (const { name, text, data } of commands) {
      parts.push(name + text);
      if (data !== null) parts.push(data);
      parts.push('\n');
    }
    const y = Math.max(0, heightDots - 36);
    if (copy > 0) parts.push(`R0,0\nA8,${y},0,3,1,1,N,"${escapeEpl(`REPRINT ${copy}`)}"\n`);
    parts.push('P1\n');
  });
  return joined(parts);
}
