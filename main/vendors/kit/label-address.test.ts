import { expect, test } from 'vitest';
import { judgeLabelAddress, judgeRedirect } from './label-address.ts';

const base = 'https://api.hge.example/v1/';
test.each([
  ['https://api.hge.example/labels/1.pdf', true],
  ['https://oss-cn-hangzhou.aliyuncs.com/l/1.pdf?sign=x', false],
  ['https://8.8.8.8/1.pdf', false],
])('%s is allowed, own host: %s', (url, ownHost) => {
  expect(judgeLabelAddress(url, base)).toEqual({ kind: 'allowed', url, ownHost });
});

test.each([
  'http://api.hge.example/1.pdf',
  'http://cdn.example.com/1.pdf',
  'https://127.0.0.1/1.pdf',
  'https://[::1]/1.pdf',
  'https://[::ffff:10.0.0.1]/1.pdf',
  'https://2130706433/1.pdf',
  'https://0x7f.1/1.pdf',
  'https://192.168.1.9/1.pdf',
  'https://localhost/1.pdf',
  'https://printer/1.pdf',
  'https://user:word@cdn.example.com/1.pdf',
  'ftp://cdn.example.com/1.pdf',
  'file:///etc/passwd',
  'no address',
])('%s is refused', (url) => {
  expect(judgeLabelAddress(url, base).kind).toBe('refused');
});

test('a vendor on loopback, as in training, serves its labels there', () => {
  expect(judgeLabelAddress('http://127.0.0.1:9999/l.pdf', 'http://127.0.0.1:9999/api')).toMatchObject({
    ownHost: true,
  });
  expect(judgeLabelAddress('http://127.0.0.1:9998/l.pdf', 'http://127.0.0.1:9999/api').kind).toBe('refused');
});

test.each([
  ['/b.pdf', 'allowed'],
  ['https://a.example.com/b.pdf', 'allowed'],
  ['https://b.example.com/b.pdf', 'refused'],
  ['http://a.example.com/b.pdf', 'refused'],
  [undefined, 'refused'],
])('a redirect to %s is %s', (location, kind) => {
  expect(judgeRedirect(location, 'https://a.example.com/a.pdf').kind).toBe(kind);
});
