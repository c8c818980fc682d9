/** Which desk this is, what is not real, and the keys that open things. */
import type { ReactNode } from 'react';
import { commandOf, isAvailable } from '../../input/commands.ts';
import { useText } from '../../state/locale.ts';
import type { AppState } from '../../state/store.ts';
import { useStore } from '../../state/store.ts';
import { goTo } from '../../state/actions.ts';
import { Badge, Button, KeyCap } from '../../ui/parts.tsx';

const places = [
  ['pack', 'F2'],
  ['bags', 'F11'],
  ['day', 'F12'],
] as const;

const shown = ['timeline', 'attention', 'training', 'settings', 'language', 'keys'] as const;

export function TopBar(): ReactNode {
  const text = useText();
  const deskId = useStore((state) => state.info?.deskId ?? null);
  const site = useStore((state) => state.info?.site ?? '');
  const training = useStore((state) => state.status?.training ?? state.info?.training ?? false);
  const virtual = useStore(hasVirtual);
  const assumed = useStore((state) => state.status?.vendors.some((vendor) => vendor.assumed) === true);
  const offline = useStore(isOffline);
  const available = useStore((state) =>
    shown
      .filter((id) => {
        const command = commandOf(id);
        return command !== undefined && isAvailable(command, state);
      })
      .join(' '),
  );
  const packer = useStore((state) => state.pack?.packer ?? null);
  const supervisor = useStore((state) => state.pack?.supervisor ?? null);
  const attention = useStore((state) => state.status?.attention ?? 0);
  return (
    <header className="top">
      <h1 className="brand">{text('ui.brand')}</h1>
      <Places />
      <div className="top-desk">
        {deskId === null ? null : (
          <span className="desk">
            {text('ui.desk', { desk: deskId })} <small>{site}</small>
          </span>
        )}
        <span className="desk" data-testid="packer" data-badge={packer?.badge ?? ''}>
          {packer === null ? <small>{text('ui.packer.none')}</small> : text('ui.packer.on', { name: packer.name })}
          {supervisor === null ? null : <small> {text('ui.packer.supervisor', { name: supervisor.name })}</small>}
        </span>
      </div>
      <div className="top-badges">
        {training ? (
          <Badge kind="training" testId="badge-training">
            {text('ui.badge.training')} <small>{text('ui.badge.training-why')}</small>
          </Badge>
        ) : null}
        {virtual ? (
          <Badge kind="virtual" testId="badge-virtual">
            {text('ui.badge.virtual')}
          </Badge>
        ) : null}
        {assumed ? (
          <Badge kind="assumed" testId="badge-assumed">
            {text('ui.badge.assumed')}
          </Badge>
        ) : null}
        {offline ? (
          <Badge kind="offline" testId="badge-offline">
            {text('ui.badge.offline')}
          </Badge>
        ) : null}
      </div>
      <div className="top-keys">
        {available.split(' ').map((id) => {
          const command = commandOf(id);
          if (command === undefined) return null;
          return (
            <Button
              key={id}
              quiet
              keyName={command.key}
              testId={`key-${id}`}
              onPress={() => command.run(useStore.getState())}
            >
              {text(command.label)}
              {id === 'attention' && attention > 0 ? <b className="count">{attention}</b> : null}
            </Button>
          );
        })}
      </div>
    </header>
  );
}

/** Where the packer works: packing, big bags, end of the day. A scan goes to the place that is open. */
function Places(): ReactNode {
  const text = useText();
  const place = useStore((state) => state.place);
  return (
    <nav className="places" aria-label={text('ui.place.title')}>
      {places.map(([one, key]) => (
        <button
          key={one}
          type="button"
          className="place"
          aria-current={one === place ? 'page' : undefined}
          aria-keyshortcuts={key}
          onClick={() => goTo(one)}
          data-testid={`place-${one}`}
        >
          <KeyCap name={key} /> {text(`ui.place.${one}`)}
        </button>
      ))}
    </nav>
  );
}

function hasVirtual({ status }: AppState): boolean {
  if (status === null) return false;
  return status.scale.virtual || [...status.vendors, ...status.printers].some((one) => one.virtual);
}

function isOffline({ status, reach }: AppState): boolean {
  if (reach.kind !== 'connected') return true;
  return status !== null && (status.network === 'cut' || status.vendors.some((vendor) => vendor.state === 'offline'));
}
