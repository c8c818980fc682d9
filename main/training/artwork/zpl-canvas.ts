/** A label as native ZPL II: the printer makes the bars itself (`^BC`), as carriers with Zebra printers send it. */
import { labelHeightDots, labelWidthDots, latin, type LabelCanvas } from './canvas.ts';

export interface ZplCanvas extends LabelCanvas {
  finish(): Uint8Array;
}

/** Every page is one `^XA … ^XZ` format. Text is UTF-8 (`^CI28`) with `^FH` escapes for control characters. */
export function createZplCanvas(): ZplCanvas {
  const head = `^XA\n^CI28\n^PW${labelWidthDots}\n^LL${labelHeightDots}\n^LH0,0\n`;
  let out = head;
  const field = (value: string): string =>
    latin(value).replace(/[_^~]/g, (c) => `_${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return {
    nextPage: () => {
      out += `^XZ\n${head}`;
    },
    text: (x, y, size, value, bold = false) => {
      out += `^FO${x},${y}^A0N,${size},${Math.round(size * (bold ? 0.95 : 0.85))}^FH^FD${field(value)}^FS\n`;
    },
    fill: (x, y, width, height) => {
      out += `^FO${x},${y}^GB${width},${height},${Math.min(width, height)}^FS\n`;
    },
    code128: (x, y, module, height, value) => {
      // Mode A picks subsets by itself, as bwip-js does for the other two forms.
      out += `^FO${x},${y}^BY${module}^BCN,${height},N,N,N,A^FH^FD${field(value)}^FS\n`;
    },
    finish: () => new Uint8Array(Buffer.from(`${out}^XZ\n`, 'utf8')),
  };
}
