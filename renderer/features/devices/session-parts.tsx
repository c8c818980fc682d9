/** What a device sends, frame by frame, and the steps of its test. */
import type { ReactNode } from 'react';
import type { TopicSnapshot } from '#contract';
import { useAgeText, useCauseText, useText } from '../../state/locale.ts';
import { useStationNow } from '../../state/use-now.ts';

type Session = TopicSnapshot<'deviceSession'>;

const framesShown = 12;

export function SessionFrames({ session }: { readonly session: Session }): ReactNode {
  const text = useText();
  const age = useAgeText();
  const cause = useCauseText();
  const now = useStationNow();
  const newest = session.newest.at(-1);
  return (
    <section className="device-session" data-testid="devices-session" data-link={session.linkState}>
      <p>
        {text('ui.devices.watching', { link: session.link })}
        {session.shared ? ` · ${text('ui.devices.shared')}` : ''}
      </p>
      {session.problem === null ? null : (
        <p className="device-problem" role="alert" data-testid="devices-session-problem">
          {cause(session.cause, session.problem)}
        </p>
      )}
      {session.kind === 'watch' && session.trying !== '' ? <p className="device-problem">{session.trying}</p> : null}
      <p className="device-reading" data-testid="devices-reading">
        {newest?.reading ?? '—'}
      </p>
      <p className="faint">
        {text('ui.devices.frames', { frames: session.frames, refused: session.refused, bytes: session.bytes })} ·{' '}
        {newest === undefined
          ? text('ui.devices.no-bytes')
          : text('ui.devices.last', { age: age(Math.max(0, now - newest.at)) })}
      </p>
      <table className="device-frames">
        <tbody>
          {session.newest
            .slice(-framesShown)
            .toReversed()
            .map((frame) => (
              <tr key={frame.seq} data-refused={frame.error !== null}>
                <td>{frame.reading ?? cause(frame.cause, frame.error ?? text('ui.devices.no-frame'))}</td>
                <td>
                  <code>{frame.text}</code>
                </td>
                <td>
                  <code className="faint">{frame.hex.replaceAll(/(..)/g, '$1 ')}</code>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
      <p className="faint">{text('ui.devices.legend')}</p>
    </section>
  );
}

export function TestSteps({ session }: { readonly session: Session }): ReactNode {
  const text = useText();
  return (
    <ol className="device-steps" data-testid="devices-test-steps">
      {session.steps.map((step) => (
        <li
          key={step.id}
          data-passed={step.passedAt !== null}
          data-testid={`devices-test-${step.id}`}
          aria-current={step.passedAt === null ? 'step' : undefined}
        >
          <b>{step.passedAt === null ? '○' : '✓'}</b> {text(`ui.devices.test.${step.id}`)}{' '}
          <span className="faint">{step.what}</span>
        </li>
      ))}
    </ol>
  );
}
