import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseRoute, possibleRoutes, type RouteQuestion, type RouteRule } from './routing.ts';

const question: RouteQuestion = {
  country: 'CN',
  state: '浙江省',
  upstream: 'waiqin365',
  fields: { 快递: '安能' },
  weightG: 500,
};
const to = (vendor: string, when: RouteRule['when'] = {}, service?: string): RouteRule => ({ when, vendor, service });

test('the first rule whose conditions all hold is taken', () => {
  const routes = [to('a', { country: 'US' }), to('b', { country: 'cn', maxG: 500 }, 'S1'), to('c')];
  expect(chooseRoute(routes, question)).toEqual({ vendor: 'b', service: 'S1' });
  expect(chooseRoute(routes, { ...question, weightG: 501 })).toEqual({ vendor: 'c', service: null });
  expect(chooseRoute([to('a', { country: 'US' })], question)).toBeNull();
});

test.each([
  ['浙江', true],
  ['浙江省', true],
  [' 浙江 ', true],
  ['江', false],
  ['浙江省杭州市', false],
])('province %s holds for 浙江省: %s', (province, held) => {
  expect(chooseRoute([to('a', { province })], question) !== null).toBe(held);
});

test('a province in Latin letters holds in any case', () => {
  expect(chooseRoute([to('a', { province: 'cal' })], { ...question, state: 'California' })).not.toBeNull();
});

test.each([
  [{ name: '快递', equals: '安能' }, true],
  [{ name: '快递', equals: '安' }, false],
  [{ name: '快', equals: '安能' }, false],
  [{ name: 'toString', equals: '' }, false],
])('custom field %j holds: %s', (customField, held) => {
  expect(chooseRoute([to('a', { customField })], question) !== null).toBe(held);
});

const bound = fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined });
const rule: fc.Arbitrary<RouteRule> = fc.record({
  when: fc.record({ country: fc.constantFrom(undefined, 'CN', 'US'), minG: bound, maxG: bound }),
  vendor: fc.constantFrom('a', 'b'),
  service: fc.constantFrom(undefined, 'S'),
});

test('the possible routes are those of all weights there are, and no others', () => {
  const weights = { minG: 5, maxG: 30 };
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 5 }), (routes) => {
      const all = new Set<string>();
      for (let weightG = weights.minG; weightG <= weights.maxG; weightG += 1) {
        all.add(JSON.stringify(chooseRoute(routes, { ...question, weightG })));
      }
      const possible = possibleRoutes(routes, question, weights).map((route) => JSON.stringify(route));
      expect(new Set(possible)).toEqual(all);
      expect(possible).toHaveLength(all.size);
    }),
  );
});
