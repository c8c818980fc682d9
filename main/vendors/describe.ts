/** What the command line shows of vendors without sending anything. */
import type { Http } from '../ports.ts';
import { issueLine } from './kit/outside.ts';
import type {
  BuildRefusal,
  DescribedCall,
  OperationManifest,
  RequestDescription,
  SigningMoment,
  VendorModule,
} from './kit/vendor.ts';
import { vendorModules } from './registry.ts';

/**
 * The exact request of one call, signed for `at`, with secrets replaced; a refusal if the settings or the call break a
 * documented limit. `settings` is the vendor's part of the profile with its secrets looked up.
 */
export function describeRequest(
  module: VendorModule,
  settings: unknown,
  call: DescribedCall,
  at: SigningMoment,
): RequestDescription | BuildRefusal {
  const parsed = module.settings.safeParse(settings);
  if (!parsed.success) return { refused: true, code: 'settings', message: `settings: ${issueLine(parsed.error)}` };
  const silent = (): void => {};
  const noHttp: Http = {
    send: () => Promise.resolve({ kind: 'not-sent', reason: 'line-down', message: 'requests are only shown here' }),
  };
  const vendor = module.create(parsed.data, {
    http: noHttp,
    clock: { now: () => at.vendorNow, monotonic: () => 0, after: () => ({ cancel: silent }) },
    ids: { next: () => call.requestId },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    offset: { ms: 0, observe: silent },
  });
  const described = vendor.describe?.(call, at);
  if (described !== undefined) return described;
  return { refused: true, code: 'unsupported', message: `${module.manifest.id} cannot show its requests` };
}

/** Every operation of every vendor, in registry order. */
export function listOperations(): readonly (OperationManifest & { readonly vendor: string })[] {
  return vendorModules.flatMap(({ manifest }) =>
    manifest.operations.map((operation) => ({ vendor: manifest.id, ...operation })),
  );
}
