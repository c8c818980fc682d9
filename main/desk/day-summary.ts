/** The day in figures, on the receipt printer: parcels by carrier, big bags, and what is still open. */
import type { Locale, PaperPrint } from '../../preload/contract/index.ts';
import type { Labels } from '../labels/index.ts';
import type { Clock, Ids } from '../ports.ts';
import type { PrinterRole } from '../profile/printer-models.ts';
import type { Store } from '../store/store.ts';
import { notice } from './answer.ts';
import { printPaper, type PaperPrinter } from './paper.ts';

/** Bags looked through for those closed today; a day has some hundred. */
const mostBags = 2_000;

export interface DaySummary {
  /** Prints what was packed since midnight, by the desk's clock. Only receipt printers (ESC/POS) print it. */
  print(): Promise<PaperPrint>;
}

export function createDaySummary(options: {
  readonly store: Pick<Store, 'parcels' | 'bags' | 'jobs' | 'events'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly labels: Pick<Labels, 'receipts'>;
  printersFor(role: PrinterRole): readonly PaperPrinter[];
  vendorName(id: string): string;
  readonly site: string;
  readonly deskId: string;
  readonly locale: Locale;
}): DaySummary {
  const { store, clock, labels } = options;

  return {
    async print() {
      const now = clock.now();
      const midnight = new Date(now).setHours(0, 0, 0, 0);
      const sums = store.parcels.sumsSince(midnight);
      const { open, dead, rejected } = store.jobs.summary();
      const facts = {
        site: options.site,
        deskId: options.deskId,
        day: new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString().slice(0, 10),
        from: sums.length === 0 ? null : Math.min(...sums.map((each) => each.firstAt)),
        to: sums.length === 0 ? null : Math.max(...sums.map((each) => each.lastAt)),
        carriers: sums.map(({ vendor, service, parcels, weightG }) => ({
          ...{ carrier: options.vendorName(vendor), service: service ?? '', parcels, weightG },
        })),
        bags: store.bags
          .listRecent(mostBags)
          .filter((bag) => bag.state === 'closed' && (bag.closedAt ?? 0) >= midnight)
          .map((bag) => ({
            bagNumber: bag.vendorBagNumber ?? bag.number,
            parcels: bag.parcels,
            grossG: bag.grossWeightG ?? bag.parcelsWeightG + bag.tareG,
          })),
        open: open + dead + rejected,
        printedAt: now,
      };
      const receipts = options.printersFor('slip').filter((each) => each.settings.language === 'escpos');
      const printed = await printPaper(receipts, options.ids.next(), async ({ settings }) => {
        const { columns, chinese, quirks } = settings;
        const bytes = await labels.receipts.daySummary(
          facts,
          { columns, chinese, quirks: quirks.receipt },
          options.locale,
        );
        return { held: false, pages: 1, bytes: () => bytes };
      });
      const answer =
        printed.printerId === null ? { ...printed, notice: notice('slip.no-receipt-printer', 'warn') } : printed;
      store.events.append('day-summary-printed', {}, { day: facts.day, outcome: answer.outcome });
      return answer;
    },
  };
}
