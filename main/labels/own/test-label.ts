/** The test print of a printer: what it is set to, a frame and rulers to measure its offset by, a code to scan back. */
import type { Bitmap } from '../bitmap.ts';
import { fillBox } from '../bitmap.ts';
import { dotsPerMm } from '../media.ts';
import type { PageMedia } from './pages.ts';
import { drawSingle } from './pages.ts';
import type { DrawnPage } from './scene.ts';

export interface TestLabelFacts {
  /** Scanned back, it proves that the printer prints readable codes. */
  readonly code: string;
  readonly printerId: string;
  readonly language: string;
  /** Millimetres the picture is moved by. */
  readonly offsetXMm: number;
  readonly offsetYMm: number;
}

const frameMm = 1;
const lineMm = 0.25;
/** Length of the marks, in millimetres: every millimetre, every fifth, every tenth. */
const markMm = { one: 1, five: 1.8, ten: 2.8 } as const;

/** Draws it. Rejects with `HeldError` if the media is too small. Offset and rotation are done with every label's. */
export async function drawTestLabel(facts: TestLabelFacts, media: PageMedia, resourcesDir: string): Promise<DrawnPage> {
  const blocks = {
    code: facts.code,
    printer: facts.printerId,
    language: `${facts.language} ${media.dpi} dpi`,
    media: `${media.widthMm} x ${media.heightMm} mm`,
    offset: `${facts.offsetXMm}, ${facts.offsetYMm} mm`,
  };
  const codes = { barcode: { text: facts.code, kind: 'either' as const } };
  const drawn = await drawSingle('test print', ['test', 'test-small'], { blocks, codes }, media, resourcesDir);
  drawRulers(drawn.page, media);
  return drawn;
}

/** A frame 1 mm inside the media, and marks along its upper and left side, each at its true place to the dot. */
function drawRulers(page: Bitmap, media: PageMedia): void {
  const scale = dotsPerMm(media.dpi);
  const dots = (mm: number): number => Math.round(mm * scale);
  const line = Math.max(1, dots(lineMm));
  const near = dots(frameMm);
  const right = page.width - near - line;
  const bottom = page.height - near - line;
  const width = right - near + line;
  const height = bottom - near + line;
  fillBox(page, { x: near, y: near, width, height: line }, true);
  fillBox(page, { x: near, y: bottom, width, height: line }, true);
  fillBox(page, { x: near, y: near, width: line, height }, true);
  fillBox(page, { x: right, y: near, width: line, height }, true);
  const length = (mm: number): number => dots(mm % 10 === 0 ? markMm.ten : mm % 5 === 0 ? markMm.five : markMm.one);
  const thin = Math.max(1, line >> 1);
  for (let mm = 2; dots(mm) < right; mm += 1) {
    fillBox(page, { x: dots(mm), y: near, width: thin, height: length(mm) }, true);
  }
  for (let mm = 2; dots(mm) < bottom; mm += 1) {
    fillBox(page, { x: near, y: dots(mm), width: length(mm), height: thin }, true);
  }
}
