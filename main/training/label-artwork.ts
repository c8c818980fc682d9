/**
 * Label artwork of the virtual carrier: a 4 by 6 inch shipping label with the waybill as Code 128, in the three forms
 * carriers send (PDF, PNG, ZPL). One layout, three canvases. Invented layout of an invented carrier: it imitates no
 * real carrier's marks.
 */
import type { LabelCanvas } from './artwork/canvas.ts';
import { labelHeightDots, labelWidthDots } from './artwork/canvas.ts';
import { code128Modules } from './artwork/code128.ts';
import { createPdfCanvas } from './artwork/pdf-canvas.ts';
import { createPngCanvas } from './artwork/png-canvas.ts';
import { createZplCanvas } from './artwork/zpl-canvas.ts';

export interface LabelAddress {
  readonly name: string;
  readonly company: string;
  readonly phone: string;
  readonly lines: readonly string[];
  /** City, state and postcode on one line. */
  readonly place: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
}

export interface LabelItem {
  readonly name: string;
  readonly quantity: number;
  readonly weightG: number;
  readonly value: string;
}

export interface LabelFacts {
  readonly waybill: string;
  /** The carrier's own order number. */
  readonly orderNumber: string;
  /** The shipper's reference. */
  readonly reference: string;
  readonly service: string;
  readonly sender: LabelAddress;
  readonly receiver: LabelAddress;
  readonly weightG: number;
  /** `yyyy-MM-dd`. */
  readonly date: string;
  readonly items: readonly LabelItem[];
}

/** The label as PDF; with `customsPage` a second page carries a customs declaration. */
export function makePdfLabel(facts: LabelFacts, options: { readonly customsPage: boolean }): Uint8Array {
  const canvas = createPdfCanvas();
  drawLabel(canvas, facts);
  if (options.customsPage) {
    canvas.nextPage();
    drawCustoms(canvas, facts);
  }
  return canvas.finish();
}

/** The label as a one-bit PNG, 812 by 1218 pixels at 203 dpi. */
export function makePngLabel(facts: LabelFacts): Uint8Array {
  const canvas = createPngCanvas();
  drawLabel(canvas, facts);
  return canvas.finish();
}

/** The label as ZPL II, UTF-8. */
export function makeZplLabel(facts: LabelFacts): Uint8Array {
  const canvas = createZplCanvas();
  drawLabel(canvas, facts);
  return canvas.finish();
}

const margin = 24;
const innerWidth = labelWidthDots - margin * 2;

function frame(canvas: LabelCanvas, x: number, y: number, width: number, height: number, line: number): void {
  canvas.fill(x, y, width, line);
  canvas.fill(x, y + height - line, width, line);
  canvas.fill(x, y, line, height);
  canvas.fill(x + width - line, y, line, height);
}

/** Largest whole module width, at most `widest`, with which the symbol and its quiet zones of ten modules fit. */
function moduleFor(value: string, room: number, widest: number): number {
  return Math.max(1, Math.min(widest, Math.floor(room / (code128Modules(value) + 20))));
}

function drawLabel(canvas: LabelCanvas, facts: LabelFacts): void {
  frame(canvas, margin, margin, innerWidth, labelHeightDots - margin * 2, 4);

  canvas.text(44, 44, 56, 'HGE', true);
  canvas.text(190, 48, 20, 'TRAINING LABEL - NOT VALID FOR CARRIAGE');
  canvas.text(190, 80, 26, `SERVICE ${facts.service}   ${facts.date}`);
  canvas.text(680, 44, 64, facts.receiver.country, true);
  canvas.fill(margin, 124, innerWidth, 3);

  canvas.text(44, 138, 22, 'FROM');
  addressLines(facts.sender, 5).forEach((line, index) => canvas.text(130, 138 + index * 26, 22, cut(line, 54)));
  canvas.fill(margin, 286, innerWidth, 3);

  canvas.text(44, 302, 28, 'TO', true);
  addressLines(facts.receiver, 7).forEach((line, index) =>
    canvas.text(130, 302 + index * 42, 36, cut(line, 34), index === 0),
  );
  canvas.fill(margin, 600, innerWidth, 6);

  const module = moduleFor(facts.waybill, innerWidth - 20, 4);
  const width = code128Modules(facts.waybill) * module;
  canvas.text(44, 618, 26, 'TRACKING NO.', true);
  canvas.code128(Math.round((labelWidthDots - width) / 2), 656, module, 190, facts.waybill);
  canvas.text(80, 862, 40, spaced(facts.waybill), true);
  canvas.fill(margin, 920, innerWidth, 6);

  canvas.text(44, 940, 28, `WEIGHT ${(facts.weightG / 1000).toFixed(3)} KG`, true);
  canvas.text(420, 940, 28, `ITEMS ${facts.items.reduce((sum, item) => sum + item.quantity, 0)}`, true);
  canvas.text(44, 982, 24, `REF ${cut(facts.reference, 40)}`);
  canvas.text(44, 1014, 24, cut(facts.items.map((item) => item.name).join(', '), 58));
  canvas.fill(margin, 1050, innerWidth, 3);

  const orderModule = moduleFor(facts.orderNumber, 520, 2);
  canvas.code128(60, 1070, orderModule, 70, facts.orderNumber);
  canvas.text(60, 1150, 24, facts.orderNumber);
  canvas.text(600, 1090, 48, '1 / 1', true);
}

function drawCustoms(canvas: LabelCanvas, facts: LabelFacts): void {
  frame(canvas, margin, margin, innerWidth, labelHeightDots - margin * 2, 4);
  canvas.text(44, 46, 40, 'CUSTOMS DECLARATION CN22', true);
  canvas.text(44, 100, 26, `TRACKING NO. ${facts.waybill}`);
  canvas.text(44, 134, 26, `TO ${facts.receiver.country}   DATE ${facts.date}   [ ] GIFT   [X] MERCHANDISE`);
  canvas.fill(margin, 176, innerWidth, 3);
  canvas.text(44, 190, 24, 'DESCRIPTION', true);
  canvas.text(480, 190, 24, 'QTY', true);
  canvas.text(560, 190, 24, 'KG', true);
  canvas.text(670, 190, 24, 'USD', true);
  canvas.fill(margin, 222, innerWidth, 3);
  facts.items.slice(0, 20).forEach((item, index) => {
    const y = 238 + index * 34;
    canvas.text(44, y, 24, cut(item.name, 30));
    canvas.text(480, y, 24, String(item.quantity));
    canvas.text(560, y, 24, (item.weightG / 1000).toFixed(3));
    canvas.text(670, y, 24, item.value);
  });
  canvas.fill(margin, 960, innerWidth, 3);
  canvas.text(44, 976, 26, `TOTAL WEIGHT ${(facts.weightG / 1000).toFixed(3)} KG`, true);
  canvas.text(44, 1030, 22, 'I certify that the particulars given in this declaration are correct.');
  canvas.text(44, 1100, 26, 'SIGNATURE');
  canvas.fill(200, 1130, 400, 2);
}

function addressLines(address: LabelAddress, most: number): string[] {
  return [address.name, address.company, ...address.lines, address.place, address.country, address.phone]
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, most);
}

function cut(value: string, length: number): string {
  const letters = [...value];
  return letters.length <= length ? value : `${letters.slice(0, length - 1).join('')}.`;
}

function spaced(value: string): string {
  return value.replace(/(.{4})(?=.)/g, '$1 ');
}
