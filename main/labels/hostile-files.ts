/** Broken and hostile label files for tests, each made from scratch in a few lines. */
import { constants, crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** A PDF of the given objects, the first being object 1. */
function pdfOf(objects: readonly (string | Buffer)[], trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.5\n')];
  objects.forEach((body, index) => {
    parts.push(Buffer.from(`${index + 1} 0 obj`), Buffer.from(body as Buffer), Buffer.from('endobj\n'));
  });
  parts.push(Buffer.from(`trailer<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** A zlib stream that unpacks to `chunk`, `times` over, made without unpacking it here. The sum is right for zeros. */
function deflated(chunk: Buffer, times: number): Buffer {
  const block = deflateRawSync(chunk, { finishFlush: constants.Z_FULL_FLUSH });
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((((chunk.length * times) % 65_521) * 65_536 + 1) >>> 0);
  const blocks = Array.from({ length: times }, () => block);
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...blocks, Buffer.from([3, 0]), sum]);
}
const megabyte = 1_000_000;
const zeros = (megabytes: number): Buffer => deflated(Buffer.alloc(megabyte), megabytes);

const catalog = '<</Type/Catalog/Pages 2 0 R>>';

/** One page of 4 x 6 inch; the content is object 4. */
function onePage(content: string | Buffer, resources: string, more: readonly (string | Buffer)[] = []): Buffer {
  return pdfOf([
    catalog,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 432]/Contents 4 0 R/Resources<<${resources}>>>>`,
    typeof content === 'string' ? stream(Buffer.from(content)) : content,
    ...more,
  ]);
}

function stream(data: Buffer, entries = ''): Buffer {
  return Buffer.concat([
    Buffer.from(`<<${entries}/Length ${data.length}>>stream\n`),
    data,
    Buffer.from('\nendstream '),
  ]);
}

/** Locked with a password that nobody knows (ISO 32000-1, 7.6.3). */
export const encryptedPdf = (): Buffer =>
  pdfOf(
    [catalog, '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 432]>>'],
    `/Encrypt<</Filter/Standard/V 1/R 2/O<${'ab'.repeat(32)}>/U<${'cd'.repeat(32)}>/P -4>>/ID[<${'ef'.repeat(16)}><${'ef'.repeat(16)}>]`,
  );

export const pdfWithoutPages = (): Buffer => pdfOf([catalog, '<</Type/Pages/Kids[]/Count 0>>']);

export const pdfOfManyPages = (count: number): Buffer =>
  pdfOf([
    catalog,
    `<</Type/Pages/Kids[${'3 0 R '.repeat(count)}]/Count ${count}>>`,
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 432]>>',
  ]);

export const pdfOfHugePage = (): Buffer =>
  pdfOf([catalog, '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]>>']);

/** Content that unpacks twice, a thousandfold each time: 1 GB from some kilobytes. */
export const pdfThatInflates = (): Buffer => {
  const once = deflated(Buffer.alloc(megabyte, '9 9 99 99 re f '), 1_000);
  return onePage(stream(deflateSync(once), '/Filter[/FlateDecode/FlateDecode]'), '');
};

/** Forms that draw the next one ten times, ten deep: ten thousand million rectangles from a kilobyte. */
export const pdfOfLaughs = (): Buffer => {
  const depth = 10;
  const forms = Array.from({ length: depth }, (_, index) => {
    const last = index === depth - 1;
    const next = `/Resources<</XObject<</N ${index + 6} 0 R>>>>`;
    const body = last ? '9 9 99 99 re f' : '/N Do '.repeat(10);
    return stream(Buffer.from(body), `/Type/XObject/Subtype/Form/BBox[0 0 288 432]${last ? '' : next}`);
  });
  return onePage('/N Do', '/XObject<</N 5 0 R>>', forms);
};

/** A picture of 40,000 x 40,000 dots in some kilobytes. */
export const pdfOfHugePicture = (): Buffer => {
  const side = 40_000;
  const rows = zeros((side * side) / 8 / megabyte);
  const entries = `/Type/XObject/Subtype/Image/Width ${side}/Height ${side}/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/FlateDecode`;
  return onePage('288 0 0 432 0 0 cm /I Do', '/XObject<</I 5 0 R>>', [stream(rows, entries)]);
};

/** Brackets in brackets, a hundred thousand deep. */
export const pdfOfBrackets = (): Buffer => onePage('9 9 99 99 re f', `/X ${'['.repeat(100_000)}${']'.repeat(100_000)}`);

/** A page tree that is its own child. */
export const pdfOfItself = (): Buffer => pdfOf([catalog, '<</Type/Pages/Kids[2 0 R]/Count 1000000>>']);

function pngOf(header: Buffer, packed: Buffer): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    check.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, check]);
  };
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))]);
}

function pngHeader(width: number, height: number, interlaced: boolean): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[12] = interlaced ? 1 : 0;
  return header;
}

/** A header of four thousand million pixels. */
export const pngOfHugeSize = (): Buffer => pngOf(pngHeader(65_000, 65_000, false), deflateSync(Buffer.alloc(1_000)));

/** A small header over data that unpacks to 500 MB. */
export const pngThatInflates = (interlaced: boolean): Buffer => pngOf(pngHeader(400, 600, interlaced), zeros(500));

/** A screen of 65,000 x 65,000. */
export const gifOfHugeSize = (): Buffer => {
  const bytes = Buffer.from('GIF89a\0\0\0\0\0\0\0,', 'latin1');
  bytes.writeUInt16LE(65_000, 6);
  bytes.writeUInt16LE(65_000, 8);
  return bytes;
};

/** Sub-blocks of a comment without end, and no picture. */
export const gifOfComments = (): Buffer =>
  Buffer.concat([
    Buffer.from('GIF89a\x10\0\x10\0\0\0\0!\xfe', 'latin1'),
    Buffer.concat(Array.from({ length: 30_000 }, () => Buffer.concat([Buffer.from([255]), Buffer.alloc(255, 7)]))),
  ]);

/** A JPEG header of 65,000 x 65,000 and nothing behind it. */
export const jpegOfHugeSize = (): Buffer =>
  Buffer.from('\xff\xd8\xff\xc0\0\x0b\x08\xfd\xe8\xfd\xe8\x01\x01\x11\0\xff\xd9', 'latin1');

export const zplOfHugePicture = (): string => '^XA^FO0,0^GFA,2000000000,2000000000,50000,FF^FS^XZ';
/** Repeat counts: 400 digits a letter. */
export const zplOfRepeats = (): string => `^XA^FO0,0^GFA,1000,1000,100,${`${'z'.repeat(99)}F`.repeat(20_000)}^FS^XZ`;
export const zplThatInflates = (): string =>
  `^XA^FO0,0^GFA,1000,1000,100,:Z64:${zeros(300).toString('base64')}:0000^FS^XZ`;
export const zplOfFields = (): string => `^XA${'^FO1,1^GB9,9,9^FS'.repeat(100_000)}^XZ`;
export const zplOfLabels = (): string => '^XA^FDx^FS^XZ'.repeat(10_000);
