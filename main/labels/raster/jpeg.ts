/**
 * A JPEG label. The PDF engine holds a complete JPEG decoder (PDF's DCTDecode filter is JPEG), so the picture is laid
 * on a page of its own size and drawn by it. Sources: ITU-T T.81 annex B (markers); ISO 32000-1, 7.4.8 (DCTDecode);
 * Adobe Technical Note 5116 (an APP14 marker: four colours are stored inverted); EXIF 2.32, tag 0x0112.
 */
import { HeldError } from '../held.ts';
import { requirePixels } from './pixels.ts';
import type { QuarterTurn } from './turn.ts';

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Written by Adobe software: four colours are inverted. */
  readonly adobe: boolean;
  /** Dots per inch as JFIF states them, or null. */
  readonly density: number | null;
  /** Degrees clockwise by which the picture is to be shown turned. */
  readonly turn: QuarterTurn;
}

/** Reads the markers up to the first frame. Throws `HeldError`. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let adobe = false;
  let density: number | null = null;
  let turn: QuarterTurn = 0;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw damaged('a marker is missing');
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = view.getUint16(at + 2);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || at + 2 + length > bytes.length) throw damaged('it is cut short');
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && body.length >= 6) {
      const [height, width] = [(body[1] ?? 0) * 256 + (body[2] ?? 0), (body[3] ?? 0) * 256 + (body[4] ?? 0)];
      const components = body[5] ?? 0;
      requirePixels(width, height);
      if (![1, 3, 4].includes(components)) throw damaged(`it has ${components} colours`);
      return { width, height, components, adobe, density, turn };
    }
    if (marker === 0xda) break;
    const name = String.fromCharCode(...body.subarray(0, 6));
    if (marker === 0xee && name.startsWith('Adobe')) adobe = true;
    if (marker === 0xe0 && name.startsWith('JFIF\0')) density = jfifDensity(body);
    if (marker === 0xe1 && name === 'Exif\0\0') turn = exifTurn(body.subarray(6));
    at += 2 + length;
  }
  throw damaged('it holds no picture');
}

/** Throws `HeldError` if the file has no end: a picture cut short would still draw, with its lower part gray. */
export function requireJpegEnd(bytes: Uint8Array): void {
  // Some writers pad the file behind the end marker.
  const tail = Buffer.from(bytes.subarray(-4096)).toString('latin1');
  if (!tail.includes('\xff\xd9')) throw damaged('it is cut short');
}

/** A PDF of one page, one point per pixel, that shows the picture and nothing else. */
export function jpegAsPdf(bytes: Uint8Array, header: JpegHeader): Uint8Array {
  const { width, height, components, adobe } = header;
  const colours = components === 1 ? 'DeviceGray' : components === 3 ? 'DeviceRGB' : 'DeviceCMYK';
  const decode = components === 4 && adobe ? '/Decode[1 0 1 0 1 0 1 0]' : '';
  const content = `${width} 0 0 ${height} 0 0 cm /I Do`;
  const head =
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    `3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Contents 4 0 R` +
    '/Resources<</XObject<</I 5 0 R>>>>>>endobj\n' +
    `4 0 obj<</Length ${content.length}>>stream\n${content}\nendstream endobj\n` +
    `5 0 obj<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/${colours}/BitsPerComponent 8` +
    `${decode}/Filter/DCTDecode/Length ${bytes.length}>>stream\n`;
  const tail = '\nendstream endobj\ntrailer<</Size 6/Root 1 0 R>>\n%%EOF\n';
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes, Buffer.from(tail, 'latin1')]);
}

/** JFIF 1.02: version, units (1 per inch, 2 per centimetre), densities. */
function jfifDensity(body: Uint8Array): number | null {
  const across = (body[8] ?? 0) * 256 + (body[9] ?? 0);
  if (across === 0) return null;
  if (body[7] === 1) return across;
  return body[7] === 2 ? across * 2.54 : null;
}

/** The first directory's orientation: 1 as stored, 3 upside down, 6 and 8 quarter turns; mirrored ones are not met. */
function exifTurn(tiff: Uint8Array): QuarterTurn {
  if (tiff.length < 16) return 0;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = tiff[0] === 0x49;
  const start = view.getUint32(4, little);
  if (start + 2 > tiff.length) return 0;
  const count = view.getUint16(start, little);
  for (let entry = 0; entry < count; entry += 1) {
    const at = start + 2 + entry * 12;
    if (at + 12 > tiff.length) return 0;
    if (view.getUint16(at, little) !== 0x0112) continue;
    const value = view.getUint16(at + 8, little);
    return value === 3 ? 180 : value === 6 ? 90 : value === 8 ? 270 : 0;
  }
  return 0;
}

function damaged(why: string): HeldError {
  return new HeldError('label.unreadable', `the label picture is damaged: ${why}`);
}
