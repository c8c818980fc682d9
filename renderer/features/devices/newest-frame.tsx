/** The newest frame in one line, in sight while the settings above it are changed. */
import type { ReactNode } from 'react';
import type { TopicSnapshot } from '#contract';
import { useText } from '../../state/locale.ts';

export function NewestFrame({ session }: { readonly session: TopicSnapshot<'deviceSession'> }): ReactNode {
  const text = useText();
  const newest = session.newest.at(-1);
  return (
    <p className="device-now" data-testid="devices-now">
      <b>{newest?.reading ?? '—'}</b> <code>{newest?.text ?? text('ui.devices.no-bytes')}</code>
    </p>
  );
}
