/** The re-scan at the truck: how far it is, readable from the dock, and what is still missing. */
import type { ReactNode } from 'react';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icon.tsx';

export function LoadingPanel(): ReactNode {
  const text = useText();
  const loading = useStore((state) => state.day?.loading ?? null);
  if (loading === null) return null;
  const { loaded, expected, missing } = loading;
  return (
    <section
      className="order day-loading"
      data-testid="loading"
      data-vendor={loading.vendor}
      data-loaded={loaded}
      data-expected={expected}
      data-state={loading.state}
    >
      <div className="day-loading-head">
        <p className="day-loading-count">
          <b>{loaded}</b> / {expected}
        </p>
        <div>
          <h2>{text('ui.day.loading-of', { vendor: loading.vendorName })}</h2>
          <p>{text('ui.day.loading-parcels', { loaded: loading.parcelsLoaded, expected: loading.parcelsExpected })}</p>
        </div>
        <progress value={loaded} max={Math.max(1, expected)} />
      </div>
      <h3 className="day-loading-missing">{text('ui.day.still-missing', { count: expected - loaded })}</h3>
      <ol className="lines day-missing-list">
        {missing.map((item) => (
          <li key={item.id} data-testid="missing-item" data-number={item.number} data-kind={item.kind}>
            <Icon name={item.kind === 'bag' ? 'bag' : 'box'} />
            <span>{text(`ui.day.item.${item.kind}`)}</span>
            <b>{item.number}</b>
            {item.kind === 'bag' ? <span>{text('ui.day.parcels-count', { count: item.parcels })}</span> : null}
          </li>
        ))}
      </ol>
      {expected - loaded > missing.length ? (
        <p className="bag-more">{text('ui.bags.more', { count: expected - loaded - missing.length })}</p>
      ) : null}
    </section>
  );
}
