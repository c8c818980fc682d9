/** Scan forms and manifests of late, newest first, each with where it stands. */
import { useEffect, useRef, type ReactNode } from 'react';
import type { HandoverView } from '#contract';
import { openDocument } from '../../state/day-actions.ts';
import { printDaySummary } from '../../state/paper-actions.ts';
import { shownDocumentRow } from '../../state/handover-choice.ts';
import { useAgeText, useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { useStationNow } from '../../state/use-now.ts';
import { Button, KeyCap } from '../../ui/parts.tsx';

const none: readonly HandoverView[] = [];

export function DocumentsPanel(): ReactNode {
  const text = useText();
  const documents = useStore((state) => state.day?.documents ?? none);
  const cursor = useStore(shownDocumentRow);
  const active = useStore((state) => state.dayList === 'documents');
  return (
    <section
      className={`card day-documents${active ? ' is-active' : ''}`}
      data-testid="documents"
      data-count={documents.length}
    >
      <header className="card-head">
        <h2>{text('ui.day.documents')}</h2>
        <small className="faint">
          <KeyCap name="→" /> <KeyCap name="Enter" /> {text('ui.day.key.enter-document')}
        </small>
        <Button quiet keyName="Shift+F12" onPress={printDaySummary} testId="day-summary">
          {text('ui.day.summary')}
        </Button>
      </header>
      {documents.length === 0 ? <p className="faint">{text('ui.day.no-documents')}</p> : null}
      <ol>
        {documents.map((document, index) => (
          <Row key={document.id} document={document} chosen={active && index === cursor} index={index} />
        ))}
      </ol>
    </section>
  );
}

function Row(props: { readonly document: HandoverView; readonly chosen: boolean; readonly index: number }): ReactNode {
  const { document, chosen, index } = props;
  const text = useText();
  const notice = useNoticeText();
  const age = useAgeText();
  const now = useStationNow();
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) item.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <li
      ref={item}
      className={`day-document tone-${document.notice.tone}${chosen ? ' is-chosen' : ''}`}
      data-testid="document"
      data-kind={document.kind}
      data-stage={document.stage}
      data-reference={document.reference}
      data-repeatable={document.repeatable}
    >
      <button
        type="button"
        tabIndex={-1}
        onClick={() => {
          useStore.setState({ dayList: 'documents', documentRow: index });
          void openDocument(document.id);
        }}
      >
        <span className="day-document-head">
          <b>{text(`ui.day.kind.${document.kind}`)}</b> <span>{document.vendorName}</span>
          <b className="day-stage">{text(`ui.day.document.${document.stage}`)}</b>
        </span>
        <span className="day-document-more">
          <code>{document.reference}</code> {text('ui.attention.since', { age: age(now - document.createdAt) })}
        </span>
        <DocumentProgressBar document={document} />
        <span className="day-document-words">{notice(document.notice)}</span>
      </button>
    </li>
  );
}

/** How many parcels are through, failed and open, in numbers and as a bar. */
export function DocumentProgressBar({ document }: { readonly document: HandoverView }): ReactNode {
  const text = useText();
  const { parcels, ok, failed, open, bags } = document;
  const share = (count: number): { width: string } => ({ width: `${(100 * count) / Math.max(1, parcels)}%` });
  return (
    <span className="day-progress">
      <span className="day-progress-bar" aria-hidden="true">
        <i className="is-ok" style={share(ok)} />
        <i className="is-failed" style={share(failed)} />
      </span>
      <span>{text('ui.day.progress', { ok, failed, open, parcels, bags })}</span>
    </span>
  );
}
