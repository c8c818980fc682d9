/** What a push would hand to the carrier now, with the details that go with it. */
import type { ReactNode } from 'react';
import type { HandoverKind } from '#contract';
import { toggleDrawer } from '../../state/actions.ts';
import { push } from '../../state/day-actions.ts';
import { chosenCarrier, chosenRoutes, draftOf, freeOf, missingFields } from '../../state/handover-choice.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/parts.tsx';

const keys: Readonly<Record<HandoverKind, string>> = { 'scan-form': 'F9', manifest: 'F10' };

export function PushPanel(): ReactNode {
  const text = useText();
  const day = useStore((state) => state.day);
  const choiceRow = useStore((state) => state.choiceRow);
  const leftBehind = useStore((state) => state.leftBehind);
  const looseToo = useStore((state) => state.looseToo);
  const drafts = useStore((state) => state.drafts);
  const carrier = chosenCarrier({ day, choiceRow });
  if (carrier === null) return null;
  const routes = chosenRoutes({ day, leftBehind }, carrier);
  const draft = draftOf({ drafts }, carrier);
  const { details, flight } = draft;
  const who = [details.contactName, details.company, details.phone || details.mobile, details.city].filter(
    (part) => part !== '',
  );
  const plane = [flight.airWaybill, flight.flightNumber, flight.departsAt].filter((part) => part !== '');
  return (
    <section className="card day-push" data-testid="push-panel" data-vendor={carrier.vendor}>
      <header className="card-head">
        <h2>{text('ui.day.push-to', { vendor: carrier.vendorName })}</h2>
        <Button quiet keyName="F3" testId="open-details" onPress={() => toggleDrawer('handover-details')}>
          {text('ui.day.command.details')}
        </Button>
      </header>
      <dl className="facts">
        <div>
          <dt>{text('ui.day.routes')}</dt>
          <dd>{routes.map((choice) => choice.route.destination).join(' ') || text('ui.day.no-routes')}</dd>
        </div>
        <div>
          <dt>{text('ui.day.who')}</dt>
          <dd>{who.join(' · ') || text('ui.day.not-filled')}</dd>
        </div>
        <div>
          <dt>{text('ui.day.flight')}</dt>
          <dd>{plane.join(' · ') || text('ui.day.no-flight')}</dd>
        </div>
      </dl>
      {carrier.kinds.length === 0 ? <p className="faint">{text('ui.day.only-loaded')}</p> : null}
      {carrier.kinds.map((kind) => {
        const free = freeOf(routes, kind, looseToo && !(kind === 'manifest' && carrier.bags));
        const missing = missingFields(draft, carrier, kind);
        return (
          <div key={kind} className="day-push-kind" data-testid={`push-${kind}`}>
            <Button keyName={keys[kind]} onPress={() => push(kind)} testId={`push-${kind}-button`}>
              {text(`ui.day.command.${kind}`)}
            </Button>
            <small>{text('ui.day.would-push', { bags: free.bags, loose: free.loose })}</small>
            {missing.length === 0 ? null : (
              <small className="day-missing">
                {text('ui.day.missing', {
                  fields: missing.map((field) => text(`ui.day.field.${field}`)).join(text('ui.list.comma')),
                })}
              </small>
            )}
          </div>
        );
      })}
    </section>
  );
}
