/** Every attempt to print a parcel's labels, newest first: what became of it, where, who asked and why. */
import type { ReactNode } from 'react';
import type { PrintView } from '#contract';
import { useLocale, useText } from '../../state/locale.ts';

export function PrintHistory({ prints }: { readonly prints: readonly PrintView[] }): ReactNode {
  const text = useText();
  const locale = useLocale();
  return (
    <>
      <h3>{text('ui.inspector.prints')}</h3>
      {prints.length === 0 ? <p className="faint">{text('ui.inspector.no-prints')}</p> : null}
      <ol className="inspector-prints" data-testid="inspector-prints">
        {prints.map((print) => (
          <li key={print.id} data-state={print.state}>
            <time dateTime={new Date(print.at).toISOString()}>
              {new Date(print.at).toLocaleString(locale, { hour12: false })}
            </time>{' '}
            <b>{text(`ui.inspector.state.${print.state}`)}</b> {text(`ui.inspector.kind.${print.kind}`)}
            {print.copy > 0 ? ` · REPRINT ${print.copy}` : ''} · {print.printerId}
            {print.bytes < 0
              ? ` · ${text('ui.inspector.bytes-unknown')}`
              : ` · ${text('ui.inspector.bytes', { bytes: print.bytes })}`}
            {print.by === '' ? '' : ` · ${print.by}`}
            {print.reason === '' ? '' : ` · ${print.reason}`}
            {print.message === '' ? null : <small> {print.message}</small>}
          </li>
        ))}
      </ol>
    </>
  );
}
