/** Sheets for the wall beside the desk, and badge cards: as a PDF for an office printer, or printed here. */
import { ContractError } from '../../preload/contract/index.ts';
import type { CallRequest, PaperPrint, Person, SheetFile } from '../../preload/contract/index.ts';
import type { Labels, LabelTarget, SheetRequest } from '../labels/index.ts';
import type { Ids } from '../ports.ts';
import type { PrinterRole } from '../profile/printer-models.ts';
import type { Store } from '../store/store.ts';
import { printPaper, type MadePaper, type PaperPrinter } from './paper.ts';
import { inWords, type People } from './people.ts';

export interface Sheets {
  /** Rejects with ContractError `refused`: no people in the profile, or it does not fit fifty pages. */
  file(request: CallRequest<'sheets.file'>): Promise<SheetFile>;
  /** Rejects with ContractError `refused` if the profile lists no people. */
  print(request: CallRequest<'sheets.print'>): Promise<PaperPrint>;
}

export function createSheets(options: {
  readonly store: Pick<Store, 'events'>;
  readonly ids: Ids;
  readonly labels: Pick<Labels, 'sheet' | 'badges' | 'sheetPdf'>;
  /** The printers of a role, best first; none if this desk has none. */
  printersFor(role: PrinterRole): readonly PaperPrinter[];
  readonly people: Pick<People, 'current'>;
  /** Everybody of this desk, by the profile. */
  readonly badges: readonly Person[];
  readonly site: string;
}): Sheets {
  const { labels } = options;

  function requestOf({ kind, locale }: CallRequest<'sheets.file'>): SheetRequest {
    if (kind !== 'badges') return { kind, locale };
    if (options.badges.length === 0) {
      throw new ContractError('refused', 'the profile lists nobody: write people under desk.people, then start again');
    }
    return { kind, locale, badges: options.badges.map((person) => ({ ...person, site: options.site })) };
  }

  async function make(request: SheetRequest, target: LabelTarget): Promise<MadePaper> {
    const label = await (request.kind === 'badges'
      ? labels.badges(request.badges, request.locale, target)
      : labels.sheet(request.kind, request.locale, target));
    if (label.held) return { held: true, message: label.message };
    return { held: false, pages: label.pages, bytes: (printId) => label.bytes(0, printId) };
  }

  const who = (): Record<string, unknown> => {
    const packer = options.people.current();
    return packer === null ? {} : { person: inWords(packer) };
  };

  return {
    async file(input) {
      const request = requestOf(input);
      let made: { readonly pages: number; readonly pdf: Uint8Array };
      try {
        made = await labels.sheetPdf(request);
      } catch (error) {
        throw new ContractError('refused', error instanceof Error ? error.message : String(error));
      }
      options.store.events.append('sheet-saved', {}, { sheet: input.kind, pages: made.pages, ...who() });
      return {
        ...{ fileName: `packbench-${input.kind}.pdf`, mimeType: 'application/pdf', pages: made.pages },
        base64: Buffer.from(made.pdf).toString('base64'),
      };
    },
    async print(input) {
      const request = requestOf(input);
      const detail = who();
      const papers = options.printersFor('document');
      const printers = papers.length > 0 ? papers : options.printersFor('parcel');
      const answer = await printPaper(printers, options.ids.next(), ({ target }) => make(request, target));
      const { outcome, printerId, pages } = answer;
      options.store.events.append(
        'sheet-printed',
        {},
        { sheet: input.kind, outcome, printer: printerId ?? '', pages, ...detail },
      );
      return answer;
    },
  };
}
