/** What is known of the parcel on the desk, and, in training, the code to scan next. */
import type { ReactNode } from 'react';
import type { ParcelSizeView } from '#contract';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { Badge } from '../../ui/parts.tsx';

export function ParcelPanel(): ReactNode {
  const parcel = useStore((state) => state.pack?.parcel ?? null);
  const labelKind = useStore((state) => state.pack?.labelKind ?? null);
  const expects = useStore((state) => state.pack?.expects ?? null);
  const text = useText();
  const sizeText = (size: ParcelSizeView | null): string | null =>
    size === null
      ? null
      : text('ui.parcel.millimetres', { length: size.lengthMm, width: size.widthMm, height: size.heightMm });
  const rows: readonly (readonly [string, string | null])[] =
    parcel === null
      ? []
      : [
          ['ui.parcel.weight', parcel.weightG === null ? null : text('ui.parcel.grams', { grams: parcel.weightG })],
          ['ui.parcel.tare', parcel.tareG === undefined ? null : text('ui.parcel.grams', { grams: parcel.tareG })],
          ['ui.parcel.size', sizeText(parcel.size ?? null)],
          ['ui.parcel.carrier', [parcel.carrier, parcel.service].filter((part) => part !== null).join(' ')],
          ['ui.parcel.waybill', parcel.waybill],
          ['ui.parcel.lpn', parcel.lpn],
          ['ui.parcel.label', parcel.labelPrint === null ? null : text(`ui.print.${parcel.labelPrint}`)],
          ['ui.parcel.rack-label', parcel.lpnPrint === null ? null : text(`ui.print.${parcel.lpnPrint}`)],
          ['ui.parcel.verified', parcel.verifiedAt === null ? null : '✓'],
          ['ui.parcel.tracking', parcel.trackingUploadedAt === null ? null : '✓'],
        ];
  return (
    <section
      className="card parcel"
      data-testid="parcel"
      data-waybill={parcel?.waybill ?? ''}
      data-lpn={parcel?.lpn ?? ''}
    >
      <header className="card-head">
        <h2>{text('ui.parcel.title')}</h2>
        {labelKind === null ? null : (
          <Badge kind={labelKind === 'lpn' ? 'offline' : 'plain'}>{text(`ui.pack.label-kind.${labelKind}`)}</Badge>
        )}
      </header>
      {parcel === null ? (
        <p className="faint">{text('ui.parcel.none')}</p>
      ) : (
        <dl className="facts">
          {rows.map(([label, value]) =>
            value === null || value === '' ? null : (
              <div key={label}>
                <dt>{text(label)}</dt>
                <dd>{value}</dd>
              </div>
            ),
          )}
        </dl>
      )}
      {expects === null ? null : (
        <p className="expects" data-testid="expects">
          <span>{text('ui.pack.expects')}</span> <code>{expects}</code>
        </p>
      )}
    </section>
  );
}
