/** `packbench vendor sign` and `vendor check`: what we would send, byte for byte, and what it rests on. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { JobCall } from '../../../domain/job.ts';
import type { EarlierResults, OperationName, ParcelFacts } from '../../../domain/shipping.ts';
import { describeIssue, resolveSecrets } from '../../../profile/profile.ts';
import { createClockOffset } from '../../../vendors/kit/clock-offset.ts';
import type { DescribedCall, Vendor } from '../../../vendors/kit/vendor.ts';
import { findVendor, vendorModules } from '../../../vendors/registry.ts';
import { defaultDataDir, readProfile } from '../../shared/data-dir.ts';
import { exitStatus, UsageError } from './exit.ts';
import { readOptions } from './options.ts';
import { makePorts } from './station-setup.ts';

export async function runVendor(args: readonly string[]): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'sign') return sign(rest);
  if (verb === 'check') return check(rest);
  throw new UsageError(`vendor ${verb ?? ''}: known are sign, check`);
}

const parcelOperations: readonly OperationName[] = ['placeOrder', 'confirm', 'fetchLabel', 'uploadTracking'];

/** Sends nothing. Secrets in the output are replaced. */
async function sign(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    profile: { type: 'string' },
    data: { type: 'string' },
    facts: { type: 'string' },
    'request-id': { type: 'string' },
    at: { type: 'string' },
    token: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [id, operation] = options.rest;
  if (id === undefined || operation === undefined) throw new UsageError('vendor sign needs VENDOR and OPERATION');
  const vendor = openVendor(id, options.text('profile'), options.text('data') ?? defaultDataDir());
  if (vendor.describe === undefined) throw new UsageError(`vendor ${id} has nothing to sign`);
  const requestId = options.text('request-id') ?? '00000000-0000-4000-8000-000000000001';
  const job = parcelOperations.find((name) => name === operation);
  const call: DescribedCall =
    job === undefined
      ? { operation, requestId }
      : { ...sampleCall(job, requestId), ...readFacts(options.text('facts')) };
  const described = vendor.describe(call, {
    vendorNow: options.whole('at', 0, Number.MAX_SAFE_INTEGER) ?? Date.now(),
    token: options.text('token') ?? '‹token›',
  });
  if ('refused' in described) throw new UsageError(`${id} ${operation}: ${described.code}: ${described.message}`);
  if (options.flag('json')) console.log(JSON.stringify(described));
  else {
    console.log(`${described.method} ${described.url}`);
    for (const [name, value] of Object.entries(described.headers)) console.log(`${name}: ${value}`);
    console.log(`\n${described.body}\n\nsigned text: ${described.signedText}`);
  }
  return Promise.resolve(exitStatus.done);
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
        const vendor = openVendor(manifest.id, options.text('profile'), dataDir);
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
        `  ${evidence.padEnd(11)}${name.padEnd(16)}${method.padEnd(5)}${path}  ${vendorName}${traits === null ? '' : `  [${traits.effect}]`}`,
      );
    }
  }
  if (options.flag('json')) console.log(JSON.stringify({ vendors: report }));
  return failed ? exitStatus.needsPerson : exitStatus.done;
}

/** The vendor as the profile sets it up; if the profile has no such vendor, with made-up settings that show the shape. */
function openVendor(id: string, profileFile: string | undefined, dataDir: string): Vendor {
  const module = findVendor(id);
  if (module === null) {
    throw new UsageError(`no vendor ${id}; known are ${vendorModules.map((each) => each.manifest.id).join(', ')}`);
  }
  const ports = makePorts(dataDir);
  const given = readProfile(profileFile, dataDir).vendors[id];
  const raw = given ?? sampleSettings[id] ?? {};
  const { settings, problem } = resolveSecrets(id, raw, given === undefined ? [] : module.secretFields, ports.secrets);
  if (problem !== null) throw new UsageError(`profile: ${problem}`);
  const parsed = module.settings.safeParse(settings);
  if (!parsed.success) throw new UsageError(`profile: ${describeIssue(parsed.error, `vendors.${id}`)}`);
  const offset = createClockOffset({ initialMs: 0, onChange: () => undefined });
  const { http, clock, ids, log } = ports;
  return module.create(parsed.data, { http, clock, ids, log, offset });
}

/** Only to show what a request looks like without a profile. */
const sampleSettings: Readonly<Record<string, Record<string, unknown>>> = {
  waiqin365: { baseUrl: 'https://openapi.waiqin365.com', openid: '0000000000000000000', appkey: 'SAMPLEAPPKEY000001' },
  hge: {
    baseUrl: 'https://test-oms.hanjinexp.com/openapi/customer/',
    apiKey: 'sample-key',
    apiSecret: 'sample-secret',
    auth: 'signed',
  },
  asiabill: { baseUrl: 'https://api-uat.asiabill.com/openApi', gatewayNo: '12345001', signKey: 'sample-sign-key' },
};

const sampleFacts: ParcelFacts = {
  parcelId: 'sample',
  orderNumber: 'DD201612090000001',
  reference: 'PBD01SAMPLE001',
  receiver: {
    name: 'Roken Chan',
    company: 'company',
    phone: '1 401-311-2522',
    email: 'receiver@example.com',
    country: 'US',
    state: 'CA',
    city: 'Los Angeles',
    postcode: '91700',
    line1: '150 addd',
    line2: '',
  },
  service: 'P10006',
  weightG: 1_250,
  lengthMm: null,
  widthMm: null,
  heightMm: null,
  items: [{ code: 'PD001', name: '商品1', quantity: '2', unitName: '箱', price: '10.00', gift: false }],
  remark: '',
};

function sampleCall(operation: OperationName, requestId: string): JobCall {
  const earlier: EarlierResults = {
    placeOrder: { vendorOrderNumber: 'HGE2507080000516', waybill: null },
    confirm: { waybill: '9200190000000000000000' },
  };
  return { operation, facts: sampleFacts, earlier, requestId, attempt: 1 };
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
