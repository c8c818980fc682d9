/** One label from all sides: artwork, dots, codes, bytes, prints; printed again with a reason. A scan looks it up. */
import { useEffect, useState, type ReactNode } from 'react';
import type { LabelInspection, LabelledParcel, ParcelLabelKind } from '#contract';
import { onInspectorReasonKey } from '../../input/commands.ts';
import { closeTop, failureNotice, getStation, setInspectQuery, showNotice } from '../../state/actions.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { Button, Choices } from '../../ui/parts.tsx';
import { SlipButtons } from '../slips/slip-buttons.tsx';
import { LabelBitmap } from './label-bitmap.tsx';
import { LabelFacts } from './label-facts.tsx';
import { PrintHistory } from './print-history.tsx';

const reasonNumbers = [1, 2, 3] as const;

export function LabelInspectorDrawer(): ReactNode {
  const text = useText();
  const query = useStore((state) => state.inspectQuery);
  const parcels = useFound(query);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const parcel = parcels.find((one) => one.parcelId === chosenId) ?? parcels[0] ?? null;
  return (
    <Drawer
      title={text('ui.inspector.title')}
      hint={text('ui.inspector.hint')}
      closeText={text('ui.key.close')}
      onClose={closeTop}
      testId="inspector-drawer"
      wide
    >
      <label className="inspector-search">
        <span>{text('ui.inspector.search')}</span>
        <input
          value={query}
          maxLength={200}
          onChange={(event) => setInspectQuery(event.target.value)}
          data-testid="inspector-search"
        />
      </label>
      {parcels.length > 1 ? (
        <div className="choices" role="group" aria-label={text('ui.inspector.parcels')}>
          {parcels.map((one) => (
            <button
              key={one.parcelId}
              type="button"
              className="choice"
              aria-pressed={one === parcel}
              onClick={() => setChosenId(one.parcelId)}
            >
              {one.waybill ?? one.lpn}
            </button>
          ))}
        </div>
      ) : null}
      {parcel === null ? (
        <p className="faint" data-testid="inspector-none">
          {text(query.trim() === '' ? 'ui.inspector.empty' : 'ui.inspector.none')}
        </p>
      ) : (
        <Inspected key={parcel.parcelId} parcel={parcel} />
      )}
    </Drawer>
  );
}

/** Parcels of what is searched for; the answer to an older search is dropped. */
function useFound(query: string): readonly LabelledParcel[] {
  const wanted = query.trim();
  const [found, setFound] = useState<{ readonly wanted: string; readonly parcels: readonly LabelledParcel[] } | null>(
    null,
  );
  useEffect(() => {
    const station = getStation();
    if (station === null || wanted === '') return;
    let current = true;
    station.call('labels.find', { query: wanted }).then(
      ({ parcels }) => {
        if (current) setFound({ wanted, parcels });
      },
      (thrown: unknown) => showNotice(failureNotice(thrown, '')),
    );
    return () => {
      current = false;
    };
  }, [wanted]);
  return found !== null && found.wanted === wanted ? found.parcels : [];
}

function Inspected({ parcel }: { readonly parcel: LabelledParcel }): ReactNode {
  const text = useText();
  const [kind, setKind] = useState<ParcelLabelKind>(parcel.waybill === null ? 'lpn' : 'carrier');
  const [printerId, setPrinterId] = useState<string | null>(null);
  const [shown, setShown] = useState<LabelInspection | null>(null);
  const [turn, setTurn] = useState(0);
  const revision = useStore((state) => state.queue?.revision ?? 0);
  const asking = useStore((state) => state.inspectAsking);
  useEffect(() => {
    const station = getStation();
    if (station === null) return;
    let current = true;
    station.call('labels.inspect', { parcelId: parcel.parcelId, kind, printerId }).then(
      (inspection) => {
        if (current) setShown(inspection);
      },
      (thrown: unknown) => showNotice(failureNotice(thrown, '')),
    );
    return () => {
      current = false;
    };
  }, [parcel.parcelId, kind, printerId, revision, turn]);
  useEffect(() => {
    useStore.setState({ inspectedOrderId: parcel.orderId });
    return () => useStore.setState({ inspectedOrderId: null });
  }, [parcel.orderId]);
  useEffect(() =>
    onInspectorReasonKey((index) => {
      void reprint(text(`ui.inspector.reason.${index}`));
    }),
  );

  async function reprint(reason: string): Promise<void> {
    useStore.setState({ inspectAsking: false });
    try {
      const answer = await getStation()?.call('labels.reprint', { parcelId: parcel.parcelId, kind, reason, printerId });
      if (answer !== undefined) {
        showNotice({ code: 'print.reprint', tone: 'info', params: { copy: answer.copy } });
      }
    } catch (thrown) {
      showNotice(failureNotice(thrown, ''));
    }
    setTurn((one) => one + 1);
  }

  return (
    <div className="inspector" data-testid="inspector">
      <p className="inspector-head">
        <b>{parcel.waybill ?? parcel.lpn}</b> {parcel.carrier} · {text('ui.inspector.order')} {parcel.orderNumber} ·{' '}
        {parcel.lpn}
      </p>
      <div className="inspector-choices">
        <Choices
          label={text('ui.inspector.kind')}
          value={kind}
          options={['carrier', 'lpn']}
          nameOf={(one) => text(`ui.inspector.kind.${one}`)}
          onChoose={setKind}
          testId="inspector-kind"
        />
        {shown === null || shown.printers.length < 2 ? null : (
          <Choices
            label={text('ui.inspector.printer')}
            value={shown.printer?.id ?? ''}
            options={shown.printers}
            nameOf={(one) => one}
            onChoose={setPrinterId}
            testId="inspector-printer"
          />
        )}
        <Button
          keyName="Ctrl+P"
          onPress={() => useStore.setState({ inspectAsking: !asking })}
          pressed={asking}
          testId="inspector-reprint"
        >
          {text('ui.inspector.reprint')}
        </Button>
        <SlipButtons />
      </div>
      {asking ? (
        <div className="prompt-options" role="group" aria-label={text('ui.inspector.why')}>
          <span>{text('ui.inspector.why')}</span>
          {reasonNumbers.map((index) => (
            <Button
              key={index}
              keyName={String(index)}
              onPress={() => void reprint(text(`ui.inspector.reason.${index}`))}
              testId={`inspector-reason-${index}`}
            >
              {text(`ui.inspector.reason.${index}`)}
            </Button>
          ))}
        </div>
      ) : null}
      {shown === null ? null : (
        <div className="inspector-columns">
          <LabelBitmap inspection={shown} />
          <div>
            <LabelFacts inspection={shown} />
            <PrintHistory prints={shown.prints} />
          </div>
        </div>
      )}
    </div>
  );
}
