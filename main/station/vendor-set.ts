/** The vendors of this desk: from the profile where it names them, from training where it does not. */
import type { Notice } from '../../preload/contract/index.ts';
import type { Courier, EffectClass, OperationTraits } from '../domain/job.ts';
import { deliveryReports, dispatchReports, labelSteps } from '../domain/lanes.ts';
import { documentOperations } from '../domain/shipping.ts';
import type { DocumentOperation, OperationName, ParcelFacts } from '../domain/shipping.ts';
import { labelVerified, type PlannedJob } from '../desk/sealing.ts';
import type { TrackedVendor } from '../desk/tracking.ts';
import type { Ports } from '../ports.ts';
import { describeIssue, ProfileError, resolveSecrets, type Profile } from '../profile/profile.ts';
import type { Store } from '../store/store.ts';
import { createClockOffset } from '../vendors/kit/clock-offset.ts';
import type { OwnLabel, Vendor, VendorModule } from '../vendors/kit/vendor.ts';
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
  /** What this vendor wants to hear of a parcel, by its settings. Absent is nothing. */
  readonly reports?: readonly OperationName[] | undefined;
  /** The vendor's clock minus ours, as its answers show. */
  readonly aheadMs?: (() => number) | undefined;
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
  // A vendor that the profile leaves out and training cannot play is not at this desk.
  const present = vendorModules.filter(({ manifest: { id } }) => profile.vendors[id] !== undefined || training.has(id));
  return present.map((module) => buildVendor(module, profile, ports, store, training));
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
    assumed: module.manifest.operations.some(
      (operation) => operation.evidence === 'assumed' || operation.evidence === 'named',
    ),
    settings: raw,
  };
  const { settings, problem } = resolveSecrets(id, raw, module.secretFields, secrets);
  if (problem !== null) {
    // The parcel is told of once the secret is there, so what will be told is planned now.
    const unresolved = module.settings.safeParse(raw);
    const reports = unresolved.success ? module.plans?.(unresolved.data) : undefined;
    return {
      ...entry,
      reports: reports ?? ['uploadTracking'],
      vendor: null,
      problem: { code: 'profile.problem', tone: 'warn', params: { reason: problem } },
    };
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
  const vendor = module.create(parsed.data, { http, clock, ids, log, offset });
  const reports = module.plans?.(parsed.data) ?? (Object.keys(vendor.operations) as OperationName[]);
  return { ...entry, vendor, reports, problem: null, aheadMs: () => offset.ms };
}

/** The outbox's way to the vendors. A vendor that is not set up sends nothing and says why. */
export function createCourier(entries: readonly VendorEntry[]): Courier {
  const find = (id: string): VendorEntry | undefined => entries.find((entry) => entry.id === id);
  const notSetUp = (id: string): string =>
    String(find(id)?.problem?.params['reason'] ?? `vendor ${id} is not known to this version`);
  return {
    traits: (id, operation) => traitsOf(find(id), operation),
    aheadMs: (id) => find(id)?.aheadMs?.() ?? null,
    async send(id, request) {
      const vendor = find(id)?.vendor ?? null;
      if (vendor === null) return { kind: 'not-sent', code: 'not-set-up', message: notSetUp(id) };
      if (request.facts !== null) return vendor.send(request);
      const document = vendor.documents?.[request.operation];
      if (document === undefined) {
        return { kind: 'rejected', code: 'unsupported', message: `${id} has no operation ${request.operation}` };
      }
      return document.send(request);
    },
    async reconcile(id, request) {
      const vendor = find(id)?.vendor ?? null;
      if (vendor === null) return { kind: 'unsure', code: 'not-set-up', message: notSetUp(id) };
      if (request.facts !== null) return vendor.reconcile(request);
      const document = vendor.documents?.[request.operation];
      if (document?.reconcile === undefined) {
        return { kind: 'unsure', code: 'cannot-ask', message: `${id} cannot be asked about ${request.operation}` };
      }
      return document.reconcile(request);
    },
  };
}

