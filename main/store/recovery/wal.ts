/**
 * Reads SQLite's write-ahead log: which pages it holds, and whether they are whole. SQLite itself stops reading at the
 * first frame that does not fit and says nothing of what stood behind it.
 *
 * Layout and checksum: "Database File Format", section 4, "The Write-Ahead Log" (sqlite.org/fileformat2.html#walformat).
 */
import { readWhole } from './frames.ts';
import { pageSum } from './pages.ts';

const headerBytes = 32;
const frameHeaderBytes = 24;
const magicLittle = 0x377f0682;
const magicBig = 0x377f0683;

export interface WalContent {
  /** The pair of random numbers that names this run of the log; it changes with every restart of the log. */
  readonly salts: readonly [number, number];
  /** Frames up to and including the last whole commit. */
  readonly frames: number;
  /** The newest sum of each page in these frames. */
  readonly pages: ReadonlyMap<number, number>;
  /** Every sum a page has in these frames. */
  versions(page: number): ReadonlySet<number>;
  /** Size of the database in pages after the last commit. */
  readonly databasePages: number;
}

/** SQLite's checksum of `bytes` (a multiple of 8), continued from `start`. */
function checksum(bytes: Buffer, start: readonly [number, number], big: boolean): [number, number] {
  let [first, second] = start;
  const swap = big !== (new Uint8Array(Uint16Array.of(1).buffer)[0] === 0);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(bytes);
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  for (let index = 0; index < words.length; index += 2) {
    let one = words[index] ?? 0;
    let two = words[index + 1] ?? 0;
    if (swap) {
      one = swapped(one);
      two = swapped(two);
    }
    first = (first + one + second) | 0;
    second = (second + two + first) | 0;
  }
  return [first >>> 0, second >>> 0];
}

function swapped(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | ((word >>> 24) & 0xff);
}

/** The whole commits of the log at `path`, or null if there is no log, or none that SQLite would read. */
export function readWal(path: string): WalContent | null {
  const bytes = readWhole(path);
  if (bytes === null || bytes.length < headerBytes) return null;
  const magic = bytes.readUInt32BE(0);
  if (magic !== magicLittle && magic !== magicBig) return null;
  const big = magic === magicBig;
  const pageSize = bytes.readUInt32BE(8);
  if (pageSize < 512 || pageSize > 65_536) return null;
  const salts: [number, number] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  let sum = checksum(bytes.subarray(0, 24), [0, 0], big);
  if (sum[0] !== bytes.readUInt32BE(24) || sum[1] !== bytes.readUInt32BE(28)) return null;

  const found: [page: number, offset: number][] = [];
  let committed = 0;
  let databasePages = 0;
  const step = frameHeaderBytes + pageSize;
  for (let offset = headerBytes; offset + step <= bytes.length; offset += step) {
    const page = bytes.readUInt32BE(offset);
    if (page === 0 || bytes.readUInt32BE(offset + 8) !== salts[0] || bytes.readUInt32BE(offset + 12) !== salts[1])
      break;
    const content = bytes.subarray(offset + frameHeaderBytes, offset + step);
    sum = checksum(content, checksum(bytes.subarray(offset, offset + 8), sum, big), big);
    if (sum[0] !== bytes.readUInt32BE(offset + 16) || sum[1] !== bytes.readUInt32BE(offset + 20)) break;
    found.push([page, offset + frameHeaderBytes]);
    const sizeAfter = bytes.readUInt32BE(offset + 4);
    if (sizeAfter > 0) {
      committed = found.length;
      databasePages = sizeAfter;
    }
  }
  const whole = found.slice(0, committed);
  const sumAt = (page: number, offset: number): number => pageSum(bytes.subarray(offset, offset + pageSize), page);
  const newest = new Map(whole);
  return {
    salts,
    frames: committed,
    pages: new Map([...newest].map(([page, offset]) => [page, sumAt(page, offset)])),
    versions: (page) =>
      new Set(whole.filter(([number]) => number === page).map(([number, offset]) => sumAt(number, offset))),
    databasePages,
  };
}
