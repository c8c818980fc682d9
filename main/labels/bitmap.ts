/**
 * A picture of one bit per dot, as a thermal head burns it: 1 is black. Rows are padded to whole bytes with white;
 * the most significant bit is the leftmost dot.
 */
export interface Bitmap {
  /** Dots per row that count; padding is beyond it. */
  readonly width: number;
  readonly height: number;
  /** `ceil(width / 8)`. */
  readonly rowBytes: number;
  /** `rowBytes * height` bytes. */
  readonly data: Uint8Array;
}

/** A picture of one byte per dot: 0 black, 255 white. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A rectangle in dots. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An all-white bitmap. */
export function blankBitmap(width: number, height: number): Bitmap {
  const rowBytes = Math.ceil(width / 8);
  return { width, height, rowBytes, data: new Uint8Array(rowBytes * height) };
}

/** A bitmap with its own copy of the dots. */
export function copyBitmap(bitmap: Bitmap): Bitmap {
  return { ...bitmap, data: bitmap.data.slice() };
}

/** True if the dot is black; outside of the bitmap everything is white. */
export function isBlack(bitmap: Bitmap, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) return false;
  return ((bitmap.data[y * bitmap.rowBytes + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
}

/** Paints a rectangle black or white in place; what lies outside of the bitmap is left out. */
export function fillBox(bitmap: Bitmap, box: Box, black: boolean): void {
  const left = Math.max(0, box.x);
  const right = Math.min(bitmap.width, box.x + box.width);
  const bottom = Math.min(bitmap.height, box.y + box.height);
  for (let y = Math.max(0, box.y); y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const at = y * bitmap.rowBytes + (x >> 3);
      const bit = 0x80 >> (x & 7);
      bitmap.data[at] = black ? (bitmap.data[at] ?? 0) | bit : (bitmap.data[at] ?? 0) & ~bit;
    }
  }
}

/**
 * Makes a bitmap of `gray`: darker than `threshold` is black. A plain threshold keeps bars and text crisp where a
 * dither would break their edges. `turn` rotates a quarter clockwise on the way.
 */
export function thresholdGray(gray: GrayImage, threshold: number, turn: boolean): Bitmap {
  const source = turn ? turnClockwise(gray) : gray;
  const bitmap = blankBitmap(source.width, source.height);
  const pixels = source.data;
  let from = 0;
  let to = 0;
  for (let y = 0; y < source.height; y += 1) {
    // Whole bytes at a time: this loop sees a million pixels per label.
    for (let left = source.width; left > 0; left -= 8) {
      const count = left < 8 ? left : 8;
      let byte = 0;
      for (let bit = 0; bit < count; bit += 1) byte = (byte << 1) | ((pixels[from + bit] ?? 255) < threshold ? 1 : 0);
      bitmap.data[to] = byte << (8 - count);
      from += count;
      to += 1;
    }
  }
  return bitmap;
}

function turnClockwise(gray: GrayImage): GrayImage {
  const { width, height } = gray;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const column = height - 1 - y;
    for (let x = 0; x < width; x += 1) data[x * height + column] = gray.data[y * width + x] ?? 255;
  }
  return { width: height, height: width, data };
}

/** The smallest rectangle that holds all black dots, or null for a white bitmap. */
export function inkBounds(bitmap: Bitmap): Box | null {
  const { width, height, rowBytes, data } = bitmap;
  let top = -1;
  let bottom = -1;
  let firstByte = rowBytes;
  let lastByte = -1;
  for (let y = 0; y < height; y += 1) {
    const start = y * rowBytes;
    let found = false;
    for (let column = 0; column < rowBytes; column += 1) {
      if (data[start + column] === 0) continue;
      found = true;
      if (column < firstByte) firstByte = column;
      if (column > lastByte) lastByte = column;
    }
    if (!found) continue;
    if (top < 0) top = y;
    bottom = y;
  }
  if (top < 0) return null;
  const columnHasInk = (x: number): boolean => {
    for (let y = top; y <= bottom; y += 1) if (isBlack(bitmap, x, y)) return true;
    return false;
  };
  let left = firstByte * 8;
  while (!columnHasInk(left)) left += 1;
  let right = Math.min(width - 1, lastByte * 8 + 7);
  while (!columnHasInk(right)) right -= 1;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** A white bitmap of the given size with `source` laid on it at (x, y); what falls outside is cut off. */
export function placeOn(width: number, height: number, source: Bitmap, x: number, y: number): Bitmap {
  if (x === 0 && y === 0 && width === source.width && height === source.height) return source;
  const target = blankBitmap(width, height);
  const shift = ((x % 8) + 8) % 8;
  const byteOffset = Math.floor(x / 8);
  for (let row = 0; row < source.height; row += 1) {
    const targetRow = row + y;
    if (targetRow < 0 || targetRow >= height) continue;
    const start = targetRow * target.rowBytes;
    for (let column = 0; column < source.rowBytes; column += 1) {
      const byte = source.data[row * source.rowBytes + column] ?? 0;
      if (byte === 0) continue;
      const first = column + byteOffset;
      if (first >= 0 && first < target.rowBytes)
        target.data[start + first] = (target.data[start + first] ?? 0) | (byte >> shift);
      const second = first + 1;
      if (shift > 0 && second >= 0 && second < target.rowBytes) {
        target.data[start + second] = (target.data[start + second] ?? 0) | ((byte << (8 - shift)) & 0xff);
      }
    }
  }
  clearPadding(target);
  return target;
}

/** Each dot becomes a square of `times` by `times` dots: bars keep their exact proportions. */
export function enlarge(source: Bitmap, times: number): Bitmap {
  if (times === 1) return source;
  const target = blankBitmap(source.width * times, source.height * times);
  for (let y = 0; y < source.height; y += 1) {
    for (let x = 0; x < source.width; x += 1) {
      if (isBlack(source, x, y)) fillBox(target, { x: x * times, y: y * times, width: times, height: times }, true);
    }
  }
  return target;
}

/** Eight-bit RGBA pixels of the bitmap, for barcode readers. */
export function toRgba(bitmap: Bitmap): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(bitmap.width * bitmap.height).fill(0xffffffff);
  for (let y = 0; y < bitmap.height; y += 1) {
    for (let column = 0; column < bitmap.rowBytes; column += 1) {
      const byte = bitmap.data[y * bitmap.rowBytes + column] ?? 0;
      if (byte === 0) continue;
      const end = Math.min(8, bitmap.width - column * 8);
      // Opaque black is the same word on either byte order of the only platforms we run on (little-endian).
      for (let bit = 0; bit < end; bit += 1) {
        if ((byte & (0x80 >> bit)) !== 0) pixels[y * bitmap.width + column * 8 + bit] = 0xff000000;
      }
    }
  }
  return new Uint8ClampedArray(pixels.buffer);
}

/** Makes padding bits white, so that no stray dot is burnt beyond the width. */
function clearPadding(bitmap: Bitmap): void {
  const used = bitmap.width & 7;
  if (used === 0) return;
  const mask = (0xff << (8 - used)) & 0xff;
  for (let y = 0; y < bitmap.height; y += 1) {
    const last = y * bitmap.rowBytes + bitmap.rowBytes - 1;
    bitmap.data[last] = (bitmap.data[last] ?? 0) & mask;
  }
}
