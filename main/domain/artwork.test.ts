import { expect, test } from 'vitest';
import { sniffArtwork } from './artwork.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test.each([
  ['%PDF-1.7\n', 'application/pdf'],
  ['\xef\xbb\xbf\r\n%PDF-1.4', 'application/pdf'],
  ['\x89PNG\r\n\x1a\n\0\0', 'image/png'],
  ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
  ['GIF87a\x01\0', 'image/gif'],
  ['GIF89a\x01\0', 'image/gif'],
  ['^XA^FO1,1^FDx^FS^XZ', 'application/zpl'],
  ['\xef\xbb\xbf\n^xa', 'application/zpl'],
  ['~DGR:X.GRF,8,1,FF^XA', 'application/zpl'],
  ['\nN\nA50,50,0,3,1,1,N,"Hello"\nP1\n', 'application/epl'],
  [
    '\r\nI8,A,001\r\nQ1218,024\r\nq812\r\nrN\r\nS4\r\nD7\r\nZT\r\nN\r\nB50,100,0,1,3,9,150,B,"X1"\r\nP1\r\n',
    'application/epl',
  ],
  ['N\nGW0,0,1,8,\0\0', 'application/epl'],
] as const)('%j is %s', (text, type) => {
  expect(sniffArtwork(bytes(text))).toBe(type);
});

test.each([
  '',
  '<html>%PDF-',
  '{"error":1}',
  'N\n',
  'No label\nN\nA1,1',
  'N\nhello',
  'GIF90a',
  '\xff\xd8',
  'PK\x03\x04',
])('%j is nothing we print', (text) => {
  expect(sniffArtwork(bytes(text))).toBeNull();
});
