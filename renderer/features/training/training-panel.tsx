/** What the virtual scale, printer, network and vendors do, and the labels that came out, ready to scan. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { TrainingState } from '#contract';
import type { CallInput } from '#contract';
import { useText } from '../../state/locale.ts';
import { setTraining, trainingWeightsG } from '../../state/actions.ts';
import { useStore } from '../../state/store.ts';
import { Badge, Choices, KeyCap } from '../../ui/parts.tsx';
import { LabelTray } from './label-tray.tsx';

type Fault = NonNullable<CallInput<'training.set'>['vendor']>['fault'];

export function TrainingPanel(): ReactNode {
  const training = useStore((state) => state.training);
  const text = useText();
  const frame = useRef<HTMLElement>(null);
  useEffect(() => frame.current?.focus({ preventScroll: true }), []);
  if (training === null) return null;
  return (
    <section
      ref={frame}
      tabIndex={-1}
      className="card training"
      data-testid="training-panel"
      aria-label={text('ui.training.title')}
    >
      <header className="card-head">
        <h2>{text('ui.training.title')}</h2>
        <Badge kind="training">{text('ui.badge.training')}</Badge>
      </header>
      <LabelTray tray={training.tray} />
      <ScaleControls grams={training.scale.grams} mode={training.scale.mode} />
      <h3>{text('ui.training.network')}</h3>
      <Choices
        label={text('ui.training.network')}
        value={training.network}
        options={TrainingState.shape.network.options}
        nameOf={(one) => text(`ui.training.network.${one}`)}
        onChoose={(network) => setTraining({ network })}
        testId="training-network"
      />
      <label className="field">
        <span>{text('ui.training.printer')}</span>
        <select
          value={training.printer}
          onChange={(event) => setTraining({ printer: TrainingState.shape.printer.parse(event.target.value) })}
          data-testid="training-printer"
        >
          {TrainingState.shape.printer.options.map((one) => (
            <option key={one} value={one}>
              {text(`ui.training.printer.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {training.vendors.map((vendor) => (
        <VendorFault key={vendor.id} id={vendor.id} fault={vendor.fault} />
      ))}
    </section>
  );
}

function ScaleControls({ grams, mode }: TrainingState['scale']): ReactNode {
  const text = useText();
  const [typed, setTyped] = useState('');
  return (
    <>
      <h3>
        {text('ui.training.scale')} <KeyCap name={`Alt+1…${trainingWeightsG.length}`} />
      </h3>
      <div className="choices" role="group" aria-label={text('ui.training.scale')}>
        {trainingWeightsG.map((preset) => (
          <button
            key={preset}
            type="button"
            className="choice"
            aria-pressed={preset === grams}
            onClick={() => setTraining({ scaleGrams: preset })}
            data-testid={`training-weight-${preset}`}
          >
            {text('ui.parcel.grams', { grams: preset })}
          </button>
        ))}
      </div>
      <form
        className="field-row"
        onSubmit={(event) => {
          event.preventDefault();
          if (/^-?\d{1,6}$/.test(typed.trim())) setTraining({ scaleGrams: Number(typed.trim()) });
        }}
      >
        <input
          type="text"
          inputMode="numeric"
          value={typed}
          placeholder={text('ui.training.grams')}
          aria-label={text('ui.training.grams')}
          onChange={(event) => setTyped(event.target.value)}
          data-testid="training-grams"
        />
        <button type="submit" className="button" data-testid="training-put">
          {text('ui.training.put')}
        </button>
      </form>
      <label className="field">
        <span>{text('ui.training.mode')}</span>
        <select
          value={mode}
          onChange={(event) =>
            setTraining({ scaleMode: TrainingState.shape.scale.shape.mode.parse(event.target.value) })
          }
          data-testid="training-scale-mode"
        >
          {TrainingState.shape.scale.shape.mode.options.map((one) => (
            <option key={one} value={one}>
              {text(`ui.training.mode.${one}`)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function VendorFault({ id, fault }: { readonly id: string; readonly fault: Fault }): ReactNode {
  const text = useText();
  const name = useStore((state) => state.status?.vendors.find((vendor) => vendor.id === id)?.name ?? id);
  const faults = TrainingState.shape.vendors.element.shape.fault;
  return (
    <label className="field">
      <span>{name}</span>
      <select
        value={fault}
        onChange={(event) => setTraining({ vendor: { id, fault: faults.parse(event.target.value) } })}
        data-testid={`training-vendor-${id}`}
      >
        {faults.options.map((one) => (
          <option key={one} value={one}>
            {text(`ui.training.fault.${one}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
