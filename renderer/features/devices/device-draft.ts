/** A device on its way into the profile: pure changes of what the wizard holds. */
import type {
  ConfiguredDevice,
  DeviceKind,
  DeviceProposal,
  DevicesSnapshot,
  Notice,
  PluggedThing,
  ScaleProtocolFacts,
  SettingProblem,
} from '#contract';
import { valueAt, withValueAt, type Circumstances } from './settings/setting.ts';

export type WizardStep = 'choose' | 'detect' | 'settings' | 'test' | 'save' | 'saved';

export interface DeviceDraft {
  readonly step: WizardStep;
  readonly kind: DeviceKind;
  readonly link: string;
  /** The id of the device it takes the place of; null: a new one. */
  readonly replaces: string | null;
  readonly id: string;
  /** Fields of the profile beyond id and link. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What a person still has to say. */
  readonly needs: DeviceProposal['needs'];
  /** Further settings as somebody wrote them. */
  readonly more: string;
  /** What was typed and is no value yet, by the path of its setting. The value of before stands in `fields`. */
  readonly unread: Readonly<Record<string, Unread>>;
}

export interface Unread {
  readonly typed: string;
  readonly problem: Notice;
}

/** The wizard's order. A printer is tested with a label, once it is in the profile. */
export function stepsOf(kind: DeviceKind): readonly Exclude<WizardStep, 'saved'>[] {
  return kind === 'printer'
    ? ['choose', 'detect', 'settings', 'save']
    : ['choose', 'detect', 'settings', 'test', 'save'];
}

const usualNames: Readonly<Record<DeviceKind, string>> = {
  scale: 'bench',
  printer: 'label',
  dws: 'line1',
  scanner: 'scanner',
};

/** The usual name of a kind, with a number if it is taken. */
export function freeName(kind: DeviceKind, taken: readonly string[]): string {
  const usual = usualNames[kind];
  if (!taken.includes(usual)) return usual;
  for (let number = 2; ; number += 1) {
    const name = `${usual.replace(/\d+$/, '')}${number}`;
    if (!taken.includes(name)) return name;
  }
}

export function emptyDraft(configured: readonly ConfiguredDevice[]): DeviceDraft {
  return ofKind(
    { step: 'choose', kind: 'scale', link: '', replaces: null, id: '', fields: {}, needs: [], more: '', unread: {} },
    'scale',
    configured,
  );
}

/** The same draft for another kind, with a free name. The virtual stand-in's name is free. */
export function ofKind(draft: DeviceDraft, kind: DeviceKind, configured: readonly ConfiguredDevice[]): DeviceDraft {
  const taken = configured.filter((each) => each.kind === kind && !each.virtual).map(({ id }) => id);
  return { ...draft, kind, id: freeName(kind, taken), fields: {}, needs: [], unread: {} };
}

export function draftOfPlugged(thing: PluggedThing, configured: readonly ConfiguredDevice[]): DeviceDraft {
  const kind = thing.usage === 'other' ? 'scale' : thing.usage;
  return { ...ofKind(emptyDraft(configured), kind, configured), link: thing.uri };
}

/** A device of the profile to be changed. */
export function draftOfConfigured(device: ConfiguredDevice): DeviceDraft | null {
  if (device.written === null) return null;
  const { id: _id, link: _link, ...fields } = device.written;
  const { kind, id, link } = device;
  return { step: 'settings', kind, link, replaces: id, id, fields, needs: [], more: '', unread: {} };
}

/** Takes a proposal over; the unit is left for a person where the frames carry none. */
export function withProposal(draft: DeviceDraft, { fields, needs }: DeviceProposal): DeviceDraft {
  return { ...draft, fields: { ...fields }, needs, unread: {}, step: 'settings' };
}

/** One setting; undefined takes it out. Another protocol has other forms. */
export function withSetting(draft: DeviceDraft, path: readonly string[], value: unknown): DeviceDraft {
  const name = path.join('.');
  const { [name]: _read, ...unread } = draft.unread;
  const needs = draft.needs.filter((each) => each !== name || value === undefined);
  const fields = withValueAt(draft.fields, path, value);
  if (draft.kind === 'scale' && name === 'protocol') {
    // A field that is no longer there must not hold anybody up.
    return { ...draft, needs, unread: {}, fields: withValueAt(fields, ['form'], undefined) };
  }
  return { ...draft, needs, unread, fields };
}

/** What was typed for a setting and cannot be read. */
export function withUnread(draft: DeviceDraft, path: readonly string[], unread: Unread): DeviceDraft {
  return { ...draft, unread: { ...draft.unread, [path.join('.')]: unread } };
}

/** What the station says that matters for the settings of this draft. */
export function circumstancesOf(
  { kind, link, fields }: DeviceDraft,
  { protocols }: Pick<DevicesSnapshot, 'protocols'>,
): Circumstances {
  const named = fields['protocol'] ?? 'mt-sics';
  return {
    ...{ kind, link, fields },
    protocol: kind === 'scale' ? (protocols.scales.find(({ id }) => id === named) ?? null) : null,
    model: kind === 'printer' ? (protocols.printers.find(({ id }) => id === fields['model']) ?? null) : null,
  };
}

/** Settings of a scale that only some protocols take; the station refuses one that has no meaning. */
const ofSomeProtocols = ['unit', 'form', 'equalFrames', 'decimals', 'definition'];

/** Without what the chosen protocol does not take: it stays in the draft, should the old protocol be chosen again. */
function taken(fields: DeviceDraft['fields'], protocol: ScaleProtocolFacts | null): DeviceDraft['fields'] {
  if (protocol === null) return fields;
  const isTaken = (name: string): boolean => !ofSomeProtocols.includes(name) || protocol.settings.includes(name);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => isTaken(name)));
}

export type ReadDevice =
  { readonly ok: true; readonly device: Record<string, unknown> } | { readonly ok: false; readonly reason: string };

/** The device as it would stand in the profile, or why a setting or the further settings cannot be read. */
export function deviceOf(draft: DeviceDraft, protocol: ScaleProtocolFacts | null = null): ReadDevice {
  const [unread] = Object.keys(draft.unread);
  if (unread !== undefined) return { ok: false, reason: unread };
  const more = moreOf(draft);
  if (typeof more === 'string') return { ok: false, reason: more };
  const device = { id: draft.id, link: draft.link.trim(), ...taken(draft.fields, protocol), ...more };
  return { ok: true, device };
}

/** The further settings, or why they cannot be read. */
export function moreOf({ more }: Pick<DeviceDraft, 'more'>): Readonly<Record<string, unknown>> | string {
  if (more.trim() === '') return {};
  let read: unknown;
  try {
    read = JSON.parse(more);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return '{…}';
  return read as Readonly<Record<string, unknown>>;
}

/** What is wrong at a setting or inside of it: what was typed there first, then what the station says. */
export function problemAt(
  draft: DeviceDraft,
  problems: readonly SettingProblem[],
  path: readonly string[],
): Notice | null {
  const unread = draft.unread[path.join('.')];
  if (unread !== undefined) return unread.problem;
  return problems.find((each) => path.every((step, index) => each.path[index] === step))?.notice ?? null;
}

/** Whether something was said of a setting. */
export function isSaid(draft: DeviceDraft, path: readonly string[]): boolean {
  return draft.unread[path.join('.')] !== undefined || valueAt(draft.fields, path) !== undefined;
}
