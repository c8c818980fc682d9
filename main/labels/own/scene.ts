/** A page of our own: templates from `resources/labels`, text laid into their rectangles, bars drawn dot for dot. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Resvg, initWasm } from '@resvg/resvg-wasm';
import type { Bitmap, Box } from '../bitmap.ts';
import { placeOn, thresholdGray } from '../bitmap.ts';
import type { LabelDpi } from '../media.ts';
import { dotsPerMm, mediaDots } from '../media.ts';
import { blackBelow } from '../raster/fit.ts';
import type { CodeKind } from './codes.ts';
import { drawCode } from './codes.ts';
import type { FontMeasures } from './font.ts';
import { readFont } from './font.ts';
import type { Align, TextLine } from './text-layout.ts';
import { layText } from './text-layout.ts';

/** Smallest text we print, in millimetres: 16 dots of a 203 dpi head, the least that Chinese characters need. */
export const smallestTextMm = 2;

/** One template on a page. */
export interface ScenePart {
  readonly template: string;
  /** Its top left corner on the page, and its size against the template's own, in millimetres. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  /** Text by the id of the rectangle that it fills, as large as it fits whole. */
  readonly blocks: Readonly<Record<string, string>>;
  /** Barcodes by the id of their rectangle. */
  readonly codes: Readonly<Record<string, { readonly text: string; readonly kind: CodeKind }>>;
}

export interface Scene {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly parts: readonly ScenePart[];
}

/** A drawn page, and where its codes are, so that each can be read back alone. */
export interface DrawnPage {
  readonly page: Bitmap;
  readonly codes: readonly { readonly text: string; readonly box: Box }[];
}

/** A template file: its drawing without the outer element, its size in millimetres, its named rectangles. */
export interface Template {
  readonly name: string;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly body: string;
  readonly boxes: ReadonlyMap<string, TemplateBox>;
}

interface TemplateBox extends Box {
  readonly align: Align;
  readonly largest: number;
  readonly white: boolean;
}

let engine: Promise<{ readonly bytes: Uint8Array; readonly measures: FontMeasures }> | null = null;
const templates = new Map<string, Promise<Template>>();

/** Loads the drawing engine and the font (with Chinese) once. */
async function loadEngine(): Promise<{ readonly bytes: Uint8Array; readonly measures: FontMeasures }> {
  engine ??= (async () => {
    const { resolve } = createRequire(import.meta.url);
    const [wasm, bytes] = await Promise.all([
      readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')),
      readFile(resolve('@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf')),
    ]);
    await initWasm(wasm);
    return { bytes, measures: readFont(bytes) };
  })();
  return engine;
}

export function loadTemplate(resourcesDir: string, name: string): Promise<Template> {
  const path = join(resourcesDir, 'labels', `${name}.svg`);
  const known = templates.get(path) ?? readFile(path, 'utf8').then((svg) => readTemplate(name, svg));
  templates.set(path, known);
  return known;
}

function readTemplate(name: string, svg: string): Template {
  const view = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  const open = /<svg[^>]*>/.exec(svg);
  if (view === null || open === null) throw new Error(`the label template ${name}.svg has no viewBox from 0 0`);
  const body = svg.slice(open.index + open[0].length, svg.lastIndexOf('</svg>'));
  const boxes = new Map<string, TemplateBox>();
  for (const [, attributes = ''] of body.matchAll(/<rect ([^>]*id="[^>]*)\/>/g)) {
    const read = (key: string): string | undefined => new RegExp(`(?:^| )${key}="([^"]*)"`).exec(attributes)?.[1];
    const number = (key: string): number => Number(read(key) ?? Number.NaN);
    const align = read('data-align');
    boxes.set(read('id') ?? '', {
      x: number('x'),
      y: number('y'),
      width: number('width'),
      height: number('height'),
      align: align === 'middle' || align === 'right' ? align : 'left',
      largest: Number(read('data-largest') ?? number('height')),
      white: read('data-ink') === 'white',
    });
  }
  return { name, widthMm: Number(view[1]), heightMm: Number(view[2]), body, boxes };
}

/** Draws a page at the head's resolution. Throws `HeldError` if a code does not fit its rectangle readably. */
export async function drawScene(scene: Scene, dpi: LabelDpi, resourcesDir: string): Promise<DrawnPage> {
  const { bytes, measures } = await loadEngine();
  const used = await Promise.all(scene.parts.map((part) => loadTemplate(resourcesDir, part.template)));
  const placed = scene.parts.map((part, index) => ({ part, template: used[index] as Template }));
  const media = mediaDots({ dpi, widthMm: scene.widthMm, heightMm: scene.heightMm });
  const scale = dotsPerMm(dpi);
  const drawn = placed.map(({ part, template }) => drawPart(part, template, measures)).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${media.width / scale} ${media.height / scale}" font-family="Noto Sans SC" font-kerning="none" fill="#000"><rect width="100%" height="100%" fill="#fff"/>${drawn}</svg>`;
  const page = renderSvg(svg, bytes, media);
  const codes = placed.flatMap(({ part, template }) =>
    Object.entries(part.codes).map(([id, code]) => {
      const box = boxOf(template, id);
      const dots = (mm: number): number => Math.round(mm * scale);
      const at = {
        x: dots(part.x + box.x * part.zoom),
        y: dots(part.y + box.y * part.zoom),
        width: Math.floor(box.width * part.zoom * scale + 1e-6),
        height: Math.floor(box.height * part.zoom * scale + 1e-6),
      };
      drawCode(page, code.text, code.kind, at, scale);
      return { text: code.text, box: at };
    }),
  );
  return { page, codes };
}

function renderSvg(svg: string, font: Uint8Array, media: { readonly width: number; readonly height: number }): Bitmap {
  const image = new Resvg(svg, {
    font: { fontBuffers: [font], defaultFontFamily: 'Noto Sans SC' },
    fitTo: { mode: 'width', value: media.width },
  }).render();
  const { width, height, pixels } = image;
  const gray = new Uint8Array(width * height);
  for (let at = 0; at < gray.length; at += 1) gray[at] = pixels[at * 4] ?? 255;
  image.free();
  const page = thresholdGray({ width, height, data: gray }, blackBelow, false);
  // The engine rounds the height its own way: never more or fewer dots than the media has.
  return placeOn(media.width, media.height, page, 0, 0);
}

function boxOf(template: Template, id: string): TemplateBox {
  const box = template.boxes.get(id);
  if (box === undefined) throw new Error(`the label template ${template.name}.svg has no rectangle with id "${id}"`);
  return box;
}

function drawPart(part: ScenePart, template: Template, measures: FontMeasures): string {
  const blocks = Object.entries(part.blocks).map(([id, text]) => {
    const box = boxOf(template, id);
    const style = {
      align: box.align,
      largest: box.largest,
      smallest: Math.min(box.largest, smallestTextMm / part.zoom),
    };
    return layText(text, box, style, measures)
      .map((line) => lineSvg(line, box.white))
      .join('');
  });
  return `<g transform="translate(${part.x} ${part.y}) scale(${part.zoom})">${template.body}${blocks.join('')}</g>`;
}

function lineSvg(line: TextLine, white: boolean): string {
  const fill = white ? ' fill="#fff"' : '';
  return `<text x="${line.x.toFixed(3)}" y="${line.y.toFixed(3)}" font-size="${line.size.toFixed(3)}"${fill} xml:space="preserve">${escapeXml(line.text)}</text>`;
}

/** Outside text becomes text. Control characters and lone surrogates are gone already (`printable`). */
function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
