/** Text in a box: made printable, broken into lines, as large as all of it fits. Pure: measures in, lines out. */
import type { Box } from '../bitmap.ts';
import type { FontMeasures, Glyph } from './font.ts';

export type Align = 'left' | 'middle' | 'right';

export interface TextStyle {
  readonly align: Align;
  /** Font size the text never exceeds, in the box's unit. */
  readonly largest: number;
  /** Below this size text is cut, and ends in an ellipsis, instead of made smaller still. */
  readonly smallest: number;
}

/** One line to draw: `x` and the baseline `y` in the box's unit; `width` is the measured one. */
export interface TextLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly width: number;
}

/** Stands for a character that the font cannot draw, so that nothing of an order vanishes without a trace. */
export const replacement = '□';
const ellipsis = '…';
/** More than this of one text is on no label; in UTF-16 units. */
const longestText = 2_000;
/** White between the baselines of two lines, beyond the ink's own height, in ems. */
const leading = 0.12;
/** Ink of ordinary text in this font, Chinese and Latin: no line is laid tighter, so that lines are evenly spaced. */
const usualTop = 0.88;
const usualBottom = 0.12;

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/**
 * What of a text is to be seen, by grapheme: composed (NFC), white space and control characters as single blanks,
 * invisible and direction marks left out, because drawing engines and printers reorder text by them.
 */
