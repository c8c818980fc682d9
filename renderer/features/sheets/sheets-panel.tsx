/** The papers of the desk in Settings: command barcodes, scanner setup, badge cards; printed here or saved as PDF. */
import { useState, type ReactNode } from 'react';
import { SheetKind } from '#contract';
import { useText } from '../../state/locale.ts';
import { printSheet, saveSheet } from '../../state/paper-actions.ts';
import { Button } from '../../ui/parts.tsx';

export function SheetsPanel(): ReactNode {
  const text = useText();
  const [busy, setBusy] = useState(false);
  const run = (work: Promise<void>): void => {
    setBusy(true);
    void work.then(() => setBusy(false));
  };
  return (
    <>
      <h3>{text('ui.sheets.title')}</h3>
      {SheetKind.options.map((kind) => (
        <div key={kind} className="prompt-options" role="group" aria-label={text(`ui.sheets.${kind}`)}>
          <span>{text(`ui.sheets.${kind}`)}</span>
          <Button disabled={busy} testId={`sheet-${kind}-print`} onPress={() => run(printSheet(kind))}>
            {text('ui.sheets.print')}
          </Button>
          <Button disabled={busy} testId={`sheet-${kind}-save`} onPress={() => run(saveSheet(kind))}>
            {text('ui.sheets.save')}
          </Button>
        </div>
      ))}
      <p className="faint">{text('ui.sheets.note')}</p>
    </>
  );
}
