/** One setting as a field: its name, the control of its kind, what it is for, and what is wrong with it. */
import { useId, type ReactNode } from 'react';
import type { Notice, TopicSnapshot } from '#contract';
import { useNoticeText, useText } from '../../state/locale.ts';
import { withSetting, withUnread, type DeviceDraft } from './device-draft.ts';
import { useValueName, type ControlProps } from './setting-kit.ts';
import { SettingRows } from './setting-rows.tsx';
import { TextSetting } from './setting-typed.tsx';
import { formOf, plainText, usualOf, valueAt, type Circumstances, type Setting } from './settings/setting.ts';

export interface SettingProps {
  readonly setting: Setting;
  readonly draft: DeviceDraft;
  readonly devices: TopicSnapshot<'devices'>;
  readonly circumstances: Circumstances;
  readonly problem: Notice | null;
  /** It was said, and means nothing with what else is chosen. */
  readonly idle: boolean;
  readonly onChange: (draft: DeviceDraft) => void;
}

export function SettingField(props: SettingProps): ReactNode {
  const { setting, draft, circumstances, problem, idle, onChange } = props;
  const text = useText();
  const notice = useNoticeText();
  const id = useId();
  const { value: kind, path } = setting;
  const name = text(`ui.setting.${setting.words}`);
  const needed = isNeeded(setting, draft, circumstances);
  const common = {
    ...{ id, name, stored: valueAt(draft.fields, path), usual: usualOf(setting, circumstances) },
    testId: `devices-${path.join('-')}`,
    describedBy: `${id}-how ${id}-problem`,
    wrong: problem !== null,
    onValue: (value: unknown) => onChange(withSetting(draft, path, value)),
  };
  const onUnread = (typed: string, why: Notice): void => onChange(withUnread(draft, path, { typed, problem: why }));
  const unread = draft.unread[path.join('.')]?.typed ?? null;
  return (
    <div
      className="device-field"
      data-wide={setting.wide === true}
      data-wrong={problem !== null}
      data-setting={path.join('.')}
    >
      <label htmlFor={id}>
        {name}
        {needed ? <b className="device-needed"> *</b> : null}
      </label>
      {kind.kind === 'choice' || kind.kind === 'switch' ? (
        <ChoiceSetting {...common} kind={kind} devices={props.devices} circumstances={circumstances} ownId={draft.id} />
      ) : kind.kind === 'several' ? (
        <SeveralSetting {...common} kind={kind} />
      ) : kind.kind === 'table' || kind.kind === 'texts' ? (
        <SettingRows {...common} kind={kind} onUnread={onUnread} />
      ) : (
        <TextSetting {...common} kind={kind} unread={unread} onUnread={onUnread} />
      )}
      <small className="faint" id={`${id}-how`}>
        {idle ? <b>{text('ui.setting.idle')} </b> : null}
        {text(`ui.setting.${setting.words}.how`)}
      </small>
      {problem === null ? null : (
        <small className="device-problem" role="alert" id={`${id}-problem`} data-testid={`${common.testId}-problem`}>
          {notice(problem)}
        </small>
      )}
    </div>
  );
}

/** What a person has to say before the device can be used. */
function isNeeded({ path, words }: Setting, draft: DeviceDraft, circumstances: Circumstances): boolean {
  const [name = ''] = path;
  if (words === 'scale.definition.pattern' || words === 'dws.weightUnit' || words === 'dws.lengthUnit') return true;
  if (draft.needs.some((each) => each === name)) return true;
  const form = circumstances.kind === 'scale' ? formOf(circumstances) : null;
  if (name === 'unit') return form?.carriesUnit === false;
  return name === 'decimals' && form?.needsDecimals === true;
}

type Option = readonly [value: string | number | boolean, label: string];

function ChoiceSetting(
  props: ControlProps<'choice' | 'switch'> & {
    readonly devices: TopicSnapshot<'devices'>;
    readonly circumstances: Circumstances;
    readonly ownId: string;
  },
): ReactNode {
  const { kind, stored, usual } = props;
  const text = useText();
  const named = useValueName();
  const options =
    kind.kind === 'switch'
      ? ([true, false] as const).map((value) => [value, named(value)] as const)
      : choices(props, named);
  // What stands in the profile stays choosable although this list does not have it.
  const all: readonly Option[] =
    stored === undefined || options.some(([value]) => value === stored)
      ? options
      : [[stored as Option[0], text('ui.setting.other', { value: plainText(stored) })], ...options];
  const usualName = options.find(([value]) => value === usual)?.[1] ?? (usual === undefined ? '' : named(usual));
  return (
    <select
      id={props.id}
      value={plainText(stored)}
      onChange={({ target }) => props.onValue(all.find(([value]) => plainText(value) === target.value)?.[0])}
      aria-describedby={props.describedBy}
      aria-invalid={props.wrong}
      data-testid={props.testId}
    >
      <option value="">
        {usualName === '' ? text('ui.setting.unsaid') : text('ui.setting.usual', { value: usualName })}
      </option>
      {all.map(([value, label]) => (
        <option key={plainText(value)} value={plainText(value)}>
          {label}
        </option>
      ))}
    </select>
  );
}

function choices(
  { kind, devices, circumstances, ownId }: Parameters<typeof ChoiceSetting>[0],
  named: (value: unknown) => string,
): readonly Option[] {
  if (kind.kind !== 'choice' || kind.from === undefined) {
    return kind.kind === 'choice' ? kind.options.map((value) => [value, named(value)]) : [];
  }
  const { protocols, configured } = devices;
  if (kind.from === 'models') return protocols.printers.map(({ id, name }) => [id, name]);
  if (kind.from === 'printers') {
    return configured
      .filter((each) => each.kind === 'printer' && !each.virtual && each.id !== ownId)
      .map(({ id }) => [id, id]);
  }
  if (kind.from === 'forms') {
    const remark = ` — ${named('general-knowledge')}`;
    return (circumstances.protocol?.forms ?? []).map(({ id, layout, documented }) => [
      id,
      `${id}:  ${layout}${documented ? '' : remark}`,
    ]);
  }
  if (circumstances.kind === 'dws') return protocols.dws.map((id) => [id, id]);
  return protocols.scale.map((id) => {
    const makes = protocols.scales.find((each) => each.id === id)?.makes;
    return [id, makes === undefined ? id : `${id}:  ${makes}`];
  });
}

function SeveralSetting({ id, kind, name, stored, usual, testId, onValue }: ControlProps<'several'>): ReactNode {
  const named = useValueName();
  const given = Array.isArray(stored) ? (stored as readonly unknown[]) : null;
  const chosen = given ?? (Array.isArray(usual) ? (usual as readonly unknown[]) : []);
  const all = [...kind.options, ...chosen.map(String).filter((each) => !kind.options.includes(each))];
  const toggle = (option: string): void => {
    const next = all.filter((each) => (each === option ? !chosen.includes(each) : chosen.includes(each)));
    onValue(next.length === 0 ? undefined : next);
  };
  return (
    <div id={id} className="device-several" role="group" aria-label={name} data-testid={testId}>
      {all.map((option) => (
        <label key={option}>
          <input
            type="checkbox"
            checked={chosen.includes(option)}
            onChange={() => toggle(option)}
            data-testid={`${testId}-${option}`}
          />{' '}
          {named(option)}
        </label>
      ))}
    </div>
  );
}
