import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeSecrets } from './secrets.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packbench-secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const keep = (text: string, mode = 0o600): void => {
  writeFileSync(file, text);
  chmodSync(file, mode);
};

test.each(['PACKBENCH_SECRET_hge_apiSecret', 'PACKBENCH_SECRET_HGE_APISECRET'])(
  '%s gives hge.apiSecret',
  (variable) => {
    const secrets = createNodeSecrets({ env: { [variable]: 'from-env' }, file: null });
    expect(secrets.get('hge.apiSecret')).toBe('from-env');
    expect(secrets.values()).toEqual(['from-env']);
  },
);

test('the environment wins over the file, and an empty variable does not count', () => {
  keep('{"ane.appSecret":"from-file","hge.apiSecret":"from-file"}');
  const env = { PACKBENCH_SECRET_HGE_APISECRET: 'from-env', PACKBENCH_SECRET_ANE_APPSECRET: '' };
  const secrets = createNodeSecrets({ env, file });
  expect([secrets.get('hge.apiSecret'), secrets.get('ane.appSecret')]).toEqual(['from-env', 'from-file']);
});

test('lines of name=value are read, with comments, and values may hold =', () => {
  keep('# keys\nhge.apiSecret = a=b==\r\n\nane.appSecret=x\n');
  const secrets = createNodeSecrets({ env: {}, file });
  expect([secrets.get('hge.apiSecret'), secrets.get('ane.appSecret')]).toEqual(['a=b==', 'x']);
});

test('a file that is not there is no error', () => {
  expect(createNodeSecrets({ env: {}, file }).get('hge.apiSecret')).toBeUndefined();
});

test.skipIf(process.platform === 'win32').each([0o640, 0o604, 0o660, 0o666, 0o610])(
  'a file others could touch (mode %o) is refused with the fix',
  (mode) => {
    keep('{"hge.apiSecret":"tops3cret"}', mode);
    const open = () => createNodeSecrets({ env: {}, file });
    expect(open).toThrow(/is open to others \(mode \d+\); run: chmod 600 /);
    expect(open).not.toThrow(/tops3cret/);
  },
);

test.each([
  ['{"hge.apiSecret":', /is not valid JSON/],
  ['{"hge.apiSecret":5}', /"hge.apiSecret" must be a text/],
  ['hge.apiSecret\n', /line 1: write name=value/],
  [`x=${'y'.repeat(70_000)}`, /is \d+ bytes; at most/],
])('a file that does not parse is named, its content is not', (text, expected) => {
  keep(text);
  expect(() => createNodeSecrets({ env: {}, file })).toThrow(expected);
});
