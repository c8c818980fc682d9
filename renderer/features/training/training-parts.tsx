/** What the sections of the training panel share. */
import type { ReactNode } from 'react';
import { useText } from '../../state/locale.ts';
import { Badge } from '../../ui/parts.tsx';

/** A device of the panel: what it is called, and that it is virtual. */
export function DeviceHead({ name, children }: { readonly name: string; readonly children?: ReactNode }): ReactNode {
  const text = useText();
  return (
    <h3 className="training-device">
      {name} <Badge kind="virtual">{text('ui.badge.virtual')}</Badge> {children}
    </h3>
  );
}

/** Pulls a plug, or puts it back. */
export function PlugButton(props: {
  /** Of the device, for people who hear the screen. */
  readonly name: string;
  readonly plugged: boolean;
  readonly onPlug: (plugged: boolean) => void;
  readonly testId: string;
}): ReactNode {
  const { name, plugged, onPlug, testId } = props;
  const text = useText();
  const label = text(plugged ? 'ui.training.unplug' : 'ui.training.plug');
  return (
    <button
      type="button"
      className="choice"
      aria-pressed={!plugged}
      aria-label={`${label} ${name}`}
      onClick={() => onPlug(!plugged)}
      data-testid={testId}
    >
      {label}
    </button>
  );
}

/** In the place of the controls of a device that is not virtual. */
export function RealDevice({ name, testId }: { readonly name: string; readonly testId: string }): ReactNode {
  const text = useText();
  return (
    <p className="training-real" data-testid={testId}>
      {name}: {text('ui.training.real')}
    </p>
  );
}
