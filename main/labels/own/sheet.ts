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
  'sheet-head-paper',
  'sheet-group-paper',
  'sheet-note-paper',
  'sheet-step-paper',
  'sheet-matrix-paper',
  'sheet-code-paper',
] as const;

/** What the rows of a sheet are made with. */
export interface SheetRows {
  readonly texts: BothTexts;
  readonly dpi: LabelDpi;
  /** Room for rows, in millimetres. */
  readonly widthMm: number;
  /** Paper is twice as wide as a label; what goes across the page has templates of its own there. */
  readonly paper: boolean;
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
  const paper = media.widthMm >= paperFromMm;
  const margins = paper ? paperMargins : labelMargins;
  const widthMm = media.widthMm - 2 * margins.sideMm;
  const sheet: SheetRows = {
    texts,
    dpi: media.dpi,
    widthMm,
    paper,
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

/** A row across the page, from the label's or the paper's form of the template. */
export function wholeRow(
  sheet: SheetRows,
  template: string,
  blocks: Readonly<Record<string, string>>,
  codes: ScenePart['codes'] = {},
): Row {
  const own = sheet.sizeOf(sheet.paper ? `${template}-paper` : template);
  const zoom = sheet.widthMm / own.widthMm;
  return { heightMm: own.heightMm * zoom, parts: [{ template: own.name, x: 0, y: 0, zoom, blocks, codes }] };
}

/** The heading of a group, in both languages. */
export function groupRow(sheet: SheetRows, key: string): Row {
  const title = `${sheet.texts.lead(key)} / ${sheet.texts.second(key)}`;
  return { ...wholeRow(sheet, 'sheet-group', { title }), heading: true };
}
