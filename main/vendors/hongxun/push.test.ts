import { describe, expect, test } from 'vitest';
import { canonicalText } from './canonical.ts';
import envelopeSample from './fixtures/sign-images-envelope.json' with { type: 'json' };
import { createPushReader, toleranceMs } from './push.ts';
import { settings } from './settings.ts';
import { sealEnvelope, signOf } from './sign.ts';

const identity = { baseUrl: 'http://hx.test', createBy: 'PB', dataSource: 'WMS', sk: 's-k' };
const now = Date.UTC(2026, 0, 5);
const path = '/hongxun/sign-images';
const rules = { signCase: 'lower', nulls: 'drop' } as const;
const reader = createPushReader(settings.parse(identity));
const read = (body: Uint8Array | string, at = now, where = path) =>
  reader.read(where, typeof body === 'string' ? new TextEncoder().encode(body) : body, at);
const sample = envelopeSample.request;
const sealed = sealEnvelope(sample, now, identity, rules);

/** An envelope around exactly this request text, signed as 鸿讯 would. */
function around(requestText: string, signedText = requestText, timestamp = '2026-01-05 08:00:00'): string {
  const sign = signOf(identity, signedText, timestamp);
  return `{"request":${requestText},"timestamp":"${timestamp}","sign":"${sign}","dataSource":"WMS","createBy":"PB"}`;
}

describe('a push is read', () => {
  test('with the sample of the document, in whatever order and case', () => {
    expect(read(sealed)).toMatchObject({ ok: true, push: { kind: 'sign-images', signedAt: now, request: sample } });
    const upper = sealEnvelope(sample, now, identity, { ...rules, signCase: 'upper' });
    expect(read(upper)).toMatchObject({ ok: true });
    expect(read(around(JSON.stringify(sample), canonicalText(sample, 'drop')))).toMatchObject({ ok: true });
    expect(read(` ${around(JSON.stringify(sample, null, 2), canonicalText(sample, 'drop'))}\n`).ok).toBe(true);
  });

  test('with its numbers as they were written, and its codes as text', () => {
    const text = '{"amount":1.0,"big":12345678901234567890,"code":"001","small":1E-7}';
    const verdict = read(around(text), now, '/hongxun/outbound-confirm');
    expect(verdict).toMatchObject({ ok: true, push: { requestText: text, request: { code: '001' } } });
  });

  test('nulls as the profile says', () => {
    const text = '{"a":null,"b":1}';
    const where = '/hongxun/outbound-confirm';
    expect(read(around(text, '{"b":1}'), now, where)).toMatchObject({ ok: true, push: { request: { b: 1 } } });
    expect(read(around(text), now, where)).toMatchObject({ ok: false, status: 401 });
    const keeping = createPushReader(settings.parse({ ...identity, nulls: 'keep' }));
    expect(keeping.read(where, new TextEncoder().encode(around(text)), now).ok).toBe(true);
  });

  test('up to ten minutes off, either way, and not a second more', () => {
    for (const sign of [-1, 1]) {
      expect(read(sealed, now + sign * toleranceMs).ok).toBe(true);
      expect(read(sealed, now + sign * (toleranceMs + 1_000))).toMatchObject({ ok: false, status: 401 });
    }
  });
});

describe('a push is refused', () => {
  const good = new TextDecoder().decode(sealed);
  const cases: readonly (readonly [string, string | Uint8Array, number])[] = [
    ['no body', '', 400],
    ['no JSON', 'createBy=PB', 400],
    ['a list', '[]', 400],
    ['null', 'null', 400],
    ['text that is not UTF-8', new Uint8Array([0xff, 0xfe]), 400],
    ['deep nesting', `{"request":${'['.repeat(40)}${']'.repeat(40)}}`, 400],
    ['no sign', good.replace(/"sign":"[^"]+",/, ''), 400],
    ['an empty sign', good.replace(/"sign":"[^"]+"/, '"sign":""'), 400],
    ['a sign that is a list', good.replace(/"sign":"([^"]+)"/, '"sign":["$1"]'), 400],
    ['a wrong sign', good.replace(/"sign":"[^"]+"/, `"sign":"${'0'.repeat(32)}"`), 401],
    ['a changed request', good.replace('"postfix":"string"', '"postfix":"strung"'), 401],
    ['an added member', good.replace('"postfix":"string"', '"postfix":"string","zz":1'), 401],
    ['another timestamp', good.replace('08:00:00', '08:00:01'), 401],
    ['a timestamp of another form', good.replace('2026-01-05 08:00:00', '1767571200000'), 400],
    ['a time that does not exist', good.replace('2026-01-05 08:00:00', '2026-13-05 08:00:00'), 400],
    ['another createBy', around('[]').replace('"PB"', '"PX"'), 401],
    ['a foreign identity signed in itself', foreign(), 401],
    ['a request that is text', around('"x"'), 400],
    ['a request that is missing', good.replace(/,"request":.*$/, '}'), 400],
    ['a member named __proto__', around('[{"__proto__":{"a":1}}]'), 400],
    ['a field that is missing', around('[{"customerFlag":"x","signList":[]}]'), 422],
    ['an empty list', around('[]'), 422],
  ];
  function foreign(): string {
    const other = { ...identity, createBy: 'EVIL' };
    return new TextDecoder().decode(sealEnvelope(sample, now, other, rules));
  }

  test.each(cases)('with %s', (_what, body, status) => {
    const verdict = read(body);
    expect(verdict).toMatchObject({ ok: false, status });
    expect(JSON.stringify(verdict)).not.toContain('s-k');
  });

  test('at another path', () => {
    expect(read(sealed, now, '/hongxun')).toMatchObject({ status: 404 });
    expect(read(sealed, now, '/hongxun/toString')).toMatchObject({ status: 404 });
  });

  test('and answered in the documented form', () => {
    expect(JSON.parse(reader.answer(401, 'no'))).toEqual({ code: 401, message: 'no', flag: false });
    expect(JSON.parse(reader.answer(200, '响应成功'))).toEqual({ code: 200, message: '响应成功', flag: true });
  });
});
