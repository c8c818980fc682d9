import { expect, test } from 'vitest';
import { draftsOf, emptyDraft, moved, readDrafts, type Routes } from './route-draft.ts';

const routes: Routes = [
  {
    when: {
      country: 'CN',
      province: '浙江',
      vendor: 'waiqin365',
      customField: { name: '快递', equals: '安能' },
      minG: 0,
      maxG: 500,
    },
    vendor: 'ane',
    service: 'S1',
  },
  { when: {}, vendor: 'hge' },
];

test('rules shown and read again are the same rules', () => {
  expect(readDrafts(draftsOf(routes))).toEqual({ ok: true, routes });
});

test('an empty cell means any', () => {
  expect(readDrafts([emptyDraft(0, 'hge')])).toEqual({ ok: true, routes: [{ when: {}, vendor: 'hge' }] });
});

test.each([
  [{ country: 'CHN' }, /country/],
  [{ minG: '1,5' }, /minG/],
  [{ minG: '10', maxG: '5' }, /minG/],
  [{ equals: 'x' }, /customField\.name/],
  [{ vendor: '' }, /vendor/],
])('a row that makes no rule is named: %j', (change, reason) => {
  const read = readDrafts([emptyDraft(0, 'hge'), { ...emptyDraft(1, 'hge'), ...change }]);
  expect(read).toMatchObject({ ok: false, row: 1, reason: expect.stringMatching(reason) });
});

test('a rule moves one place and stops at the ends', () => {
  const drafts = ['a', 'b', 'c'].map((vendor, key) => emptyDraft(key, vendor));
  const order = (index: number, step: -1 | 1): string =>
    moved(drafts, index, step)
      .map((one) => one.vendor)
      .join('');
  expect([order(0, 1), order(2, -1), order(0, -1), order(2, 1)]).toEqual(['bac', 'acb', 'abc', 'abc']);
});
