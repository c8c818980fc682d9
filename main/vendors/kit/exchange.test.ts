import { expect, test } from 'vitest';
import type { HttpOutcome } from '../../ports.ts';
import { createExchange, type ExchangeCall } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import { answerOf, scriptedPorts, testNow } from './testing.ts';
import { createTokenCache, fixedToken, type FetchedToken, type TokenCache } from './tokens.ts';

const say = (kind: 'auth' | 'skew' | 'rejected' | 'unknown' | 'transient'): Outcome<string> => ({
  kind,
  code: kind,
  message: kind,
});

/** Answers are the words `done`, `auth`, …; each becomes the outcome of its name. */
function exchangeOver(words: readonly (string | HttpOutcome)[], tokens: TokenCache | null = null) {
  const ports = scriptedPorts((_request, index) => {
    const word = words[index] ?? 'done';
    return typeof word === 'string' ? answerOf(word) : word;
  });
  const exchange = createExchange({ vendor: 'v', ports, tokens, secrets: ['top-secret'] });
  const call = (question = false): ExchangeCall<string> => ({
    name: 'op',
    question,
    build: (at) => ({
      method: 'POST',
      url: 'http://h/',
      headers: { token: at.token ?? '', time: String(at.vendorNow) },
      body: null,
      timeoutMs: 1,
      maxAnswerBytes: 1,
    }),
    parse(answer) {
      const word = new TextDecoder().decode(answer.body);
      return word === 'done' ? { kind: 'done', result: word } : say(word as 'auth');
    },
  });
  return { ports, exchange, call };
}

/** Tokens t1, t2, … */
function countingTokens(lifeMs: number | null = null) {
  let fetched = 0;
  const ports = scriptedPorts(() => answerOf(''));
  const cache = createTokenCache(ports.clock, () => {
    fetched += 1;
    return Promise.resolve({ kind: 'done', result: { token: `t${fetched}`, lifeMs } });
  });
  return { cache, pass: ports.pass, fetched: () => fetched };
}

test('a refused token is replaced once; refused again it is an auth error', async () => {
  const { cache, fetched } = countingTokens();
  const { ports, exchange, call } = exchangeOver(['auth', 'done', 'auth', 'auth', 'done'], cache);
  expect((await exchange.run(call())).kind).toBe('done');
  expect(ports.sent.map((request) => request.headers['token'])).toEqual(['t1', 't2']);
  expect((await exchange.run(call())).kind).toBe('auth');
  expect(fetched()).toBe(3);
});

test('calls that fail together fetch one token', async () => {
  const { cache, fetched } = countingTokens();
  const { exchange, call } = exchangeOver(['auth', 'auth', 'auth', 'done', 'done', 'done'], cache);
  const outcomes = await Promise.all([exchange.run(call()), exchange.run(call()), exchange.run(call())]);
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(['done', 'done', 'done']);
  expect(fetched()).toBe(2);
});

test('a token is refreshed at four fifths of its life; if that fails the old one serves while it lives', async () => {
  const answers: Outcome<FetchedToken>[] = [
    { kind: 'done', result: { token: 'a', lifeMs: 1_000 } },
    say('unknown') as Outcome<never>,
    say('unknown') as Outcome<never>,
  ];
  const ports = scriptedPorts(() => answerOf(''));
  const cache = createTokenCache(ports.clock, () =>
    Promise.resolve(answers.shift() ?? (say('auth') as Outcome<never>)),
  );
  expect(await cache.get()).toMatchObject({ result: 'a' });
  ports.pass(799);
  expect(await cache.get()).toMatchObject({ result: 'a' });
  expect(answers.length).toBe(2);
  ports.pass(1);
  expect(await cache.get()).toMatchObject({ result: 'a' });
  expect(answers.length).toBe(1);
  ports.pass(200);
  expect(await cache.get()).toMatchObject({ kind: 'unknown' });
});

