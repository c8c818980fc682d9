/** Small label files for tests, made from scratch so that each says exactly what it holds. */
import bwip from 'bwip-js/node';
import type { Bitmap } from './bitmap.ts';
import { blankBitmap } from './bitmap.ts';
import { drawLinear } from './own/codes.ts';

/** A PDF with one page per code: a Code 128 symbol of exact vector bars, and lines of text like an address. */
export function labelPdf(
  codes: readonly string[],
  options: { readonly widthPt?: number; readonly heightPt?: number; readonly modulePt?: number } = {},
): Uint8Array {
  const { widthPt = 288, heightPt = 432, modulePt = 0.72 } = options;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${codes.map((_, index) => `${4 + index * 2} 0 R`).join(' ')}]/Count ${codes.length}>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  for (const code of codes) {
    const content = pageContent(code, heightPt, modulePt);
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${widthPt} ${heightPt}]/Contents ${objects.length + 2} 0 R/Resources<</Font<</F1 3 0 R>>>>>>`,
      `<</Length ${content.length}>>stream\n${content}\nendstream`,
    );
  }
  let text = '%PDF-1.4\n';
  const offsets: string[] = [];
  objects.forEach((body, index) => {
    offsets.push(`${String(text.length).padStart(10, '0')} 00000 n \n`);
    text += `${index + 1} 0 obj${body}endobj\n`;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  text += `trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

function pageContent(code: string, heightPt: number, modulePt: number): string {
  const [symbol] = bwip.raw({ bcid: 'code128', text: code });
  const widths = symbol !== undefined && 'sbs' in symbol ? symbol.sbs : [];
  let content = '0 g\n';
  let x = 24;
  widths.forEach((width, index) => {
    if (index % 2 === 0) content += `${x.toFixed(3)} ${heightPt - 120} ${(width * modulePt).toFixed(3)} 80 re f\n`;
    x += width * modulePt;
  });
  for (let line = 0; line < 12; line += 1) {
    content += `BT /F1 10 Tf 24 ${heightPt - 150 - line * 14} Td (Receiver line ${line}, Some Street 12, 310000 Hangzhou) Tj ET\n`;
  }
  return content;
}

/** A bitmap with one Code 128 symbol, for picture labels. */
export function codeBitmap(code: string, width: number, height: number): Bitmap {
  const bitmap = blankBitmap(width, height);
  const box = { x: 10, y: 20, width: width - 20, height: Math.floor(height / 3) };
  if (!drawLinear(bitmap, code, box, 8, 1)) throw new Error(`${code} does not fit ${width} dots`);
  return bitmap;
}
