/** The vendors of this desk: from the profile where it names them, from training where it does not. */
import type { Notice } from '../../preload/contract/index.ts';
import type { Courier, EffectClass, OperationTraits } from '../domain/job.ts';
import type { OperationName } from '../domain/shipping.ts';
import { labelVerified, type PlannedJob } from '../desk/sealing.ts';
import type { Ports } from '../ports.ts';
import { describeIssue, ProfileError, resolveSecrets, type Profile } from '../profile/profile.ts';
import type { Store } from '../store/store.ts';
import { createClockOffset } from '../vendors/kit/clock-offset.ts';
import type { Vendor, VendorModule } from '../vendors/kit/vendor.ts';
import { vendorModules } from '../vendors/registry.ts';

export interface VendorEntry {
  readonly id: string;
  readonly module: VendorModule;
  /** Null if the vendor cannot be reached because something is missing; `problem` says what. */
  readonly vendor: Vendor | null;
  readonly virtual: boolean;
  /** At least one operation's shape is our assumption. */
  readonly assumed: boolean;
  readonly problem: Notice | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Settings and secrets of a virtual vendor, in the form the profile would have. */
export interface TrainingSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** The ids of the vendors the profile leaves to training. */
export function vendorsLeftToTraining(profile: Profile): string[] {
  return vendorModules.map((module) => module.manifest.id).filter((id) => profile.vendors[id] === undefined);
}

/** Throws ProfileError if the profile names an unknown vendor or gives one a wrong setting. */
export function buildVendors(options: {
  profile: Profile;
  ports: Ports;
  store: Store;
  training: ReadonlyMap<string, TrainingSettings>;
}): VendorEntry[] {
  const { profile, ports, store, training } = options;
  const known = vendorModules.map((module) => module.manifest.id);
  for (const id of Object.keys(profile.vendors)) {
    if (!known.includes(id)) {
      throw new ProfileError(`profile: vendors.${id}: no such vendor in this version; known are ${known.join(', ')}`);
    }
  }
  return vendorModules.map((module) => buildVendor(module, profile, ports, store, training));
}

function buildVendor(
  module: VendorModule,
  profile: Profile,
  ports: Ports,
  store: Store,
  training: ReadonlyMap<string, TrainingSettings>,
): VendorEntry {
  const { id } = module.manifest;
  const given = profile.vendors[id];
  const virtual = given === undefined;
  const twin = training.get(id);
  const raw = given ?? twin?.settings ?? {};
  const secrets = virtual ? { get: (name: string) => twin?.secrets[name] } : ports.secrets;
  const entry = {
    id,
    module,
    virtual,
    assumed: module.manifest.operations.some((operation) => operation.evidence === 'assumed'),
    settings: raw,
  };
  const { settings, problem } = resolveSecrets(id, raw, module.secretFields, secrets);
  if (problem !== null) {
    return { ...entry, vendor: null, problem: { code: 'profile.problem', tone: 'warn', params: { reason: problem } } };
  }
  const parsed = module.settings.safeParse(settings);
  if (!parsed.success) throw new ProfileError(`profile: ${describeIssue(parsed.error, `vendors.${id}`)}`);
  const offsetKey = `vendor.${id}.clockOffsetMs`;
  const offset = createClockOffset({
    initialMs: Number(store.values.get(offsetKey) ?? 0),
    onChange: (ms) => {
      store.values.set(offsetKey, String(ms));
    },
  });
  const { http, clock, ids, log } = ports;
  return { ...entry, vendor: module.create(parsed.data, { http, clock, ids, log, offset }), problem: null };
}

/** The outbox's way to the vendors. A vendor that is not set up sends nothing and says why. */
export function createCourier(entries: readonly VendorEntry[]): Courier {
  const find = (id: string): VendorEntry | undefined => entries.find((entry) => entry.id === id);
  const notSetUp = (id: string): string =>
    String(find(id)?.problem?.params['reason'] ?? `vendor ${id} is not known to this version`);
  return {
    traits: (id, operation) => traitsOf(find(id), operation),
    async send(id, call) {
      const vendor = find(id)?.vendor ?? null;
      if (vendor === null) return { kind: 'not-sent', code: 'not-set-up', message: notSetUp(id) };
      return vendor.send(call);
    },
    async reconcile(id, call) {
      const vendor = find(id)?.vendor ?? null;
      if (vendor === null) return { kind: 'unsure', code: 'not-set-up', message: notSetUp(id) };
      return vendor.reconcile(call);
    },
  };
}

function traitsOf(entry: VendorEntry | undefined, operation: OperationName): OperationTraits | null {
  // A vendor's own manifest carries the times and paths its profile changed.
  const manifest = entry?.vendor?.manifest ?? entry?.module.manifest;
  const found = manifest?.operations.find((each) => each.name === operation);
  return found?.traits ?? null;
}

const carrierSteps: readonly OperationName[] = ['placeOrder', 'confirm', 'fetchLabel'];

/**
 * The jobs a parcel of this carrier causes: its carrier steps in order, then one upload at every vendor that takes
 * tracking numbers. The uploads wait until the printed label was scanned. Null if this vendor ships nothing.
 */
export function planJobs(entries: readonly VendorEntry[], carrier: string): PlannedJob[] | null {
  const plan = (entry: VendorEntry, operation: OperationName, heldBy: string | null): PlannedJob[] => {
    const effect: EffectClass | undefined = traitsOf(entry, operation)?.effect;
    return effect === undefined ? [] : [{ vendor: entry.id, operation, effect, heldBy }];
  };
  const entry = entries.find((each) => each.id === carrier);
  if (entry === undefined || traitsOf(entry, 'placeOrder') === null || traitsOf(entry, 'fetchLabel') === null)
    return null;
  return [
    ...carrierSteps.flatMap((operation) => plan(entry, operation, null)),
    ...entries.flatMap((each) => plan(each, 'uploadTracking', labelVerified)),
  ];
}
