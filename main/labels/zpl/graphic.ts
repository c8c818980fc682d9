/** The data of a ^GF field. Source: Zebra, "ZPL II Programming Guide", ^GF and "Alternative Data Compression Scheme". */
import { deflateSync } from 'node:zlib';
import type { Bitmap } from '../bitmap.ts';

/**
 * CRC-16/XMODEM (polynomial 0x1021, start 0) over the characters of the base64 text, as `:Z64:` and `:B64:` carry it.
 * Four hexadecimal digits, lower case.
 */
export function zplCrc(text: string): string {
  let crc = 0;
  for (let index = 0; index < text.length; index += 1) {
    crc = ((crc << 8) & 0xffff) ^ (crcTable[(crc >> 8) ^ (text.charCodeAt(index) & 0xff)] ?? 0);
  }
  return crc.toString(16).padStart(4, '0');
}

const crcTable = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1)
    crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  return crc;
});

/** `:Z64:` data: zlib, base64, CRC. */
export function encodeZ64(data: Uint8Array): string {
  const base64 = deflateSync(data, { level: 9 }).toString('base64');
  return `:Z64:${base64}:${zplCrc(base64)}`;
}

/**
 * The alternative compression: hexadecimal with repeat counts (G to Y are 1 to 19, g to z are 20 to 400 in steps of 20
 * and add up), `,` for a row that ends in zeros, `:` for a row that repeats the one above. The `!` form (row ends in
 * ones) is left out because implementations disagree on whether it fills bits or digits.
 */
export function encodeAcs(data: Uint8Array, rowBytes: number): string {
  const hex = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex').toUpperCase();
  const digits = rowBytes * 2;
  let text = '';
  let above = '';
  for (let start = 0; start < hex.length; start += digits) {
    const row = hex.slice(start, start + digits);
    if (row === above) {
      text += ':';
      continue;
    }
    above = row;
    const used = row.replace(/0+$/, '');
    // A comma saves nothing for a single trailing zero.
    const body = row.length - used.length > 1 ? used : row;
    for (const run of body.match(/(.)\1*/g) ?? []) text += repeatCount(run.length) + run.charAt(0);
    if (body.length < row.length) text += ',';
  }
  return text;
}

function repeatCount(count: number): string {
  if (count === 1) return '';
  let text = '';
  let left = count;
  while (left >= 400) {
    text += 'z';
    left -= 400;
  }
  if (left >= 20) text += String.fromCharCode(0x66 + Math.floor(left / 20));
  if (left % 20 > 0) text += String.fromCharCode(0x46 + (left % 20));
  return text;
}

/** The whole `^GFA,…` command for a bitmap. */
export function graphicField(bitmap: Bitmap, compression: 'z64' | 'acs'): string {
  const total = bitmap.data.length;
  const data = compression === 'z64' ? encodeZ64(bitmap.data) : encodeAcs(bitmap.data, bitmap.rowBytes);
  return `^GFA,${total},${total},${bitmap.rowBytes},${data}`;
}
