/** Jobs about many parcels (big bags, hand-over documents), for every vendor that has them. */
import { describe, expect, test } from 'vitest';
import type { HttpOutcome } from '../ports.ts';
import type { Vendor } from './kit/vendor.ts';
import { conformanceCase as hge } from './hge/conformance-case.ts';
import { answerOf, scriptedPorts, type ConformanceCase } from './kit/testing.ts';
import { vendorModules } from './registry.ts';

const cases = new Map<string, ConformanceCase>([[hge.vendor, hge]]);

describe.each(vendorModules)('$manifest.id', (module) => {
  const own = cases.get(module.manifest.id);
  const create = (respond: HttpOutcome, settings: unknown = own?.settings): Vendor =>
    module.create(
      module.settings.parse(settings),
      scriptedPorts((request) => own?.aside(request) ?? respond),
    );

  test('every document operation it has is in its case', () => {
    const settings = own?.settings;
    const names = settings === undefined ? [] : Object.keys(create(answerOf('')).documents ?? {});
    expect((own?.documents ?? []).map((each) => each.call.operation).toSorted()).toEqual(names.toSorted());
  });

  for (const { call, success } of own?.documents ?? []) {
    const send = (vendor: Vendor) => vendor.documents?.[call.operation]?.send(call);

    test(`${call.operation} is sent and understood`, async () => {
      for (const settings of [own?.settings, ...(own?.variants ?? [])]) {
        expect((await send(create(answerOf(success), settings)))?.kind).toBe('done');
      }
    });

    const unclear: readonly (readonly [string, HttpOutcome])[] = [
      ['a cut', { kind: 'no-answer', reason: 'reset', message: 'cut' }],
      ['HTML', answerOf('<html></html>')],
      ['half an answer', answerOf('{"code":200,"succ')],
      ['an empty success', answerOf('')],
      ['success with HTTP 500', answerOf(success, { status: 500 })],
    ];
    test.each(unclear)(`${call.operation}: %s is unknown`, async (_name, answer) => {
      expect((await send(create(answer)))?.kind).toBe('unknown');
    });

    test(`${call.operation}: nothing sent is not-sent`, async () => {
      const outcome = await send(create({ kind: 'not-sent', reason: 'connect', message: 'refused' }));
      expect(outcome?.kind).toBe('not-sent');
    });
  }
});
