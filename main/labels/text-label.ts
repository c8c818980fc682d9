/**
 * A label of plain lines in the printer's own font: the smallest thing that shows that a printer speaks the language
 * its profile names, whatever is wrong with pictures. Each line is escaped, so that no text can become a command.
 */
import { escapeCpcl } from './cpcl/text.ts';
import { escapeEpl } from './epl/text.ts';
import { escapeEscpos } from './escpos/text.ts';
import { joined } from './joined.ts';
import type { LabelLanguage, LabelTarget } from './media.ts';
import { dotsPerMm, mediaDots } from './media.ts';
import { printNote } from './print-note.ts';
import { escapeTspl } from './tspl/text.ts';
import { escapeZpl } from './zpl/text.ts';

type LineWriter = (lines: readonly string[], note: string, target: LabelTarget) => (string | Uint8Array)[];

/** Millimetres from the left and the top, and from line to line. */
const marginMm = 4;
const lineMm = 5;

const writers: Readonly<Record<LabelLanguage, LineWriter>> = {
  zpl(lines, note, target) {
    const { width, height } = mediaDots(target);
    const size = Math.round(3.5 * dotsPerMm(target.dpi));
    const fields = lines.map((line, index) => {
      const { x, y } = place(index, target);
      return `^FO${x},${y}^A0N,${size},${size}^FH_^FD${escapeZpl(line)}^FS`;
    });
    return [`^XA^FX${note}^FS^CI28^PW${width}^LL${height}^LH0,0${fields.join('')}^PQ1,0,0,Y^XZ\r\n`];
  },
  tspl(lines, note, target) {
    const texts = lines.map((line, index) => {
      const { x, y } = place(index, target);
      return `TEXT ${x},${y},"3",0,1,1,"${escapeTspl(line)}"`;
    });
    const size = `SIZE ${target.widthMm} mm,${target.heightMm} mm`;
    return [[`REM ${note}`, size, 'DIRECTION 1', 'REFERENCE 0,0', 'CLS', ...texts, 'PRINT 1,1', ''].join('\r\n')];
  },
  epl(lines, note, target) {
    const texts = lines.map((line, index) => {
      const { x, y } = place(index, target);
      return `A${x},${y},0,3,1,1,N,"${escapeEpl(line)}"`;
    });
    return [['', 'N', `; ${note}`, `q${mediaDots(target).width}`, 'R0,0', 'ZT', ...texts, 'P1', ''].join('\n')];
  },
  cpcl(lines, note, target) {
    const { width, height } = mediaDots(target);
    const texts = lines.map((line, index) => {
      const { x, y } = place(index, target);
      return `TEXT 7 0 ${x} ${y} ${escapeCpcl(line)}`;
    });
    const start = [`! 0 ${target.dpi} ${target.dpi} ${height} 1`, `; ${note}`, `PAGE-WIDTH ${width}`];
    return [[...start, ...texts, 'FORM', 'PRINT', ''].join('\r\n')];
  },
  escpos: (lines) => [
    Uint8Array.of(0x1b, 0x40, 0x1c, 0x26),
    ...lines.flatMap((line) => [escapeEscpos(line), '\n']),
    Uint8Array.of(0x1c, 0x2e, 0x1b, 0x64, 4),
  ],
};

/** The bytes of one label with these lines, one below the other; lines that do not fit the media are cut by it. */
export function encodeTextLabel(lines: readonly string[], printId: string, target: LabelTarget): Uint8Array {
  return joined(writers[target.language](lines, printNote(printId, 1, 1), target));
}

function place(index: number, target: LabelTarget): { x: number; y: number } {
  const dots = dotsPerMm(target.dpi);
  return { x: Math.round(marginMm * dots), y: Math.round((marginMm + index * lineMm) * dots) };
}
