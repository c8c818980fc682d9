/** PNG in and out. */
import { crc32, deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { HeldError } from './held.ts';
import type { Bitmap, GrayImage } from './bitmap.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** A4 at 600 dpi is 35 million pixels; more is no label. */
const maxPixels = 40_000_000;

/** Decodes to gray; transparent is white. Throws `HeldError`. */
export function decodePng(bytes: Uint8Array): GrayImage {
  if (signature.some((byte, index) => bytes[index] !== byte) || bytes.length < 33) {
    throw new HeldError('label.unreadable', 'the label is not a PNG picture');
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = header.getUint32(16);
  const height = header.getUint32(20);
  // Judged from the header, before a single pixel is unpacked.
  if (width === 0 || height === 0 || width * height > maxPixels) {
    throw new HeldError(
      'label.too-large',
      `the label picture is ${width} x ${height} pixels; at most ${maxPixels} are read`,
    );
  }
  let decoded: { width: number; height: number; data: Uint8Array };
  try {
    decoded = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    throw new HeldError(
      'label.unreadable',
      `the label picture is damaged: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const data = new Uint8Array(decoded.width * decoded.height);
  const pixels = decoded.data;
  for (let to = 0, from = 0; to < data.length; to += 1, from += 4) {
    const alpha = pixels[from + 3] ?? 255;
    // Rec. 601 luma.
    const luma = ((pixels[from] ?? 0) * 299 + (pixels[from + 1] ?? 0) * 587 + (pixels[from + 2] ?? 0) * 114) / 1000;
    data[to] = Math.round((luma * alpha + 255 * (255 - alpha)) / 255);
  }
  return { width: decoded.width, height: decoded.height, data };
}

/**
 * A PNG of one bit per pixel, dot for pixel (ISO/IEC 15948: gray, depth 1, no filter). The library writes eight bits
 * at least, which takes thirty times as long and holds up the main thread.
 */
export function encodePng(bitmap: Bitmap): Uint8Array {
  const { width, height, rowBytes, data } = bitmap;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  // Each row is led by its filter type, 0. In the file 1 is white.
  const rows = Buffer.alloc((rowBytes + 1) * height);
  for (let y = 0; y < height; y += 1) {
    const to = y * (rowBytes + 1) + 1;
    for (let column = 0; column < rowBytes; column += 1) rows[to + column] = ~(data[y * rowBytes + column] ?? 0) & 0xff;
  }
  const end = chunk('IEND', new Uint8Array());
  return Buffer.concat([Uint8Array.from(signature), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), end]);
}

function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
