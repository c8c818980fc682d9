/** What detection does, what a person has to do meanwhile, and what it found: each proposal on its digit. */
import type { ReactNode } from 'react';
import type { DeviceKind, DeviceProposal, TopicSnapshot } from '#contract';
import { useCauseText, useNoticeText, useText } from '../../state/locale.ts';
import { NumberedChoices, type Choice } from './choices.tsx';

/** How the settings are reached without detection. */
export const byHand: Readonly<Record<DeviceKind, string>> = {
  scale: 'ui.devices.by-hand',
  printer: 'ui.devices.by-hand-language',
  dws: 'ui.devices.by-hand-format',
  scanner: 'ui.devices.by-hand-settings',
};

const found: Readonly<Record<DeviceKind, string>> = {
  scale: 'ui.devices.detected',
  printer: 'ui.devices.detected-printer',
  dws: 'ui.devices.detected-dws',
  scanner: 'ui.devices.detected-scanner',
};

interface DetectStepProps {
  readonly kind: DeviceKind;
  readonly session: TopicSnapshot<'deviceSession'>;
  readonly busy: boolean;
  /** `askAll`: also what may have an effect on the device. */
  readonly detect: (askAll?: boolean) => void;
  readonly take: (proposal: DeviceProposal) => void;
  readonly others: readonly Choice[];
}

export function DetectStep({ kind, session, busy, detect, take, others }: DetectStepProps): ReactNode {
  const text = useText();
  const notice = useNoticeText();
  const cause = useCauseText();
  const detecting = session.kind === 'detect' && session.state === 'running';
  const { askMore, notes, proposals } = session;
  // What the silence of the other kinds means, a note says.
  const silent = kind === 'scale' ? text('ui.devices.detected-none', { bytes: session.bytes }) : null;
  const none = session.problem === null ? silent : cause(session.cause, session.problem);
  return (
    <>
      {detecting ? (
        <p role="status">
          {text('ui.devices.detecting', { what: session.trying || session.link })}{' '}
          <progress value={session.done} max={Math.max(1, session.of)} />
        </p>
      ) : proposals.length > 0 ? null : none === null ? null : (
        <p className="device-problem" data-testid="devices-detected-none">
          {none}
        </p>
      )}
      {notes.map((note) => (
        <p
          key={note.code}
          className={note.tone === 'warn' ? 'device-problem' : undefined}
          role="status"
          data-testid={`devices-note-${note.code}`}
        >
          {notice(note)}
        </p>
      ))}
      {proposals.length === 0 ? null : <p>{text(found[kind])}</p>}
      <NumberedChoices
        choices={[
          ...proposals.slice(0, 6).map((proposal, index) => ({
            id: `proposal-${index + 1}`,
            label: (
              <>
                {kind === 'printer'
                  ? `${proposal.protocol}   ${proposal.sample}`
                  : text('ui.devices.proposal', {
                      protocol: `${proposal.protocol} ${lineInWords(proposal.fields)}`,
                      sample: proposal.sample,
                      frames: proposal.frames,
                    })}
                {proposal.because.map((why) => (
                  <small
                    key={`${why.code} ${JSON.stringify(why.params)}`}
                    className={`device-why ${why.tone === 'warn' ? 'device-doubt' : 'faint'}`}
                  >
                    {notice(why)}
                  </small>
                ))}
              </>
            ),
            run: () => take(proposal),
          })),
          ...(detecting || askMore === null
            ? []
            : [{ id: 'detect-all', label: notice(askMore), disabled: busy, run: () => detect(true) }]),
          ...(detecting
            ? []
            : [{ id: 'detect', label: text('ui.devices.detect'), disabled: busy, run: () => detect() }]),
          ...others,
        ]}
      />
    </>
  );
}

function lineInWords(fields: Readonly<Record<string, unknown>>): string {
  const { baud, dataBits, parity, stopBits, form } = fields;
  const name = typeof form === 'string' ? `(${form}) ` : '';
  if (typeof baud !== 'number') return name;
  const letter = parity === 'even' ? 'E' : parity === 'odd' ? 'O' : 'N';
  return `${name}${baud} ${typeof dataBits === 'number' ? dataBits : 8}${letter}${typeof stopBits === 'number' ? stopBits : 1}`;
}
