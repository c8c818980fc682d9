import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinAddress, resolveBase } from './address.ts';
import { decodeJson, decodeText, parseJson } from './answer.ts';
import { checkLengths } from './limits.ts';
import { cleanText, outsideDecimal, outsideNumber } from './outside.ts';
import { scrub, scrubHeaders } from './redact.ts';
import { hmacSha256Hex, md5Hex, sameSignature } from './signing.ts';
import { compactShanghai, parseShanghai, shanghaiText } from './time.ts';

describe('numbers from outside', () => {
  test.each([
    ['001', '001'],
    [' 42 ', '42'],
    [1223212312, '1223212312'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('%j is %s', (value, text) => {
    expect(outsideNumber.parse(value)).toBe(text);
  });

  test.each([2.0210928100113805e21, 2 ** 53, 1.5, Number.NaN, '', '   ', null, true, {}])('%j is refused', (value) => {
    expect(outsideNumber.safeParse(value).success).toBe(false);
  });

  test('no two different JSON integers become the same number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (value) => {
        const parsed = outsideNumber.safeParse(JSON.parse(String(value)));
        if (parsed.success) expect(parsed.data).toBe(String(value));
      }),
    );
  });

  test.each([
    ['20.00000000', '20'],
    [10.5, '10.5'],
  ])('decimal %j is %s', (value, text) => {
    expect(outsideDecimal.parse(value)).toBe(text);
  });

  test.each([1e21, 123456789.12345678, 'abc', ''])('decimal %j is refused', (value) => {
    expect(outsideDecimal.safeParse(value).success).toBe(false);
  });
});

test('text loses controls, bidi overrides and zero-width characters, keeps line breaks', () => {
  expect(cleanText(' a\u0000b\r\nc\u202Ed\u200b\u001b[0m ')).toBe('a b\ncd [0m');
});

describe('answers', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  test.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['<html>', 'html'],
    ['\n <!DOCTYPE html>', 'html'],
    ['{"a":1', 'not-json'],
    [`${'['.repeat(40)}${']'.repeat(40)}`, 'too-deep'],
    ['{"code":"1","code":"0"}', 'duplicate-key'],
    ['{"code":"1","co\\u0064e":"0"}', 'duplicate-key'],
    ['{"data":{"status":"a","status":"b"}}', 'duplicate-key'],
  ])('%j is refused as %s', (text, code) => {
    expect(decodeJson(bytes(text))).toMatchObject({ ok: false, code });
  });

  test('bytes that are not UTF-8 are refused, a byte order mark is not', () => {
    expect(decodeText(new Uint8Array([0xc3, 0x28]))).toMatchObject({ ok: false, code: 'not-utf8' });
    expect(decodeJson(bytes('\ufeff{"a":"}"}'))).toEqual({ ok: true, value: { a: '}' } });
  });

  test('brackets inside strings are no depth', () => {
    expect(parseJson(JSON.stringify(['[{\\"'.repeat(100)])).ok).toBe(true);
  });

  test('every JSON value of moderate depth comes back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        expect(decodeJson(bytes(text))).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });
});

describe('signatures', () => {
  test('MD5 and HMAC-SHA256 agree with RFC 1321 A.5 and RFC 4231 case 2', () => {
    expect(md5Hex('message ', new TextEncoder().encode('digest'))).toBe('f96b697d7cb7938d525a2f31aaf161d0');
    expect(hmacSha256Hex('Jefe', 'what do ya want ', 'for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  test('compare whatever the case, and never throw', () => {
    expect(sameSignature('AbC1', 'aBc1')).toBe(true);
    expect(sameSignature('abc1', 'abc2')).toBe(false);
    expect(sameSignature('abc', 'abcd')).toBe(false);
    expect(sameSignature('', '单')).toBe(false);
  });
});

describe('base addresses', () => {
  test.each([
    ['https://h', 'https://h/api/x/'],
    ['https://h/', 'https://h/api/x/'],
    ['https://h:8443/own', 'https://h:8443/own/x/'],
    ['https://h/own/', 'https://h/own/x/'],
  ])('%s gives %s', (baseUrl, address) => {
    expect(joinAddress(resolveBase(baseUrl, '/api'), '/x/')).toBe(address);
  });

  test.each([
    ['https://h/openApi', 'https://h/openApi/V2022-03/logistics'],
    ['https://h/openApi/V2022-03', 'https://h/openApi/V2022-03/logistics'],
    ['https://h/openApi/V2022-03/logistics', 'https://h/openApi/V2022-03/logistics'],
    ['https://h/openApi/2022-03', 'https://h/openApi/2022-03/V2022-03/logistics'],
  ])('a base of %s repeats nothing of the path', (baseUrl, address) => {
    expect(joinAddress(resolveBase(baseUrl, '/openApi'), 'V2022-03/logistics')).toBe(address);
  });

  test('a host that is called like the path is no path', () => {
    expect(joinAddress('https://logistics', 'logistics/x')).toBe('https://logistics/logistics/x');
  });

  test('a base that is the whole address of an interface keeps the slash of the path at its end', () => {
    expect(joinAddress('https://h/openapi/customer/order_create', 'order_create/')).toBe(
      'https://h/openapi/customer/order_create/',
    );
  });
});

describe('China time', () => {
  const at = Date.UTC(2015, 7, 6, 6, 28, 36);
  test('is UTC+8 in both directions', () => {
    expect(compactShanghai(at)).toBe('20150806142836');
    expect(shanghaiText(at)).toBe('2015-08-06 14:28:36');
    expect(parseShanghai('2015-08-06 14:28:36')).toBe(at);
    expect(parseShanghai('2015-08-06 14:28:36.999')).toBe(at + 999);
    expect(parseShanghai('2015-08-06 14:28:36.123456')).toBe(at + 123);
    expect(parseShanghai('2015-08-06 14:28')).toBe(at - 36_000);
  });

  test.each(['', '2015-08-06', '2015-13-06 14:28:36', 'soon', '2015-08-06 25:00:00'])('%j is no instant', (text) => {
    expect(parseShanghai(text)).toBeNull();
  });
});

describe('redaction', () => {
  test('hides a secret plain, URL-encoded and JSON-escaped', () => {
    const secret = 'a"b/c';
    const text = scrub(`${secret} ${encodeURIComponent(secret)} ${JSON.stringify({ secret })}`, [secret]);
    expect(text).toBe('*** *** {"secret":"***"}');
  });

  test('hides credentials in headers and shows signatures', () => {
    expect(scrubHeaders({ Authorization: 'Bearer abc', signature: 'f00', 'x-a': 'keykey' }, ['keykey'])).toEqual({
      Authorization: 'Bearer ***',
      signature: 'f00',
      'x-a': '***',
    });
  });
});

test('lengths are counted in characters and name the field', () => {
  expect(checkLengths([{ field: 'f', value: '👍👍', min: 1, max: 2 }])).toBeNull();
  expect(checkLengths([{ field: 'f', value: 'abc', min: 1, max: 2 }])?.message).toBe(
    'f has 3 characters, at most 2 are allowed',
  );
  expect(checkLengths([{ field: 'f', value: '', min: 1, max: 2 }])?.code).toBe('field-missing');
});
