/** What is in the chosen bag, newest first; in a recount, what is still missing, then what was found. */
import type { ReactNode } from 'react';
import type { BagsSnapshot } from '#contract';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icon.tsx';

type Parcel = BagsSnapshot['content'][number];
const none: readonly Parcel[] = [];

export function BagContent(): ReactNode {
  const text = useText();
  const chosen = useStore((state) => state.bags?.chosen ?? null);
  const content = useStore((state) => state.bags?.content ?? none);
  const recount = useStore((state) => state.bags?.recount ?? null);
  if (chosen === null) return <div className="bag-content-none" />;
  const missing = new Set(recount?.missing.map((parcel) => parcel.parcelId));
  const rows =
    recount === null ? content : [...recount.missing, ...content.filter((parcel) => !missing.has(parcel.parcelId))];
  return (
    <section className="order bag-content" data-testid="bag-content" data-bag={chosen.number}>
      <header className="bag-content-head">
        <h2>
          {recount === null
            ? text('ui.bags.content', { number: chosen.number })
            : text('ui.bags.recount', { counted: recount.counted, parcels: chosen.parcels })}
        </h2>
        <span>{recount === null ? text('ui.bags.newest-first') : text('ui.bags.recount-hint')}</span>
      </header>
      <ol className="lines">
        {rows.map((parcel) => (
          <li
            key={parcel.parcelId}
            className={`bag-parcel${recount === null ? '' : missing.has(parcel.parcelId) ? ' is-missing' : ' is-found'}`}
            data-testid="bag-parcel"
            data-waybill={parcel.waybill ?? ''}
            data-missing={missing.has(parcel.parcelId)}
          >
            {recount === null ? null : (
              <span className="bag-tick">
                <Icon name={missing.has(parcel.parcelId) ? 'ask' : 'check'} />
                {text(missing.has(parcel.parcelId) ? 'ui.bags.not-counted' : 'ui.bags.counted')}
              </span>
            )}
            <b>{parcel.waybill ?? '–'}</b>
            <span className="faint">{parcel.orderNumber}</span>
            <span className="bag-weight">{text('ui.parcel.grams', { grams: parcel.weightG })}</span>
          </li>
        ))}
      </ol>
      {rows.length < chosen.parcels ? (
        <p className="bag-more">{text('ui.bags.more', { count: chosen.parcels - rows.length })}</p>
      ) : null}
    </section>
  );
}
