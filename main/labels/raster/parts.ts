/**
 * The labels on a sheet that is larger than the media: cut along the white gutters of the page, as a person with
 * scissors would. Pure.
 */
import type { Bitmap, Box } from '../bitmap.ts';
import { inkBounds } from '../bitmap.ts';
import type { Size } from './fit.ts';

/** White at least this wide is a gutter. Blocks within a label are closer, or framed. */
const gutterMm = 4;
/** A part may be this much larger than the media and still be the label: it is then drawn smaller. */
const slightlyLarger = 1.08;
/** The sheet is cut no deeper: what is left uncut is judged by its barcodes. */
const deepest = 12;

/**
 * Boxes of ink on the page, largest first, each no larger than the media as far as gutters allow. One box with all ink
 * if that fits the media. Empty for a white page. Lines across the whole sheet (where to cut) are no ink.
 */
export function findParts(page: Bitmap, media: Size, dotsPerMm: number): Box[] {
  const all = inkBounds(page);
  if (all === null) return [];
  if (fits(all, media, 1)) return [all];
  const grid = makeGrid(page, Math.max(1, Math.round(dotsPerMm)));
  eraseCuttingLines(grid);
  const found: Box[] = [];
  const cut = (box: Box, depth: number): void => {
    const ink = shrinkToInk(grid, box);
    if (ink === null) return;
    const inDots = { width: ink.width * grid.cell, height: ink.height * grid.cell };
    const gutter = fits(inDots, media, slightlyLarger) || depth >= deepest ? null : widestGutter(grid, ink);
    if (gutter === null) {
      found.push(toDots(ink, grid, page));
      return;
    }
    const { vertical, start, end } = gutter;
    if (vertical) {
      cut({ ...ink, width: start - ink.x }, depth + 1);
      cut({ ...ink, x: end, width: ink.x + ink.width - end }, depth + 1);
    } else {
      cut({ ...ink, height: start - ink.y }, depth + 1);
      cut({ ...ink, y: end, height: ink.y + ink.height - end }, depth + 1);
    }
  };
  cut({ x: 0, y: 0, width: grid.columns, height: grid.rows }, 0);
  return found.toSorted((one, other) => other.width * other.height - one.width * one.height);
}

/** True if it fits the media one way round or the other, at `allowed` times the media's size. */
export function fits(size: Size, media: Size, allowed: number): boolean {
  const inside = (width: number, height: number): boolean =>
    width <= media.width * allowed && height <= media.height * allowed;
  return inside(size.width, size.height) || inside(size.height, size.width);
}

/** One cell per square millimetre: 1 where there is ink. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Dots per cell. */
  readonly cell: number;
  readonly marks: Uint8Array;
}

function makeGrid(page: Bitmap, cell: number): Grid {
  const columns = Math.ceil(page.width / cell);
  const rows = Math.ceil(page.height / cell);
  const marks = new Uint8Array(columns * rows);
  for (let y = 0; y < page.height; y += 1) {
    const row = Math.floor(y / cell) * columns;
    for (let column = 0; column < page.rowBytes; column += 1) {
      const byte = page.data[y * page.rowBytes + column] ?? 0;
      if (byte === 0) continue;
      for (let bit = 0; bit < 8; bit += 1) {
        if ((byte & (0x80 >> bit)) !== 0) marks[row + Math.floor((column * 8 + bit) / cell)] = 1;
      }
    }
  }
  return { columns, rows, cell, marks };
}

/**
 * Lines of at most two cells across from one edge of the sheet to the other, dashed or not, with white on both sides. The
 * frame of a label ends before the edge.
 */
function eraseCuttingLines(grid: Grid): void {
  const { columns, rows, marks } = grid;
  const at = (vertical: boolean, line: number, along: number): number =>
    vertical ? along * columns + line : line * columns + along;
  const erase = (vertical: boolean): void => {
    const [lines, length] = vertical ? [columns, rows] : [rows, columns];
    const near = length * 0.06;
    const profile = Array.from({ length: lines }, (_, line) => {
      let [count, first, last] = [0, length, -1];
      for (let along = 0; along < length; along += 1) {
        if (marks[at(vertical, line, along)] === 0) continue;
        count += 1;
        first = Math.min(first, along);
        last = along;
      }
      return { count, acrossSheet: first <= near && last >= length - 1 - near };
    });
    // Beside it there may be a little: the line that crosses it, a scissors sign.
    const quiet = (line: number): boolean => (profile[line]?.count ?? 0) <= length * 0.08;
    for (let line = 0; line < lines; line += 1) {
      // Dashes leave holes.
      if ((profile[line]?.count ?? 0) < length * 0.45 || profile[line]?.acrossSheet !== true) continue;
      const wide = quiet(line + 1) ? 1 : 2;
      if (![line - 2, line - 1, line + wide, line + wide + 1].every(quiet)) continue;
      for (let each = line; each < Math.min(lines, line + wide); each += 1) {
        for (let along = 0; along < length; along += 1) marks[at(vertical, each, along)] = 0;
      }
    }
  };
  erase(true);
  erase(false);
}

function shrinkToInk(grid: Grid, box: Box): Box | null {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1];
  for (let y = box.y; y < box.y + box.height; y += 1) {
    for (let x = box.x; x < box.x + box.width; x += 1) {
      if (grid.marks[y * grid.columns + x] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The widest run of white rows or columns inside the box, or null if none is as wide as a gutter. */
function widestGutter(grid: Grid, box: Box): { vertical: boolean; start: number; end: number } | null {
  let best: { vertical: boolean; start: number; end: number } | null = null;
  const look = (vertical: boolean): void => {
    const [from, to] = vertical ? [box.x, box.x + box.width] : [box.y, box.y + box.height];
    let start = from;
    for (let at = from; at <= to; at += 1) {
      if (at < to && isWhite(grid, box, vertical, at)) continue;
      const width = at - start;
      if (width >= gutterMm && width > (best === null ? 0 : best.end - best.start)) best = { vertical, start, end: at };
      start = at + 1;
    }
  };
  look(false);
  look(true);
  return best;
}

function isWhite(grid: Grid, box: Box, vertical: boolean, at: number): boolean {
  const [from, to] = vertical ? [box.y, box.y + box.height] : [box.x, box.x + box.width];
  for (let along = from; along < to; along += 1) {
    if (grid.marks[vertical ? along * grid.columns + at : at * grid.columns + along] === 1) return false;
  }
  return true;
}

/** The box in dots; a cell is coarser than a dot, so the ink's exact bounds are found again when it is laid. */
function toDots(box: Box, { cell }: Grid, page: Bitmap): Box {
  const x = box.x * cell;
  const y = box.y * cell;
  return {
    x,
    y,
    width: Math.min(page.width, x + box.width * cell) - x,
    height: Math.min(page.height, y + box.height * cell) - y,
  };
}
