/** Command barcodes for the wall beside the desk: every command and quantity that a scan can give. */
import type { Locale } from '../../../preload/contract/index.ts';
import { BagCommand, PackCommand } from '../../../preload/contract/index.ts';
import { dotsPerMm } from '../media.ts';
import { linearWidthMm } from './codes.ts';
import type { PageMedia, Row } from './pages.ts';
import type { DrawnPage, ScenePart } from './scene.ts';
import type { SheetRows } from './sheet.ts';
import { drawSheet, groupRow } from './sheet.ts';

/** Where a command stands on the sheet; one that is not named here comes under `more`. */
const groupOf: Readonly<Partial<Record<string, string>>> = {
  'release-order': 'order',
  'undo-scan': 'order',
  'override-weight': 'order',
  'sign-off': 'order',
  reprint: 'label',
  retry: 'label',
  'label-here': 'label',
  'no-label': 'label',
  'skip-scan-back': 'label',
  'print-slip': 'label',
};
const groups = ['order', 'label', 'more'] as const;

/** Counts that goods come in; any other from 1 to 9999 may be printed elsewhere (`main/domain/scan.ts`). */
const quantities = [2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 50];

/** Places and keys of the screen, for a desk without a keyboard; the screen reads them itself. */
const places = ['pack', 'bags', 'day'];
const keys = [
  ...['1', '2', '3', '4', '5', 'Y', 'N', 'R', 'up', 'down', 'left', 'right', 'enter', 'esc'],
  ...['F3', 'F5', 'F9', 'F10', 'insert', 'delete', 'end'],
];

/** Draws the sheet. Every command of the contract is on it. Rejects with `HeldError` if the media is too small. */
export function drawCommandSheet(locale: Locale, media: PageMedia, resourcesDir: string): Promise<DrawnPage[]> {
  return drawSheet('command sheet', 'own.commands.title', locale, media, resourcesDir, (sheet) => [
    ...groups.flatMap((group) => {
      const commands = PackCommand.options.filter((command) => (groupOf[command] ?? 'more') === group);
      if (commands.length === 0) return [];
      return [groupRow(sheet, `own.commands.${group}`), ...commandRows(sheet, 'command', 'PB:CMD:', commands)];
    }),
    groupRow(sheet, 'own.commands.bags'),
    ...commandRows(sheet, 'bags.command', 'PB:BAG:', BagCommand.options),
    groupRow(sheet, 'own.commands.places'),
    ...commandRows(sheet, 'place', 'PB:GO:', places),
    // On labels they would make the roll too long; most desks have the keys.
    ...(sheet.paper ? [groupRow(sheet, 'own.commands.keys'), ...keyRows(sheet)] : []),
    groupRow(sheet, 'own.commands.quantity'),
    ...quantityRows(sheet),
  ]);
}

function commandRows(sheet: SheetRows, family: string, prefix: string, commands: readonly string[]): Row[] {
  const { texts } = sheet;
  const cells = commands.map((command) => {
    const [name, says] = [`ui.${family}.${command}`, `own.${family}.${command}`];
    const code = `${prefix}${command}`;
    return {
      code,
      blocks: {
        lead: texts.has(name) ? texts.lead(name) : command,
        second: texts.has(name) ? texts.second(name) : '',
        says: texts.has(says) ? texts.lead(says) : '',
        code,
      },
    };
  });
  return codeRows(sheet, wideCell(sheet), cells, 70);
}

function quantityRows(sheet: SheetRows): Row[] {
  const cells = quantities.map((count) => ({
    code: `PB:QTY:${count}`,
    blocks: { lead: `× ${count}`, code: `PB:QTY:${count}` },
  }));
  return narrowRows(sheet, cells);
}

function keyRows(sheet: SheetRows): Row[] {
  return narrowRows(
    sheet,
    keys.map((key) => ({ code: `PB:KEY:${key}`, blocks: { lead: key, code: `PB:KEY:${key}` } })),
  );
}

function narrowRows(sheet: SheetRows, cells: readonly CodeCell[]): Row[] {
  const narrow = columnsFor(sheet, cells, 42) > 1;
  return codeRows(sheet, narrow ? 'sheet-code-narrow' : wideCell(sheet), cells, narrow ? 42 : 70);
}

/** Paper has room for two cells beside each other, which are lower. */
export function wideCell(sheet: SheetRows): string {
  return sheet.paper ? 'sheet-code-paper' : 'sheet-code';
}

interface CodeCell {
  readonly code: string;
  readonly blocks: Readonly<Record<string, string>>;
}

/** As many columns as leave every code readable and no cell narrower than `leastMm`. */
function columnsFor(sheet: SheetRows, cells: readonly CodeCell[], leastMm: number): number {
  const widest = Math.max(...cells.map(({ code }) => linearWidthMm(code, dotsPerMm(sheet.dpi)) ?? 0));
  return Math.max(1, Math.floor(sheet.widthMm / Math.max(leastMm, widest)));
}

/** Barcodes with their meaning, side by side where the page is wide enough. */
export function codeRows(sheet: SheetRows, template: string, cells: readonly CodeCell[], leastMm: number): Row[] {
  const columns = columnsFor(sheet, cells, leastMm);
  const cellMm = sheet.widthMm / columns;
  const zoom = cellMm / sheet.sizeOf(template).widthMm;
  const rows: Row[] = [];
  for (let at = 0; at < cells.length; at += columns) {
    const parts = cells.slice(at, at + columns).map(({ code, blocks }, column): ScenePart => ({
      template,
      x: column * cellMm,
      y: 0,
      zoom,
      blocks,
      codes: { barcode: { text: code, kind: 'either' } },
    }));
    rows.push({ heightMm: sheet.sizeOf(template).heightMm * zoom, parts });
  }
  return rows;
}
