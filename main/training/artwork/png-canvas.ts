/**
 * A label as a one-bit greyscale PNG. Written here rather than with pngjs because pngjs only filters eight-bit rows:
 * a 4 by 6 inch label takes it tens of milliseconds, and a one-bit image is what carriers send.
 */
import { crc32, deflateSync } from 'node:zlib';
import { glyphColumns, glyphHeight, glyphWidth } from './bitmap-font.ts';
import { labelDpi, labelHeightDots, labelWidthDots, latin, type LabelCanvas } from './canvas.ts';
import { code128Widths } from './code128.ts';

export interface PngCanvas extends LabelCanvas {
  finish(): Uint8Array;
}

/** Draws in dots, one dot per pixel. A PNG has one page: what is drawn after `nextPage` is left out. */
export function createPngCanvas(): PngCanvas {
  const rowBytes = Math.ceil(labelWidthDots / 8);
  const stride = rowBytes + 1;
  // One filter byte per row, then ones: white.
  const rows = Buffer.alloc(stride * labelHeightDots, 0xff);
  for (let y = 0; y < labelHeightDots; y += 1) rows[y * stride] = 0;
  let onFirstPage = true;
  const fill = (x: number, y: number, width: number, height: number): void => {
    if (!onFirstPage) return;
    const right = Math.min(x + width, labelWidthDots);
    const bottom = Math.min(y + height, labelHeightDots);
    for (let row = Math.max(0, y); row < bottom; row += 1) {
      for (let column = Math.max(0, x); column < right; column += 1) {
        const at = row * stride + 1 + (column >> 3);
        rows[at] = (rows[at] ?? 0) & ~(0x80 >> (column & 7));
      }
    }
  };
  return {
    nextPage: () => {
      onFirstPage = false;
    },
    fill,
    text: (x, y, size, value, bold = false) => {
      const scale = Math.max(1, Math.floor(size / (glyphHeight + 1)));
      let at = x;
      for (const character of latin(value)) {
        glyphColumns(character).forEach((bits, column) => {
          for (let row = 0; row < glyphHeight; row += 1) {
            if ((bits >> row) & 1) {
              fill(at + column * scale, y + row * scale, scale + (bold && scale > 1 ? 1 : 0), scale);
            }
          }
        });
        at += (glyphWidth + 1) * scale;
      }
    },
    code128: (x, y, module, height, value) => {
      let at = x;
      code128Widths(value).forEach((width, index) => {
        if (index % 2 === 0) fill(at, y, width * module, height);
        at += width * module;
      });
    },
    finish: () => {
      const header = Buffer.alloc(13);
      header.writeUInt32BE(labelWidthDots, 0);
      header.writeUInt32BE(labelHeightDots, 4);
      header[8] = 1; // one bit per pixel; colour type, compression, filter and interlace are 0
      const density = Buffer.alloc(9);
      const perMetre = Math.round(labelDpi / 0.0254);
      density.writeUInt32BE(perMetre, 0);
      density.writeUInt32BE(perMetre, 4);
      density[8] = 1;
      return new Uint8Array(
        Buffer.concat([
          Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
          chunk('IHDR', header),
          chunk('pHYs', density),
          chunk('IDAT', deflateSync(rows, { level: 4 })),
          chunk('IEND', Buffer.alloc(0)),
        ]),
      );
    },
  };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
