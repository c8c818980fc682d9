/**
 * Checks the data of a ^GF command as a strict printer would. Written apart from the station's own encoder, so that
 * a mistake there is not repeated here. Source: Zebra, "ZPL II Programming Guide", ^GF and "Alternative Data
 * Compression Scheme for ~DG and ~DB Commands".
 */
import { inflateSync } from 'node:zlib';

const maxGraphicBytes = 16 * 1024 * 1024;

/** Null if the parameters `A,b,c,d,data` are sound, else one line that says what is wrong. */
export function graphicFault(parameters: string): string | null {
  const match = /^\s*A\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,([^]*)$/i.exec(parameters);
  if (match === null) return '^GF has no parameters A,b,c,d,data';
  const total = Number(match[2]);
  const rowBytes = Number(match[3]);
  const data = (match[4] ?? '').trim();
  if (total === 0 || rowBytes === 0 || total > maxGraphicBytes) return `^GF of ${total} bytes in rows of ${rowBytes}`;
  if (total % rowBytes !== 0) return `^GF: ${total} bytes are not whole rows of ${rowBytes}`;
  const packed = /^:(Z64|B64):([^:]*):([0-9A-Fa-f]*)$/.exec(data);
  const decoded =
    packed === null ? digitCount(data, rowBytes, total) : unpack(packed[1] ?? '', packed[2] ?? '', packed[3] ?? '');
  if (typeof decoded === 'string') return decoded;
  return decoded === total ? null : `^GF: ${decoded} bytes of data where ${total} were announced`;
}

function unpack(kind: string, base64: string, crcText: string): number | string {
  const crc = crcBitwise(base64);
  if (crcText.length !== 4 || Number.parseInt(crcText, 16) !== crc) {
    return `^GF: checksum ${crcText || '(none)'} where ${crc.toString(16).padStart(4, '0')} was due`;
  }
  if (!/^[0-9A-Za-z+/]*={0,2}$/.test(base64)) return '^GF: not base64';
  const bytes = Buffer.from(base64, 'base64');
  if (kind === 'B64') return bytes.length;
  try {
    return inflateSync(bytes, { maxOutputLength: maxGraphicBytes }).length;
  } catch {
    return '^GF: the compressed data is damaged';
  }
}

/** CRC-16 with polynomial x^16 + x^12 + x^5 + 1, bit by bit from 0. */
function crcBitwise(text: string): number {
  let crc = 0;
  for (const character of text) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const out = (crc >> 15) & 1;
      crc = (crc << 1) & 0xffff;
      if ((out ^ ((character.charCodeAt(0) >> bit) & 1)) === 1) crc ^= 0x1021;
    }
  }
  return crc;
}

/** Bytes that the hexadecimal data, compressed or not, stands for; a string says what is wrong. */
function digitCount(data: string, rowBytes: number, total: number): number | string {
  const rowDigits = rowBytes * 2;
  let digits = 0;
  let repeat = 0;
  for (const character of data) {
    if (/\s/.test(character)) continue;
    if (character === ',' || character === '!') digits += rowDigits - (digits % rowDigits);
    else if (character === ':') {
      if (digits % rowDigits !== 0) return '^GF: a row is repeated in the middle of a row';
      digits += rowDigits;
    } else if (character >= 'G' && character <= 'Y') repeat += character.charCodeAt(0) - 70;
    else if (character >= 'g' && character <= 'z') repeat += (character.charCodeAt(0) - 102) * 20;
    else if (/[0-9A-Fa-f]/.test(character)) {
      digits += Math.max(1, repeat);
      repeat = 0;
    } else return `^GF: ${JSON.stringify(character)} is no digit`;
    if (digits > total * 2) return `^GF: more data than the ${total} bytes announced`;
  }
  return digits / 2;
}
