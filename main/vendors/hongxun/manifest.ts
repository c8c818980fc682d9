/** What 鸿讯 offers us, and how sure we are of each. */
import type { OperationTraits } from '../../domain/job.ts';
import type { OperationManifest, VendorManifest } from '../kit/vendor.ts';
import { operationNames, operationRows, type HongxunOperation } from './operations.ts';
import type { Settings } from './settings.ts';

export interface ManifestChoices {
  readonly inFlightMs: number;
  readonly paths: Partial<Record<HongxunOperation, string | undefined>>;
  readonly pushesMayRepeat: boolean;
  readonly signImagesVia: Settings['signImagesVia'];
}

/** The manifest with what a profile may have changed. */
export function manifestWith(choices: ManifestChoices): VendorManifest {
  const { inFlightMs } = choices;
  // A measurement said twice is the same measurement: same number, same figures, nothing is counted.
  const report: OperationTraits = { effect: 'safe', inFlightMs, keyWindowMs: null };
  // A route, a signature or a picture joins a list that people read. No page says that a repeat is merged, and the
  // answers of the route query are in none, so the vendor cannot be asked: a person decides, unless the profile says
  // that 鸿讯 merges repeats.
  const push: OperationTraits = { effect: choices.pushesMayRepeat ? 'safe' : 'unsafe', inFlightMs, keyWindowMs: null };
  const traitsOf: Partial<Record<HongxunOperation, OperationTraits>> = {
    reportParcel: report,
    pushRoute: push,
    pushSignInfo: push,
    pushSignImages: push,
  };
  return {
    id: 'hongxun',
    name: { zh: '鸿讯', en: 'Hongxun' },
    operations: operationNames.map((name): OperationManifest => {
      const source = name === 'pushSignImages' && choices.signImagesVia === 'carrier' ? 'pushCarrierSignImages' : name;
      const { vendorName, path, evidence, source: words } = operationRows[source];
      return {
        name,
        vendorName,
        method: 'POST',
        path: choices.paths[name] ?? choices.paths[source] ?? path,
        evidence,
        source: words,
        traits: traitsOf[name] ?? null,
      };
    }),
  };
}

export const manifest: VendorManifest = manifestWith({
  inFlightMs: 30_000,
  paths: {},
  pushesMayRepeat: false,
  signImagesVia: 'customer',
});
