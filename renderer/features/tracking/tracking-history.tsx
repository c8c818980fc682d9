/** A parcel's way after hand-over: where it is now and how old that is, then every event in the vendor's own words. */
import type { ReactNode } from 'react';
import type { TrackingEventView, TrackingView } from '#contract';
import { useAgeText, useLocale, useText } from '../../state/locale.ts';
import { useStationNow } from '../../state/use-now.ts';

export function TrackingHistory({ tracking }: { readonly tracking: readonly TrackingView[] }): ReactNode {
  if (tracking.length === 0) return null;
  return tracking.map((one) => <Way key={`${one.parcelId} ${one.vendor}`} way={one} />);
}

function Way({ way }: { readonly way: TrackingView }): ReactNode {
  const text = useText();
  const age = useAgeText();
  const now = useStationNow();
  const heard =
    way.lastHeardAt === null
      ? text('ui.tracking.never-heard')
      : text('ui.tracking.heard', { age: age(now - way.lastHeardAt) });
  const next = way.nextAskAt === null ? null : Math.max(0, way.nextAskAt - now);
  return (
    <section className="tracking" data-testid="tracking" data-status={way.status} data-vendor={way.vendor}>
      <h3>{text('ui.tracking.title', { vendor: way.vendor })}</h3>
      <p className="tracking-now">
        <b>{text(`ui.tracking.status.${way.status}`)}</b>
        {way.vendorStatus === '' ? null : <code>{way.vendorStatus}</code>}
        <small>{heard}</small>
        {way.closed === null ? null : <small>{text(`ui.tracking.closed.${way.closed}`)}</small>}
        {next === null ? null : <small>{text('ui.tracking.next', { age: age(next) })}</small>}
      </p>
      {way.failures === 0 && way.lastError === null ? null : (
        <p className="tracking-failed" role="status">
          {text('ui.tracking.failed', { count: way.failures, reason: way.lastError ?? '' })}
        </p>
      )}
      <ol className="tracking-events">
        {[...way.events].reverse().map((event, index) => (
          <Event key={`${index} ${event.heardAt}`} event={event} />
        ))}
      </ol>
    </section>
  );
}

function Event({ event }: { readonly event: TrackingEventView }): ReactNode {
  const text = useText();
  const locale = useLocale();
  // Without an instant of the vendor's, ours is shown and said to be ours.
  const at = new Date(event.at ?? event.heardAt);
  return (
    <li data-testid="tracking-event" data-status={event.status}>
      <time dateTime={at.toISOString()}>
        {at.toLocaleString(locale, { hour12: false, dateStyle: 'short', timeStyle: 'short' })}
        {event.at === null ? <small> {text('ui.tracking.heard-at')}</small> : null}
      </time>
      <b>{text(`ui.tracking.status.${event.status}`)}</b>
      <span>
        {event.place === '' ? null : <span>{event.place} </span>}
        {event.text === '' ? null : <span>{event.text} </span>}
        <code>{event.vendorStatus}</code>
      </span>
    </li>
  );
}
