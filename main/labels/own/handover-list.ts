/** The list that goes with a hand-over: bags and loose parcels, counts and weights, a barcode, two signatures. */
import { kilograms } from './bag-label.ts';
import type { PageMedia, Row } from './pages.ts';
import { flow } from './pages.ts';
import type { DrawnPage, ScenePart } from './scene.ts';
import { drawScene, loadTemplate } from './scene.ts';
import { localMinute } from './time.ts';

/** What the list says. Weights in grams. */
export interface HandoverListFacts {
  readonly kind: 'scan-form' | 'manifest';
  /** Of the document; its barcode. */
  readonly reference: string;
  readonly carrier: string;
  readonly service: string;
  readonly destination: string;
  /** Who hands over: name, company, telephone. */
  readonly contact: string;
  /** Flight and airway bill, or the truck's number. */
  readonly flight: string;
  readonly bags: readonly {
    readonly number: string;
    readonly parcels: number;
    readonly netG: number;
    /** As weighed; null if it was not. */
    readonly grossG: number | null;
  }[];
  /** Loose parcels, as far as they are named. */
  readonly loose: readonly { readonly waybill: string; readonly weightG: number }[];
  /** All loose parcels. */
  readonly looseCount: number;
  readonly parcels: number;
  readonly netG: number;
  readonly grossG: number;
  /** Milliseconds since the epoch; shown in the desk's time zone. */
  readonly createdAt: number;
  readonly deskId: string;
  readonly site: string;
  /** 0 is the first print, n says REPRINT n. */
  readonly copy: number;
}

/** Wider than any label: an office printer's paper, which cannot print to its edge. */
const paperFromMm = 180;
/** Wider media only makes the letters larger up to here. */
const largestZoom = 1.4;
const words = { 'scan-form': '交接清单 Scan Form', manifest: '交接清单 Manifest' } as const;

/** Draws the list. Rejects with `HeldError` if the media is too small, or the list takes more than fifty pages. */
export async function drawHandoverList(
  facts: HandoverListFacts,
  media: PageMedia,
  resourcesDir: string,
): Promise<DrawnPage[]> {
  const paper = media.widthMm >= paperFromMm;
  const margins = paper ? { sideMm: 10, endMm: 10 } : { sideMm: 0, endMm: 0 };
  const widthMm = media.widthMm - 2 * margins.sideMm;
  const rowOf = async (name: string): Promise<(blocks: ScenePart['blocks'], codes?: ScenePart['codes']) => Row> => {
    const template = await loadTemplate(resourcesDir, paper ? `${name}-paper` : name);
    const zoom = Math.min(largestZoom, widthMm / template.widthMm);
    const place = { template: template.name, x: (widthMm - template.widthMm * zoom) / 2, y: 0, zoom };
    return (blocks, codes = {}) => ({ heightMm: template.heightMm * zoom, parts: [{ ...place, blocks, codes }] });
  };
  const [head, more, row, foot] = await Promise.all([
    rowOf('handover-head'),
    rowOf('handover-more'),
    rowOf('handover-row'),
    rowOf('handover-foot'),
  ]);
  const { reference, looseCount, bags, copy } = facts;
  const title = words[facts.kind];
  const pageText = (page: number, pages: number): string =>
    [copy > 0 ? `REPRINT ${copy}` : '', pages > 1 ? `${page}/${pages}` : ''].filter((each) => each !== '').join(' ');
  const rows = [
    ...bags.map((bag) => ({ ...bag, number: bag.number })),
    ...facts.loose.map(({ waybill, weightG }) => ({ number: waybill, parcels: 1, netG: weightG, grossG: null })),
  ].map((each) =>
    row({
      number: each.number,
      parcels: String(each.parcels),
      net: kilograms(each.netG),
      gross: each.grossG === null ? '' : kilograms(each.grossG),
    }),
  );
  const unnamed = looseCount - facts.loose.length;
  if (unnamed > 0) {
    rows.push(row({ number: `另有散件 and ${unnamed} more`, parcels: String(unnamed), net: '', gross: '' }));
  }
  const scenes = flow(
    'hand-over list',
    rows,
    {
      head: (page, pages) => [
        page === 1
          ? head(
              {
                ...{
                  title,
                  page: pageText(page, pages),
                  reference,
                  carrier: `${facts.carrier} ${facts.service}`.trim(),
                },
                ...{ destination: facts.destination, contact: facts.contact, flight: facts.flight },
                createdAt: localMinute(facts.createdAt),
              },
              { barcode: { text: reference, kind: 'either' } },
            )
          : more({ title, page: pageText(page, pages), reference }),
      ],
      foot: () => [
        foot({
          total: `大包 ${bags.length} bags · 散件 ${looseCount} loose · 共 ${facts.parcels} parcels`,
          weights: `净 ${kilograms(facts.netG)} kg net · 毛 ${kilograms(facts.grossG)} kg gross`,
          desk: [facts.site, facts.deskId].filter((each) => each !== '').join(' · '),
        }),
      ],
    },
    media,
    margins,
  );
  return Promise.all(scenes.map((scene) => drawScene(scene, media.dpi, resourcesDir)));
}
