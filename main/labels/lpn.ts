/** Our own rack label: a licence plate number for a parcel whose carrier label is not there yet. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Resvg, initWasm } from '@resvg/resvg-wasm';
import bwip from 'bwip-js/node';
import type { Bitmap, Box } from './bitmap.ts';
import { fillBox, placeOn, thresholdGray } from './bitmap.ts';
import type { LabelTarget } from './media.ts';
import { dotsPerMm, mediaDots } from './media.ts';
import { blackBelow } from './raster/fit.ts';

/** What the rack label says. */
export interface LpnFacts {
  readonly lpn: string;
  readonly orderNumber: string;
  readonly receiverName: string;
  readonly weightG: number;
  /** Milliseconds since the epoch; shown in the desk's time zone. */
  readonly sealedAt: number;
  readonly deskId: string;
}

let loaded: Promise<{ font: Uint8Array; template: string }> | null = null;

/** Loads the drawing engine, the font (with Chinese) and the template. */
async function loadDrawing(resourcesDir: string): Promise<{ font: Uint8Array; template: string }> {
  loaded ??= (async () => {
    const { resolve } = createRequire(import.meta.url);
    const [engine, font, template] = await Promise.all([
      readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')),
      readFile(resolve('@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf')),
      readFile(join(resourcesDir, 'labels', 'lpn.svg'), 'utf8'),
    ]);
    await initWasm(engine);
    return { font, template };
  })();
  return loaded;
}

/** Draws the rack label. The bars are whole dots wide, whatever the head. Rejects if the media is too narrow for them. */
export async function drawLpn(facts: LpnFacts, target: LabelTarget, resourcesDir: string): Promise<Bitmap> {
  const { font, template } = await loadDrawing(resourcesDir);
  const media = mediaDots(target);
  const svg = fillTemplate(template, {
    lpn: facts.lpn,
    lpnSize: fitSize(facts.lpn, 92, 11),
    orderNumber: clip(facts.orderNumber, 11),
    receiverName: clip(facts.receiverName, 11),
    weight: `${(facts.weightG / 1000).toFixed(3)} kg`,
    deskId: clip(facts.deskId, 5.4),
    sealedAt: localMinute(facts.sealedAt),
  });
  const view = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(template);
  const zoom = Math.min(media.width / Number(view?.[1] ?? 100), media.height / Number(view?.[2] ?? 150));
  const image = new Resvg(svg, {
    font: { fontBuffers: [font], defaultFontFamily: 'Noto Sans SC' },
    fitTo: { mode: 'zoom', value: zoom },
  }).render();
  const { width, height, pixels } = image;
  const gray = new Uint8Array(width * height);
  for (let at = 0; at < gray.length; at += 1) gray[at] = pixels[at * 4] ?? 255;
  image.free();
  const page = thresholdGray({ width, height, data: gray }, blackBelow, false);
  const box = /id="barcode" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/.exec(template);
  if (box === null) throw new Error('the label template lpn.svg has no rectangle with id "barcode"');
  const dots = (index: number): number => Math.round(Number(box[index]) * zoom);
  drawCode128(page, facts.lpn, { x: dots(1), y: dots(2), width: dots(3), height: dots(4) }, dotsPerMm(target.dpi));
  const x = Math.floor((media.width - page.width) / 2);
  return placeOn(media.width, media.height, page, x, 0);
}

/**
 * Draws a Code 128 symbol in the middle of the box: bars of a whole number of dots, at most half a millimetre each,
 * with ten modules of white on both sides (ISO/IEC 15417). Throws if one dot per module is already too wide.
 */
export function drawCode128(page: Bitmap, text: string, box: Box, headDotsPerMm: number): void {
  const [symbol] = bwip.raw({ bcid: 'code128', text });
  const widths = symbol !== undefined && 'sbs' in symbol ? symbol.sbs : [];
  const modules = widths.reduce((sum, width) => sum + width, 0);
  const fits = Math.floor(box.width / (modules + 20));
  const module = Math.min(fits, Math.max(1, Math.floor(headDotsPerMm / 2)));
  if (modules === 0 || module < 1) throw new Error(`the code "${text}" does not fit the label; use wider media`);
  let x = box.x + Math.floor((box.width - modules * module) / 2);
  widths.forEach((width, index) => {
    if (index % 2 === 0) fillBox(page, { x, y: box.y, width: width * module, height: box.height }, true);
    x += width * module;
  });
}

function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => escapeXml(values[name] ?? ''));
}

/** Outside text becomes text: no markup, and none of the control characters that XML forbids. */
function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, ' ')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Cuts to a width in ems: wide (Chinese) characters are 1, others about 0.6. */
function clip(text: string, ems: number): string {
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += (character.codePointAt(0) ?? 0) >= 0x1100 ? 1 : 0.6;
    if (width > ems) return `${kept}…`;
    kept += character;
  }
  return kept;
}

/** Font size at which a text fills at most `widthMm`; the number must be read whole, so it is never cut. */
function fitSize(text: string, widthMm: number, largest: number): string {
  const ems = [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) >= 0x1100 ? 1 : 0.62), 0);
  return Math.min(largest, widthMm / Math.max(1, ems)).toFixed(2);
}

function localMinute(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
