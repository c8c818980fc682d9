/** Adds or changes one device: choose, detect, watch, test, name, save. */
import { useEffect, useState, type ReactNode } from 'react';
import type { DeviceKind, TopicSnapshot } from '#contract';
import { getStation } from '../../state/actions.ts';
import { useText } from '../../state/locale.ts';
import { Choices } from '../../ui/parts.tsx';
import { NumberedChoices, type Choice } from './choices.tsx';
import { circumstancesOf, deviceOf, ofKind, stepsOf, withProposal, type DeviceDraft } from './device-draft.ts';
import { byHand, DetectStep } from './detect-step.tsx';
import { DeviceFields } from './device-fields.tsx';
import { NewestFrame } from './newest-frame.tsx';
import { SessionFrames, TestSteps } from './session-parts.tsx';
import { useProblems } from './use-problems.ts';
import { useDeviceSession } from './use-topic.ts';

interface WizardProps {
  readonly first: DeviceDraft;
  readonly devices: TopicSnapshot<'devices'>;
  readonly onDone: (said?: string) => void;
}

/** Typing in the settings is over after this. */
const settleMs = 400;
const kinds: readonly DeviceKind[] = ['scale', 'printer', 'dws', 'scanner'];

export function DeviceWizard({ first, devices, onDone }: WizardProps): ReactNode {
  const text = useText();
  const newest = useDeviceSession();
  const [draft, setDraft] = useState(first);
  const [number, setNumber] = useState(0);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const [effect, setEffect] = useState<'live' | 'restart' | null>(null);
  const station = getStation();
  const session = number !== 0 && newest?.number === number ? newest : null;
  const read = deviceOf(draft, circumstancesOf(draft, devices).protocol);
  const steps = stepsOf(draft.kind);

  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setSaid('');
    try {
      await work();
    } catch (thrown) {
      setSaid(text('ui.devices.failed', { why: thrown instanceof Error ? thrown.message : String(thrown) }));
    }
    setBusy(false);
  }
  const go = (next: DeviceDraft): void => {
    setSaid('');
    setDraft(next);
  };
  const startTest = (): void =>
    void run(async () => {
      if (!read.ok) return;
      const answer = await station?.call('devices.watch', { kind: draft.kind, device: read.device, test: true });
      setNumber(answer?.number ?? 0);
      setDraft((now) => ({ ...now, step: 'test' }));
    });

  // Its settings in sight are those it is watched with: every change of them starts the watching anew.
  const { kind } = draft;
  const watchedWith = draft.step === 'settings' && kind !== 'printer' && read.ok ? JSON.stringify(read.device) : '';
  const checked = draft.step === 'settings' && read.ok ? JSON.stringify(read.device) : '';
  const problems = useProblems(kind, checked, draft.replaces);
  const mayGoOn = read.ok && draft.needs.length === 0 && problems.length === 0;
  useEffect(() => {
    if (watchedWith === '') return undefined;
    const timer = window.setTimeout(() => {
      getStation()
        ?.call('devices.watch', { kind, device: JSON.parse(watchedWith) as Record<string, unknown> })
        .then(
          (answer) => setNumber(answer.number),
          (thrown: unknown) => {
            setSaid(text('ui.devices.failed', { why: thrown instanceof Error ? thrown.message : String(thrown) }));
          },
        );
    }, settleMs);
    return () => window.clearTimeout(timer);
  }, [watchedWith, kind, text]);

  const detect = (askAll = false): void =>
    void run(async () => {
      const answer = await station?.call('devices.detect', { link: draft.link.trim(), kind: draft.kind, askAll });
      setNumber(answer?.number ?? 0);
      setDraft((now) => ({ ...now, step: 'detect' }));
    });
  const save = (): void =>
    void run(async () => {
      if (!read.ok) {
        setSaid(text('ui.devices.more-wrong', { reason: read.reason }));
        return;
      }
      const { replaces } = draft;
      const answer = await station?.call('devices.save', { kind, device: read.device, replaces });
      if (answer === undefined) return;
      setEffect(answer.effect);
      setSaid(text(`ui.devices.saved-${answer.effect}`, { file: answer.backup }));
      setDraft((now) => ({ ...now, step: 'saved' }));
    });

  const backTo: Choice = { id: 'back', label: text('ui.devices.back'), run: () => onDone() };
  const settings: Choice = {
    id: 'by-hand',
    label: text(byHand[draft.kind]),
    disabled: draft.link.trim() === '',
    run: () => go({ ...draft, step: 'settings', fields: { ...protocolOf(draft, devices), ...draft.fields } }),
  };
  const passed = session?.kind === 'test' && session.state === 'done';

  return (
    <section className="device-wizard" data-testid="device-wizard" data-step={draft.step}>
      <ol className="device-wizard-steps">
        {steps.map((step) => (
          <li key={step} aria-current={step === draft.step ? 'step' : undefined}>
            {text(`ui.devices.step.${step}`)}
          </li>
        ))}
      </ol>

      {draft.step === 'choose' ? (
        <>
          <Choices
            label={text('ui.devices.kind')}
            value={draft.kind}
            options={kinds}
            nameOf={(kind) => text(`ui.devices.kind.${kind}`)}
            onChoose={(kind) => go(ofKind(draft, kind, devices.configured))}
            testId="devices-kind"
          />
          <label className="device-field">
            <span>{text('ui.devices.link')}</span>
            <input
              type="text"
              value={draft.link}
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => go({ ...draft, link: event.target.value })}
              data-testid="devices-link"
            />
            <small className="faint">{text('ui.devices.link-how')}</small>
          </label>
          <NumberedChoices
            choices={[
              {
                id: 'detect',
                label: text('ui.devices.detect'),
                disabled: busy || draft.link.trim() === '',
                run: () => detect(),
              },
              settings,
              backTo,
            ]}
          />
        </>
      ) : null}

      {draft.step === 'detect' && session !== null ? (
        <DetectStep
          kind={draft.kind}
          session={session}
          busy={busy}
          detect={detect}
          take={(proposal) => go(withProposal(draft, proposal))}
          others={[settings, backTo]}
        />
      ) : null}

      {draft.step === 'settings' ? (
        <>
          <DeviceFields draft={draft} devices={devices} problems={problems} onChange={go} />
          <div className="device-footer">
            {session === null ? null : <NewestFrame session={session} />}
            <NumberedChoices
              choices={[
                ...(draft.kind === 'printer'
                  ? []
                  : [
                      {
                        id: 'test',
                        label: text('ui.devices.test'),
                        disabled: busy || !mayGoOn,
                        run: startTest,
                      },
                    ]),
                {
                  id: 'skip-test',
                  label: text(draft.kind === 'printer' ? 'ui.devices.next' : 'ui.devices.skip-test'),
                  disabled: !mayGoOn,
                  run: () => go({ ...draft, step: 'save' }),
                },
                backTo,
              ]}
            />
          </div>
          {session === null ? null : <SessionFrames session={session} />}
        </>
      ) : null}

      {draft.step === 'test' && session !== null ? (
        <>
          <p>{text(passed ? 'ui.devices.tested' : 'ui.devices.testing')}</p>
          <TestSteps session={session} />
          <NumberedChoices
            choices={[
              {
                id: 'next',
                label: text('ui.devices.next'),
                disabled: !passed,
                run: () => go({ ...draft, step: 'save' }),
              },
              { id: 'skip-test', label: text('ui.devices.skip-test'), run: () => go({ ...draft, step: 'save' }) },
              { id: 'settings', label: text('ui.devices.back'), run: () => go({ ...draft, step: 'settings' }) },
            ]}
          />
          <SessionFrames session={session} />
        </>
      ) : null}

      {draft.step === 'save' ? (
        <>
          <label className="device-field">
            <span>{text('ui.devices.name')}</span>
            <input
              type="text"
              value={draft.id}
              maxLength={32}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => go({ ...draft, id: event.target.value })}
              data-testid="devices-name"
            />
            <small className="faint">{text('ui.devices.name-how')}</small>
          </label>
          <pre className="device-json" data-testid="devices-json">
            {read.ok ? JSON.stringify(read.device, null, 2) : read.reason}
          </pre>
          <NumberedChoices
            choices={[
              {
                id: 'save',
                label: text('ui.devices.save'),
                disabled: busy || devices.notSavable !== null || devices.needsSupervisor,
                run: save,
              },
              { id: 'settings', label: text('ui.devices.back'), run: () => go({ ...draft, step: 'settings' }) },
            ]}
          />
        </>
      ) : null}

      {said === '' ? null : (
        <p role="status" data-testid="devices-said" data-effect={effect ?? 'none'}>
          {said}
        </p>
      )}
      {draft.step === 'saved' ? (
        <NumberedChoices choices={[{ id: 'done', label: text('ui.devices.done'), run: () => onDone() }]} />
      ) : null}
    </section>
  );
}

/** What a device chosen by hand begins with. */
function protocolOf(draft: DeviceDraft, devices: TopicSnapshot<'devices'>): Record<string, unknown> {
  if (draft.kind === 'scale') return { protocol: devices.protocols.scale[0] ?? 'mt-sics' };
  return draft.kind === 'dws' ? { format: devices.protocols.dws[0] ?? 'csv' } : {};
}
