/**
 * ZPL made by a vendor. It goes to the printer nearly as it came, so it may only draw: a label must not be able to
 * change the printer's settings, its memory or its network, or to print more than itself.
 * Source of the commands: Zebra, "ZPL II Programming Guide".
 */
import { HeldError } from '../held.ts';
import { printComment } from './encode.ts';

/** One command: `^`, two letters, and everything up to the next command. `^A` takes its font letter as parameter. */
export interface ZplCommand {
  readonly name: string;
  readonly text: string;
}

const maxBytes = 4 * 1024 * 1024;

/** Commands that draw, or that set how the same format draws. */
const drawing = new Set(
  (
    'XA XZ FX FO FT FS FD FV FH FB FP FR FW FC TB PA GB GC GD GE GF GS CF CI BY B0 B1 B2 B3 B4 B5 B7 B8 B9 BA BB BC BD ' +
    'BE BF BI BJ BK BL BM BO BP BQ BR BS BT BU BX BZ LH LL LR LS PW PO PM PQ PR MD'
  ).split(' '),
);

/** Settings that labels often carry and that belong to the printer's set-up: left out instead of refused. */
const leftOut = new Set(['MN', 'MT', 'MM', 'MF', 'MC', 'JM', 'LT']);

const reasons: Readonly<Record<string, string>> = {
  JU: 'would save or reset the printer set-up',
  DF: 'would store a format in the printer',
  XF: 'needs a format stored in the printer',
  XG: 'needs a picture stored in the printer',
  IM: 'needs a picture stored in the printer',
  IL: 'needs a picture stored in the printer',
  IS: 'would store a picture in the printer',
  ID: 'would delete from the printer',
  CC: 'would change the command character',
  CD: 'would change the delimiter',
  CT: 'would change the control character',
  SZ: 'would change the printer language',
  KN: 'would rename the printer',
};

/** What a vendor's ZPL holds, checked. */
export interface ZplArtwork {
  /** Commands of each format, without ^XA and ^XZ. Bytes are kept one to one as latin-1 characters. */
  readonly formats: readonly (readonly ZplCommand[])[];
}

/** Checks and splits a vendor's ZPL. Throws `HeldError` with the reason. `maxWidthDots`: the media's width. */
export function readZplArtwork(bytes: Uint8Array, maxWidthDots: number): ZplArtwork {
  if (bytes.length > maxBytes)
    throw new HeldError('label.too-large', `the label is ${bytes.length} bytes of ZPL; at most ${maxBytes}`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').trim();
  if (!/^\^XA/i.test(text)) {
    const start = text.slice(0, 24).replace(/[^\x20-\x7e]+/g, ' ');
    throw new HeldError('label.unreadable', `the label is not ZPL: it starts with "${start}", not ^XA`);
  }
  if (!/\^XZ$/i.test(text)) throw new HeldError('label.unreadable', 'the label is cut short: it does not end with ^XZ');
  const formats: ZplCommand[][] = [];
  let open: ZplCommand[] | null = null;
  for (const command of splitCommands(text)) {
    if (command.name === 'XA') {
      if (open !== null) throw new HeldError('label.unreadable', 'the label opens a format inside a format');
      open = [];
    } else if (open === null) {
      throw new HeldError('label.not-allowed', `the label has ^${command.name} outside of a format`);
    } else if (command.name === 'XZ') {
      if (open.some((each) => /^[FG]/.test(each.name))) formats.push(open);
      open = null;
    } else if (!leftOut.has(command.name)) {
      open.push(checkCommand(command, maxWidthDots));
    }
  }
  if (formats.length === 0) throw new HeldError('label.blank', 'the label draws nothing');
  return { formats };
}

/** Splits at the command characters; data between them cannot hold one unescaped. */
export function splitCommands(text: string): ZplCommand[] {
  const commands: ZplCommand[] = [];
  for (const part of text.match(/[\^~][^^~]*/g) ?? []) {
    if (part.startsWith('~')) {
      throw new HeldError(
        'label.not-allowed',
        `the label has the control command ${JSON.stringify(part.slice(0, 3))}; only drawing is printed`,
      );
    }
    const isFont = /^\^[Aa]/.test(part);
    const name = isFont ? 'A' : part.slice(1, 3).toUpperCase();
    commands.push({ name, text: part.slice(isFont ? 2 : 3) });
  }
  return commands;
}

function checkCommand(command: ZplCommand, maxWidthDots: number): ZplCommand {
  const { name, text } = command;
  if (name !== 'A' && !drawing.has(name)) {
    const why = reasons[name] ?? 'is not a drawing command we know';
    throw new HeldError('label.not-allowed', `the label has ^${name}, which ${why}`);
  }
  if (name === 'GF' && !/^\s*A/i.test(text)) {
    throw new HeldError('label.not-allowed', 'the label has a picture in raw binary (^GFB, ^GFC); ask for ^GFA');
  }
  // Half a millimetre of grace: carriers write 4 inch as 812 dots for media sold as 100 mm.
  if (name === 'PW' && Number(text) > maxWidthDots * 1.05) {
    throw new HeldError(
      'label.too-large',
      `the label is ${text.trim()} dots wide and the media ${maxWidthDots}; load wider labels`,
    );
  }
  // One print is one label: the number of copies is ours to decide.
  if (name === 'PQ') return { name, text: '1,0,0,Y' };
  return command;
}

/** The bytes of one print. `copy` above 0 adds the words REPRINT n at the lower left of each page. */
export function stampZpl(artwork: ZplArtwork, printId: string, copy: number, heightDots: number): Uint8Array {
  const count = artwork.formats.length;
  const formats = artwork.formats.map((commands, index) => {
    const body = commands.map((command) => `^${command.name}${command.text}`).join('');
    const mark = copy > 0 ? `^LH0,0^FWN^FO8,${Math.max(0, heightDots - 36)}^A0N,28,28^FDREPRINT ${copy}^FS` : '';
    return `^XA${printComment(printId, index + 1, count)}${body}${mark}^XZ\r\n`;
  });
  return Buffer.from(formats.join(''), 'latin1');
}
