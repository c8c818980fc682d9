/** The labels the virtual printer put out, newest first. A packer in training scans them from here. */
import type { ReactNode } from 'react';
import type { TrainingState } from '#contract';
import { useText } from '../../state/locale.ts';
import { newestCode, sendHere } from '../../state/places.ts';
import { useStore } from '../../state/store.ts';
import { KeyCap } from '../../ui/parts.tsx';

export function LabelTray({ tray }: { readonly tray: TrainingState['tray'] }): ReactNode {
  const text = useText();
  const newest = useStore(newestCode);
  return (
    <>
      <h3>{text('ui.training.tray')}</h3>
      {tray.length === 0 ? <p className="faint">{text('ui.training.tray-empty')}</p> : null}
      <ul className="tray" data-testid="training-tray">
        {[...tray].reverse().map((label, index) => (
          <li key={label.id} data-testid="tray-label">
            {label.pngBase64 === null ? null : (
              <img
                src={`data:image/png;base64,${label.pngBase64}`}
                alt={text('ui.training.label-image', { codes: label.codes.join(' ') })}
              />
            )}
            <div>
              {label.codes.map((code) => (
                <button
                  key={code}
                  type="button"
                  className="button"
                  onClick={() => sendHere(code, 'keyboard')}
                  data-testid="tray-code"
                  data-code={code}
                >
                  <span>
                    {index === 0 && code === newest ? <KeyCap name="Ctrl+L" /> : null} {text('ui.training.scan-this')}
                  </span>{' '}
                  <code>{code}</code>
                </button>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
