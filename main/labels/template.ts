/** Our own labels: an SVG template, text laid into it, and bars drawn dot for dot. */
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

export type TemplateName = 'lpn' | 'parcel';

let engine: Promise<Uint8Array> | null = null;
const templates = new Map<string, Promise<string>>();

/** Loads the drawing engine once and gives the font (with Chinese). */
async function loadFont(): Promise<Uint8Array> {
  engine ??= (async () => {
    const { resolve } = createRequire(import.meta.url);
    const [wasm, font] = await Promise.all([
      readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')),
      readFile(resolve('@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf')),
    ]);
    await initWasm(wasm);
    return font;
  })();
  return engine;
}

function loadTemplate(resourcesDir: string, name: TemplateName): Promise<string> {
  const path = join(resourcesDir, 'labels', `${name}.svg`);
  const known = templates.get(path) ?? readFile(path, 'utf8');
  templates.set(path, known);
  return known;
}

/**
 * Fills the template and draws it on the media, with `code` as Code 128 in the rectangle "barcode". `values` replace
 * `{{name}}`; `blocks` fill the rectangle with that id, in lines, as large as they fit whole. The bars are whole dots
 * wide, whatever the head. Rejects if the media is too narrow for them.
 */
export async function drawTemplate(
  name: TemplateName,
  content: {
    readonly code: string;
    readonly values?: Readonly<Record<string, string>>;
    readonly blocks?: Readonly<Record<string, string>>;
  },
  target: LabelTarget,
  resourcesDir: string,
): Promise<Bitmap> {
  const [font, template] = await Promise.all([loadFont(), loadTemplate(resourcesDir, name)]);
  const media = mediaDots(target);
  const boxOf = (id: string): Box => findBox(template, name, id);
  const blocks = Object.entries(content.blocks ?? {}).map(([id, text]) => textBlock(text, boxOf(id)));
  const svg = fillTemplate(template, content.values ?? {}).replace('</svg>', `${blocks.join('')}</svg>`);
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
  const box = boxOf('barcode');
  const dots = (mm: number): number => Math.round(mm * zoom);
  drawCode128(
    page,
    content.code,
    { x: dots(box.x), y: dots(box.y), width: dots(box.width), height: dots(box.height) },
    dotsPerMm(target.dpi),
  );
  const x = Math.floor((media.width - page.width) / 2);
  return placeOn(media.width, media.height, page, x, 0);
}

function findBox(template: string, name: string, id: string): Box {
  const pattern = new RegExp(`id="${id}" x="([\\d.]+)" y="([\\d.]+)" width="([\\d.]+)" height="([\\d.]+)"`);
  const found = pattern.exec(template);
  if (found === null) throw new Error(`the label template ${name}.svg has no rectangle with id "${id}"`);
  const [x = 0, y = 0, width = 0, height = 0] = found.slice(1).map(Number);
  return { x, y, width, height };
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

/** Lines of text in a box of millimetres, in the largest size at which all of it fits; cut only below 2 mm. */
function textBlock(text: string, box: Box): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  if (plain === '') return '';
  const lineHeight = 1.2;
  let size = box.height / lineHeight;
  let lines = wrap(plain, box.width / size);
  while (size > 2 && lines.length * size * lineHeight > box.height) {
    size = Math.max(2, size - 0.2);
    lines = wrap(plain, box.width / size);
  }
  const shown = lines.slice(0, Math.max(1, Math.floor(box.height / (size * lineHeight) + 1e-6)));
  return shown
    .map((line, index) => {
      const y = box.y + size * (0.95 + index * lineHeight);
      return `<text x="${box.x}" y="${y.toFixed(2)}" font-size="${size.toFixed(2)}">${escapeXml(line)}</text>`;
    })
    .join('');
}

/** Breaks text into lines of at most `ems`; at a blank where there is one in the line's second half. */
function wrap(text: string, ems: number): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const character of text) {
    const own = emsOf(character);
    if (width + own > ems && line !== '') {
      const blank = line.lastIndexOf(' ');
      const cut = character !== ' ' && blank > line.length / 2 ? blank : line.length;
      lines.push(line.slice(0, cut).trim());
      line = line.slice(cut).trimStart();
      width = [...line].reduce((sum, each) => sum + emsOf(each), 0);
    }
    line += character;
    width += own;
  }
  return [...lines, line.trim()].filter((each) => each !== '');
}

/** Width of a character in ems: wide (Chinese) ones are 1, others at most about 0.62. */
export function emsOf(character: string): number {
  return (character.codePointAt(0) ?? 0) >= 0x1100 ? 1 : 0.62;
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

/** `yyyy-MM-dd HH:mm` in the desk's time zone. */
export function localMinute(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