export function visibleGraphemes(text: string): string[] {
  const plain = text
    .slice(0, longestText)
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return [...graphemes.segment(plain)].flatMap(({ segment }) => {
    const visible = segment.replace(/[\p{Cf}\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu, '');
    return visible === '' ? [] : [visible];
  });
}

/**
 * The text as it can be drawn: what of it is to be seen, with one visible box for each grapheme with a character that
 * the font lacks (emoji, right-to-left scripts, lone surrogates).
 */
export function printable(text: string, font: FontMeasures): string {
  return visibleGraphemes(text)
    .map((grapheme) => ([...grapheme].every((character) => isDrawable(character, font)) ? grapheme : replacement))
    .join('');
}

function isDrawable(character: string, font: FontMeasures): boolean {
  const glyph = font.glyph(character.codePointAt(0) ?? 0);
  // A mark that is laid over its neighbour has no width of its own: alone it would cover another character.
  return glyph !== null && (glyph.advance > 0 || character === ' ');
}

/**
 * Lines of `text` that lie wholly inside the box, ink and all, in the largest size at which all of it fits; below the
 * smallest size it is cut. No lines if the text is empty or not even one line of the smallest size fits.
 */
export function layText(text: string, box: Box, style: TextStyle, font: FontMeasures): readonly TextLine[] {
  const plain = printable(text, font);
  if (plain === '' || box.width <= 0 || box.height <= 0) return [];
  const at = (size: number): readonly string[] | null => {
    const lines = wrap(plain, box.width / size, font);
    return lines !== null && heightOf(lines, font) * size <= box.height ? lines : null;
  };
  // A smaller size nearly always fits if a larger one does; the search ends at a size that was seen to fit.
  let fits = at(style.largest) === null ? 0 : style.largest;
  if (fits === 0) {
    for (let low = style.smallest, high = style.largest, step = 0; step < 12; step += 1) {
      const middle = step === 0 ? low : (low + high) / 2;
      if (at(middle) === null) {
        if (step === 0) break;
        high = middle;
      } else {
        fits = middle;
        low = middle;
      }
    }
  }
  const lines = fits > 0 ? at(fits) : null;
  if (lines !== null) return place(balance(plain, lines, box.width / fits, font), fits, box, style.align, font);
  const cut = cutToFit(plain, style.smallest, box, font);
  return cut.length === 0 ? [] : place(cut, style.smallest, box, style.align, font);
}

/** The same number of lines, as even as they can be: no single character alone in the last one. */
function balance(plain: string, lines: readonly string[], ems: number, font: FontMeasures): readonly string[] {
  let best = lines;
  if (lines.length < 2) return best;
  for (let share = 0.95; share > 0.5; share -= 0.05) {
    const tried = wrap(plain, ems * share, font);
    if (tried === null || tried.length > lines.length || heightOf(tried, font) > heightOf(lines, font)) break;
    best = tried;
  }
  return best;
}

function cutToFit(plain: string, size: number, box: Box, font: FontMeasures): readonly string[] {
  const ems = box.width / size;
  const lines = wrap(plain, ems, font);
  if (lines === null) return [];
  for (let count = Math.min(lines.length, Math.floor(box.height / size) + 1); count >= 1; count -= 1) {
    const kept = lines.slice(0, count);
    if (count < lines.length) kept[count - 1] = shorten(kept[count - 1] ?? '', ems, font);
    if (heightOf(kept, font) * size <= box.height) return kept;
  }
  return [];
}

function shorten(line: string, ems: number, font: FontMeasures): string {
  let kept = [...line];
  while (kept.length > 0 && spanOf(`${kept.join('')}${ellipsis}`, font).width > ems) kept = kept.slice(0, -1);
  return `${kept.join('').trimEnd()}${ellipsis}`;
}

function place(
  lines: readonly string[],
  size: number,
  box: Box,
  align: Align,
  font: FontMeasures,
): readonly TextLine[] {
  const placed: TextLine[] = [];
  // What is left of the height is shared above and below.
  let y = box.y + Math.max(0, (box.height - heightOf(lines, font) * size) / 2);
  for (const text of lines) {
    const { top, bottom } = inkOf(text, font);
    const { before, width } = spanOf(text, font);
    const room = box.width - width * size;
    const left = align === 'left' ? 0 : align === 'middle' ? room / 2 : room;
    placed.push({ text, size, x: box.x + left + before * size, y: y + top * size, width: width * size });
    y += (top + bottom + leading) * size;
  }
  return placed;
}

/** Height of the lines in ems, from the top of the first one's ink to the bottom of the last one's. */
function heightOf(lines: readonly string[], font: FontMeasures): number {
  const ink = lines.reduce((sum, line) => {
    const { top, bottom } = inkOf(line, font);
    return sum + top + bottom;
  }, 0);
  return ink + Math.max(0, lines.length - 1) * leading;
}

/** How far a line's ink may reach above and below its baseline, in ems. */
function inkOf(line: string, font: FontMeasures): { readonly top: number; readonly bottom: number } {
  let top = usualTop;
  let bottom = usualBottom;
  for (const glyph of glyphsOf(line, font)) {
    if (glyph.yMax > top) top = glyph.yMax;
    if (-glyph.yMin > bottom) bottom = -glyph.yMin;
  }
  return { top, bottom };
}

/** Width of a line's ink and advance together, in ems; `before` is ink that hangs out to the left of the pen. */
function spanOf(line: string, font: FontMeasures): { readonly before: number; readonly width: number } {
  let pen = 0;
  let left = 0;
  let right = 0;
  for (const glyph of glyphsOf(line, font)) {
    left = Math.min(left, pen + glyph.xMin);
    right = Math.max(right, pen + Math.max(glyph.xMax, glyph.advance));
    pen += glyph.advance;
  }
  return { before: -left, width: right - left };
}

function glyphsOf(line: string, font: FontMeasures): Glyph[] {
  return [...line].flatMap((character) => font.glyph(character.codePointAt(0) ?? 0) ?? []);
}

/** Wide characters, between which a line may end: CJK, kana, hangul, full-width forms. */
const wide = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;
/** Never first in a line, and never last in one (the heart of GB/T 15834-2011, section 5). */
const closing = /[，。、；：！？）》」』】〉”’…,.;:!?)\]}%]/u;
const opening = /[（《「『【〈“‘([{]/u;

/**
 * Breaks text into lines of at most `ems`: at a blank, or beside a wide character but not before closing or after
 * opening punctuation; inside a word only if it is longer than the line. Null if a single character is wider than that.
 */
function wrap(text: string, ems: number, font: FontMeasures): string[] | null {
  const lines: string[] = [];
  let line: string[] = [];
  for (const character of text) {
    if (line.length === 0 && character === ' ') continue;
    line.push(character);
    // What is carried over can itself be too wide: a wide character after the last place to break.
    while (spanOf(line.join('').trimEnd(), font).width > ems) {
      if (line.length === 1) return null;
      let cut = line.length - 1;
      while (cut > 0 && !mayBreak(line[cut - 1] ?? '', line[cut] ?? '')) cut -= 1;
      if (cut === 0) cut = line.length - 1;
      lines.push(line.slice(0, cut).join('').trim());
      line = [...line.slice(cut).join('').trimStart()];
    }
  }
  return [...lines, line.join('').trim()].filter((each) => each !== '');
}

function mayBreak(before: string, after: string): boolean {
  if (before === ' ' || after === ' ') return true;
  return (wide.test(before) || wide.test(after)) && !closing.test(after) && !opening.test(before);
}
