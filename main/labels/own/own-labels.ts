/** Our own labels as the rest of the station asks for them: drawn in the label thread, read back, ready to print. */
import type { Locale } from '../../../preload/contract/index.ts';
import type { Bitmap } from '../bitmap.ts';
import type { HeldLabel } from '../held.ts';
import type { PreparedLabel } from '../labels.ts';
import type { LabelTarget } from '../media.ts';
import type { BadgeFacts } from './badge.ts';
import type { BagLabelFacts } from './bag-label.ts';
import type { ContentsFacts } from './contents-slip.ts';
import type { HandoverListFacts } from './handover-list.ts';
import { pagesPdf } from './pages-pdf.ts';
import type { OwnPages, OwnRequest, SheetKind, SheetRequest } from './draw-own.ts';
import type { TestLabelFacts } from './test-label.ts';

/** All reject only with `StoppedError`; what cannot be drawn or read back on this media is held, with the reason. */
export interface OwnLabels {
  /** The label of a closed big bag. */
  bagLabel(facts: BagLabelFacts, target: LabelTarget): Promise<PreparedLabel | HeldLabel>;
  /** The test print of a printer, with a code to scan back. */
  testLabel(facts: TestLabelFacts, target: LabelTarget): Promise<PreparedLabel | HeldLabel>;
  /** What is in a carton; goes on over further labels when it is long. */
  contentsSlip(facts: ContentsFacts, target: LabelTarget): Promise<PreparedLabel | HeldLabel>;
  /** The list of a hand-over; goes on over further labels or pages when it is long. */
  handoverList(facts: HandoverListFacts, target: LabelTarget): Promise<PreparedLabel | HeldLabel>;
  /** The same on A4, as a PDF for an office printer. Rejects with a one-line Error if it takes more than fifty pages. */
  handoverListPdf(facts: HandoverListFacts): Promise<{ readonly pages: number; readonly pdf: Uint8Array }>;
  /** Command barcodes, or how to set a scanner, in both languages with `locale` leading. */
  sheet(kind: SheetKind, locale: Locale, target: LabelTarget): Promise<PreparedLabel | HeldLabel>;
  /**
   * A sheet or badge cards on A4, as a PDF for an office printer. Rejects with a one-line Error if it takes more than
   * fifty pages.
   */
  sheetPdf(request: SheetRequest): Promise<{ readonly pages: number; readonly pdf: Uint8Array }>;
  /** Badge cards, as many on a label as it holds. */
  badges(badges: readonly BadgeFacts[], locale: Locale, target: LabelTarget): Promise<PreparedLabel | HeldLabel>;
}

/** What office printers take (ISO 216); the language is not used for a PDF. */
const a4: LabelTarget = { language: 'zpl', dpi: 300, widthMm: 210, heightMm: 297 };

export function createOwnLabels(deps: {
  readonly draw: (request: OwnRequest, target: LabelTarget) => Promise<OwnPages>;
  readonly prepare: (pages: readonly Bitmap[], codes: readonly string[], target: LabelTarget) => PreparedLabel;
  /** Turns a failure into a held label; `what` names it in the log. */
  readonly orHeld: (what: string, make: () => Promise<PreparedLabel>) => Promise<PreparedLabel | HeldLabel>;
}): OwnLabels {
  const make = (what: string, request: OwnRequest, target: LabelTarget): Promise<PreparedLabel | HeldLabel> =>
    deps.orHeld(what, async () => {
      const { pages, codes } = await deps.draw(request, target);
      return deps.prepare(pages, codes, target);
    });
  return {
    bagLabel: (facts, target) => make(facts.bagNumber, { kind: 'bag', facts }, target),
    testLabel: (facts, target) => make(`test of ${facts.printerId}`, { kind: 'test', facts }, target),
    contentsSlip: (facts, target) => make(facts.orderNumber, { kind: 'contents', facts }, target),
    handoverList: (facts, target) => make(facts.reference, { kind: 'handover-list', facts }, target),
    async handoverListPdf(facts) {
      const { pages } = await deps.draw({ kind: 'handover-list', facts }, a4);
      return { pages: pages.length, pdf: pagesPdf(pages, a4) };
    },
    async sheetPdf(request) {
      const { pages } = await deps.draw(request, a4);
      return { pages: pages.length, pdf: pagesPdf(pages, a4) };
    },
    sheet: (kind, locale, target) => make(`${kind} sheet`, { kind, locale }, target),
    badges: (badges, locale, target) => make('badges', { kind: 'badges', badges, locale }, target),
  };
}
