/** A vendor for the command line: from the profile, or from made-up settings, with values given on the command line. */
import { describeIssue, resolveSecrets } from '../../../profile/profile.ts';
import { createClockOffset } from '../../../vendors/kit/clock-offset.ts';
import type { Vendor } from '../../../vendors/kit/vendor.ts';
import { findVendor, vendorModules } from '../../../vendors/registry.ts';
import { readProfile } from '../../shared/data-dir.ts';
import { UsageError } from './exit.ts';
import { makePorts } from './station-setup.ts';
import { sampleSettings } from './vendor-samples.ts';

export interface VendorChoice {
  readonly id: string;
  readonly profileFile: string | undefined;
  readonly dataDir: string;
  /** `NAME=VALUE`: a secret by its profile name, or a settings field of the vendor. */
  readonly given?: readonly string[];
  /** True: the profile must name this vendor; made-up settings will not do. */
  readonly live?: boolean;
}

/**
 * The vendor as the profile sets it up; if the profile has no such vendor, with made-up settings that show the shape.
 * Throws UsageError with one line that never shows a value.
 */
export function openVendor(choice: VendorChoice): Vendor {
  const { id, profileFile, dataDir } = choice;
  const module = findVendor(id);
  if (module === null) {
    throw new UsageError(`no vendor ${id}; known are ${vendorModules.map((each) => each.manifest.id).join(', ')}`);
  }
  const given = new Map((choice.given ?? []).map((pair) => readPair(pair, id)));
  const ports = makePorts(dataDir);
  const profiled = readProfile(profileFile, dataDir).vendors[id];
  if (profiled === undefined && choice.live === true) {
    throw new UsageError(`the profile names no vendor ${id}: a live call needs its settings (--profile FILE)`);
  }
  const raw = profiled ?? sampleSettings[id] ?? {};
  const secrets = { get: (name: string) => given.get(name) ?? ports.secrets.get(name) };
  const fields = profiled === undefined ? [] : module.secretFields;
  const own = Object.fromEntries(Object.entries(raw).filter(([key]) => !given.has(key) && !given.has(`${id}.${key}`)));
  const { settings, problem } = resolveSecrets(id, own, fields, secrets);
  if (problem !== null) throw new UsageError(`profile: ${problem}`);
  const referenced = new Set(
    Object.values(own).flatMap((value) =>
      typeof value === 'string' && value.startsWith('secret:') ? [value.slice('secret:'.length)] : [],
    ),
  );
  for (const [name, value] of given) {
    if (!referenced.has(name)) settings[name.startsWith(`${id}.`) ? name.slice(id.length + 1) : name] = value;
  }
  const parsed = module.settings.safeParse(settings);
  if (!parsed.success) throw new UsageError(`profile: ${describeIssue(parsed.error, `vendors.${id}`)}`);
  const offset = createClockOffset({ initialMs: 0, onChange: () => undefined });
  const { http, clock, ids, log } = ports;
  return module.create(parsed.data, { http, clock, ids, log, offset });
}

function readPair(pair: string, id: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError('--secret: write NAME=VALUE, for example appkey=… or ' + `${id}.appkey=…`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}
