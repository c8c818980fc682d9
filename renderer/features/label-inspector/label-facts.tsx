/** What a label is made of: the codes read back from it, the artwork as it came, the bytes the printer gets. */
import type { ReactNode } from 'react';
import type { LabelInspection } from '#contract';
import { useText } from '../../state/locale.ts';

export function LabelFacts({ inspection }: { readonly inspection: LabelInspection }): ReactNode {
  const text = useText();
  const { codes, artwork, output, printer } = inspection;
  return (
    <>
      <h3>{text('ui.inspector.codes')}</h3>
      {codes.length === 0 ? <p className="faint">{text('ui.inspector.no-codes')}</p> : null}
      <ul className="inspector-codes" data-testid="inspector-codes">
        {codes.map((code) => (
          <li key={code.text} data-match={code.isWaybill}>
            <code>{code.text}</code> {text(code.isWaybill ? 'ui.inspector.matches' : 'ui.inspector.other-code')}
          </li>
        ))}
      </ul>
      <h3>{text('ui.inspector.artwork')}</h3>
      {artwork === null ? (
        <p className="faint">{text('ui.inspector.own')}</p>
      ) : (
        <>
          <p data-testid="inspector-artwork">
            {artwork.type} · {text('ui.inspector.bytes', { bytes: artwork.bytes })}
            <br />
            <small>
              SHA-256 <code className="inspector-sha">{artwork.sha256}</code>
            </small>
          </p>
          {artwork.base64 === null ? null : (
            <img
              className="inspector-artwork"
              src={`data:${artwork.type};base64,${artwork.base64}`}
              alt={text('ui.inspector.artwork')}
            />
          )}
          {artwork.text === null ? null : (
            <pre className="inspector-text" tabIndex={0}>
              {artwork.text}
            </pre>
          )}
        </>
      )}
      <h3>{text('ui.inspector.output')}</h3>
      {printer === null ? <p className="faint">{text('ui.inspector.no-printer')}</p> : null}
      {output === null || printer === null ? null : (
        <>
          <p data-testid="inspector-output">
            {text('ui.inspector.output-for', {
              printer: printer.id,
              language: printer.language.toUpperCase(),
              dpi: printer.dpi,
              media: `${printer.widthMm} × ${printer.heightMm} mm`,
            })}
            <br />
            {text('ui.inspector.bytes', { bytes: output.bytes })} (
            {text('ui.inspector.plain', { bytes: output.plainBytes })})
          </p>
          <pre className="inspector-text" tabIndex={0}>
            {output.headText}
          </pre>
          <pre className="inspector-text" tabIndex={0}>
            {output.headHex.replace(/(..)/g, '$1 ')}
          </pre>
        </>
      )}
    </>
  );
}
