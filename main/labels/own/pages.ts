/** How our own labels take their place on the media: one template that fills it, or rows that flow over pages. */
import { HeldError } from '../held.ts';
import type { LabelDpi } from '../media.ts';
import type { DrawnPage, Scene, ScenePart } from './scene.ts';
import { drawScene, loadTemplate } from './scene.ts';

/** What a page of our own is drawn for. The printer's language comes later. */
export interface PageMedia {
  readonly dpi: LabelDpi;
  readonly widthMm: number;
  readonly heightMm: number;
}

export type PartContent = Pick<ScenePart, 'blocks' | 'codes'>;

/** Smaller than this share of its drawn size a label's captions can no longer be read. */
const smallestZoom = 0.6;
/** More pages than this of one slip or sheet is a mistake, not a carton. */
const mostPages = 50;

/**
 * Draws one label from whichever of its templates fills the media best. Throws `HeldError` with one line if the media
 * is too small for all of them.
 */
export async function drawSingle(
  what: string,
  names: readonly string[],
  content: PartContent,
  media: PageMedia,
  resourcesDir: string,
): Promise<DrawnPage> {
  const templates = await Promise.all(names.map((name) => loadTemplate(resourcesDir, name)));
  const sized = templates.map((template) => {
    const zoom = Math.min(media.widthMm / template.widthMm, media.heightMm / template.heightMm);
    return { template, zoom, area: zoom * zoom * template.widthMm * template.heightMm };
  });
  const usable = sized.filter(({ zoom }) => zoom >= smallestZoom).sort((a, b) => b.area - a.area);
  const [best] = usable;
  if (best === undefined) throw tooSmall(what, media, sized);
  const { template, zoom } = best;
  const part = { template: template.name, x: (media.widthMm - template.widthMm * zoom) / 2, y: 0, zoom };
  const scene = { widthMm: media.widthMm, heightMm: media.heightMm, parts: [{ ...part, ...content }] };
  return drawScene(scene, media.dpi, resourcesDir);
}

function tooSmall(
  what: string,
  media: PageMedia,
  sized: readonly { readonly template: { readonly widthMm: number; readonly heightMm: number } }[],
): HeldError {
  const least = sized
    .map(({ template }) => [template.widthMm * smallestZoom, template.heightMm * smallestZoom] as const)
    .sort((a, b) => a[0] * a[1] - b[0] * b[1])[0] ?? [0, 0];
  return new HeldError(
    'label.too-large',
    `the ${what} needs media of at least ${Math.ceil(least[0])} x ${Math.ceil(least[1])} mm; ${media.widthMm} x ${media.heightMm} mm is loaded`,
  );
}

/** A row of a page: parts side by side, at `x` and `zoom` of the row. */
export interface Row {
  readonly heightMm: number;
  readonly parts: readonly ScenePart[];
  /** Stands with the row that follows it, if a page is high enough for both. */
  readonly heading?: boolean;
}

/** What stands above and below the rows of each page, of `pages` in all. Their heights must not depend on `pages`. */
export interface PageFrame {
  head(page: number, pages: number): readonly Row[];
  foot(page: number, pages: number): readonly Row[];
}

/** Space around what is printed, in millimetres. */
export interface Margins {
  readonly sideMm: number;
  readonly endMm: number;
}

/** Lays rows on as many pages as they need. Throws `HeldError` if a page holds none, or there would be too many. */
export function flow(
  what: string,
  rows: readonly Row[],
  frame: PageFrame,
  media: PageMedia,
  margins: Margins,
): Scene[] {
  const heightOf = (some: readonly Row[]): number => some.reduce((sum, row) => sum + row.heightMm, 0);
  const left = [...rows];
  const pages: Row[][] = [];
  while (left.length > 0 || pages.length === 0) {
    const number = pages.length + 1;
    const room = media.heightMm - 2 * margins.endMm - heightOf(frame.head(number, 1)) - heightOf(frame.foot(number, 1));
    const page: Row[] = [];
    let used = 0;
    for (let next = left[0]; next !== undefined && used + next.heightMm <= room + 1e-6; next = left[0]) {
      page.push(next);
      used += next.heightMm;
      left.shift();
    }
    // A page of headings only is too low to keep them with what follows.
    const kept = page.findLastIndex((row) => row.heading !== true) + 1;
    if (left.length > 0 && kept > 0) left.unshift(...page.splice(kept));
    if (page.length === 0 && left.length > 0) {
      throw new HeldError(
        'label.too-large',
        `the ${what} does not fit media of ${media.widthMm} x ${media.heightMm} mm; load larger labels`,
      );
    }
    pages.push(page);
    if (pages.length > mostPages) {
      throw new HeldError('label.too-large', `the ${what} takes more than ${mostPages} labels`);
    }
  }
  return pages.map((page, index) => {
    const parts: ScenePart[] = [];
    let y = margins.endMm;
    const put = (row: Row): void => {
      for (const part of row.parts) parts.push({ ...part, x: part.x + margins.sideMm, y: part.y + y });
      y += row.heightMm;
    };
    for (const row of frame.head(index + 1, pages.length)) put(row);
    for (const row of page) put(row);
    const foot = frame.foot(index + 1, pages.length);
    y = media.heightMm - margins.endMm - heightOf(foot);
    for (const row of foot) put(row);
    return { widthMm: media.widthMm, heightMm: media.heightMm, parts };
  });
}
