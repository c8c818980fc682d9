/** The settings of one device as fields, in sections, drawn from their descriptions; the station judges them. */
import { useState, type ReactNode } from 'react';
import type { DeviceKind, SettingProblem, TopicSnapshot } from '#contract';
import { useNoticeText, useText } from '../../state/locale.ts';
import { circumstancesOf, isSaid, moreOf, problemAt, type DeviceDraft } from './device-draft.ts';
import { SettingField } from './setting-field.tsx';
import { deviceSections } from './settings/index.ts';
import { applies, type Circumstances, type Section, type Setting } from './settings/setting.ts';

interface FieldsProps {
  readonly draft: DeviceDraft;
  readonly devices: TopicSnapshot<'devices'>;
  /** What the station says of the draft. */
  readonly problems: readonly SettingProblem[];
  readonly onChange: (draft: DeviceDraft) => void;
}

export function DeviceFields(props: FieldsProps): ReactNode {
  const { draft, devices, problems } = props;
  const notice = useNoticeText();
  const circumstances = circumstancesOf(draft, devices);
  const sections = deviceSections[draft.kind]
    .map((section) => ({
      section,
      shown: section.settings.filter((setting) => isShown(setting, draft, circumstances)),
    }))
    .filter(({ shown }) => shown.length > 0);
  const places = sections.flatMap(({ shown }) => shown.map(({ path }) => path));
  const loose = problems.filter(({ path }) => !places.some((place) => place.every((step, at) => path[at] === step)));
  return (
    <div className="device-sections">
      {sections.map(({ section, shown }) => (
        <FieldSection key={section.id} {...props} section={section} shown={shown} circumstances={circumstances} />
      ))}
      {loose.map(({ path, notice: said }) => (
        <p key={path.join('.')} className="device-problem" role="alert" data-testid="devices-loose-problem">
          {path.join('.')} {notice(said)}
        </p>
      ))}
      <More draft={draft} onChange={props.onChange} />
    </div>
  );
}

/** What applies; and what was said although it does not, so that it can be taken out. */
function isShown(setting: Setting, draft: DeviceDraft, circumstances: Circumstances): boolean {
  if (applies(setting, circumstances)) return true;
  // What the protocol of a scale does not take is not saved.
  const taken = setting.where?.taken;
  const isKept = taken === undefined || circumstances.protocol?.settings.includes(taken) !== false;
  return isKept && isSaid(draft, setting.path);
}

function FieldSection(
  props: FieldsProps & {
    readonly section: Section;
    readonly shown: readonly Setting[];
    readonly circumstances: Circumstances;
  },
): ReactNode {
  const { section, shown, circumstances, draft, problems, devices, onChange } = props;
  const text = useText();
  const said = shown.some(({ path }) => isSaid(draft, path));
  const [open, setOpen] = useState(said || !section.folded);
  const wrong = shown.some(({ path }) => problemAt(draft, problems, path) !== null);
  const isOpen = open || wrong;
  const fields = (
    <div className="device-fields">
      {isOpen
        ? shown.map((setting) => (
            <SettingField
              key={setting.words}
              {...{ setting, draft, devices, circumstances, onChange }}
              problem={problemAt(draft, problems, setting.path)}
              idle={!applies(setting, circumstances)}
            />
          ))
        : null}
    </div>
  );
  const title = text(`ui.setting.section.${section.id}`);
  if (!section.folded) {
    return (
      <fieldset className="device-section" data-testid={`devices-section-${section.id}`}>
        <legend>{title}</legend>
        {fields}
      </fieldset>
    );
  }
  return (
    <details
      className="device-section"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      data-testid={`devices-section-${section.id}`}
    >
      <summary>{title}</summary>
      {fields}
    </details>
  );
}

/** What has no field: as JSON, and what of it stands in the profile already. */
function More({ draft, onChange }: Pick<FieldsProps, 'draft' | 'onChange'>): ReactNode {
  const text = useText();
  const more = moreOf(draft);
  const known = knownNames(draft.kind);
  const kept = Object.fromEntries(Object.entries(draft.fields).filter(([name]) => !known.has(name)));
  return (
    <details className="device-section" open={draft.more !== ''}>
      <summary>{text('ui.devices.more')}</summary>
      <label className="device-field" data-wide="true">
        <small className="faint">{text('ui.devices.more-how')}</small>
        {Object.keys(kept).length === 0 ? null : <code>{JSON.stringify(kept)}</code>}
        <textarea
          rows={2}
          value={draft.more}
          spellCheck={false}
          aria-label={text('ui.devices.more')}
          onChange={(event) => onChange({ ...draft, more: event.target.value })}
          data-testid="devices-more"
        />
        {typeof more === 'string' ? (
          <small className="device-problem">{text('ui.devices.more-wrong', { reason: more })}</small>
        ) : null}
      </label>
    </details>
  );
}

function knownNames(kind: DeviceKind): ReadonlySet<string | undefined> {
  return new Set(deviceSections[kind].flatMap(({ settings }) => settings.map(({ path }) => path[0])));
}
