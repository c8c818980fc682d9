/** Settings → Devices: what is there and how it is, one device closely, and the wizard that adds one. */
import { useEffect, useState, type ReactNode } from 'react';
import type { TopicSnapshot } from '#contract';
import { closeTop, getStation } from '../../state/actions.ts';
import { useNoticeText, useText } from '../../state/locale.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { draftOfConfigured, draftOfPlugged, emptyDraft, type DeviceDraft } from './device-draft.ts';
import { DeviceList } from './device-list.tsx';
import { DevicePage } from './device-page.tsx';
import { DeviceWizard } from './device-wizard.tsx';
import { useDevices } from './use-topic.ts';

type View =
  | { readonly kind: 'list'; readonly said: string }
  | { readonly kind: 'device'; readonly of: string }
  | { readonly kind: 'wizard'; readonly first: DeviceDraft };

/** Says which device a view is about, across changes of the list. */
const keyOf = (device: { kind: string; id: string }): string => `${device.kind} ${device.id}`;

export function DevicesDrawer(): ReactNode {
  const text = useText();
  const devices = useDevices();
  const [view, setView] = useState<View>({ kind: 'list', said: '' });
  const back = (said = ''): void => setView({ kind: 'list', said });
  // What is looked at closely ends with the drawer.
  useEffect(
    () => () => {
      getStation()
        ?.call('devices.stop', {})
        .catch(() => undefined);
    },
    [],
  );
  const shown = view.kind === 'device' ? devices?.configured.find((each) => keyOf(each) === view.of) : undefined;
  return (
    <Drawer
      wide
      title={text('ui.devices.title')}
      closeText={text('ui.key.close')}
      onClose={closeTop}
      testId="devices-drawer"
    >
      {devices === null ? (
        <p role="status">…</p>
      ) : (
        <>
          <Notices devices={devices} />
          {view.kind === 'wizard' ? (
            <DeviceWizard key={view.first.link + view.first.id} first={view.first} devices={devices} onDone={back} />
          ) : view.kind === 'device' && shown !== undefined ? (
            <DevicePage
              key={view.of}
              device={shown}
              devices={devices}
              onBack={back}
              onChange={() => {
                const draft = draftOfConfigured(shown);
                if (draft !== null) setView({ kind: 'wizard', first: draft });
              }}
            />
          ) : (
            <>
              {view.kind === 'list' && view.said !== '' ? <p role="status">{view.said}</p> : null}
              <DeviceList
                devices={devices}
                onDevice={(device) => setView({ kind: 'device', of: keyOf(device) })}
                onPlugged={(thing) => setView({ kind: 'wizard', first: draftOfPlugged(thing, devices.configured) })}
                onAdd={() => setView({ kind: 'wizard', first: emptyDraft(devices.configured) })}
              />
            </>
          )}
        </>
      )}
    </Drawer>
  );
}

/** What keeps a person from changing devices, and what waits for a restart. */
function Notices({ devices }: { readonly devices: TopicSnapshot<'devices'> }): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const { notSavable, needsSupervisor, restartNeeded } = devices;
  return (
    <>
      {notSavable === null ? null : (
        <p className="device-problem" data-testid="devices-not-savable">
          {notice(notSavable)}
        </p>
      )}
      {needsSupervisor && notSavable === null ? (
        <p className="device-problem" data-testid="devices-needs-supervisor">
          {text('ui.devices.needs-supervisor')}
        </p>
      ) : null}
      {restartNeeded || notSavable?.code === 'device.profile-changed' ? (
        <p className="device-restart" data-testid="devices-restart-needed">
          {restartNeeded ? text('ui.devices.restart-needed') : null} <RestartButton disabled={needsSupervisor} />
        </p>
      ) : null}
    </>
  );
}

function RestartButton({ disabled }: { readonly disabled: boolean }): ReactNode {
  const text = useText();
  const [said, setSaid] = useState('');
  const restart = (): void => {
    setSaid(text('ui.devices.restarting'));
    getStation()
      ?.call('devices.restart', {})
      .catch((thrown: unknown) => {
        setSaid(text('ui.devices.failed', { why: thrown instanceof Error ? thrown.message : String(thrown) }));
      });
  };
  return (
    <>
      <button type="button" className="button" disabled={disabled} onClick={restart} data-testid="devices-restart">
        {text('ui.devices.restart')}
      </button>{' '}
      {said}
    </>
  );
}
