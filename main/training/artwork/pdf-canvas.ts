/** A label as PDF 1.4: vector bars and the built-in Helvetica fonts, so that it needs no font file and no image. */
import { deflateSync } from 'node:zlib';
import { code128Widths } from './code128.ts';
import { labelDpi, labelHeightDots, labelWidthDots, latin, type LabelCanvas } from './canvas.ts';

const pointsPerDot = 72 / labelDpi;

export interface PdfCanvas extends LabelCanvas {
  /** The finished file. */
  finish(): Uint8Array;
}

/**
 * Draws in dots: every page starts with a matrix that scales one unit to one dot of a 203 dpi head, so bar edges fall
 * exactly on the grid a 203 dpi raster samples.
 */
export function createPdfCanvas(): PdfCanvas {
  const pages: string[][] = [[]];
  const draw = (operators: string): void => {
    pages[pages.length - 1]?.push(operators);
  };
  const fill = (x: number, y: number, width: number, height: number): void =>
    draw(`${x} ${labelHeightDots - y - height} ${width} ${height} re f`);
  return {
    nextPage: () => void pages.push([]),
    fill,
    text: (x, y, size, value, bold = false) => {
      // Helvetica's capitals are 0.72 of its size; the baseline is that far below the top.
      const baseline = labelHeightDots - y - Math.round(size * 0.8);
      const escaped = latin(value).replace(/[\\()]/g, (character) => `\\${character}`);
      draw(`BT /${bold ? 'B' : 'R'} ${size} Tf ${x} ${baseline} Td (${escaped}) Tj ET`);
    },
    code128: (x, y, module, height, value) => {
      let at = x;
      code128Widths(value).forEach((width, index) => {
        if (index % 2 === 0) fill(at, y, width * module, height);
        at += width * module;
      });
    },
    finish: () => writePdf(pages.map((operators) => operators.join('\n'))),
  };
}

function writePdf(pages: readonly string[]): Uint8Array {
  const chunks: Buffer[] = [];
  const offsets: number[] = [];
  let length = 0;
  const put = (chunk: string | Buffer): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk;
    chunks.push(bytes);
    length += bytes.length;
  };
  const object = (number: number, body: () => void): void => {
    offsets[number] = length;
    put(`${number} 0 obj\n`);
    body();
    put('\nendobj\n');
  };
  // Objects: 1 catalog, 2 page tree, 3 and 4 fonts, then a page and its content for each page.
  const pageNumber = (index: number): number => 5 + index * 2;
  const width = (labelWidthDots * pointsPerDot).toFixed(3);
  const height = (labelHeightDots * pointsPerDot).toFixed(3);
  put('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n');
  object(1, () => put('<< /Type /Catalog /Pages 2 0 R >>'));
  object(2, () =>
    put(
      `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${pageNumber(index)} 0 R`).join(' ')}] ` +
        `/MediaBox [0 0 ${width} ${height}] >>`,
    ),
  );
  object(3, () => put('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'));
  object(4, () => put('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>'));
  pages.forEach((operators, index) => {
    const number = pageNumber(index);
    object(number, () =>
      put(`<< /Type /Page /Parent 2 0 R /Resources << /Font << /R 3 0 R /B 4 0 R >> >> /Contents ${number + 1} 0 R >>`),
    );
    const scale = pointsPerDot.toFixed(9);
    const content = deflateSync(Buffer.from(`q ${scale} 0 0 ${scale} 0 0 cm 0 g\n${operators}\nQ\n`, 'latin1'));
    object(number + 1, () => {
      put(`<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n`);
      put(content);
      put('\nendstream');
    });
  });
  const start = length;
  const count = offsets.length;
  put(`xref\n0 ${count}\n0000000000 65535 f \n`);
  for (let number = 1; number < count; number += 1) {
    put(`${String(offsets[number] ?? 0).padStart(10, '0')} 00000 n \n`);
  }
  put(`trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
  return new Uint8Array(Buffer.concat(chunks));
}
