/**
 * A protocol that the profile defines (`ScaleDefinition` in the domain): request, frame, pattern and what its texts mean.
 * Stable is what the state field says; without one, what came several times in a row.
 */
import type { ScaleDecoder, ScaleProtocol } from '../../domain/device.ts';
import { frameProblem, type FrameProblem } from '../../domain/frame-problems.ts';
import type { ScaleDefinition } from '../../domain/scale-definition.ts';
import { matchScalePattern } from '../../domain/scale-pattern.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import type { ScaleUnit } from '../../domain/scale-units.ts';
import { beyond, latin1, reading, refuse, type ScaleItem } from './kit/frame.ts';
import { createHeadDecoder } from './kit/heads.ts';
import { createLineDecoder } from './kit/lines.ts';
import { createEqualFrames, type EqualFrames } from './kit/steady.ts';
import { pointed, signedNumber, toGrams, unitMissing, unitRefused, unpadded } from './kit/units.ts';

export const userDefined: ScaleProtocol = {
  id: 'user-defined',
  makes: 'any, by its definition in the profile',
  poll: null,
  forms: [
    {
      id: 'definition',
      layout: 'as defined',
      carriesUnit: true,
      saysStable: true,
      poll: null,
      standing: 'general knowledge',
    },
  ],
  serial: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  settings: ['definition', 'unit', 'decimals', 'equalFrames'],
  firstIsStale: false,
  source: 'the profile',
  standing: 'general knowledge',
  decoder(settings = {}) {
    const { definition } = settings;
    return definition === undefined
      ? createLineDecoder((line, at) => refuse(frameProblem('defined-none'), line, at))
      : createUserDefined(definition, settings);
  },
};

/** Without bytes to begin with, a frame is all that stands between two ends: its tail alone is none. */
function createUserDefined(definition: ScaleDefinition, settings: ScaleSettings): ScaleDecoder {
  const equal = createEqualFrames(settings.equalFrames);
  const start = definition.start ?? [];
  const end = definition.end ?? [];
  const textOf = (frame: Uint8Array): string => latin1(frame.subarray(start.length, frame.length - end.length));

  function measure(head: Uint8Array): number | null {
    for (const [index, byte] of start.entries()) if (index < head.length && head[index] !== byte) return 0;
    if (definition.length !== undefined) return definition.length;
    // What begins a frame does not occur inside one: the frame before lost its end.
    const tail = head.subarray(-start.length);
    if (head.length > start.length && start.every((byte, index) => tail[index] === byte)) return 0;
    // At least one character stands between start and end.
    if (head.length <= start.length + end.length) return null;
    return end.every((byte, index) => head[head.length - end.length + index] === byte) ? head.length : null;
  }

  function broken(frame: Uint8Array): FrameProblem | null {
    if (definition.length !== undefined && frame.length !== definition.length) return frameProblem('defined-length');
    if (!end.every((byte, index) => frame[frame.length - end.length + index] === byte))
      return frameProblem('defined-end');
    const fields = matchScalePattern(definition.pattern, textOf(frame));
    return fields === null ? frameProblem('defined-pattern') : null;
  }

  function read(frame: Uint8Array, at: number): ScaleItem {
    const item = readFields(frame, textOf(frame), definition, settings, equal, at);
    if ('error' in item || item.overload || item.underload) equal.broken();
    return item;
  }

  function checked(frame: Uint8Array): FrameProblem | null {
    const error = broken(frame);
    if (error !== null) equal.broken();
    return error;
  }

  if (start.length === 0) {
    return createLineDecoder(
      (line, at) => {
        const error = checked(line);
        return error === null ? read(line, at) : refuse(error, line, at);
      },
      { end, maxBytes: definition.maxBytes },
    );
  }

  return createHeadDecoder({
    maxBytes: definition.length ?? definition.maxBytes,
    starts: (byte) => byte === start[0],
    measure,
    broken: checked,
    read,
  });
}

function readFields(
  frame: Uint8Array,
  text: string,
  definition: ScaleDefinition,
  settings: ScaleSettings,
  equal: EqualFrames,
  at: number,
): ScaleItem {
  const fields = matchScalePattern(definition.pattern, text) ?? {};
  const state = meaning(definition.states, fields.state);
  const mode = meaning(definition.modes, fields.mode);
  const sign = meaning(definition.signs, fields.sign);
  for (const [name, found] of Object.entries({ state, mode, sign })) {
    if (found === undefined) return refuse(frameProblem('defined-meaning', { field: `{${name}}` }), frame, at);
  }
  const net = mode === 'net';
  if (state === 'error') return refuse(frameProblem('reports-error'), frame, at);
  if (state === 'overload' || state === 'underload') return beyond(frame, at, state, net);
  const unit = unitOf(definition, settings, fields.unit);
  if (typeof unit === 'object') return refuse(unit.error, frame, at);
  const number = numberOf(fields.weight ?? '', sign === 'minus', settings.decimals);
  const grams = number === null ? null : toGrams(number, unit);
  if (number === null || grams === null)
    return refuse(frameProblem('defined-number', { field: '{weight}' }), frame, at);
  const stable = fields.state === undefined ? equal.see(`${number} ${unit} ${net}`, at) : state === 'stable';
  return reading(frame, at, { grams, stable, net });
}

/** What a field's text means: null if there is no such field, undefined if the text is not listed. */
function meaning<T>(map: Readonly<Record<string, T>>, text: string | undefined): T | null | undefined {
  if (text === undefined) return null;
  if (Object.hasOwn(map, text)) return map[text];
  const trimmed = unpadded(text);
  return Object.hasOwn(map, trimmed) ? map[trimmed] : undefined;
}

function unitOf(
  { units }: ScaleDefinition,
  { unit: given }: ScaleSettings,
  text: string | undefined,
): ScaleUnit | { readonly error: FrameProblem } {
  if (text === undefined) return given ?? { error: unitMissing };
  return meaning(units, text) ?? { error: unitRefused(unpadded(text), Object.keys(units)) };
}

function numberOf(field: string, minus: boolean, decimals: number | undefined): string | null {
  const number = signedNumber(unpadded(field));
  if (number === null) return null;
  // Two signs that say different things: neither is believed.
  if (minus && number.startsWith('-')) return null;
  const digits = number.replace('-', '');
  const value = decimals === undefined || digits.includes('.') ? digits : pointed(digits, decimals);
  return minus || number.startsWith('-') ? `-${value}` : value;
}
