/** Said loudly while the station cannot be reached: since when, and what it means for scanning. */
import type { ReactNode } from 'react';
import { useAgeText, useText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { useStationNow } from '../../state/use-now.ts';
import { Icon } from '../../ui/icon.tsx';
import { Badge } from '../../ui/parts.tsx';

export function ConnectionBanner(): ReactNode {
  const kind = useStore((state) => state.reach.kind);
  if (kind === 'connected' || kind === 'connecting') return null;
  return <Banner />;
}

/** The station's own sentence begins in English; the banner begins with ours. */
function withoutPreamble(reason: string): string {
  return reason.replace(/^the station did not start: /, '');
}

function Banner(): ReactNode {
  const reach = useStore((state) => state.reach);
  const offset = useStore((state) => state.clockOffsetMs);
  const now = useStationNow() - offset;
  const text = useText();
  const age = useAgeText();
  const words =
    reach.kind === 'lost'
      ? text('ui.connection.lost', { age: age(now - reach.since) })
      : reach.kind === 'refused'
        ? text('ui.connection.refused')
        : text('ui.connection.failed', { reason: reach.kind === 'failed' ? withoutPreamble(reach.reason) : '' });
  return (
    <div className="banner tone-stop" role="alert" data-testid="connection-banner" data-kind={reach.kind}>
      <Icon name="offline" />
      <Badge kind="offline">{text('ui.badge.offline')}</Badge>
      <span>{words}</span>
    </div>
  );
}
