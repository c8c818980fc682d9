/** What every vendor folder must hold to, whichever vendor it is. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpAnswer, HttpOutcome, HttpRequest } from '../ports.ts';
import type { SendOutcome } from '../domain/job.ts';
import { conformanceCase as ane } from './ane/conformance-case.ts';
import { conformanceCase as asiabill } from './asiabill/conformance-case.ts';
import { describeRequest } from './describe.ts';
import { conformanceCase as hge } from './hge/conformance-case.ts';
import { conformanceCase as hongxun } from './hongxun/conformance-case.ts';
import { answerOf, scriptedPorts, testNow, type ConformanceCase } from './kit/testing.ts';
import type { CodeClass, Vendor, VendorModule } from './kit/vendor.ts';
import { findVendor, vendorModules } from './registry.ts';
import { conformanceCase as waiqin365 } from './waiqin365/conformance-case.ts';

const cases = new Map([waiqin365, hge, asiabill, hongxun, ane].map((each) => [each.vendor, each]));
const kindOf: Readonly<Record<CodeClass, SendOutcome['kind'] | null>> = {
  done: null,
  rejected: 'rejected',
  auth: 'auth',
  skew: 'skew',
  throttle: 'throttled',
  transient: 'transient',
  unknown: 'unknown',
};

function setUp(
  module: VendorModule,
  own: ConformanceCase,
  respond: (request: HttpRequest) => HttpOutcome,
  settings: unknown = own.settings,
) {
  const ports = scriptedPorts((request) => own.aside(request) ?? respond(request));
  const vendor: Vendor = module.create(module.settings.parse(settings), ports);
  return { ports, vendor };
}

test('every registered vendor has a conformance case, and ids are unique', () => {
  const ids = vendorModules.map((module) => module.manifest.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...cases.keys()].sort()).toEqual([...ids].sort());
  expect(ids.map((id) => findVendor(id)?.manifest.id)).toEqual(ids);
  expect(findVendor('toString')).toBeNull();
});

describe.each(vendorModules.map((module) => [module.manifest.id, module] as const))('%s', (id, module) => {
  const own = cases.get(id);
  if (own === undefined) throw new Error(`no conformance case for ${id}`);
  const { manifest } = module;

  test('the manifest is complete, unique, and fits what the folder implements', () => {
    const names = manifest.operations.map((operation) => operation.name);
    expect(new Set(names).size).toBe(names.length);
    for (const operation of manifest.operations) {
      expect(operation.source).not.toBe('');
      expect(operation.vendorName).not.toBe('');
      if (operation.traits?.effect === 'keyed') expect(operation.traits.keyWindowMs).toBeGreaterThan(0);
      if (operation.evidence === 'documented') expect(operation.source).toContain('document');
    }
    const { vendor } = setUp(module, own, () => answerOf(''));
    const withTraits = manifest.operations.filter((operation) => operation.traits !== null);
    const jobs: Readonly<Record<string, { readonly reconcile?: unknown }>> = {
      ...vendor.operations,
      ...vendor.documents,
    };
    expect(Object.keys(jobs).sort()).toEqual(withTraits.map((operation) => operation.name).sort());
    expect(names.includes('pullOrders')).toBe(vendor.pullOrders !== undefined);
    for (const { name, traits } of withTraits) {
      if (traits?.effect === 'checkable') expect(jobs[name]?.reconcile).toBeDefined();
    }
  });

  test('the README lists the operations of the manifest, and nothing else', () => {
    const readme = readFileSync(new URL(`./${id}/README.md`, import.meta.url), 'utf8');
    const rows = readme
      .split('\n')
      .filter((line) => /^\|.*\| (?:documented|public|assumed|named)\s*\|$/.test(line))
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    expect(rows).toEqual(
      manifest.operations.map(({ name, vendorName, method, path, evidence }) => [
        name,
        vendorName,
        method,
        path,
        evidence,
      ]),
    );
  });

  test('settings are strict, and name what is wrong without showing a secret', () => {
    expect(module.settings.safeParse({ ...own.settings, surprise: 1 }).success).toBe(false);
    for (const field of ['baseUrl', ...module.secretFields]) {
      const parsed = module.settings.safeParse({ ...own.settings, [field]: ' not\u0000valid ' });
      expect(parsed.success).toBe(false);
      const message = parsed.success ? '' : JSON.stringify(parsed.error.issues);
      expect(message).toContain(field);
      expect(own.secrets.some((secret) => message.includes(secret))).toBe(false);
    }
  });

  test('a base address may end in a slash or not, and with only an origin gets the documented path', () => {
    const settings = own.settings as { baseUrl: string };
    const origin = new URL(settings.baseUrl).origin;
    const urlFor = (baseUrl: string): string => {
      const operation = own.operations[0]?.call ?? { operation: 'pullOrders', requestId: 'r1' };
      const described = describeRequest(module, { ...settings, baseUrl }, operation, {
        vendorNow: testNow,
        token: 't',
      });
      if ('refused' in described) throw new Error(described.message);
      return described.url;
    };
    expect(urlFor(`${origin}/`)).toBe(urlFor(origin));
    expect(urlFor(`${origin}/own/path/`)).toBe(urlFor(`${origin}/own/path`));
    expect(urlFor(`${origin}/own/path`).startsWith(`${origin}/own/path/`)).toBe(true);
    expect(urlFor(`${origin}/own/path//`)).not.toContain('path//');
  });

  for (const { call, success, mayBeDone } of own.operations) {
    describe(call.operation, () => {
      const run = async (answer: HttpOutcome, settings: unknown = own.settings) => {
        const { ports, vendor } = setUp(module, own, () => answer, settings);
        const outcome = await vendor.send(call);
        const shown = JSON.stringify([outcome.kind === 'done' ? 'done' : outcome, ports.logged]);
        for (const secret of own.secrets) expect(shown).not.toContain(secret);
        return outcome;
      };

      test.each([own.settings, ...own.variants])(
        'is built, signed, sent and understood under settings %#',
        async (settings) => {
          expect((await run(answerOf(success), settings)).kind).toBe('done');
        },
      );

      test('is built the same twice, and shown without secrets', () => {
        for (const settings of [own.settings, ...own.variants]) {
          const { vendor } = setUp(module, own, () => answerOf(''), settings);
          const at = { vendorNow: testNow, token: own.secrets.at(-1) ?? 'token' };
          const operation = vendor.operations[call.operation];
          expect(operation?.build(call, at)).toEqual(operation?.build(call, at));
          const described = describeRequest(module, settings, call, at);
          expect(described).toHaveProperty('signedText');
          for (const secret of own.secrets) expect(JSON.stringify(described)).not.toContain(secret);
        }
      });

      test.each(module.codes)('code $code is taken as $class', async ({ code, class: codeClass }) => {
        const outcome = await run(answerOf(own.answerWithCode(code)));
        const expected = kindOf[codeClass];
        if (expected !== null) expect(outcome.kind).toBe(expected);
      });

      test.each(module.codes)('code $code with nothing else is taken as $class, and never as done', async (row) => {
        const outcome = await run(answerOf(own.bareAnswer(row.code)));
        if (row.class === 'done') expect(outcome.kind).not.toBe('done');
        else expect(outcome.kind).toBe(kindOf[row.class]);
      });

      const listed = new Set(module.codes.map((row) => row.code));
      test.each(['987654', '-1', '1000'].filter((code) => !listed.has(code)))(
        'unlisted code %s is unknown',
        async (code) => {
          expect((await run(answerOf(own.answerWithCode(code)))).kind).toBe('unknown');
        },
      );

      const full = new TextEncoder().encode(JSON.stringify(success));
      const never: readonly (readonly [string, HttpAnswer, SendOutcome['kind'] | null])[] = [
        ['HTML', answerOf('<!doctype html><html><body>login</body></html>'), null],
        ['garbage', answerOf(new Uint8Array([0xff, 0xfe, 0x00, 0x80, 0x7b])), null],
        ['nothing', answerOf(''), null],
        ['null', answerOf('null'), 'unknown'],
        ['a list', answerOf('[]'), 'unknown'],
        ['half an answer', answerOf(full.subarray(0, Math.floor(full.byteLength / 2))), 'unknown'],
        ['all but one byte', answerOf(full.subarray(0, full.byteLength - 1)), 'unknown'],
        ['deep nesting', answerOf(`${'['.repeat(5000)}${']'.repeat(5000)}`), 'unknown'],
        ['success with HTTP 500', answerOf(success, { status: 500 }), 'unknown'],
        ['success with HTTP 302', answerOf(success, { status: 302 }), 'unknown'],
        ['success with HTTP 404', answerOf(success, { status: 404 }), 'rejected'],
        ['HTTP 401', answerOf(success, { status: 401 }), 'auth'],
        ['HTTP 429', answerOf(success, { status: 429, headers: { 'retry-after': '3' } }), 'throttled'],
      ];
      test.each(never)('%s is never done', async (_name, answer, kind) => {
        const outcome = await run(answer);
        expect(outcome.kind).not.toBe('done');
        if (kind !== null) expect(outcome.kind).toBe(kind);
        if (outcome.kind === 'throttled') expect(outcome.retryAfterMs).toBe(3_000);
      });

      test('no answer is unknown; nothing sent is not-sent', async () => {
        expect((await run({ kind: 'no-answer', reason: 'reset', message: 'cut' })).kind).toBe('unknown');
        const { ports, vendor } = setUp(module, { ...own, aside: () => null }, () => ({
          kind: 'not-sent',
          reason: 'connect',
          message: 'refused',
        }));
        expect((await vendor.send(call)).kind).toBe('not-sent');
        expect(ports.sent.length).toBe(1);
      });

      test('a vendor that echoes a secret does not get it shown', async () => {
        const echo = JSON.stringify(own.answerWithCode('987654')).replaceAll(
          '""',
          JSON.stringify(own.secrets.join(' ')),
        );
        expect((await run(answerOf(echo))).kind).toBe('unknown');
      });

      test('whatever is answered, nothing crashes and nothing is wrongly done', async () => {
        const status = fc.constantFrom(200, 200, 200, 200, 201, 204, 301, 400, 403, 404, 409, 418, 429, 500, 503);
        const near = fc
          .tuple(fc.jsonValue(), fc.constantFrom(...keysOf(success)), fc.jsonValue())
          .map(([base, key, value]) => ({ ...(success as object), extra: base, [key]: value }));
        const body = fc.oneof(
          fc.jsonValue().map((value) => JSON.stringify(value)),
          near.map((value) => JSON.stringify(value)),
          fc.string(),
          fc.uint8Array({ maxLength: 200 }),
        );
        const operation = setUp(module, own, () => answerOf('')).vendor.operations[call.operation];
        if (operation === undefined) throw new Error('not implemented');
        await fc.assert(
          fc.asyncProperty(body, status, async (bytes, code) => {
            const answer = answerOf(bytes, { status: code });
            expect(() => operation.parse(call, answer)).not.toThrow();
            const { vendor } = setUp(module, own, () => answer);
            const outcome = await vendor.send(call);
            if (outcome.kind !== 'done') return;
            expect(code).toBeLessThan(300);
            const text = new TextDecoder().decode(answer.body).trim();
            // A label may come as the answer itself.
            if (call.operation === 'fetchLabel' && text.startsWith('^XA')) return;
            expect(mayBeDone(JSON.parse(text))).toBe(true);
          }),
          { numRuns: 300 },
        );
      });
    });
  }

  if (own.samples.length > 0) {
    test.each(own.samples)('the documented sample $name is accepted', async ({ operation, body }) => {
      const call = own.operations.find((each) => each.call.operation === operation)?.call;
      if (call === undefined) throw new Error(`no call for ${operation}`);
      const { vendor } = setUp(module, own, () => answerOf(body));
      expect((await vendor.send(call)).kind).toBe('done');
    });
  }

  if (own.limits.length > 0) {
    test.each(own.limits)('$name is refused before anything is sent', async ({ call }) => {
      const { ports, vendor } = setUp(module, own, () => answerOf(''));
      const outcome = await vendor.send(call);
      expect(outcome.kind).toBe('rejected');
      expect(outcome).toHaveProperty('message', expect.stringMatching(/\S/));
      expect(ports.sent.filter((request) => own.aside(request) === null)).toEqual([]);
    });
  }
});

function keysOf(value: unknown): string[] {
  return Object.keys(value as object);
}
