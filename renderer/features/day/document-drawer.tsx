/** One scan form or manifest: what the carrier said of each parcel, and what can be done about it. */
import { useEffect, type ReactNode } from 'react';
import type { HandoverParcelView } from '#contract';
import { documentActions } from '../../input/day-commands.ts';
import { closeTop } from '../../state/actions.ts';
import { failedOf, readDocument, toggleLeaveOut } from '../../state/day-actions.ts';
import { useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Button, KeyCap } from '../../ui/parts.tsx';
import { kilograms } from '../bags/weights.ts';
import { QuestionPanel } from '../place/question-panel.tsx';
import { DocumentProgressBar } from './documents-panel.tsx';
import { FlightNodes } from './flight-nodes.tsx';

export function DocumentDrawer(): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const day = useStore((state) => state.day);
  const documentId = useStore((state) => state.documentId);
  const read = useStore((state) => state.document);
  const leaveOut = useStore((state) => state.leaveOut);
  const shown = day?.documents.find((one) => one.id === documentId) ?? read?.document ?? null;
  // Its parcels are read again whenever the station has something new of it.
  const mark =
    shown === null ? '' : `${shown.stage} ${shown.ok} ${shown.failed} ${shown.repeatable} ${shown.nodes.length}`;
  useEffect(() => {
    void readDocument();
  }, [documentId, mark]);
  const actions = documentActions({ day, document: read, documentId });
  return (
    <Drawer
      title={shown === null ? text('ui.day.documents') : text(`ui.day.kind.${shown.kind}`)}
      closeText={text('ui.key.close')}
      onClose={closeTop}
      testId="document-drawer"
      wide
    >
      {shown === null ? null : (
        <div data-testid="document-shown" data-stage={shown.stage} data-reference={shown.reference}>
          <p className="day-document-title">
            <code>{shown.reference}</code> {shown.vendorName} ·{' '}
            {text('ui.day.net', { weight: kilograms(shown.netWeightG) })} ·{' '}
            {text('ui.day.gross', { weight: kilograms(shown.grossWeightG) })}
            {shown.listsPrinted === 0 ? null : ` · ${text('ui.day.lists-printed', { count: shown.listsPrinted })}`}
          </p>
          <p className={`day-document-notice tone-${shown.notice.tone}`}>
            <b>{text(`ui.day.document.${shown.stage}`)}</b> {notice(shown.notice)}
          </p>
          <DocumentProgressBar document={shown} />
          <QuestionPanel />
          <div className="prompt-options">
            {actions.map((action, index) => (
              <Button key={action.id} keyName={String(index + 1)} onPress={action.run} testId={`document-${action.id}`}>
                {action.id === 'repeat'
                  ? text('ui.day.action.repeat', { count: shown.repeatable - leaveOut.size })
                  : text(`ui.day.action.${action.id}`)}
              </Button>
            ))}
          </div>
          {shown.kind === 'manifest' ? <FlightNodes key={shown.id} document={shown} /> : null}
        </div>
      )}
      {read === null ? null : <Parcels parcels={read.parcels} total={read.total} />}
    </Drawer>
  );
}

function Parcels({
  parcels,
  total,
}: {
  readonly parcels: readonly HandoverParcelView[];
  readonly total: number;
}): ReactNode {
  const text = useText();
  const cursor = useStore((state) => state.parcelRow);
  const leaveOut = useStore((state) => state.leaveOut);
  const document = useStore((state) => state.document);
  const failed = failedOf(document);
  return (
    <>
      {failed.length === 0 ? null : (
        <p className="faint">
          <KeyCap name="↑" /> <KeyCap name="↓" /> <KeyCap name="Enter" /> {text('ui.day.leave-out-hint')}
        </p>
      )}
      <ol className="day-parcels">
        {parcels.map((parcel) => {
          const chosen = failed[cursor]?.parcelId === parcel.parcelId;
          const left = leaveOut.has(parcel.parcelId);
          return (
            <li
              key={parcel.parcelId}
              className={`day-parcel is-${parcel.state}${chosen ? ' is-chosen' : ''}`}
              data-testid="handover-parcel"
              data-state={parcel.state}
              data-waybill={parcel.waybill ?? ''}
              data-left={left}
            >
              <span className="day-parcel-state">
                <Icon name={parcel.state === 'ok' ? 'check' : parcel.state === 'failed' ? 'stop' : 'clock'} />
                {text(`ui.day.parcel.${parcel.state}`)}
              </span>
              <b>{parcel.waybill ?? '–'}</b>
              <span>{parcel.orderNumber}</span>
              <span>{parcel.bagNumber ?? text('ui.day.no-bag')}</span>
              <span className="day-parcel-reason">
                {parcel.reason}
                {parcel.repeatedBy === null ? null : <em> {text('ui.day.repeated')}</em>}
                {failed.includes(parcel) ? (
                  <button
                    type="button"
                    className="choice"
                    aria-pressed={left}
                    onClick={() => toggleLeaveOut(parcel.parcelId)}
                  >
                    {text('ui.day.leave-out')}
                  </button>
                ) : null}
              </span>
            </li>
          );
        })}
      </ol>
      {total > parcels.length ? (
        <p className="bag-more">{text('ui.bags.more', { count: total - parcels.length })}</p>
      ) : null}
    </>
  );
}
