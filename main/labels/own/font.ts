/**
 * Measures of a TrueType font: which characters it has, how wide they are and where their ink is. The drawing engine
 * draws a missing glyph as nothing at all and says nothing of widths, so text is measured here before it is drawn.
 * Source of the tables: OpenType 1.9.1 specification, `cmap` (format 12), `hmtx`, `hhea`, `head`, `loca`, `glyf`.
 */

/** One character of the font, in ems: 1 is the font size. `y` grows upwards from the baseline. */
export interface Glyph {
  readonly advance: number;
  readonly xMin: number;
  readonly xMax: number;
  readonly yMin: number;
  readonly yMax: number;
}

export interface FontMeasures {
  /** Null if the font has no picture of the character. */
  glyph(codePoint: number): Glyph | null;
}

interface Segment {
  readonly first: number;
  readonly last: number;
  readonly glyph: number;
}

/** Reads the tables of a TrueType file. Throws an Error if it is none, or has no full Unicode map. */
export function readFont(bytes: Uint8Array): FontMeasures {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, number>();
  for (let index = 0; index < view.getUint16(4); index += 1) {
    const at = 12 + index * 16;
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), view.getUint32(at + 8));
  }
  const table = (name: string): number => {
    const at = tables.get(name);
    if (at === undefined) throw new Error(`the font has no table ${name}`);
    return at;
  };
  const [head, hmtx, loca, glyf] = [table('head'), table('hmtx'), table('loca'), table('glyf')];
  const unitsPerEm = view.getUint16(head + 18);
  const longOffsets = view.getInt16(head + 50) === 1;
  const measured = view.getUint16(table('hhea') + 34);
  const segments = readSegments(view, table('cmap'));
  const known = new Map<number, Glyph | null>();

  function measure(glyphIndex: number): Glyph {
    // Glyphs beyond the last measured one share its advance.
    const advance = view.getUint16(hmtx + Math.min(glyphIndex, measured - 1) * 4) / unitsPerEm;
    const offset = (index: number): number =>
      longOffsets ? view.getUint32(loca + index * 4) : view.getUint16(loca + index * 2) * 2;
    const at = glyf + offset(glyphIndex);
    // No outline: a blank.
    if (offset(glyphIndex + 1) === offset(glyphIndex)) return { advance, xMin: 0, xMax: 0, yMin: 0, yMax: 0 };
    const em = (byte: number): number => view.getInt16(at + byte) / unitsPerEm;
    return { advance, xMin: em(2), yMin: em(4), xMax: em(6), yMax: em(8) };
  }

  return {
    glyph(codePoint) {
      const before = known.get(codePoint);
      if (before !== undefined) return before;
      const index = glyphIndexOf(segments, codePoint);
      const glyph = index === 0 ? null : measure(index);
      known.set(codePoint, glyph);
      return glyph;
    },
  };
}

/** The map of all Unicode: platform 3 encoding 10, or platform 0 encoding 4; both in format 12. */
function readSegments(view: DataView, cmap: number): Segment[] {
  for (let index = 0; index < view.getUint16(cmap + 2); index += 1) {
    const at = cmap + view.getUint32(cmap + 4 + index * 8 + 4);
    if (view.getUint16(at) !== 12) continue;
    return Array.from({ length: view.getUint32(at + 12) }, (_, group) => {
      const from = at + 16 + group * 12;
      return { first: view.getUint32(from), last: view.getUint32(from + 4), glyph: view.getUint32(from + 8) };
    });
  }
  throw new Error('the font has no map of all Unicode characters');
}

function glyphIndexOf(segments: readonly Segment[], codePoint: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment === undefined) return 0;
    if (codePoint < segment.first) high = middle - 1;
    else if (codePoint > segment.last) low = middle + 1;
    else return segment.glyph + codePoint - segment.first;
  }
  return 0;
}
