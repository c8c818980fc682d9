/** The devices of the profile and the things that are plugged in, as they are now. */
import type { ReactNode } from 'react';
import type { ConfiguredDevice, PluggedThing, TopicSnapshot } from '#contract';
import { useAgeText, useCauseText, useNoticeText, useText } from '../../state/locale.ts';
import { useStationNow } from '../../state/use-now.ts';
import { Badge } from '../../ui/parts.tsx';
import { NumberedChoices, type Choice } from './choices.tsx';

interface ListProps {
  readonly devices: TopicSnapshot<'devices'>;
  readonly onDevice: (device: ConfiguredDevice) => void;
  readonly onPlugged: (thing: PluggedThing) => void;
  readonly onAdd: () => void;
}

export function DeviceList({ devices, onDevice, onPlugged, onAdd }: ListProps): ReactNode {
  const text = useText();
  const { configured, plugged, absent } = devices;
  const unused = plugged.filter((thing) => thing.device === null && thing.usage !== 'other');
  const others = plugged.filter((thing) => thing.device === null && thing.usage === 'other');
  const choices: Choice[] = [
    ...configured.map((device) => ({
      id: `${device.kind}-${device.id}`,
      label: `${text(`ui.devices.kind.${device.kind}`)} ${device.id}`,
      run: () => onDevice(device),
    })),
    ...[...unused, ...others].map((thing) => ({
      id: `plugged-${thing.uri}`,
      label: `${text('ui.devices.use')}: ${thing.name || thing.uri}`,
      run: () => onPlugged(thing),
    })),
    { id: 'add', label: text('ui.devices.add'), run: onAdd },
  ];
  return (
    <>
      <h3>{text('ui.devices.configured')}</h3>
      {configured.every((device) => device.virtual) ? <p className="faint">{text('ui.devices.none')}</p> : null}
      <ul className="printers">
        {configured.map((device) => (
          <li
            key={`${device.kind} ${device.id} ${device.link}`}
            className="printer"
            data-testid={`device-${device.kind}-${device.id}`}
            data-state={device.state}
          >
            <DeviceFacts device={device} />
          </li>
        ))}
      </ul>
      <h3>{text('ui.devices.plugged')}</h3>
      {unused.length + others.length === 0 ? <p className="faint">{text('ui.devices.plugged-none')}</p> : null}
      <ul className="printers">
        {[...unused, ...others].map((thing) => (
          <li key={thing.uri} className="printer" data-testid="device-plugged" data-usage={thing.usage}>
            <b>{thing.name || thing.uri}</b>{' '}
            <Badge kind="plain">
              {text(thing.usage === 'other' ? 'ui.devices.usage.other' : `ui.devices.kind.${thing.usage}`)}
            </Badge>
            <br />
            <code>{thing.uri}</code>{' '}
            <span className="faint">{[thing.path, thing.note].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
      </ul>
      {absent.map(({ kind, reason }) => (
        <p key={kind} className="faint" data-testid={`devices-absent-${kind}`}>
          {text('ui.devices.absent', { what: text(`ui.devices.plug.${kind}`), reason })}
        </p>
      ))}
      <NumberedChoices choices={choices} />
    </>
  );
}

/** How one device is, in words, with the ages of what it said. */
export function DeviceFacts({ device }: { readonly device: ConfiguredDevice }): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const age = useAgeText();
  const now = useStationNow();
  const ago = (at: number): string => age(Math.max(0, now - at));
  const cause = useCauseText();
  const { lastRefused, lastFrameAt } = device;
  return (
    <>
      <p>
        <span className={`device-state device-${device.state}`}>{text(`ui.devices.state.${device.state}`)}</span>{' '}
        <b>
          {text(`ui.devices.kind.${device.kind}`)} {device.id}
        </b>{' '}
        {device.virtual ? <Badge kind="virtual">{text('ui.badge.virtual')}</Badge> : null} {device.protocol}{' '}
        <code>{device.link}</code>
      </p>
      {device.reason === null ? null : <p className="device-problem">{notice(device.reason)}</p>}
      <p className="faint">
        {device.frames === null
          ? null
          : `${text('ui.devices.counts', { frames: device.frames, refused: device.refused ?? 0 })} · `}
        {lastFrameAt === null ? text('ui.devices.never') : text('ui.devices.last', { age: ago(lastFrameAt) })}
        {lastRefused === null ? null : (
          <>
            <br />
            {text('ui.devices.last-refused', {
              age: ago(lastRefused.at),
              why: cause(lastRefused.cause, lastRefused.error),
            })}{' '}
            <code>{lastRefused.raw.slice(0, 80)}</code>
          </>
        )}
      </p>
    </>
  );
}
