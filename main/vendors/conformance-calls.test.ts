/**
 * Every operation of every vendor's manifest, by name: the exact request of its sample, an answer, every code of the
 * table, and answers that no vendor should send. Titles are `vendor · operation · part`: `npm run conformance` reads
 * them. A changed request is taken into fixtures/requests.json with UPDATE_GOLDEN=1.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { conformanceCase as ane } from './ane/conformance-case.ts';
import { conformanceCase as asiabill } from './asiabill/conformance-case.ts';
import { conformanceCase as hge } from './hge/conformance-case.ts';
import { conformanceCase as hongxun } from './hongxun/conformance-case.ts';
import type { HttpAnswer, HttpOutcome } from '../ports.ts';
import { checkParams } from './kit/named-calls.ts';
import type { Outcome } from './kit/outcome.ts';
import { answerOf, scriptedPorts, testNow, type ConformanceCase } from './kit/testing.ts';
import type { CodeClass, VendorModule } from './kit/vendor.ts';
import { vendorModules } from './registry.ts';
import { conformanceCase as waiqin365 } from './waiqin365/conformance-case.ts';

const cases = new Map([waiqin365, hge, asiabill, hongxun, ane].map((each) => [each.vendor, each]));
const requestId = '018f3b52-aaaa-7000-8000-000000000001';
const fuzzRuns = Number(process.env['PACKBENCH_FUZZ_RUNS'] ?? '400');

const kindOf: Readonly<Record<Exclude<CodeClass, 'done'>, Outcome<unknown>['kind']>> = {
  rejected: 'rejected',
  auth: 'auth',
  skew: 'skew',
  throttle: 'throttled',
  transient: 'transient',
  unknown: 'unknown',
};

/** The vendor over an answer that can be changed between calls. */
function setUp(module: VendorModule, own: ConformanceCase) {
  let answer: HttpAnswer = answerOf('');
  let alone = false;
  const ports = scriptedPorts((request) => (alone ? null : own.aside(request)) ?? answer);
  const create = (settings: unknown) => module.create(module.settings.parse(settings), ports);
  const usual = create(own.settings);
  const special = new Map(
    Object.entries(own.calls ?? {}).flatMap(([name, { settings }]) =>
      settings === undefined ? [] : [[name, create(settings)] as const],
    ),
  );
  const call = (name: string, params: unknown, next: HttpAnswer): Promise<Outcome<unknown>> => {
    answer = next;
    // What was sent and logged is of no interest here, and 10,000 of them are memory.
    ports.sent.length = 0;
    ports.logged.length = 0;
    const vendor = special.get(name) ?? usual;
    alone = special.has(name);
    if (vendor.call === undefined) throw new Error(`${module.manifest.id} has no calls by name`);
    return vendor.call(name, params);
  };
  return { vendor: usual, call };
}

const successOf = (own: ConformanceCase, name: string): unknown =>
  own.calls?.[name]?.success ?? own.operations.find((each) => each.call.operation === name)?.success ?? own.anySuccess;

