/** What is known of the chosen bag. */
import type { ReactNode } from 'react';
import { useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { kilograms } from './weights.ts';

export function ChosenBag(): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const bag = useStore((state) => state.bags?.chosen ?? null);
  const weight = (grams: number | null): string | null => (grams === null ? null : `${kilograms(grams)} kg`);
  const rows: readonly (readonly [string, string | null])[] =
    bag === null
      ? []
      : [
          ['number', bag.number],
          ['vendor-number', bag.vendorBagNumber],
          ['carrier', [bag.route.vendorName, bag.route.service].filter((part) => part !== null).join(' ')],
          ['destination', bag.route.destination],
          ['parcels', String(bag.parcels)],
          ['net', weight(bag.parcelsWeightG)],
          ['tare', weight(bag.tareG)],
          ['gross', weight(bag.grossWeightG)],
          ['label', bag.label === null ? null : text(`ui.bags.label-from.${bag.label.from}`)],
        ];
  return (
    <section
      className="card parcel"
      data-testid="chosen-bag"
      data-bag={bag?.number ?? ''}
      data-stage={bag?.stage ?? ''}
    >
      <header className="card-head">
        <h2>{text('ui.bags.chosen-bag')}</h2>
        {bag === null ? null : <b className={`bag-stage stage-${bag.stage}`}>{text(`ui.bags.stage.${bag.stage}`)}</b>}
      </header>
      {bag === null ? (
        <p className="faint">{text('ui.bags.none-chosen')}</p>
      ) : (
        <dl className="facts">
          {rows.map(([label, value]) =>
            value === null || value === '' ? null : (
              <div key={label}>
                <dt>{text(`ui.bags.fact.${label}`)}</dt>
                <dd>{value}</dd>
              </div>
            ),
          )}
        </dl>
      )}
      {bag?.notice == null ? null : <p className={`bag-row-notice tone-${bag.notice.tone}`}>{notice(bag.notice)}</p>}
    </section>
  );
}
