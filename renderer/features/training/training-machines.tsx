/** The virtual measuring machine and the virtual serial scanner; where there is none, a button that starts one. */
import { useState, type ReactNode } from 'react';
import type { CallInput, TrainingState } from '#contract';
import { setTraining } from '../../state/actions.ts';
import { useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { DeviceHead, PlugButton } from './training-parts.tsx';

type Fault = NonNullable<NonNullable<CallInput<'training.set'>['dws']>['fault']>;

const faults: readonly Fault[] = ['none', 'noread', 'twice', 'cut'];
const usualParcel = { grams: '1250', size: '300x200x150' } as const;

export function MachineControls({ training }: { readonly training: TrainingState }): ReactNode {
  const { dws = null, scanner = null, mayStart = [] } = training;
  const text = useText();
  return (
    <>
      {dws === null ? null : <DwsControls machine={dws} />}
      {scanner === null ? null : <ScannerControls scanner={scanner} />}
      {mayStart.length === 0 ? null : (
        <div className="choices training-start" role="group" aria-label={text('ui.training.start')}>
          {mayStart.map((kind) => (
            <button
              key={kind}
              type="button"
              className="choice"
              onClick={() => setTraining({ start: kind })}
              data-testid={`training-start-${kind}`}
            >
              {text(`ui.training.start.${kind}`)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function DwsControls({ machine }: { readonly machine: NonNullable<TrainingState['dws']> }): ReactNode {
  const text = useText();
  const orderNumber = useStore((state) => state.pack?.order?.number ?? '');
  /** Null: the order on the desk. */
  const [typedBarcode, setBarcode] = useState<string | null>(null);
  const [grams, setGrams] = useState<string>(usualParcel.grams);
  const [size, setSize] = useState<string>(usualParcel.size);
  const barcode = typedBarcode ?? orderNumber;
  const parcel = parcelOf(barcode, grams, size);
  const name = `${text('ui.bar.dws')} ${machine.id}`;
  return (
    <section aria-label={name} data-testid="training-dws">
      <DeviceHead name={name}>
        <small>{text('ui.training.dws-facts', { format: machine.format, sent: machine.sent })}</small>
      </DeviceHead>
      <label className="field">
        <span>{text('ui.training.barcode')}</span>
        <input
          type="text"
          value={barcode}
          placeholder={text('ui.training.barcode')}
          onChange={(event) => setBarcode(event.target.value)}
          data-testid="training-dws-barcode"
        />
      </label>
      <div className="field-row">
        <input
          type="text"
          inputMode="numeric"
          value={grams}
          aria-label={text('ui.training.grams')}
          title={text('ui.training.grams')}
          onChange={(event) => setGrams(event.target.value)}
          data-testid="training-dws-grams"
        />
        <input
          type="text"
          value={size}
          aria-label={text('ui.training.size')}
          title={text('ui.training.size')}
          onChange={(event) => setSize(event.target.value)}
          data-testid="training-dws-size"
        />
      </div>
      <div className="choices" role="group" aria-label={name}>
        {faults.map((fault) => (
          <button
            key={fault}
            type="button"
            className="choice"
            disabled={parcel === null}
            onClick={() => {
              if (parcel !== null) setTraining({ dws: { ...parcel, fault } });
            }}
            data-testid={`training-dws-${fault}`}
          >
            {text(`ui.training.dws.${fault}`)}
          </button>
        ))}
        <PlugButton
          name={name}
          plugged={machine.plugged}
          onPlug={(dwsPlugged) => setTraining({ dwsPlugged })}
          testId="training-dws-plug"
        />
      </div>
      {parcel === null ? <p className="training-real">{text('ui.training.dws-wrong')}</p> : null}
    </section>
  );
}

/** Null if a field cannot be measured: whole grams, `300x200x150` in whole millimetres, a barcode without separators. */
function parcelOf(
  barcode: string,
  grams: string,
  size: string,
): Omit<NonNullable<CallInput<'training.set'>['dws']>, 'fault'> | null {
  const sides = /^([1-9]\d{0,3})[x×*]([1-9]\d{0,3})[x×*]([1-9]\d{0,3})$/.exec(size.trim());
  if (sides === null || !/^\d{1,6}$/.test(grams.trim()) || !/^[!-+\--:<-~]{0,80}$/.test(barcode)) return null;
  const [lengthMm = 0, widthMm = 0, heightMm = 0] = sides.slice(1).map(Number);
  return { barcode, grams: Number(grams.trim()), lengthMm, widthMm, heightMm };
}

function ScannerControls({ scanner }: { readonly scanner: NonNullable<TrainingState['scanner']> }): ReactNode {
  const text = useText();
  const [code, setCode] = useState('');
  const name = `${text('ui.training.scanner')} ${scanner.id}`;
  return (
    <section aria-label={name} data-testid="training-scanner">
      <DeviceHead name={name} />
      <form
        className="field-row"
        onSubmit={(event) => {
          event.preventDefault();
          if (code.trim() !== '') setTraining({ scan: code.trim() });
        }}
      >
        <input
          type="text"
          value={code}
          placeholder={text('ui.training.barcode')}
          aria-label={text('ui.training.barcode')}
          onChange={(event) => setCode(event.target.value)}
          data-testid="training-scan-code"
        />
        <button type="submit" className="button" data-testid="training-scan">
          {text('ui.training.scan-this')}
        </button>
      </form>
      <div className="choices" role="group" aria-label={name}>
        <PlugButton
          name={name}
          plugged={scanner.plugged}
          onPlug={(scannerPlugged) => setTraining({ scannerPlugged })}
          testId="training-scanner-plug"
        />
      </div>
    </section>
  );
}
