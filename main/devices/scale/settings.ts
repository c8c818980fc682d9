/** What the profile's settings of a scale mean for its protocol. Pure. */
import type { ScaleForm, ScaleProtocol } from '../../domain/device.ts';
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

/**
 * What keeps a desk from using this protocol with these settings, as one line that says what to write, or null. A unit
 * that frames do not carry has to be given: it is never guessed.
 */
export function scaleProblem(protocol: ScaleProtocol, settings: ScaleSettings): string | null {
  const { id } = protocol;
  for (const name of ['unit', 'form', 'equalFrames', 'decimals', 'definition'] as const) {
    if (settings[name] !== undefined && !protocol.settings.includes(name)) {
      return `"${name}" is not used by protocol ${id}; remove it`;
    }
  }
  let form: ScaleForm;
  try {
    form = scaleForm(protocol, settings);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { definition } = settings;
  if (id === userDefinedId && definition === undefined) {
    return `protocol ${id} needs "definition"; see docs/scales.md for an example`;
  }
  const fields = definition?.pattern.map((part) => (part.kind === 'field' ? part.name : '')) ?? null;
  const carriesUnit = fields === null ? form.carriesUnit : fields.includes('unit');
  if (!carriesUnit && settings.unit === undefined) {
    return `frames of protocol ${id} carry no unit; write "unit": the unit the scale is set to, such as "kg"`;
  }
  if (form.needsDecimals === true && settings.decimals === undefined) {
    return `form ${form.id} of ${id} leaves the point out; write "decimals": how many digits stand behind it`;
  }
  // One frame proves nothing where an XOR is all that protects it; AZExtra never sends a second one.
  if (settings.equalFrames === 1 && id !== adamId && id !== userDefinedId) {
    return `"equalFrames" of ${id} must be 2 or more: one frame says neither that it is stable nor that it is whole`;
  }
  return null;
}