test('dropping an old token keeps the newer one', async () => {
  const { cache, fetched } = countingTokens();
  await cache.get();
  cache.drop('t1');
  await cache.get();
  cache.drop('t1');
  expect(await cache.get()).toEqual({ kind: 'done', result: 't2' });
  expect(fetched()).toBe(2);
});

test.each([
  [{ kind: 'unknown', code: 'x', message: 'm' }, 'not-sent'],
  [{ kind: 'rejected', code: 'x', message: 'm' }, 'auth'],
  [{ kind: 'auth', code: 'x', message: 'm' }, 'auth'],
  [{ kind: 'not-sent', code: 'x', message: 'm' }, 'not-sent'],
  [{ kind: 'throttled', retryAfterMs: 5, code: 'x', message: 'm' }, 'throttled'],
] as const)('without a token (%j) nothing is sent: %s', async (outcome, kind) => {
  const { ports, exchange, call } = exchangeOver([], { get: () => Promise.resolve(outcome), drop() {} });
  expect((await exchange.run(call())).kind).toBe(kind);
  expect(ports.sent).toEqual([]);
});

const skewed = (word: string) =>
  answerOf(word, { headers: { date: new Date(testNow + 10 * 60_000).toUTCString() }, status: 200 });

test.each(['skew', 'auth', 'rejected', 'transient'])(
  '%s with a clock just found wrong is tried once more',
  async (word) => {
    const { ports, exchange, call } = exchangeOver([skewed(word), skewed('done')], fixedToken('t'));
    expect((await exchange.run(call())).kind).toBe('done');
    expect(ports.sent.map((request) => Number(request.headers['time']) - testNow)).toEqual([0, 600_500]);
  },
);

test('an unclear answer with a clock just found wrong is repeated for questions only', async () => {
  const effect = exchangeOver([skewed('unknown')]);
  expect((await effect.exchange.run(effect.call(false))).kind).toBe('unknown');
  expect(effect.ports.sent.length).toBe(1);
  const question = exchangeOver([skewed('unknown'), skewed('done')]);
  expect((await question.exchange.run(question.call(true))).kind).toBe('done');
});

test('a skew that cannot be corrected is told', async () => {
  const { ports, exchange, call } = exchangeOver(['skew']);
  expect((await exchange.run(call())).kind).toBe('skew');
  expect(ports.sent.length).toBe(1);
});

test('Retry-After is read as seconds or as a date on the vendor’s clock', async () => {
  const date = new Date(testNow + 60_000).toUTCString();
  const later = new Date(testNow + 90_000).toUTCString();
  const { exchange, call } = exchangeOver([
    answerOf('', { status: 429, headers: { 'retry-after': '7' } }),
    answerOf('', { status: 429, headers: { 'retry-after': later, date } }),
    answerOf('', { status: 429, headers: { 'retry-after': 'soon' } }),
  ]);
  const waits = [await exchange.run(call()), await exchange.run(call()), await exchange.run(call())];
  expect(waits.map((outcome) => outcome.kind === 'throttled' && outcome.retryAfterMs)).toEqual([7_000, 30_000, null]);
});

test('a fault of ours while reading an answer is unknown, not a crash', async () => {
  const { exchange, call } = exchangeOver(['done']);
  const outcome = await exchange.run({
    ...call(),
    parse() {
      throw new Error('bug with top-secret');
    },
  });
  expect(outcome).toMatchObject({ kind: 'unknown', code: 'unreadable' });
});

test('what is logged and returned holds no secret and no token', async () => {
  const { ports, exchange, call } = exchangeOver(['done'], fixedToken('token-in-use'));
  const outcome = await exchange.run({
    ...call(),
    parse: () => ({ kind: 'rejected', code: 'top-secret', message: 'top-secret and token-in-use' }),
  });
  expect(outcome).toEqual({ kind: 'rejected', code: '***', message: '*** and ***' });
  expect(ports.logged.join()).not.toMatch(/top-secret|token-in-use/);
});
