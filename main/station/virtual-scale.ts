/** What a virtual scale has to speak so that a desk's entry reads it, and the scales a person in training may choose from. */
import { scaleProtocols } from '../devices/scale/index.ts';
import { scaleForm, scalePoll } from '../devices/scale/settings.ts';
import type { ScaleForm, ScaleProtocol } from '../domain/device.ts';
import { parseScale, type ScaleProfile } from '../profile/profile.ts';
import { scaleVoices } from '../training/scale-frames/index.ts';
import type { ShownUnit } from '../training/scale-frames/index.ts';
import type { SpokenProtocol } from '../training/scale.ts';

/** The link of a device in the profile that is to be played. */
export const virtualLink = 'virtual';

const shownUnits: readonly string[] = ['g', 'kg', 'lb', 'oz'] satisfies ShownUnit[];
const isShownUnit = (unit: string): unit is ShownUnit => shownUnits.includes(unit);

/** Throws a one-line Error that names the protocol or unit that no virtual scale has. */
export function spokenFor(entry: ScaleProfile): SpokenProtocol {
  const protocol = Object.hasOwn(scaleProtocols, entry.protocol) ? scaleProtocols[entry.protocol] : undefined;
  const form = protocol === undefined ? null : scaleForm(protocol, entry);
  const voice = protocol === undefined || form === null ? null : voiceName(protocol, form);
  if (protocol === undefined || voice === null || !hasVoice(voice)) {
    throw new Error(`a virtual scale cannot speak ${entry.protocol}; write another protocol of docs/scales.md`);
  }
  const { unit, decimals } = entry;
  if (unit !== undefined && !isShownUnit(unit)) {
    throw new Error(`a virtual scale cannot be set to ${unit}; write g, kg, lb or oz`);
  }
  const streams = entry.ask === false || scalePoll(protocol, entry) === null;
  return { ...voice, unit, decimals, streams };
}

const hasVoice = ({ protocol, form }: { protocol: string; form: string | null }): boolean =>
  scaleVoices.some((each) => each.protocol === protocol && each.form === form);

/** The usual form has no name among the voices. KERN's continuous output is Toledo's, without check (FTC manual p. 42). */
function voiceName({ id, forms }: ScaleProtocol, form: ScaleForm): { protocol: string; form: string | null } {
  if (id === 'kern' && form.id === 'continuous') return { protocol: 'toledo-continuous', form: 'plain' };
  // The decoder finds out whether a check is sent; sending one is the safer of both.
  if (id === 'toledo-continuous' && form.id !== 'plain') return { protocol: id, form: null };
  return { protocol: id, form: form === forms[0] ? null : form.id };
}

/** A scale a person in training may put on the desk. `id` is its protocol, and its form where that is not the usual one. */
export interface VirtualScaleChoice {
  readonly id: string;
  readonly entry: ScaleProfile;
}

/**
 * User-defined protocols are described by a profile, and by nothing else.
 */
export const virtualScaleChoices: readonly VirtualScaleChoice[] = Object.values(scaleProtocols).flatMap((protocol) =>
  protocol.forms.flatMap((form) => {
    const isUsual = form === protocol.forms[0];
    if (!hasVoice(voiceName(protocol, form))) return [];
    return [{ id: isUsual ? protocol.id : `${protocol.id}/${form.id}`, entry: entryOf(protocol, form, isUsual) }];
  }),
);

function entryOf(protocol: ScaleProtocol, form: ScaleForm, isUsual: boolean): ScaleProfile {
  return parseScale({
    id: 'bench',
    link: virtualLink,
    protocol: protocol.id,
    ...(isUsual ? {} : { form: form.id }),
    ...(form.carriesUnit ? {} : { unit: 'kg' }),
    ...(form.needsDecimals === true ? { decimals: 3 } : {}),
    ...(form.saysOnce === true ? { equalFrames: 1 } : {}),
  });
}
