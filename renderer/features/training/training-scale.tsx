/** The virtual scale: what lies on it, how it behaves, what it speaks, and its plug. */
import { useState, type ReactNode } from 'react';
import { TrainingState } from '#contract';
import { setTraining, trainingWeightsG } from '../../state/actions.ts';
import { useText } from '../../state/locale.ts';
import { KeyCap } from '../../ui/parts.tsx';
import { DeviceHead, PlugButton, RealDevice } from './training-parts.tsx';

export function ScaleControls({ scale }: { readonly scale: TrainingState['scale'] }): ReactNode {
  const text = useText();
  const [typed, setTyped] = useState('');
  const { grams, mode, plugged = true, choices = [], speaks = '' } = scale;
  const name = text('ui.bar.scale');
  if (scale.virtual === false) return <RealDevice name={name} testId="training-scale-real" />;
  return (
    <>
      <DeviceHead name={text('ui.training.scale')}>
        <KeyCap name={`Alt+1…${trainingWeightsG.length}`} />
      </DeviceHead>
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
        <PlugButton
          name={name}
          plugged={plugged}
          onPlug={(scalePlugged) => setTraining({ scalePlugged })}
          testId="training-scale-plug"
        />
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
      {speaks === '' ? null : (
        <label className="field">
          <span>{text('ui.training.speaks')}</span>
          <select
            value={speaks}
            disabled={choices.length === 0}
            title={choices.length === 0 ? text('ui.training.speaks-fixed') : undefined}
            onChange={(event) => setTraining({ scaleSpeaks: event.target.value })}
            data-testid="training-scale-speaks"
          >
            {(choices.length === 0 ? [speaks] : choices).map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
