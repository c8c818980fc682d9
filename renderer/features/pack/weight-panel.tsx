/** The scale as it stands: digits, state in words, and why the weight may not be taken. Redrawn alone, ten times a second. */
import type { ReactNode } from 'react';
import type { WeightSnapshot } from '#contract';
import { useNoticeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icon.tsx';
import { Badge } from '../../ui/parts.tsx';
import { DwsLine } from './dws-line.tsx';

export function WeightPanel(): ReactNode {
  const weight = useStore((state) => state.weight);
  const text = useText();
  const notice = useNoticeText();
  const reachable = useStore((all) => all.reach.kind === 'connected' || all.reach.kind === 'connecting');
  const state = weight?.state ?? (reachable ? 'connecting' : 'unknown');
  const usable = weight?.usable === true;
  const steady = state === 'stable';
  const known = weight !== null && weight.grams !== null && (steady || state === 'moving');
  return (
    <section
      className={`card weight ${usable ? 'is-usable' : steady ? 'is-steady' : `is-${state}`}`}
      data-testid="weight"
      data-state={state}
      data-usable={usable}
      data-grams={weight?.grams ?? ''}
    >
      <header className="card-head">
        <h2>{text('ui.weight.title')}</h2>
        {weight?.virtual === true ? <Badge kind="virtual">{text('ui.badge.virtual')}</Badge> : null}
      </header>
      <p className="weight-digits">
        <output>{known ? groupDigits(weight.grams ?? 0) : '– – –'}</output> <small>{text('ui.weight.unit')}</small>
      </p>
      <p className="weight-state">
        <Icon name={usable ? 'check' : steady ? 'info' : 'warn'} />
        <strong>{text(`ui.weight.state.${state}`)}</strong>
        {usable ? <span>{text('ui.weight.usable')}</span> : null}
      </p>
      {weight === null ? null : <DwsLine weight={weight} />}
      {weight === null ? null : <Beside weight={weight} />}
      <p className="weight-reason">{weight === null || weight.reason === null ? '' : notice(weight.reason)}</p>
    </section>
  );
}

/** What belongs beside the digits: the container that is taken off, and what the parcel should weigh. */
function Beside({ weight }: { readonly weight: WeightSnapshot }): ReactNode {
  const text = useText();
  const { tare = null, expected = null } = weight;
  return (
    <>
      {tare === null ? null : (
        <p className="weight-beside" data-testid="tare" data-tare={tare.tareG}>
          {text('ui.weight.tare', { grossG: tare.grossG ?? '–', tareG: tare.tareG })}
          {tare.stays ? <Badge kind="plain">{text('ui.weight.tare-stays')}</Badge> : null}
        </p>
      )}
      {expected === null ? null : (
        <p className="weight-beside" data-testid="expected" data-from={expected.fromG} data-to={expected.toG}>
          {text('ui.weight.expected', { fromG: expected.fromG, toG: expected.toG })}
          {expected.blindTo === null ? null : <small>{text('ui.weight.blind', { name: expected.blindTo })}</small>}
        </p>
      )}
    </>
  );
}

/** 12345 as `12 345`, so that thousands are not misread; a negative weight keeps its sign. */
function groupDigits(grams: number): string {
  return String(grams).replace(/\B(?=(\d{3})+$)/g, ' ');
}
