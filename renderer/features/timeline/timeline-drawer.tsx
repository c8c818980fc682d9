/** Everything recorded about an order, newest first: the one on the desk, or one chosen in the queue. */
import { useEffect, useState, type ReactNode } from 'react';
import type { TimelineEntry, TrackingView } from '#contract';
import { useLocale, useText } from '../../state/locale.ts';
import { closeTop, exportAudit, getStation, toggleInspector } from '../../state/actions.ts';
import { shownOrder } from '../../state/view-slice.ts';
import { useStore } from '../../state/store.ts';
import { sentenceOr } from '../../ui/text.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { Button } from '../../ui/parts.tsx';
import { SlipButtons } from '../slips/slip-buttons.tsx';
import { factsOf } from './event-facts.ts';
import { TrackingHistory } from '../tracking/tracking-history.tsx';

interface Recorded {
  readonly orderId: string;
  readonly entries: readonly TimelineEntry[];
  readonly tracking: readonly TrackingView[];
}

export function TimelineDrawer(): ReactNode {
  const text = useText();
  const orderId = useStore((state) => shownOrder(state)?.id ?? null);
  const number = useStore((state) => shownOrder(state)?.number ?? '');
  const revision = useStore((state) => state.queue?.revision ?? 0);
  const seen = useStore((state) => state.feedback?.id ?? 0);
  const [recorded, setRecorded] = useState<Recorded | null>(null);
  useEffect(() => {
    const station = getStation();
    if (orderId === null || station === null) return;
    let current = true;
    station.call('orders.get', { orderId }).then(
      (detail) => {
        if (current) setRecorded({ orderId, entries: detail.timeline, tracking: detail.tracking ?? [] });
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [orderId, revision, seen]);
  const shown = recorded !== null && recorded.orderId === orderId ? recorded : null;
  const entries = shown === null ? [] : [...shown.entries].reverse();
  return (
    <Drawer
      title={`${text('ui.timeline.title')} ${number}`}
      closeText={text('ui.key.close')}
      onClose={closeTop}
      testId="timeline-drawer"
    >
      {orderId === null ? <p className="faint">{text('ui.timeline.none')}</p> : null}
      {orderId !== null && entries.length === 0 ? <p className="faint">{text('ui.timeline.empty')}</p> : null}
      {orderId === null || entries.length === 0 ? null : (
        <div className="prompt-options">
          <Button quiet onPress={() => void exportAudit(orderId, 'csv')} testId="timeline-save-csv">
            {text('ui.timeline.save-csv')}
          </Button>
          <Button quiet onPress={() => void exportAudit(orderId, 'json')} testId="timeline-save-json">
            {text('ui.timeline.save-json')}
          </Button>
          <Button quiet keyName="Ctrl+I" onPress={toggleInspector} testId="timeline-labels">
            {text('ui.key.labels')}
          </Button>
          <SlipButtons />
        </div>
      )}
      <TrackingHistory tracking={shown?.tracking ?? []} />
      <ol className="timeline">
        {entries.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </ol>
    </Drawer>
  );
}

function Entry({ entry }: { readonly entry: TimelineEntry }): ReactNode {
  const locale = useLocale();
  const at = new Date(entry.at);
  const facts = factsOf(locale, entry.detail);
  return (
    <li data-testid="timeline-entry" data-kind={entry.kind}>
      <time dateTime={at.toISOString()}>{at.toLocaleTimeString(locale, { hour12: false })}</time>
      <b>{sentenceOr(locale, `ui.event.${entry.kind}`, entry.kind)}</b>
      <span>
        {facts.map(({ name, label, value }) => (
          <span key={name} className="timeline-fact">
            {label} <code>{value}</code>
          </span>
        ))}
      </span>
    </li>
  );
}
