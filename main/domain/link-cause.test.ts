import { expect, test } from 'vitest';
import { causeOf, linkCause } from './link-cause.ts';

const refused = { code: 'tcp-refused', params: { uri: 'tcp://h:1' } };

test('the code of a link becomes a key of the screen', () => {
  expect(linkCause(refused)).toEqual({ code: 'link.tcp-refused', params: { uri: 'tcp://h:1' } });
  expect(linkCause(null)).toBeUndefined();
});

test('what is no code is not made one', () => {
  for (const code of ['', 'Bad Thing', '../x', 'a.b', 'x'.repeat(3) + '\n']) {
    expect(linkCause({ code, params: {} })).toBeUndefined();
  }
});

test('a long text of a driver is cut', () => {
  expect(linkCause({ code: 'other', params: { detail: 'x'.repeat(5_000) } })?.params['detail']).toHaveLength(300);
});

test('an error brings its cause if a link threw it', () => {
  expect(causeOf(Object.assign(new Error('no'), { problem: refused }))).toEqual(linkCause(refused));
  for (const problem of ['text', null, { code: 1, params: {} }, { code: 'a', params: { b: {} } }, { code: 'a' }]) {
    expect(causeOf(Object.assign(new Error('no'), { problem }))).toBeUndefined();
  }
  expect(causeOf('text')).toBeUndefined();
});