for (const module of vendorModules) {
  const { id } = module.manifest;
  const own = cases.get(id);
  if (own === undefined) throw new Error(`no conformance case for ${id}`);
  const { vendor, call } = setUp(module, own);
  const calls = vendor.calls ?? {};
  const rows = module.manifest.operations;

  describe(id, () => {
    test(`${id}: every operation of the manifest can be called by name, unless only its name is known`, () => {
      const expected = rows.filter((row) => row.evidence !== 'named').map((row) => row.name);
      expect(expected.filter((name) => !Object.hasOwn(calls, name))).toEqual([]);
      const names = new Set(rows.map((row) => row.name));
      expect(Object.keys(calls).filter((name) => !names.has(name))).toEqual([]);
    });

    const goldenFile = new URL(`./${id}/fixtures/requests.json`, import.meta.url);
    const golden = existsSync(goldenFile)
      ? (JSON.parse(readFileSync(goldenFile, 'utf8')) as Record<string, unknown>)
      : {};
    const built: Record<string, unknown> = {};

    for (const [name, named] of Object.entries(calls)) {
      const evidence = rows.find((row) => row.name === name)?.evidence ?? 'assumed';

      test(`${id} · ${name} · request · ${evidence}`, () => {
        const checked = checkParams(name, named, named.sample);
        if (!checked.ok) throw new Error(checked.refusal.message);
        const request = named.build(checked.params, { vendorNow: testNow, token: 'token-of-the-test' }, requestId);
        if ('refused' in request) throw new Error(request.message);
        const { method, url, headers, body } = request;
        const shown = { method, url, headers, body: body === null ? null : new TextDecoder().decode(body) };
        built[name] = shown;
        if (process.env['UPDATE_GOLDEN'] !== undefined) {
          writeFileSync(goldenFile, `${JSON.stringify(built, null, 2)}\n`);
          return;
        }
        expect(shown).toEqual(golden[name]);
        expect(named.params.safeParse(null).success).toBe(false);
      });

      test(`${id} · ${name} · answer`, async () => {
        expect(await call(name, named.sample, answerOf(successOf(own, name)))).toMatchObject({ kind: 'done' });
      });

      test(`${id} · ${name} · errors`, async () => {
        for (const row of module.codes) {
          if (row.class === 'done') continue;
          const outcome = await call(name, named.sample, answerOf(own.bareAnswer(row.code)));
          expect([row.code, outcome.kind]).toEqual([row.code, kindOf[row.class]]);
        }
        expect((await call(name, named.sample, answerOf(own.answerWithCode('987654')))).kind).toBe('unknown');
        const cut: Outcome<unknown> = await call(name, named.sample, answerOf('{"code":'));
        expect(cut.kind).toBe('unknown');
      });
    }

    for (const { name, traits } of rows) {
      if (traits?.effect !== 'checkable') continue;
      test(`${id} · ${name} · reconcile`, async () => {
        const job = own.operations.find((each) => each.call.operation === name)?.call;
        const document = own.documents?.find((each) => each.call.operation === name)?.call;
        const unclear: readonly HttpOutcome[] = [
          { kind: 'no-answer', reason: 'timeout', message: 'cut' },
          { kind: 'not-sent', reason: 'connect', message: 'refused' },
          answerOf('<html></html>'),
          answerOf('{"code":'),
          answerOf(own.answerWithCode('987654')),
        ];
        for (const answer of unclear) {
          const ports = scriptedPorts((request) => own.aside(request) ?? answer);
          const vendor = module.create(module.settings.parse(own.settings), ports);
          const asked = await (job !== undefined
            ? vendor.reconcile(job)
            : document !== undefined && vendor.documents?.[document.operation]?.reconcile?.(document));
          if (typeof asked !== 'object') throw new Error(`no call of ${name} in the conformance case`);
          expect(asked.kind).toBe('unsure');
        }
      });
    }

    test(`${id}: ${fuzzRuns} answers no vendor should send crash nothing and are never wrongly done`, async () => {
      const random = randomFrom(id.length * 7919);
      const names = Object.keys(calls);
      const isDone = own.anyDone ?? own.operations[0]?.mayBeDone;
      if (isDone === undefined) throw new Error('no rule for done');
      for (let run = 0; run < fuzzRuns; run += 1) {
        const name = names[run % names.length] ?? '';
        const success = successOf(own, name);
        const { answer, ambiguous } = strangeAnswer(success, random);
        const outcome = await call(name, calls[name]?.sample, answer);
        if (outcome.kind !== 'done') continue;
        const text = new TextDecoder('utf-8', { fatal: true }).decode(answer.body);
        const fair = answer.status < 300 && !ambiguous && isDone(JSON.parse(text));
        if (!fair) throw new Error(`${name} took this for done: ${text.slice(0, 300)}`);
      }
    });
  });
}

/** mulberry32 (T. Ettinger, public domain): the same answers every run. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A good answer spoiled in one way. `ambiguous`: readers disagree about what it says, so it may not be success. */
function strangeAnswer(success: unknown, random: () => number): { answer: HttpAnswer; ambiguous: boolean } {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const text = JSON.stringify(success);
  const bytes = new TextEncoder().encode(text);
  const odd = (): unknown =>
    pick([null, true, false, 0, -1, 1e21, '', 'x', '0', [], {}, [[]], { a: { b: [1] } }, '\u0000', '200', 200]);
  const fair = (body: unknown, status = 200) => ({ answer: answerOf(body, { status }), ambiguous: false });
  switch (Math.floor(random() * 9)) {
    case 0:
      return fair(bytes.subarray(0, Math.floor(random() * bytes.byteLength)));
    case 1:
      return fair(`<!doctype html><html><script>${text}</script></html>`);
    case 2: {
      const fields = { ...(success as Record<string, unknown>) };
      fields[pick(Object.keys(fields))] = odd();
      return fair(fields);
    }
    case 3:
      return fair({ ...(success as object), filler: 'x'.repeat(Math.floor(random() * 20_000)), extra: odd() });
    case 4: {
      const depth = 30 + Math.floor(random() * 200);
      return fair(`{"a":${'['.repeat(depth)}${']'.repeat(depth)},${text.slice(1)}`);
    }
    case 5: {
      const name = pick(Object.keys(success as object));
      return {
        answer: answerOf(`{${JSON.stringify(name)}:${JSON.stringify(odd())},${text.slice(1)}`),
        ambiguous: true,
      };
    }
    case 6:
      // Bytes of another charset: UTF-16, or text with a broken sequence in it.
      return random() < 0.5
        ? fair(new Uint8Array(Buffer.from(text, 'utf16le')))
        : fair(new Uint8Array([...bytes.subarray(0, 1), 0xb3, 0xc9, ...bytes.subarray(1)]));
    case 7:
      return fair(success, pick([204, 301, 302, 400, 403, 404, 409, 418, 500, 502, 503]));
    default:
      return fair(Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)));
  }
}
