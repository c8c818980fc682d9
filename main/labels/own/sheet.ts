/** Sheets for the wall and the drawer: rows under a head, on label media or on A4. */
import type { Locale } from '../../../preload/contract/index.ts';
import type { LabelDpi } from '../media.ts';
import type { PageMedia, Row } from './pages.ts';
import { flow } from './pages.ts';
import type { DrawnPage, ScenePart, Template } from './scene.ts';
import { drawScene, loadTemplate } from './scene.ts';
import type { BothTexts } from './texts.ts';
import { loadTexts } from './texts.ts';

/** Wider than any label: an office printer's paper, which cannot print to its edge. */
const paperFromMm = 180;
const paperMargins = { sideMm: 10, endMm: 10 };
const labelMargins = { sideMm: 0, endMm: 1 };

const rowTemplates = [
  'sheet-head',
  'sheet-group',
  'sheet-note',
  'sheet-step',
  'sheet-code',
  'sheet-code-narrow',
  'sheet-matrix',
  'sheet-paste',
] as const;

/** What the rows of a sheet are made with. */
export interface SheetRows {
  readonly texts: BothTexts;
  readonly dpi: LabelDpi;
  /** Room for rows, in millimetres. */
  readonly widthMm: number;
  /** Zoom of what goes across the whole page: text on paper is not twice as large as on a label. */
  readonly zoom: number;
  sizeOf(template: string): Template;
}

export async function drawSheet(
  what: string,
  title: string,
  locale: Locale,
  media: PageMedia,
  resourcesDir: string,
  rows: (sheet: SheetRows) => readonly Row[],
): Promise<DrawnPage[]> {
  const [texts, ...templates] = await Promise.all([
    loadTexts(resourcesDir, locale),
    ...rowTemplates.map((name) => loadTemplate(resourcesDir, name)),
  ]);
  const margins = media.widthMm >= paperFromMm ? paperMargins : labelMargins;
  const widthMm = media.widthMm - 2 * margins.sideMm;
  const sheet: SheetRows = {
    texts,
    dpi: media.dpi,
    widthMm,
    zoom: widthMm / 100,
    sizeOf(name) {
      const found = templates.find((template) => template.name === name);
      if (found === undefined) throw new Error(`no template ${name} on sheets`);
      return found;
    },
  };
  const head = (page: number, pages: number): Row[] => [
    wholeRow(sheet, 'sheet-head', {
      title: texts.lead(title),
      second: texts.second(title),
      page: pages > 1 ? `${page}/${pages}` : '',
    }),
  ];
  const scenes = flow(what, rows(sheet), { head, foot: () => [] }, media, margins);
  return Promise.all(scenes.map((scene) => drawScene(scene, media.dpi, resourcesDir)));
}

/** A row of one template across the page. */
export function wholeRow(
  sheet: SheetRows,
  template: string,
  blocks: Readonly<Record<string, string>>,
  codes: ScenePart['codes'] = {},
): Row {
  const { zoom } = sheet;
  return {
    heightMm: sheet.sizeOf(template).heightMm * zoom,
    parts: [{ template, x: 0, y: 0, zoom, blocks, codes }],
  };
}

/** The heading of a group, in both languages. */
export function groupRow(sheet: SheetRows, key: string): Row {
  const title = `${sheet.texts.lead(key)} · ${sheet.texts.second(key)}`;
  return { ...wholeRow(sheet, 'sheet-group', { title }), heading: true };
}
