/** `packbench device decode --kind scale`: recorded bytes of a scale to readings, one JSON line each. */
import { readFileSync, statSync } from 'node:fs';
import { decodeHexForShow } from '../../../devices/scale/index.ts';
import type { RefusedFrame, ScaleReading } from '../../../domain/device.ts';
import { ScaleDefinition } from '../../../domain/scale-definition.ts';
import { scaleUnits } from '../../../domain/scale-units.ts';
import { describeIssue } from '../../../profile/profile.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions, type ReadOptions } from './options.ts';

/** A definition is a few hundred bytes. */
const maxDefinitionBytes = 64 * 1024;

export function runDecodeScale(args: readonly string[]): number {
  const options = readOptions(args, {
    kind: { type: 'string' },
    protocol: { type: 'string' },
    hex: { type: 'string' },
    json: { type: 'boolean' },
    unit: { type: 'string' },
    form: { type: 'string' },
    decimals: { type: 'string' },
    'equal-frames': { type: 'string' },
    definition: { type: 'string' },
  });
  const [protocol, hex] = [options.need('protocol'), options.need('hex')];
  const settings = {
    unit: unitOf(options),
    form: options.text('form'),
    decimals: options.whole('decimals', 0, 6),
    equalFrames: options.whole('equal-frames', 1, 50),
    definition: definitionOf(options, protocol),
  };
  const { frames, remarks } = orUsageError(() => decodeHexForShow(protocol, hex, settings));
  for (const remark of remarks) console.error(`packbench: ${remark}`);
  for (const frame of frames) console.log(JSON.stringify(scaleLine(frame)));
  return exitStatus.done;
}

/** A frame as it is printed: of a refused one its sentence, not the code behind it. */
function scaleLine(frame: ScaleReading | RefusedFrame): object {
  return 'error' in frame ? { error: frame.error, at: frame.at, raw: frame.raw } : frame;
}

function unitOf(options: ReadOptions): (typeof scaleUnits)[number] | undefined {
  const given = options.text('unit');
  const unit = scaleUnits.find((each) => each === given);
  if (given !== undefined && unit === undefined)
    throw new UsageError(`--unit ${given}: must be one of ${scaleUnits.join(', ')}`);
  return unit;
}

function definitionOf(options: ReadOptions, protocol: string): ScaleDefinition | undefined {
  const file = options.text('definition');
  if (file === undefined) {
    if (protocol !== 'user-defined') return undefined;
    throw new UsageError('--definition is missing: give a file with the "definition" of the scale, as in the profile');
  }
  const parsed = ScaleDefinition.safeParse(orUsageError(() => jsonOf(file)));
  if (!parsed.success) throw new UsageError(`--definition ${file}: ${describeIssue(parsed.error)}`);
  return parsed.data;
}

function jsonOf(file: string): unknown {
  if (statSync(file).size > maxDefinitionBytes) throw new Error(`${file} is larger than ${maxDefinitionBytes} bytes`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`${file} is not valid JSON`);
  }
}

function orUsageError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
}
