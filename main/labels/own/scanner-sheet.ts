/**
 * How a barcode scanner has to be set for this station. Scanners are set by the barcodes of their makers; every maker
 * has its own, so none is printed here: the sheet says what to set and leaves room to stick the maker's code.
 * What the station expects of a scanner is decided in `renderer/input/wedge.ts`.
 */
import type { Locale } from '../../../preload/contract/index.ts';
import { scannerTestText, scannerTestTextLong } from '../../domain/scanner-test.ts';
import { codeRows, wideCell } from './command-sheet.ts';
import type { PageMedia, Row } from './pages.ts';
import type { DrawnPage } from './scene.ts';
import type { SheetRows } from './sheet.ts';
import { drawSheet, groupRow, wholeRow } from './sheet.ts';

const steps = ['keyboard', 'layout', 'suffix', 'prefix', 'plain', 'speed', 'codes'] as const;
const pasted = ['factory', 'usb', 'layout', 'suffix', 'prefix', 'save'] as const;

/** Draws the sheet. Rejects with `HeldError` if the media is too small. */
export function drawScannerSheet(locale: Locale, media: PageMedia, resourcesDir: string): Promise<DrawnPage[]> {
  return drawSheet('scanner sheet', 'own.scanner.title', locale, media, resourcesDir, (sheet) => [
    groupRow(sheet, 'own.scanner.set'),
    ...steps.map((step, index) => stepRow(sheet, index + 1, `own.scanner.step.${step}`)),
    groupRow(sheet, 'own.scanner.paste'),
    noteRow(sheet, 'own.scanner.no-maker-codes'),
    ...pasteRows(sheet),
    groupRow(sheet, 'own.scanner.test'),
    noteRow(sheet, 'own.scanner.test-says'),
    ...testRows(sheet),
  ]);
}

function stepRow(sheet: SheetRows, number: number, key: string): Row {
  const { lead, second } = sheet.texts;
  return wholeRow(sheet, 'sheet-step', { number: String(number), lead: lead(key), second: second(key) });
}

/** A sentence about what comes below it. */
function noteRow(sheet: SheetRows, key: string): Row {
  const { lead, second } = sheet.texts;
  return { ...wholeRow(sheet, 'sheet-note', { lead: lead(key), second: second(key) }), heading: true };
}

/** Empty frames for the maker's own codes, two or more beside each other. */
function pasteRows(sheet: SheetRows): Row[] {
  const template = 'sheet-paste';
  const columns = Math.max(2, Math.floor(sheet.widthMm / 60));
  const cellMm = sheet.widthMm / columns;
  const zoom = cellMm / sheet.sizeOf(template).widthMm;
  const rows: Row[] = [];
  for (let at = 0; at < pasted.length; at += columns) {
    const parts = pasted.slice(at, at + columns).map((what, column) => ({
      template,
      x: column * cellMm,
      y: 0,
      zoom,
      blocks: {
        lead: sheet.texts.lead(`own.scanner.paste.${what}`),
        second: sheet.texts.second(`own.scanner.paste.${what}`),
      },
      codes: {},
    }));
    rows.push({ heightMm: sheet.sizeOf(template).heightMm * zoom, parts });
  }
  return rows;
}

function testRows(sheet: SheetRows): Row[] {
  const { lead, second } = sheet.texts;
  const linear = codeRows(
    sheet,
    wideCell(sheet),
    [
      {
        code: scannerTestText,
        blocks: {
          lead: lead('own.scanner.test.linear'),
          second: second('own.scanner.test.linear'),
          code: scannerTestText,
        },
      },
    ],
    70,
  );
  const matrix = wholeRow(
    sheet,
    'sheet-matrix',
    {
      lead: lead('own.scanner.test.matrix'),
      second: second('own.scanner.test.matrix'),
      says: lead('own.scanner.test.matrix-says'),
    },
    { barcode: { text: scannerTestTextLong, kind: 'matrix' } },
  );
  // Both on one page.
  return [...linear.map((row) => ({ ...row, heading: true })), matrix];
}
