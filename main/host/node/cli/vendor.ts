/** `packbench vendor sign`, `vendor call`, `vendor check`: what we would send, byte for byte; one live call; what it rests on. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { JobCall } from '../../../domain/job.ts';
import type { OperationName } from '../../../domain/shipping.ts';
import { describeIssue } from '../../../profile/profile.ts';
import type { DescribedCall, Vendor } from '../../../vendors/kit/vendor.ts';
import { vendorModules } from '../../../vendors/registry.ts';
import { defaultDataDir, readProfile } from '../../shared/data-dir.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';
import { call } from './vendor-call.ts';
import { operationNamed, readInstant, readParams, readParamsBytes } from './vendor-params.ts';
import { sampleCall, sampleFacts } from './vendor-samples.ts';
import { openVendor } from './vendor-setup.ts';

export async function runVendor(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'sign') return sign(rest);
  if (verb === 'call') return call(rest);
  if (verb === 'check') return check(rest);
  throw new UsageError(`vendor ${verb ?? ''}: known are sign, call, check`);
}

/** Sends nothing. Secrets in the output are replaced; the signature is the real one. */
function sign(args: readonly string[]): number {
  const options = readOptions(args, {
    profile: { type: 'string' },
    data: { type: 'string' },
    operation: { type: 'string' },
    params: { type: 'string' },
    secret: { type: 'string', multiple: true },
    facts: { type: 'string' },
    'request-id': { type: 'string' },
    at: { type: 'string' },
    token: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [id, positional] = options.rest;
  const operation = options.text('operation') ?? positional;
  if (id === undefined || operation === undefined) throw new UsageError('vendor sign needs VENDOR and OPERATION');
  const vendor = openVendor({
    id,
    profileFile: options.text('profile'),
    dataDir: options.text('data') ?? defaultDataDir(),
    given: options.list('secret'),
  });
  if (vendor.describe === undefined) throw new UsageError(`vendor ${id} has nothing to sign`);
  const at = options.text('at');
  const described = vendor.describe(
    describedCall(vendor, operation, {
      requestId: options.text('request-id') ?? '00000000-0000-4000-8000-000000000001',
      params: options.text('params'),
      facts: options.text('facts'),
    }),
    {
      vendorNow: at === undefined ? Date.now() : readInstant(at),
      token: options.text('token') ?? '‹token›',
    },
  );
  if ('refused' in described) throw new UsageError(`${id} ${operation}: ${described.code}: ${described.message}`);
  if (options.flag('json')) console.log(JSON.stringify(described));
  else {
    console.log(`${described.method} ${described.url}`);
    for (const [name, value] of Object.entries(described.headers)) console.log(`${name}: ${value}`);
    console.log(`\n${described.body}\n\nsigned text: ${described.signedText}`);
    console.log(`signature: ${described.signature ?? 'none'}`);
  }
  return exitStatus.done;
}

/**
 * With `--params` a call by name, or, for a path that is no known operation (`organization/v1/addOrganization`), the
 * exact bytes of the file. Without, the job of a sample parcel, or the call's own sample.
 */
function describedCall(
  vendor: Vendor,
  operation: string,
  given: { requestId: string; params: string | undefined; facts: string | undefined },
): DescribedCall {
  const { requestId, params, facts } = given;
  const name = operationNamed(vendor, operation);
  if (params !== undefined) {
    if (name !== null) return { operation: name, params: readParams(params), requestId };
    if (operation.includes('/')) return { operation, rawBody: readParamsBytes(params), requestId };
    return { operation, requestId };
  }
  if (Object.hasOwn(vendor.operations, operation)) {
    return { ...sampleCall(vendor.manifest.id, operation as OperationName, requestId), ...readFacts(facts) };
  }
  return { operation: name ?? operation, requestId };
}

/** Lists every operation with its evidence; with a profile also makes one harmless live call per vendor in it. */
async function check(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    profile: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean' },
  });
  const dataDir = options.text('data') ?? defaultDataDir();
  const profile = readProfile(options.text('profile'), dataDir);
  const report: unknown[] = [];
  let failed = false;
  for (const { manifest } of vendorModules) {
    let live: string | null = null;
    if (profile.vendors[manifest.id] !== undefined) {
      try {
        const vendor = openVendor({ id: manifest.id, profileFile: options.text('profile'), dataDir });
        live = vendor.check === undefined ? 'no call without an effect' : await vendor.check().then(() => 'answers');
      } catch (error) {
        failed = true;
        live = error instanceof Error ? error.message : String(error);
      }
    }
    report.push({ id: manifest.id, name: manifest.name, live, operations: manifest.operations });
    if (options.flag('json')) continue;
    console.log(
      `${manifest.id}  ${manifest.name.zh} / ${manifest.name.en}${live === null ? '  (not in the profile)' : `  live: ${live}`}`,
    );
    for (const { name, vendorName, method, path, evidence, traits } of manifest.operations) {
      console.log(
        `  ${evidence.padEnd(11)}${name.padEnd(24)}${method.padEnd(5)}${path}  ${vendorName}${traits === null ? '' : `  [${traits.effect}]`}`,
      );
    }
  }
  if (options.flag('json')) console.log(JSON.stringify({ vendors: report }));
  return failed ? exitStatus.needsPerson : exitStatus.done;
}

const CallFile = z.object({
  facts: z.record(z.string(), z.unknown()).optional(),
  earlier: z.record(z.string(), z.unknown()).optional(),
});

/** `--facts FILE`: JSON `{ facts?, earlier? }`, laid over the sample. */
function readFacts(file: string | undefined): Partial<Pick<JobCall, 'facts' | 'earlier'>> {
  if (file === undefined) return {};
  if (!existsSync(file)) throw new UsageError(`--facts ${file}: no such file`);
  const parsed = CallFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new UsageError(`--facts ${file}: ${describeIssue(parsed.error)}`);
  const { facts, earlier } = parsed.data;
  return {
    ...(facts === undefined ? {} : { facts: { ...sampleFacts, ...facts } }),
    ...(earlier === undefined ? {} : { earlier }),
  };
}
