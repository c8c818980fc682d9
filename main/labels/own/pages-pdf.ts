/** Pages of dots as a PDF for an office printer. Source: ISO 32000-1, sections 7.3, 7.5 and 8.9 (image XObjects). */
import { deflateSync } from 'node:zlib';
import type { Bitmap } from '../bitmap.ts';
import type { PageMedia } from './pages.ts';

const pointsPerMm = 72 / 25.4;

/** One page per bitmap, at its true size, dot for dot. */
export function pagesPdf(pages: readonly Bitmap[], media: PageMedia): Uint8Array {
  const [width, height] = [media.widthMm, media.heightMm].map((mm) => (mm * pointsPerMm).toFixed(3));
  const objects: Uint8Array[] = [
    Buffer.from('<</Type/Catalog/Pages 2 0 R>>'),
    Buffer.from(
      `<</Type/Pages/Kids[${pages.map((_, index) => `${3 + index * 3} 0 R`).join(' ')}]/Count ${pages.length}>>`,
    ),
  ];
  for (const page of pages) {
    const number = objects.length + 1;
    const content = Buffer.from(`${width} 0 0 ${height} 0 0 cm /P Do`);
    // A set bit is black here, and white in a gray image without this /Decode.
    const picture = `/Type/XObject/Subtype/Image/Width ${page.width}/Height ${page.height}/ColorSpace/DeviceGray/BitsPerComponent 1/Decode[1 0]/Filter/FlateDecode`;
    objects.push(
      Buffer.from(
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Contents ${number + 1} 0 R/Resources<</XObject<</P ${number + 2} 0 R>>>>>>`,
      ),
      stream('', content),
      stream(picture, deflateSync(page.data)),
    );
  }
  const parts: Uint8Array[] = [Buffer.from('%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (part: Uint8Array): void => {
    parts.push(part);
    length += part.length;
  };
  objects.forEach((body, index) => {
    offsets.push(length);
    add(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]));
  });
  const start = length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  add(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`));
  add(Buffer.from(`trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`));
  return Buffer.concat(parts);
}

function stream(entries: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([
    Buffer.from(`<<${entries}/Length ${bytes.length}>>\nstream\n`),
    bytes,
    Buffer.from('\nendstream'),
  ]);
}