function traitsOf(
  entry: VendorEntry | undefined,
  operation: OperationName | DocumentOperation,
): OperationTraits | null {
  // A vendor's own manifest carries the times and paths its profile changed.
  const manifest = entry?.vendor?.manifest ?? entry?.module.manifest;
  const found = manifest?.operations.find((each) => each.name === operation);
  return found?.traits ?? null;
}

function planFor(entry: VendorEntry, operation: OperationName, heldBy: string | null): PlannedJob[] {
  const effect: EffectClass | undefined = traitsOf(entry, operation)?.effect;
  return effect === undefined ? [] : [{ vendor: entry.id, operation, effect, heldBy }];
}

/** What the vendors that ask for them are told, in order. */
function planReports(
  entries: readonly VendorEntry[],
  reports: readonly OperationName[],
  heldBy: string | null,
): PlannedJob[] {
  return entries.flatMap((entry) =>
    reports
      .filter((report) => entry.reports?.includes(report) === true)
      .flatMap((report) => planFor(entry, report, heldBy)),
  );
}

/**
 * The jobs a parcel of this carrier causes: its carrier steps in order, then what each vendor is told of a shipped
 * parcel, which waits until the printed label was scanned. Null if this vendor ships nothing.
 */
export function planJobs(entries: readonly VendorEntry[], carrier: string): PlannedJob[] | null {
  const entry = entries.find((each) => each.id === carrier);
  if (entry === undefined || traitsOf(entry, 'placeOrder') === null) return null;
  if (traitsOf(entry, 'fetchLabel') === null && !drawsOwnLabel(entries, carrier)) return null;
  return [
    ...labelSteps.flatMap((operation) => planFor(entry, operation, null)),
    ...planReports(entries, dispatchReports, labelVerified),
  ];
}

/**
 * What this carrier can be told of big bags and hand-overs, each with its effect. Empty if it takes none of it: then a
 * bag is ours alone.
 */
export function documentEffects(
  entries: readonly VendorEntry[],
  carrier: string,
): Partial<Record<DocumentOperation, EffectClass>> {
  const entry = entries.find((each) => each.id === carrier);
  const effects: Partial<Record<DocumentOperation, EffectClass>> = {};
  for (const operation of documentOperations) {
    const effect = traitsOf(entry, operation)?.effect;
    // Set up or not: what is decided now is sent once it is.
    if (effect !== undefined) effects[operation] = effect;
  }
  return effects;
}

/** True if this carrier gives no label, so that the desk draws its own as soon as there is a waybill. */
export function drawsOwnLabel(entries: readonly VendorEntry[], carrier: string): boolean {
  return entries.find((entry) => entry.id === carrier)?.module.manifest.ownLabel === true;
}

/** What the carrier wants on the label the desk draws; null if it is not set up or gives its own. */
export function ownLabelFor(entries: readonly VendorEntry[], carrier: string, facts: ParcelFacts): OwnLabel | null {
  return entries.find((entry) => entry.id === carrier)?.vendor?.ownLabel?.(facts) ?? null;
}

/** The jobs a delivery causes. */
export function planOnward(entries: readonly VendorEntry[]): PlannedJob[] {
  return planReports(entries, deliveryReports, null);
}

/** The vendors that can be asked where a parcel is. `perMinute` holds for those whose settings say nothing of it. */
export function trackedVendors(entries: readonly VendorEntry[], perMinute: number): TrackedVendor[] {
  return entries.flatMap(({ id, vendor, settings }) => {
    const track = vendor?.track;
    if (vendor === null || track === undefined) return [];
    const own = settings['trackPerMinute'];
    const { proof } = vendor;
    return [
      {
        id,
        track: (questions) => track.call(vendor, questions),
        ...(proof === undefined ? {} : { proof: (question) => proof.call(vendor, question) }),
        atOnce: vendor.trackAtOnce ?? 1,
        perMinute: typeof own === 'number' && own >= 1 ? Math.floor(own) : perMinute,
      },
    ];
  });
}
