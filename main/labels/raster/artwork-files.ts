/** Small label files for tests beside `fixtures.ts`: sheets, JPEG and GIF, each encoded in the plainest way. */
import bwip from 'bwip-js/node';
import type { Bitmap } from '../bitmap.ts';
import { isBlack } from '../bitmap.ts';

/** A framed block: with a code a label, without one a text. Points from the upper left. */
interface Block {
  readonly code: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Points of one module; 0.71 is two dots at 203 dpi. */
  readonly modulePt?: number;
}

/** A PDF with one page per list of blocks. */
export function sheetPdf(
  widthPt: number,
  heightPt: number,
  pages: readonly (readonly Block[])[],
  options: { readonly cuttingLines?: boolean } = {},
): Buffer {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ')}]/Count ${pages.length}>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  for (const blocks of pages) {
    let content = blocks.map((block) => drawBlock(block, heightPt)).join('');
    if (options.cuttingLines === true) {
      content += `[4 3] 0 d 0.5 w ${widthPt / 2} 0 m ${widthPt / 2} ${heightPt} l S 0 ${heightPt / 2} m ${widthPt} ${heightPt / 2} l S\n`;
    }
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${widthPt} ${heightPt}]/Contents ${objects.length + 2} 0 R/Resources<</Font<</F1 3 0 R>>>>>>`,
      `<</Length ${content.length}>>stream\n${content}\nendstream `,
    );
  }
  const body = objects.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join('');
  return Buffer.from(`%PDF-1.4\n${body}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\n%%EOF\n`, 'latin1');
}

function drawBlock({ code, x, y, width, height, modulePt = 0.71 }: Block, pageHeight: number): string {
  const top = pageHeight - y;
  let content = '0 g\n';
  if (code !== '') content += `2 w ${x + 2} ${top - height + 2} ${width - 4} ${height - 4} re S\n`;
  let from = top - 24;
  if (code !== '') {
    const [symbol] = bwip.raw({ bcid: 'code128', text: code });
    let at = x + 30;
    (symbol !== undefined && 'sbs' in symbol ? symbol.sbs : []).forEach((units, index) => {
      if (index % 2 === 0) content += `${at.toFixed(3)} ${top - 90} ${(units * modulePt).toFixed(3)} 60 re f\n`;
      at += units * modulePt;
    });
    from = top - 120;
  }
  for (let line = from; line > top - height + 12; line -= 14) {
    content += `BT /F1 10 Tf ${x + 14} ${line} Td (${'Some Street 12, Hangzhou '.repeat(Math.floor(width / 130))}) Tj ET\n`;
  }
  return content;
}

/**
 * A GIF of two colours. Without `packed` a clear code stands before every second pixel, so that codes never grow; with
 * it the table grows as in files of real encoders.
 */
export function encodeGif(
  bitmap: Bitmap,
  options: { readonly interlaced?: boolean; readonly packed?: boolean } = {},
): Buffer {
  const { width, height } = bitmap;
  const size = Buffer.alloc(4);
  size.writeUInt16LE(width, 0);
  size.writeUInt16LE(height, 2);
  const rows = Array.from({ length: height }, (_, y) => y);
  const order =
    options.interlaced === true
      ? [
          ...[0, 4].flatMap((start) => rows.filter((y) => y % 8 === start)),
          ...rows.filter((y) => y % 4 === 2),
          ...rows.filter((y) => y % 2 === 1),
        ]
      : rows;
  const pixels = order.flatMap((y) => Array.from({ length: width }, (_, x) => (isBlack(bitmap, x, y) ? 1 : 0)));
  const data = options.packed === true ? packedCodes(pixels) : plainCodes(pixels);
  const blocks: Buffer[] = [];
  for (let at = 0; at < data.length; at += 255) {
    const part = data.subarray(at, at + 255);
    blocks.push(Buffer.from([part.length]), part);
  }
  const frame = Buffer.concat([
    Buffer.from(',\0\0\0\0', 'latin1'),
    size,
    Buffer.from([options.interlaced === true ? 0x40 : 0, 2]),
  ]);
  const head = Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    size,
    Buffer.from([0x80, 0, 0, 255, 255, 255, 0, 0, 0]),
  ]);
  return Buffer.concat([head, frame, ...blocks, Buffer.from([0, 0x3b])]);
}

function bitWriter(): { write(code: number, size: number): void; end(): Buffer } {
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  return {
    write(code, size) {
      held |= code << bits;
      bits += size;
      for (; bits >= 8; bits -= 8) {
        bytes.push(held & 255);
        held >>>= 8;
      }
    },
    end() {
      if (bits > 0) bytes.push(held & 255);
      return Buffer.from(bytes);
    },
  };
}

function plainCodes(pixels: readonly number[]): Buffer {
  const { write, end } = bitWriter();
  pixels.forEach((pixel, index) => {
    if (index % 2 === 0) write(4, 3);
    write(pixel, 3);
  });
  write(5, 3);
  return end();
}

function packedCodes(pixels: readonly number[]): Buffer {
  const { write, end } = bitWriter();
  let table = new Map<string, number>();
  let [next, size] = [6, 3];
  write(4, size);
  let current = '';
  const codeOf = (text: string): number => table.get(text) ?? Number(text);
  for (const pixel of pixels) {
    const longer = current + String(pixel);
    if (longer.length === 1 || table.has(longer)) {
      current = longer;
      continue;
    }
    write(codeOf(current), size);
    if (next === 4_096) {
      write(4, size);
      table = new Map();
      [next, size] = [6, 3];
    } else {
      if (next === 1 << size) size += 1;
      table.set(longer, next);
      next += 1;
    }
    current = String(pixel);
  }
  write(codeOf(current), size);
  write(5, size);
  return end();
}

/**
 * A gray baseline JPEG (ITU-T T.81) with tables of its own: no quantisation to speak of, and Huffman codes all of one
 * length, which makes the encoder a page long.
 */
export function encodeJpeg(bitmap: Bitmap, options: { readonly orientation?: number } = {}): Buffer {
  const { width, height } = bitmap;
  const segment = (marker: number, body: Buffer): Buffer => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([head, body]);
  };
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  // Twelve lengths of four bits; all pairs of run and length as eight bits. The all-ones codes stay unused.
  const dc = Buffer.from([
    0,
    ...Array.from({ length: 16 }, (_, index) => (index === 3 ? 12 : 0)),
    ...Array.from({ length: 12 }, (_, each) => each),
  ]);
  const pairs = [
    0x00,
    0xf0,
    ...Array.from({ length: 16 }, (_, run) => Array.from({ length: 10 }, (__, bits) => run * 16 + bits + 1)).flat(),
  ];
  const ac = Buffer.from([
    0x10,
    ...Array.from({ length: 16 }, (_, index) => (index === 7 ? pairs.length : 0)),
    ...pairs,
  ]);
  const exif = Buffer.from(
    `457869660000` +
      `4d4d002a00000008` +
      `0001` +
      `0112000300000001` +
      `00${(options.orientation ?? 1).toString(16).padStart(2, '0')}0000` +
      `00000000`,
    'hex',
  );
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...(options.orientation === undefined ? [] : [segment(0xe1, exif)]),
    segment(0xdb, Buffer.from([0, ...Array.from({ length: 64 }, () => 1)])),
    segment(0xc0, frame),
    segment(0xc4, dc),
    segment(0xc4, ac),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    jpegScan(bitmap, pairs),
    Buffer.from([0xff, 0xd9]),
  ]);
}

const zigzag = Array.from({ length: 64 }, (_, at) => at).toSorted((one, other) => {
  const key = (at: number): number => {
    const [row, column] = [Math.floor(at / 8), at % 8];
    const diagonal = row + column;
    return diagonal * 64 + (diagonal % 2 === 0 ? column : row);
  };
  return key(one) - key(other);
});
const cosines = Array.from({ length: 8 }, (_, u) =>
  Array.from({ length: 8 }, (__, x) => Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5),
);

function jpegScan(bitmap: Bitmap, pairs: readonly number[]): Buffer {
  const bytes: number[] = [];
  let [held, count] = [0, 0];
  const write = (value: number, size: number): void => {
    for (let bit = size - 1; bit >= 0; bit -= 1) {
      held = (held << 1) | ((value >> bit) & 1);
      count += 1;
      if (count < 8) continue;
      bytes.push(held);
      if (held === 255) bytes.push(0);
      [held, count] = [0, 0];
    }
  };
  const sizeOf = (value: number): number => (value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1);
  const amount = (value: number, size: number): void => write(value < 0 ? value + (1 << size) - 1 : value, size);
  let before = 0;
  for (let top = 0; top < bitmap.height; top += 8) {
    for (let left = 0; left < bitmap.width; left += 8) {
      const values = transform(bitmap, left, top);
      const dc = (values[0] ?? 0) - before;
      before = values[0] ?? 0;
      write(sizeOf(dc), 4);
      amount(dc, sizeOf(dc));
      let run = 0;
      for (const at of zigzag.slice(1)) {
        const value = values[at] ?? 0;
        if (value === 0) {
          run += 1;
          continue;
        }
        for (; run > 15; run -= 16) write(pairs.indexOf(0xf0), 8);
        write(pairs.indexOf(run * 16 + sizeOf(value)), 8);
        amount(value, sizeOf(value));
        run = 0;
      }
      if (run > 0) write(pairs.indexOf(0), 8);
    }
  }
  // The last byte is filled with ones (F.1.2.3).
  write(255, (8 - count) % 8);
  return Buffer.from(bytes);
}

function transform(bitmap: Bitmap, left: number, top: number): number[] {
  const values: number[] = [];
  const level = (x: number, y: number): number =>
    isBlack(bitmap, Math.min(bitmap.width - 1, left + x), Math.min(bitmap.height - 1, top + y)) ? -128 : 127;
  const rows = Array.from({ length: 8 }, (_, y) =>
    cosines.map((wave) => wave.reduce((sum, factor, x) => sum + factor * level(x, y), 0)),
  );
  for (let v = 0; v < 8; v += 1) {
    for (let u = 0; u < 8; u += 1) {
      values.push(Math.round(rows.reduce((sum, row, y) => sum + (row[u] ?? 0) * (cosines[v]?.[y] ?? 0), 0)));
    }
  }
  return values;
}
