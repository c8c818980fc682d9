/** How `packbench device` is told what to decode. */
import { frameDecoder, readKinds, type ReadKind, type ReadSettings } from '../../../desk/devices/frame-decoder.ts';
import { UsageError } from './exit.ts';
import type { ReadOptions } from './options.ts';

export const readSettingNames = {
  kind: { type: 'string' },
  protocol: { type: 'string' },
  set: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

/**
 * The device to be read, from `--kind`, `--protocol` and any `--set FIELD=VALUE` of the profile. Throws UsageError if it is
 * not known. `usual` stands in for what is not given.
 */
export function readSettings(
  options: ReadOptions,
  usual: { readonly kind: string | null; readonly protocol: string | null } = { kind: null, protocol: null },
): ReadSettings {
  const kind = options.text('kind') ?? usual.kind ?? options.need('kind');
  if (!isReadKind(kind)) throw new UsageError(`--kind ${kind}: known are ${readKinds.join(', ')}`);
  const protocol = options.text('protocol') ?? usual.protocol ?? options.need('protocol');
  const settings = { kind, protocol, fields: fieldsOf(options.list('set')) };
  try {
    frameDecoder(settings);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  return settings;
}

function isReadKind(kind: string): kind is ReadKind {
  return (readKinds as readonly string[]).includes(kind);
}

/** `unit=kg` and `decimals=2`: numbers and JSON as such, everything else as text. */
function fieldsOf(given: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const one of given) {
    const [, name, value = ''] = /^([A-Za-z][A-Za-z0-9]{0,39})=(.{0,10000})$/s.exec(one) ?? [];
    if (name === undefined) throw new UsageError(`--set ${one.slice(0, 60)}: write FIELD=VALUE, for example unit=kg`);
    try {
      fields[name] = JSON.parse(value);
    } catch {
      fields[name] = value;
    }
  }
  return fields;
}
