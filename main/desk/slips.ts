/**
 * Slips that go with an order: what is in the carton, and the packing slip for the receiver. They are no labels: the
 * print ledger knows nothing of them, but who printed one, where, and what came of it is an event of the order.
 */
import { ContractError } from '../../preload/contract/index.ts';
import type { CallRequest, Locale, PaperPrint, SlipKind } from '../../preload/contract/index.ts';
import type { ContentsFacts, ContentsLine, Labels } from '../labels/index.ts';
import type { Clock, Ids, Log } from '../ports.ts';
import type { PrinterRole } from '../profile/printer-models.ts';
import type { OrderRecord, ParcelRecord, Store } from '../store/store.ts';
import { notice } from './answer.ts';
import { printPaper, type MadePaper, type PaperPrinter } from './paper.ts';
import { inWords, type People } from './people.ts';

export interface Slips {
  /**
   * Rejects with ContractError: `not-found`; `refused` if the contents of an order are asked for that is not packed yet;
   * `conflict` while the same slip is on its way.
   */
  print(request: CallRequest<'slips.print'>): Promise<PaperPrint>;
}

export function createSlips(options: {
  readonly store: Pick<Store, 'orders' | 'parcels' | 'events'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly labels: Pick<Labels, 'contentsSlip' | 'receipts'>;
  /** The printers of a role, best first; none if this desk has none. */
  printersFor(role: PrinterRole): readonly PaperPrinter[];
  readonly people: Pick<People, 'current'>;
  readonly site: string;
  readonly deskId: string;
  readonly locale: Locale;
}): Slips {
  const { store, clock, labels } = options;
  const underWay = new Set<string>();

  /** Slips of this kind from which bytes left, or may have left. */
  function earlier(orderId: string, kind: SlipKind): number {
    return store.events
      .listForOrder(orderId)
      .filter((each) => each.kind === 'slip-printed' && each.detail['slip'] === kind)
      .filter(({ detail }) => detail['outcome'] !== 'not-printed').length;
  }

  function contents(order: OrderRecord, parcel: ParcelRecord | null): ContentsFacts {
    if (parcel === null) throw new ContractError('refused', `order ${order.number} is not packed yet`);
    return {
      orderNumber: order.number,
      receiverName: parcel.facts.receiver.name,
      parcel: parcel.waybill ?? parcel.lpn,
      lines: linesOf(order, parcel),
      sealedAt: parcel.sealedAt,
    };
  }

  async function packing(order: OrderRecord, parcel: ParcelRecord | null, printer: PaperPrinter): Promise<MadePaper> {
    const { settings, target } = printer;
    if (settings.language !== 'escpos') {
      // A label printer has no text of its own that every make shares: the same goods, drawn.
      const facts = {
        orderNumber: order.number,
        receiverName: order.receiver.name,
        parcel: parcel?.waybill ?? parcel?.lpn ?? '',
        lines: linesOf(order, parcel),
        sealedAt: parcel?.sealedAt ?? clock.now(),
      };
      return drawn(facts, target);
    }
    const { columns, chinese, quirks } = settings;
    const bytes = await labels.receipts.packingSlip(
      {
        site: options.site,
        orderNumber: order.number,
        receiverName: order.receiver.name,
        parcel: parcel?.waybill ?? parcel?.lpn ?? '',
        lines: linesOf(order, parcel),
        remark: order.remark,
        printedAt: clock.now(),
        deskId: options.deskId,
        copy: earlier(order.id, 'packing'),
      },
      { columns, chinese, quirks: quirks.receipt },
      options.locale,
    );
    return { held: false, pages: 1, bytes: () => bytes };
  }

  async function drawn(facts: ContentsFacts, target: PaperPrinter['target']): Promise<MadePaper> {
    const label = await labels.contentsSlip(facts, target);
    if (label.held) return { held: true, message: label.message };
    return { held: false, pages: label.pages, bytes: (printId) => label.bytes(0, printId) };
  }

  function printersOf(kind: SlipKind): readonly PaperPrinter[] {
    const slip = options.printersFor('slip');
    return slip.length > 0 || kind === 'packing' ? slip : options.printersFor('parcel');
  }

  /** The paper is out, whatever becomes of its line in the record. */
  function record(order: OrderRecord, parcel: ParcelRecord | null, detail: Record<string, unknown>): void {
    try {
      const about = { orderId: order.id, ...(parcel === null ? {} : { parcelId: parcel.id }) };
      store.events.append('slip-printed', about, detail);
    } catch (error) {
      options.log.error({ order: order.number, error: String(error) }, 'a printed slip could not be written down');
    }
  }

  return {
    async print({ orderId, kind }) {
      const order = store.orders.get(orderId);
      if (order === null) throw new ContractError('not-found', `no order is known under ${orderId}`);
      const parcel = store.parcels.listByOrder(orderId).at(-1) ?? null;
      const inCarton = kind === 'contents' ? contents(order, parcel) : null;
      const key = `${orderId} ${kind}`;
      if (underWay.has(key)) throw new ContractError('conflict', 'this slip is on its way to the printer already');
      const packer = options.people.current();
      underWay.add(key);
      try {
        const printed = await printPaper(printersOf(kind), options.ids.next(), (printer) =>
          inCarton === null ? packing(order, parcel, printer) : drawn(inCarton, printer.target),
        );
        const answer = printed.printerId === null ? { ...printed, notice: notice('slip.no-printer', 'warn') } : printed;
        record(order, parcel, {
          slip: kind,
          outcome: answer.outcome,
          ...(answer.printerId === null ? {} : { printer: answer.printerId }),
          ...(answer.outcome === 'not-printed' ? { message: reasonOf(answer) } : {}),
          ...(packer === null ? {} : { person: inWords(packer) }),
        });
        return answer;
      } finally {
        underWay.delete(key);
      }
    },
  };
}

function reasonOf({ notice: { code, params } }: PaperPrint): string {
  return String(params['reason'] ?? params['reasons'] ?? code);
}

/** What was packed; of an order that is not packed yet, what is to be. */
function linesOf(order: OrderRecord, parcel: ParcelRecord | null): ContentsLine[] {
  if (parcel === null) {
    return order.lines.map(({ productCode, productName, quantity }) => ({
      sku: productCode,
      name: productName,
      quantity: Number(quantity),
    }));
  }
  return parcel.facts.items.map(({ code, name, quantity }) => ({ sku: code, name, quantity: Number(quantity) }));
}
