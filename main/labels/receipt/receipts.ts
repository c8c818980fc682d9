/** Packing slips and day summaries for receipt printers. Bytes only: they leave through the printer's link. */
import type { Locale } from '../../../preload/contract/index.ts';
import type { ReceiptPrinter } from '../../domain/receipt.ts';
import type { HandoverListFacts } from '../own/handover-list.ts';
import type { ContentsLine } from '../own/contents-slip.ts';
import { kilograms } from '../own/bag-label.ts';
import { localMinute } from '../own/time.ts';
import type { Say } from '../own/texts.ts';
import { loadTexts } from '../own/texts.ts';
import { createPaper } from './paper.ts';

export interface PackingSlipFacts {
  readonly site: string;
  readonly orderNumber: string;
  readonly receiverName: string;
  /** Waybill or rack number; empty if the parcel has none yet. */
  readonly parcel: string;
  readonly lines: readonly ContentsLine[];
  readonly remark: string;
  /** Milliseconds since the epoch; shown in the desk's time zone. */
  readonly printedAt: number;
  readonly deskId: string;
  /** 0 is the first print, n says REPRINT n. */
  readonly copy: number;
}

export interface DaySummaryFacts {
  readonly site: string;
  readonly deskId: string;
  /** `yyyy-MM-dd`, as the desk counts its days. */
  readonly day: string;
  /** Milliseconds since the epoch: the first and the last parcel. Null on a day without any. */
  readonly from: number | null;
  readonly to: number | null;
  readonly carriers: readonly {
    readonly carrier: string;
    readonly service: string;
    readonly parcels: number;
    readonly weightG: number;
  }[];
  readonly bags: readonly { readonly bagNumber: string; readonly parcels: number; readonly grossG: number }[];
  /** Items that still wait for a person or the line. */
  readonly open: number;
  readonly printedAt: number;
}

export interface Receipts {
  packingSlip(facts: PackingSlipFacts, printer: ReceiptPrinter, locale: Locale): Promise<Uint8Array>;
  handoverList(facts: HandoverListFacts, printer: ReceiptPrinter, locale: Locale): Promise<Uint8Array>;
  daySummary(facts: DaySummaryFacts, printer: ReceiptPrinter, locale: Locale): Promise<Uint8Array>;
}

/** `resourcesDir` holds `locales/*.json`. */
export function createReceipts(resourcesDir: string): Receipts {
  return {
    packingSlip: async (facts, printer, locale) =>
      packingSlipBytes(facts, printer, (await loadTexts(resourcesDir, locale)).lead),
    handoverList: async (facts, printer, locale) =>
      handoverListBytes(facts, printer, (await loadTexts(resourcesDir, locale)).lead),
    daySummary: async (facts, printer, locale) =>
      daySummaryBytes(facts, printer, (await loadTexts(resourcesDir, locale)).lead),
  };
}

/** Every command but line feeds stands in the same order whatever the texts are; a test holds it to that. */
export function packingSlipBytes(facts: PackingSlipFacts, printer: ReceiptPrinter, say: Say): Uint8Array {
  const paper = createPaper(printer);
  paper.title(say('own.receipt.slip'));
  if (facts.copy > 0) paper.text(say('own.receipt.copy', { copy: facts.copy }), { bold: true });
  paper.text(facts.site);
  paper.rule();
  paper.text(`${say('own.receipt.order')}: ${facts.orderNumber}`, { bold: true });
  paper.text(`${say('own.receipt.receiver')}: ${facts.receiverName}`);
  paper.text(`${say('own.receipt.parcel')}: ${facts.parcel}`);
  paper.rule();
  paper.row(say('own.receipt.goods'), say('own.receipt.quantity'));
  for (const { name, sku, quantity } of facts.lines) {
    paper.row(name, `x${quantity}`);
    paper.text(sku, { indent: 2 });
  }
  paper.rule();
  const pieces = facts.lines.reduce((sum, each) => sum + each.quantity, 0);
  paper.text(say('own.receipt.total', { lines: facts.lines.length, pieces }), { bold: true });
  if (facts.remark !== '') paper.text(`${say('own.receipt.remark')}: ${facts.remark}`);
  paper.blank();
  paper.barcode(facts.orderNumber);
  paper.row(`${say('own.receipt.printed')} ${localMinute(facts.printedAt)}`, facts.deskId);
  return paper.finish();
}

