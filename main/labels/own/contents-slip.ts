/** What is in a carton: order number, goods, quantities; on as many labels as it takes. */
import type { DrawnPage, ScenePart } from './scene.ts';
import { drawScene, loadTemplate } from './scene.ts';
import type { PageMedia, PartContent, Row } from './pages.ts';
import { flow } from './pages.ts';
import { localMinute } from './time.ts';

export interface ContentsLine {
  readonly sku: string;
  readonly name: string;
  /** Pieces in this carton. */
  readonly quantity: number;
}

/** What the slip says. */
export interface ContentsFacts {
  readonly orderNumber: string;
  readonly receiverName: string;
  /** Waybill or rack number of the carton; empty if it has none yet. */
  readonly parcel: string;
  readonly lines: readonly ContentsLine[];
  /** Milliseconds since the epoch; shown in the desk's time zone. */
  readonly sealedAt: number;
}

/** Wider media only makes the letters larger up to here. */
const largestZoom = 1.4;

/**
 * Draws the slip's labels. The first carries the order number as Code 128, or as QR if it is too long or has other
 * letters than that code can hold. Rejects with `HeldError` if the media is too small.
 */
export async function drawContentsSlip(
  facts: ContentsFacts,
  media: PageMedia,
  resourcesDir: string,
): Promise<DrawnPage[]> {
  const zoom = Math.min(largestZoom, media.widthMm / 100);
  const rowOf = async (name: string): Promise<(content: PartContent) => Row> => {
    const template = await loadTemplate(resourcesDir, name);
    const part = { template: name, x: (media.widthMm - template.widthMm * zoom) / 2, y: 0, zoom };
    return (content) => ({ heightMm: template.heightMm * zoom, parts: [{ ...part, ...content } satisfies ScenePart] });
  };
  const [head, more, line, foot] = await Promise.all([
    rowOf('contents-head'),
    rowOf('contents-more'),
    rowOf('contents-line'),
    rowOf('contents-foot'),
  ]);
  const { orderNumber } = facts;
  const code = { barcode: { text: orderNumber, kind: 'either' as const } };
  const pieces = facts.lines.reduce((sum, each) => sum + each.quantity, 0);
  const pageText = (page: number, pages: number): string => (pages > 1 ? `${page}/${pages}` : '');
  const scenes = flow(
    'contents slip',
    facts.lines.map((each) =>
      line({ blocks: { name: each.name, sku: each.sku, quantity: `×${each.quantity}` }, codes: {} }),
    ),
    {
      head: (page, pages) => [
        page === 1
          ? head({
              blocks: {
                page: pageText(page, pages),
                orderNumber,
                receiver: facts.receiverName,
                parcel: facts.parcel,
              },
              codes: code,
            })
          : more({ blocks: { page: pageText(page, pages), orderNumber }, codes: {} }),
      ],
      foot: (page, pages) => [
        foot({
          blocks: {
            total: page === pages ? `共 ${facts.lines.length} 种 ${pieces} 件 · ${pieces} pcs` : '接下张 · continued',
            sealedAt: localMinute(facts.sealedAt),
          },
          codes: {},
        }),
      ],
    },
    media,
    { sideMm: 0, endMm: 0 },
  );
  return Promise.all(scenes.map((scene) => drawScene(scene, media.dpi, resourcesDir)));
}
