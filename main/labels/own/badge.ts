/** Badge cards: who packs, and who may let a weight pass. */
import type { Locale } from '../../../preload/contract/index.ts';
import type { PageMedia, Row } from './pages.ts';
import { flow } from './pages.ts';
import type { DrawnPage } from './scene.ts';
import { drawScene, loadTemplate } from './scene.ts';
import { loadTexts } from './texts.ts';

export interface BadgeFacts {
  readonly name: string;
  readonly role: 'packer' | 'supervisor';
  /** The person's id as in the desk's list: 1 to 32 letters, digits, _ or -. Printed as `PB:BADGE:<id>`. */
  readonly badge: string;
  readonly site: string;
}

/** Draws the cards, as many on a page as it holds. Rejects with `HeldError` if the media is too small. */
export async function drawBadges(
  badges: readonly BadgeFacts[],
  locale: Locale,
  media: PageMedia,
  resourcesDir: string,
): Promise<DrawnPage[]> {
  const [{ lead, second }, template] = await Promise.all([
    loadTexts(resourcesDir, locale),
    loadTemplate(resourcesDir, 'badge'),
  ]);
  const gapMm = media.widthMm >= 2 * template.widthMm ? 4 : 0;
  const perRow = Math.max(1, Math.floor(media.widthMm / (template.widthMm + gapMm)));
  const zoom = Math.min(1, media.widthMm / template.widthMm, media.heightMm / template.heightMm);
  const cell = (template.widthMm + gapMm) * zoom;
  const rows: Row[] = [];
  for (let at = 0; at < badges.length; at += perRow) {
    const parts = badges.slice(at, at + perRow).map((badge, column) => ({
      template: template.name,
      x: (media.widthMm - perRow * cell) / 2 + column * cell + (gapMm * zoom) / 2,
      y: 0,
      zoom,
      blocks: {
        role: `${lead(`own.badge.${badge.role}`)} ${second(`own.badge.${badge.role}`)}`,
        site: badge.site,
        name: badge.name,
        code: badge.badge,
      },
      codes: { barcode: { text: `PB:BADGE:${badge.badge.toUpperCase()}`, kind: 'either' as const } },
    }));
    rows.push({ heightMm: (template.heightMm + gapMm) * zoom, parts });
  }
  const frame = { head: () => [], foot: () => [] };
  const scenes = flow('badge', rows, frame, media, { sideMm: 0, endMm: gapMm === 0 ? 0 : 8 });
  return Promise.all(scenes.map((scene) => drawScene(scene, media.dpi, resourcesDir)));
}
