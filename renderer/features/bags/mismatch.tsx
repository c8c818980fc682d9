/** A wrong weight: what was expected and found, the likely cause, and the parcels that would explain it. */
import type { ReactNode } from 'react';
import type { BagsSnapshot } from '#contract';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Icon } from '../../ui/icon.tsx';
import { kilograms, signedGrams } from './weights.ts';

export function Mismatch({ mismatch }: { readonly mismatch: NonNullable<BagsSnapshot['mismatch']> }): ReactNode {
  const counting = useStore((state) => state.bags?.recount != null);
  const text = useText();
  return (
    <div className="bag-mismatch" data-testid="mismatch" data-cause={mismatch.cause}>
      <p className="prompt-words">
        <Icon name="scale" />
        <strong>{text(`ui.bags.cause.${mismatch.cause}`)}</strong>
      </p>
      <dl className="bag-sums">
        <div>
          <dt>{text('ui.bags.expected')}</dt>
          <dd>{kilograms(mismatch.expectedG)} kg</dd>
        </div>
        <div>
          <dt>{text('ui.bags.found')}</dt>
          <dd>{kilograms(mismatch.foundG)} kg</dd>
        </div>
        <div className="is-off">
          <dt>{text('ui.bags.difference')}</dt>
          <dd>{text('ui.bags.grams', { grams: signedGrams(mismatch.differenceG) })}</dd>
        </div>
        <div>
          <dt>{text('ui.bags.tolerance')}</dt>
          <dd>± {text('ui.bags.grams', { grams: mismatch.toleranceG })}</dd>
        </div>
      </dl>
      {mismatch.candidates.length === 0 || counting ? null : (
        <>
          <p className="bag-candidates-title">{text(`ui.bags.candidates.${mismatch.cause}`)}</p>
          <ul className="bag-candidates">
            {mismatch.candidates.slice(0, 4).map((parcel) => (
              <li key={parcel.parcelId} data-testid="candidate" data-waybill={parcel.waybill ?? ''}>
                <b>{parcel.waybill ?? parcel.orderNumber}</b> {text('ui.parcel.grams', { grams: parcel.weightG })}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