export function daySummaryBytes(facts: DaySummaryFacts, printer: ReceiptPrinter, say: Say): Uint8Array {
  const paper = createPaper(printer);
  paper.title(say('own.receipt.day'));
  paper.row(`${say('own.receipt.date')} ${facts.day}`, `${facts.site} ${facts.deskId}`.trim());
  if (facts.from !== null && facts.to !== null) {
    paper.text(`${say('own.receipt.from-to')} ${timeOf(facts.from)} - ${timeOf(facts.to)}`);
  }
  paper.rule();
  paper.row(say('own.receipt.carrier'), `${say('own.receipt.parcels')} / ${say('own.receipt.weight')}`);
  for (const { carrier, service, parcels, weightG } of facts.carriers) {
    paper.row(service === '' ? carrier : `${carrier} ${service}`, `${parcels} / ${kilograms(weightG)}`);
  }
  paper.rule();
  const parcels = facts.carriers.reduce((sum, each) => sum + each.parcels, 0);
  const weightG = facts.carriers.reduce((sum, each) => sum + each.weightG, 0);
  paper.row(say('own.receipt.sum'), `${parcels} / ${kilograms(weightG)}`, { bold: true });
  if (facts.bags.length > 0) {
    paper.blank();
    paper.row(say('own.receipt.bags'), String(facts.bags.length), { bold: true });
    for (const bag of facts.bags) paper.row(bag.bagNumber, `${bag.parcels} / ${kilograms(bag.grossG)}`);
  }
  if (facts.open > 0) {
    paper.blank();
    paper.text(say('own.receipt.open-items', { count: facts.open }), { bold: true });
  }
  paper.blank();
  paper.text(`${say('own.receipt.signature')}: ${'_'.repeat(16)}`);
  paper.blank();
  paper.text(`${say('own.receipt.printed')} ${localMinute(facts.printedAt)}`);
  return paper.finish();
}

/** The list that goes with a hand-over, on a roll. */
export function handoverListBytes(facts: HandoverListFacts, printer: ReceiptPrinter, say: Say): Uint8Array {
  const paper = createPaper(printer);
  paper.title(say('own.receipt.handover'));
  if (facts.copy > 0) paper.text(say('own.receipt.copy', { copy: facts.copy }), { bold: true });
  paper.text(`${facts.carrier} ${facts.service}`.trim(), { bold: true });
  paper.row(facts.destination, facts.kind === 'manifest' ? 'Manifest' : 'Scan Form');
  if (facts.flight !== '') paper.text(facts.flight);
  if (facts.contact !== '') paper.text(facts.contact);
  paper.rule();
  for (const bag of facts.bags) {
    const weight = kilograms(bag.grossG ?? bag.netG);
    paper.row(bag.number, `${bag.parcels} / ${weight}`);
  }
  for (const parcel of facts.loose) paper.row(parcel.waybill, `1 / ${kilograms(parcel.weightG)}`);
  const unnamed = facts.looseCount - facts.loose.length;
  if (unnamed > 0) paper.text(say('own.receipt.more', { count: unnamed }));
  paper.rule();
  paper.row(say('own.receipt.sum'), `${facts.parcels} / ${kilograms(facts.grossG)}`, { bold: true });
  paper.blank();
  paper.barcode(facts.reference);
  paper.blank();
  paper.text(`${say('own.receipt.signature')}: ${'_'.repeat(16)}`);
  paper.blank();
  paper.row(localMinute(facts.createdAt), facts.deskId);
  return paper.finish();
}

/** `HH:mm` in the desk's time zone. */
function timeOf(at: number): string {
  return localMinute(at).slice(11);
}
