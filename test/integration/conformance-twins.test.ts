/**
 * Every call by name against its virtual vendor, over real sockets: a tampered signature and a missing field are
 * refused and have no effect. Titles are read by `npm run conformance`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSystemClock } from '../../main/host/shared/clock.ts';
import { createHttp } from '../../main/host/shared/http.ts';
import { createIds } from '../../main/host/shared/ids.ts';
import { createLineSwitch } from '../../main/host/shared/line.ts';
import type { HttpRequest } from '../../main/ports.ts';
import { createTrainingVendors, type TrainingVendors } from '../../main/training/vendors.ts';
import { createClockOffset } from '../../main/vendors/kit/clock-offset.ts';
import { checkParams } from '../../main/vendors/kit/named-calls.ts';
import type { NamedCall, Vendor } from '../../main/vendors/kit/vendor.ts';
import { vendorModules } from '../../main/vendors/registry.ts';
import { silentLog } from '../kit/ports.ts';

const dir = mkdtempSync(join(tmpdir(), 'packbench-twins-'));
const clock = createSystemClock();
const http = createHttp({ line: createLineSwitch(), clock });
const ids = createIds(clock);
let training: TrainingVendors;

beforeAll(async () => {
  training = await createTrainingVendors({ dir, clock, seed: 7, orders: 5, log: silentLog, processingMs: 0 });
});
afterAll(async () => {
  await training.stop();
  rmSync(dir, { recursive: true, force: true });
});

const twinOf = (id: string) => training.vendors.find((each) => each.id === id);

/** The vendor under the settings of training; HGE signs, so that every call of it carries a signature. */
function open(id: string): Vendor {
  const module = vendorModules.find((each) => each.manifest.id === id);
  const twin = twinOf(id);
  if (module === undefined || twin === undefined) throw new Error(`training has no ${id}`);
  const settings = Object.fromEntries(
    Object.entries({ ...twin.settings, ...(id === 'hge' ? { auth: 'signed' } : {}) }).map(([key, value]) => [
      key,
      typeof value === 'string' && value.startsWith('secret:') ? training.secrets.get(value.slice(7)) : value,
    ]),
  );
  const offset = createClockOffset({ initialMs: 0, onChange() {} });
  return module.create(module.settings.parse(settings), { http, clock, ids, log: silentLog, offset });
}

/** Another signature of the same form, wherever it stands: header, address or body. */
function tampered(request: HttpRequest, signature: string): HttpRequest {
  const first = signature[0] ?? '0';
  const other = (first === 'a' ? 'b' : 'a') + signature.slice(1);
  const swap = (text: string): string =>
    text.replaceAll(signature, other).replaceAll(encodeURIComponent(signature), encodeURIComponent(other));
  return {
    ...request,
    url: swap(request.url),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, swap(value)])),
    body: request.body === null ? null : new TextEncoder().encode(swap(new TextDecoder().decode(request.body))),
  };
}

/** The sample without the first field that the schema will not do without, or with one that no table has. */
function incomplete(named: NamedCall): unknown {
  const sample = named.sample as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(sample)) {
    const less = Object.fromEntries(Object.entries(sample).filter(([key]) => key !== name));
    if (!named.params.safeParse(less).success) return less;
  }
  return { ...sample, no_such_field: 1 };
}

describe.each(vendorModules.map((module) => [module.manifest.id, module] as const))('%s', (id, module) => {
  const shape = module.manifest.operations.filter((row) => row.evidence !== 'named');
  test.each(shape.map((row) => [row.name] as const))(`${id} · %s · twin`, async (name) => {
    expect(twinOf(id), `training has no ${id}`).toBeDefined();
    const vendor = open(id);
    const named = vendor.calls?.[name];
    if (named === undefined) throw new Error(`${id} has no call ${name}`);
    const effectsBefore = JSON.stringify(twinOf(id)?.effects());

    const send = async (request: HttpRequest, params: unknown): Promise<string> => {
      const answer = await http.send({ ...request, timeoutMs: 5_000 });
      if (answer.kind !== 'answer') return answer.kind;
      return answer.status === 200 ? named.parse(params, answer).kind : `HTTP ${answer.status}`;
    };
    const at = () => ({ vendorNow: clock.now(), token: null });

    // What is not signed (鸿讯's DWS report) has nothing to tamper with; a token is asked for by key and secret.
    const checked = checkParams(name, named, named.sample);
    if (!checked.ok) throw new Error(checked.refusal.message);
    const moment = at();
    const requestId = ids.next();
    const request = named.build(checked.params, moment, requestId);
    if ('refused' in request) throw new Error(request.message);
    const shown = vendor.describe?.({ operation: name, params: named.sample, requestId }, moment);
    const signature = shown !== undefined && 'signature' in shown ? shown.signature : null;
    if (signature !== null && name !== 'token') {
      expect(await send(tampered(request, signature), checked.params)).not.toBe('done');
    }

    // Past our own schema: the twin must refuse by itself.
    const params = incomplete(named);
    let bare: ReturnType<NamedCall['build']> | null;
    try {
      bare = named.build(params, at(), ids.next());
    } catch {
      bare = null;
    }
    const takesNothing = Object.keys(named.sample as object).length === 0;
    if (bare !== null && !('refused' in bare) && !takesNothing) expect(await send(bare, params)).not.toBe('done');
    expect(JSON.stringify(twinOf(id)?.effects())).toBe(effectsBefore);
  });
});
