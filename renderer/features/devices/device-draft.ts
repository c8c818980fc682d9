/** A device on its way into the profile: pure changes of what the wizard holds. */
import type { ConfiguredDevice, DeviceKind, DeviceProposal, PluggedThing } from '#contract';

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
}

/** The wizard's order. Kinds whose talk is not detected go from choosing straight to the settings. */
export function stepsOf(kind: DeviceKind): readonly Exclude<WizardStep, 'saved'>[] {
  if (kind === 'scale') return ['choose', 'detect', 'settings', 'test', 'save'];
  return kind === 'printer' ? ['choose', 'settings', 'save'] : ['choose', 'settings', 'test', 'save'];
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
    { step: 'choose', kind: 'scale', link: '', replaces: null, id: '', fields: {}, needs: [], more: '' },
    'scale',
    configured,
  );
}

/** The same draft for another kind, with a free name. The virtual stand-in's name is free. */
export function ofKind(draft: DeviceDraft, kind: DeviceKind, configured: readonly ConfiguredDevice[]): DeviceDraft {
  const taken = configured.filter((each) => each.kind === kind && !each.virtual).map(({ id }) => id);
  const fields = kind === 'printer' ? { language: 'zpl', dpi: 203, media: '100x150mm' } : {};
  return { ...draft, kind, id: freeName(kind, taken), fields, needs: [] };
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
  return { step: 'settings', kind, link, replaces: id, id, fields, needs: [], more: '' };
}

/** Takes a proposal over; the unit is left for a person where the frames carry none. */
export function withProposal(draft: DeviceDraft, { fields, needs }: DeviceProposal): DeviceDraft {
  return { ...draft, fields: { ...fields }, needs, step: 'settings' };
}

/** One field; an empty value takes it out. */
export function withField(draft: DeviceDraft, name: string, value: unknown): DeviceDraft {
  const { [name]: _before, ...rest } = draft.fields;
  const needs = draft.needs.filter((each) => each !== name || value === '');
  return { ...draft, needs, fields: value === '' ? rest : { ...rest, [name]: value } };
}

/** The device as it would stand in the profile, or why the further settings cannot be read. */
export function deviceOf(
  draft: DeviceDraft,
): { readonly ok: true; readonly device: Record<string, unknown> } | { readonly ok: false; readonly reason: string } {
  let more: unknown = {};
  try {
    if (draft.more.trim() !== '') more = JSON.parse(draft.more);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
  if (typeof more !== 'object' || more === null || Array.isArray(more)) return { ok: false, reason: '{…}' };
  return { ok: true, device: { id: draft.id, link: draft.link.trim(), ...draft.fields, ...more } };
}
