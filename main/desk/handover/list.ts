/** The printed hand-over list: on the printer for documents, else for slips, else for labels; or as a PDF. */
import type {
  CallRequest,
  HandoverListFile,
  HandoverListPrint,
  Locale,
  Notice,
} from '../../../preload/contract/index.ts';
import { ContractError } from '../../../preload/contract/index.ts';
import type { Printer } from '../../devices/printer/printer.ts';
import type { HandoverListFacts, Labels, LabelTarget } from '../../labels/index.ts';
import type { PrinterSettings } from '../../profile/printer-models.ts';
import { notice } from '../answer.ts';
import type { DayContext } from './day-context.ts';

/** A printer as the list needs it. */
export interface ListPrinter {
  readonly id: string;
  readonly settings: PrinterSettings;
  readonly target: LabelTarget;
  /** Null if its link cannot be made; `problem` then says why. */
  readonly worker: Pick<Printer, 'print'> | null;
  readonly problem: string | null;
}

export interface HandoverLists {
  print(input: CallRequest<'day.printList'>): Promise<HandoverListPrint>;
  file(handoverId: string): Promise<HandoverListFile>;
}

/** Loose parcels named on the list; the others are counted. A page holds some forty. */
const mostNamed = 300;

export function createHandoverLists(
  context: DayContext,
  parts: {
    readonly labels: Pick<Labels, 'handoverList' | 'handoverListPdf' | 'receipts'>;
    readonly printers: readonly ListPrinter[];
    readonly site: string;
    readonly locale: Locale;
  },
): HandoverLists {
  const { store, clock, ids } = context;
  const { labels, printers } = parts;

  /** Printers for documents have paper; a slip printer prints a roll; a label printer several labels. */
  function printerFor(printerId: string | null): ListPrinter | null {
    if (printerId !== null) {
      const found = printers.find((each) => each.id === printerId);
      if (found === undefined) throw new ContractError('not-found', `this desk has no printer ${printerId}`);
      return found;
    }
    for (const use of ['document', 'slip', 'bag', 'parcel'] as const) {
      const found = printers.find((each) => each.settings.use.includes(use));
      if (found !== undefined) return found;
    }
    return printers[0] ?? null;
  }

  function factsOf(handoverId: string, copy: number): HandoverListFacts {
    const record = store.handovers.get(handoverId);
    if (record === null) throw new ContractError('not-found', `no scan form or manifest is known under ${handoverId}`);
    const { content, kind, reference, createdAt } = record;
    const inBags = new Set(content.bags.flatMap((bag) => bag.parcels.map((parcel) => parcel.parcelId)));
    const loose = content.parcels.filter((parcel) => !inBags.has(parcel.parcelId));
    const services = new Set<string>();
    const destinations = new Set<string>();
    const bags = content.bags.map(({ bagId, bagNumber, parcels }) => {
      const bag = store.bags.get(bagId);
      if (bag !== null) {
        services.add(bag.route.service ?? '');
        destinations.add(bag.route.destination);
      }
      const netG = parcels.reduce((sum, parcel) => sum + parcel.weightG, 0);
      return { number: bagNumber, parcels: parcels.length, netG, grossG: bag?.grossWeightG ?? null };
    });
    for (const { parcelId } of loose.slice(0, mostNamed)) {
      const parcel = store.parcels.get(parcelId);
      if (parcel === null) continue;
      services.add(parcel.service ?? '');
      destinations.add(parcel.facts.receiver.country);
    }
    const carrier = context.carriers.find((each) => each.id === record.vendor);
    const { details, flight } = content;
    return {
      ...{ kind, reference, copy, createdAt, deskId: context.deskId, site: parts.site },
      carrier: carrier?.name ?? record.vendor,
      service: [...services].filter((each) => each !== '').join(' '),
      destination: [...destinations].join(' '),
      contact: [details.contactName, details.company, details.phone || details.mobile]
        .filter((each) => each !== '')
        .join(' · '),
      flight:
        flight === null ? details.handoverNumber : [flight.flightNumber, flight.airWaybill].filter(Boolean).join(' · '),
      bags,
      loose: loose.slice(0, mostNamed).map(({ waybill, weightG }) => ({ waybill, weightG })),
      looseCount: loose.length,
      ...{ parcels: content.parcels.length, netG: content.netWeightG, grossG: content.grossWeightG },
    };
  }

  return {
    async print({ handoverId, printerId }) {
      const facts = factsOf(handoverId, store.handovers.summary(handoverId)?.listsPrinted ?? 0);
      const printer = printerFor(printerId);
      const answer = (outcome: HandoverListPrint['outcome'], words: Notice): HandoverListPrint => ({
        ...{ outcome, printerId: printer?.id ?? null, copy: facts.copy, notice: words },
      });
      if (printer === null) return answer('not-printed', notice('day.list-no-printer', 'warn'));
      const failed = (reason: string): HandoverListPrint =>
        answer('not-printed', notice('day.list-not-printed', 'stop', { printer: printer.id, reason }));
      if (printer.worker === null) return failed(printer.problem ?? 'it cannot be opened');
      const { settings } = printer;
      let bytes: Uint8Array;
      let pages = 1;
      const printId = ids.next();
      if (settings.language === 'escpos' && settings.use.includes('slip')) {
        const { columns, chinese, quirks } = settings;
        bytes = await labels.receipts.handoverList(facts, { columns, chinese, quirks: quirks?.receipt }, parts.locale);
      } else {
        const made = await labels.handoverList(facts, printer.target);
        if (made.held) return failed(made.message);
        bytes = made.bytes(0, printId);
        pages = made.pages;
      }
      const outcome = await printer.worker.print({ printId, bytes });
      if (outcome.kind === 'not-printed') return failed(outcome.message);
      if (outcome.kind === 'blocked') {
        const reasons = outcome.reasons.join(',');
        return answer('not-printed', notice('day.list-blocked', 'warn', { printer: printer.id, reasons }));
      }
      store.transaction(() => {
        store.handovers.countList(handoverId);
        store.events.append(
          'handover-list-printed',
          {},
          {
            ...{
              handoverId,
              reference: facts.reference,
              printer: printer.id,
              copy: facts.copy,
              pages,
              outcome: outcome.kind,
            },
          },
        );
      });
      return outcome.kind === 'printed'
        ? answer('printed', notice('day.list-printed', 'ok', { printer: printer.id, pages }))
        : answer('unknown', notice('day.list-unknown', 'warn', { printer: printer.id }));
    },
    async file(handoverId) {
      const facts = factsOf(handoverId, 0);
      const { pages, pdf } = await labels.handoverListPdf(facts);
      const name = facts.reference.replace(/[^A-Za-z0-9_-]+/g, '_');
      store.events.append(
        'handover-list-saved',
        {},
        { handoverId, reference: facts.reference, pages, at: clock.now() },
      );
      return {
        ...{ fileName: `${name}.pdf`, mimeType: 'application/pdf', pages },
        base64: Buffer.from(pdf).toString('base64'),
      };
    },
  };
}
