/** PNG in and out. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { HeldError } from './held.ts';
import type { Bitmap, GrayImage } from './bitmap.ts';
import { requirePixels } from './raster/pixels.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Bytes of all rows unpacked: 20 million pixels of 32 bits. */
const maxUnpackedBytes = 80_000_000;
/** Samples per pixel by colour type (ISO/IEC 15948, table 11.1). */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Decodes to gray; transparent is white. Throws `HeldError`. */
export function decodePng(bytes: Uint8Array): GrayImage {
  if (signature.some((byte, index) => bytes[index] !== byte) || bytes.length < 33) {
    throw new HeldError('label.unreadable', 'the label is not a PNG picture');
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = header.getUint32(16);
  const height = header.getUint32(20);
  requirePixels(width, height);
  const rowBytes = Math.ceil((width * (samples[bytes[25] ?? 0] ?? 4) * (bytes[24] ?? 8)) / 8) + 1;
  if (rowBytes * height > maxUnpackedBytes) {
    throw new HeldError('label.too-heavy', `the label picture unpacks to ${rowBytes * height} bytes`);
  }
  // The library limits what it unpacks by the header, but not for interlaced pictures: seven passes, a little more.
  if (bytes[28] !== 0) requireUnpacked(bytes, rowBytes * height * 2 + 65_536);
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

/** Dots per inch as the file states them (ISO/IEC 15948, 11.3.5.3: pHYs, pixels per metre), or null. */
export function pngDensity(bytes: Uint8Array): number | null {
  for (const { type, body } of chunks(bytes)) {
    if (type === 'IDAT') return null;
    if (type === 'pHYs' && body.length === 9 && body[8] === 1) {
      return new DataView(body.buffer, body.byteOffset).getUint32(0) * 0.0254;
    }
  }
  return null;
}

function requireUnpacked(bytes: Uint8Array, most: number): void {
  const packed = [...chunks(bytes)].filter(({ type }) => type === 'IDAT').map(({ body }) => body);
  try {
    inflateSync(Buffer.concat(packed), { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return;
    throw new HeldError('label.too-heavy', 'the label picture unpacks to more than its size');
  }
}

function* chunks(bytes: Uint8Array): Generator<{ readonly type: string; readonly body: Uint8Array }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    yield {
      type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)),
      body: bytes.subarray(at + 8, at + 8 + length),
    };
    at += length + 12;
  }
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
