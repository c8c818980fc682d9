/** One device of the profile: why it does not work, what it sends, a test, a change, its removal. */
import { useState, type ReactNode } from 'react';
import type { CallOutput, ConfiguredDevice, TopicSnapshot } from '#contract';
import { getStation } from '../../state/actions.ts';
import { useCauseText, useNoticeText, useText } from '../../state/locale.ts';
import { NumberedChoices } from './choices.tsx';
import { DeviceFacts } from './device-list.tsx';
import { SessionFrames, TestSteps } from './session-parts.tsx';
import { useDeviceSession } from './use-topic.ts';

interface PageProps {
  readonly device: ConfiguredDevice;
  readonly devices: TopicSnapshot<'devices'>;
  readonly onBack: (said?: string) => void;
  readonly onChange: () => void;
}

export function DevicePage({ device, devices, onBack, onChange }: PageProps): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const cause = useCauseText();
  const session = useDeviceSession();
  const [number, setNumber] = useState(0);
  const [report, setReport] = useState<CallOutput<'devices.diagnose'> | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const [sure, setSure] = useState(false);
  const station = getStation();
  const { kind, id } = device;

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
  const watch = (test: boolean): void =>
    void run(async () => {
      const written = device.written ?? { id, link: device.link, protocol: device.protocol };
      setReport(null);
      const answer = await station?.call('devices.watch', { kind, device: { ...written, link: device.link }, test });
      setNumber(answer?.number ?? 0);
    });
  const mayChange = devices.notSavable === null && !devices.needsSupervisor && device.written !== null;
  const readable = kind !== 'printer' && device.state !== 'restart';

  return (
    <section data-testid="device-page">
      <DeviceFacts device={device} />
      <NumberedChoices
        choices={[
          {
            id: 'diagnose',
            label: text('ui.devices.diagnose'),
            disabled: busy || device.state === 'restart',
            run: () =>
              void run(async () => {
                setSaid(text('ui.devices.diagnosing'));
                setReport((await station?.call('devices.diagnose', { kind, id })) ?? null);
                setSaid('');
              }),
          },
          {
            id: 'watch',
            label: text('ui.devices.watch'),
            disabled: busy || !readable,
            run: () => watch(false),
          },
          kind === 'printer'
            ? {
                id: 'test',
                label: text('ui.devices.test-label'),
                disabled: busy || device.state === 'restart',
                run: () =>
                  void run(async () => {
                    const answer = await station?.call('printers.testPrint', { printerId: id });
                    if (answer === undefined) return;
                    setSaid(
                      answer.outcome === 'not-printed'
                        ? text('ui.printers.test-failed', {
                            reason: answer.reasons.map(notice).join(' · ') || cause(answer.cause, answer.message),
                          })
                        : text('ui.printers.test-sent', { code: answer.code }),
                    );
                  }),
              }
            : { id: 'test', label: text('ui.devices.test'), disabled: busy || !readable, run: () => watch(true) },
          { id: 'change', label: text('ui.devices.change'), disabled: busy || !mayChange, run: onChange },
          {
            id: 'remove',
            label: text(sure ? 'ui.devices.remove-sure' : 'ui.devices.remove'),
            disabled: busy || !mayChange,
            run: () => {
              if (!sure) {
                setSure(true);
                return;
              }
              void run(async () => {
                const answer = await station?.call('devices.remove', { kind, id });
                if (answer !== undefined) onBack(text(`ui.devices.removed-${answer.effect}`, { file: answer.backup }));
              });
            },
          },
          { id: 'back', label: text('ui.devices.back'), run: () => onBack() },
        ]}
      />
      {said === '' ? null : (
        <p role="status" data-testid="devices-said">
          {said}
        </p>
      )}
      {report === null ? null : (
        <ol className="device-diagnosis" data-testid="devices-diagnosis">
          {report.steps.map((step) => (
            <li key={step.id} data-outcome={step.outcome}>
              <b>{text(`ui.diagnose.step.${step.id.split('.').at(-1) ?? ''}`)}</b>{' '}
              {step.notice === undefined ? step.detail : notice(step.notice)}
            </li>
          ))}
        </ol>
      )}
      {number !== 0 && session?.number === number ? (
        <>
          {session.kind === 'test' ? <TestSteps session={session} /> : null}
          <SessionFrames session={session} />
        </>
      ) : null}
    </section>
  );
}
