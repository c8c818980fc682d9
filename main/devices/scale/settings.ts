/** What the profile's settings of a scale mean for its protocol. Pure. */
import type { ScaleForm, ScaleProtocol, ScaleSettingName } from '../../domain/device.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';

const userDefinedId = 'user-defined';
const adamId = 'adam';

/** The form these settings choose; the protocol's usual one if they choose none. Throws a one-line Error if it has none of that name. */
export function scaleForm(protocol: ScaleProtocol, settings: ScaleSettings = {}): ScaleForm {
  const form = protocol.forms.find(({ id }) => settings.form === undefined || id === settings.form);
  if (form !== undefined) return form;
  const known = protocol.forms.map(({ id }) => id).join(', ');
  throw new Error(`form "${settings.form ?? ''}" is none of ${protocol.id}; its forms are ${known}`);
}

/** What to write to ask for a reading under these settings, or null if the scale sends by itself. */
export function scalePoll(protocol: ScaleProtocol, settings: ScaleSettings = {}): Uint8Array | null {
  if (settings.definition !== undefined) {
    return settings.definition.request === undefined ? null : Uint8Array.from(settings.definition.request);
  }
  return scaleForm(protocol, settings).poll;
}

/** True if the scale says each weight a single time and the profile takes that one frame (`equalFrames` 1). */
export function saysOnce(protocol: ScaleProtocol, settings: ScaleSettings = {}): boolean {
  return scaleForm(protocol, settings).saysOnce === true && settings.equalFrames === 1;
}

/** What keeps a desk from using a protocol with some settings. */
export interface ScaleSettingProblem {
  /** The setting it is about. */
  readonly setting: ScaleSettingName;
  /** `not-used`: the protocol has no such setting. `needed`: it is missing. `wrong`: it cannot be this. */
  readonly what: 'not-used' | 'needed' | 'wrong';
  /** One line that says what to write. */
  readonly message: string;
}

/** One line that says what to write, or null if the settings will do. */
export function scaleProblem(protocol: ScaleProtocol, settings: ScaleSettings): string | null {
  return scaleSettingProblem(protocol, settings)?.message ?? null;
}

/**
 * The first thing that keeps a desk from using this protocol with these settings, or null. A unit that frames do not carry
 * has to be given: it is never guessed.
 */
export function scaleSettingProblem(protocol: ScaleProtocol, settings: ScaleSettings): ScaleSettingProblem | null {
  const { id } = protocol;
  for (const setting of ['unit', 'form', 'equalFrames', 'decimals', 'definition'] as const) {
    if (settings[setting] !== undefined && !protocol.settings.includes(setting)) {
      return { setting, what: 'not-used', message: `"${setting}" is not used by protocol ${id}; remove it` };
    }
  }
  let form: ScaleForm;
  try {
    form = scaleForm(protocol, settings);
  } catch (error) {
    return { setting: 'form', what: 'wrong', message: error instanceof Error ? error.message : String(error) };
  }
  const { definition } = settings;
  if (id === userDefinedId && definition === undefined) {
    const message = `protocol ${id} needs "definition"; see docs/scales.md for an example`;
    return { setting: 'definition', what: 'needed', message };
  }
  const fields = definition?.pattern.map((part) => (part.kind === 'field' ? part.name : '')) ?? null;
  const carriesUnit = fields === null ? form.carriesUnit : fields.includes('unit');
  if (!carriesUnit && settings.unit === undefined) {
    const message = `frames of protocol ${id} carry no unit; write "unit": the unit the scale is set to, such as "kg"`;
    return { setting: 'unit', what: 'needed', message };
  }
  if (form.needsDecimals === true && settings.decimals === undefined) {
    const message = `form ${form.id} of ${id} leaves the point out; write "decimals": how many digits stand behind it`;
    return { setting: 'decimals', what: 'needed', message };
  }
  // One frame proves nothing where an XOR is all that protects it; AZExtra never sends a second one.
  if (settings.equalFrames === 1 && id !== adamId && id !== userDefinedId) {
    const message = `"equalFrames" of ${id} must be 2 or more: one frame says neither that it is stable nor that it is whole`;
    return { setting: 'equalFrames', what: 'wrong', message };
  }
  return null;
}
