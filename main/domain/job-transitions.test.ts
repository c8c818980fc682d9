import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { giveUp, IllegalTransition, insideKeyWindow, next } from './job-transitions.ts';
import { jobStates } from './job.ts';
import type { EffectClass, Job, JobState, ParcelJob, ReconcileOutcome, SendOutcome } from './job.ts';
import type { JobContext, JobEvent } from './job-transitions.ts';

const context: JobContext = {
  now: 1_000_000,
  backoffMs: 700,
  inFlightMs: 30_000,
  keyWindowMs: 1_800_000,
  maxAttempts: 5,
  maxAsks: 3,
  freshRequestId: () => 'fresh',
};

const base: ParcelJob = {
  id: 'j',
  lane: 'l',
  laneSeq: 1,
  vendor: 'v',
  operation: 'placeOrder',
  effect: 'keyed',
  facts: {} as ParcelJob['facts'],
  requestId: 'first',
  state: 'ready',
  attempts: 0,
  notBefore: 0,
  heldBy: null,
  createdAt: 0,
  sentAt: null,
  firstSentAt: null,
  lastError: null,
  result: null,
};

const job = (changes: Partial<ParcelJob>): Job => ({ ...base, ...changes });
const sending = (changes: Partial<ParcelJob> = {}): Job =>
  job({ state: 'sending', attempts: 1, sentAt: 990_000, firstSentAt: 990_000, ...changes });
const sent = (outcome: SendOutcome, probe = false): JobEvent => ({ kind: 'sent', outcome, probe });
const code = { code: 'c', message: 'm' };

test('a claim counts the attempt and writes both times', () => {
  expect(next(base, { kind: 'claim' }, context)).toMatchObject({
    state: 'sending',
    attempts: 1,
    sentAt: context.now,
    firstSentAt: context.now,
    requestId: 'first',
  });
});

test('a job that is held or not due cannot be claimed', () => {
  expect(() => next(job({ heldBy: 'label-verified' }), { kind: 'claim' }, context)).toThrow(IllegalTransition);
  expect(() => next(job({ notBefore: context.now + 1 }), { kind: 'claim' }, context)).toThrow(IllegalTransition);
});

test('attempts made are counted even if every one of them killed the process', () => {
  const worn = job({ attempts: 5, lastError: { kind: 'unknown', at: 1, ...code } });
  expect(next(worn, { kind: 'claim' }, context)).toMatchObject({ state: 'dead', attempts: 5 });
});

test.each<[SendOutcome['kind'], JobState]>([
  ['done', 'done'],
  ['rejected', 'rejected'],
  ['not-sent', 'ready'],
  ['throttled', 'ready'],
  ['transient', 'ready'],
  ['auth', 'ready'],
  ['skew', 'ready'],
  ['unknown', 'unknown'],
])('sent: %s leads to %s', (kind, state) => {
  const outcome = { kind, ...code, result: null, retryAfterMs: null } as SendOutcome;
  expect(next(sending(), sent(outcome), context).state).toBe(state);
});

test('"slow down" waits as long as the vendor says, or longer by the back-off', () => {
  const throttled = (retryAfterMs: number | null) =>
    next(sending(), sent({ kind: 'throttled', retryAfterMs, ...code }), context);
  expect(throttled(90_000)).toMatchObject({ notBefore: context.now + 90_000, uncounted: 1 });
  expect(throttled(null).notBefore).toBe(context.now + 700);
});

test('a send of which no byte left does not start the key window, unless an earlier one did', () => {
  const notSent = sent({ kind: 'not-sent', ...code });
  expect(next(sending(), notSent, context)).toMatchObject({ sentAt: null, firstSentAt: null, uncounted: 1 });
  expect(next(sending({ firstSentAt: 5_000, doubt: true }), notSent, context)).toMatchObject({ firstSentAt: 5_000 });
});

test('an unknown outcome waits out the in-flight time from when we stopped listening', () => {
  expect(next(sending(), sent({ kind: 'unknown', ...code }), context)).toMatchObject({
    doubt: true,
    notBefore: context.now + context.inFlightMs,
  });
});

test.each<[EffectClass, JobState]>([
  ['safe', 'ready'],
  ['keyed', 'ready'],
  ['checkable', 'reconciling'],
  ['unsafe', 'dead'],
])('an unknown %s job becomes %s after its wait', (effect, state) => {
  const unknown = job({ state: 'unknown', effect, sentAt: 900_000, firstSentAt: 900_000, doubt: true });
  expect(next(unknown, { kind: 'look' }, context).state).toBe(state);
});

test('a look before the in-flight time is over only waits', () => {
  const unknown = job({ state: 'unknown', sentAt: 990_000, firstSentAt: 990_000, doubt: true });
  expect(next(unknown, { kind: 'look' }, context)).toMatchObject({ state: 'unknown', notBefore: 1_020_000 });
});

test('a send in the future, by a clock that was set back, is waited for once and not at every look', () => {
  const { now } = context;
  const inDoubt = job({ state: 'unknown', effect: 'safe', doubt: true, sentAt: now + 1_200_000, notBefore: now });
  const waiting = next(inDoubt, { kind: 'look' }, context);
  expect(waiting).toMatchObject({ state: 'unknown', notBefore: now + context.inFlightMs });
  const later = { ...context, now: now + context.inFlightMs };
  expect(next(waiting, { kind: 'look' }, later).state).toBe('ready');
});

test('the key window is used up to five sixths, and a clock set back closes it', () => {
  const at = (firstSentAt: number | null) => insideKeyWindow(job({ firstSentAt }), 1_800_000, 10_000_000);
  expect([at(null), at(8_500_000), at(8_499_999), at(10_000_001)]).toEqual([true, true, false, false]);
  expect(insideKeyWindow(job({ firstSentAt: 1 }), null, 1)).toBe(false);
});

test('a keyed job past its window is asked about if in doubt, else claimed under a new id', () => {
  const old = { firstSentAt: -10_000_000, sentAt: -10_000_000, attempts: 1 };
  expect(next(job({ ...old, doubt: true }), { kind: 'claim' }, context)).toMatchObject({
    state: 'unknown',
    attempts: 1,
  });
  expect(next(job({ ...old, state: 'unknown', doubt: true }), { kind: 'look' }, context).state).toBe('reconciling');
  expect(next(job(old), { kind: 'claim' }, context)).toMatchObject({
    state: 'sending',
    requestId: 'fresh',
    firstSentAt: context.now,
  });
});

test('asked: found is done, not found may be sent again, unsure is asked again and in the end goes to a person', () => {
  const asking = job({ state: 'reconciling', effect: 'checkable', doubt: true, attempts: 1 });
  const ask = (from: Job, outcome: ReconcileOutcome) => next(from, { kind: 'asked', outcome }, context);
  expect(ask(asking, { kind: 'found', result: 1 })).toMatchObject({ state: 'done', result: 1, doubt: false });
  expect(ask(asking, { kind: 'not-found' })).toMatchObject({ state: 'ready', doubt: false, requestId: 'first' });
  expect(ask(asking, { kind: 'unsure', ...code })).toMatchObject({ state: 'unknown', asks: 1, doubt: true });
  expect(ask({ ...asking, asks: 2 }, { kind: 'unsure', ...code })).toMatchObject({ state: 'dead', doubt: true });
  expect(ask({ ...asking, asks: 2 }, { kind: 'unsure', code: 'timeout', message: '' }).state).toBe('unknown');
  expect(ask(asking, { kind: 'unsure', code: 'cannot-ask', message: '' }).state).toBe('dead');
});

test('redriving asks first where an earlier send may have worked', () => {
  const dead = { state: 'dead', attempts: 5 } as const;
  expect(next(job({ ...dead }), { kind: 'redrive' }, context)).toMatchObject({ state: 'ready', uncounted: 5 });
  expect(next(job({ ...dead, doubt: true }), { kind: 'redrive' }, context).state).toBe('unknown');
  expect(() => next(job({ ...dead, doubt: true, effect: 'unsafe' }), { kind: 'redrive' }, context)).toThrow(
    IllegalTransition,
  );
});

test('a clearly refused keyed job is sent under a new id when redriven', () => {
  const refused = job({ state: 'rejected', attempts: 1, sentAt: 1, firstSentAt: 1 });
  expect(next(refused, { kind: 'redrive' }, context)).toMatchObject({ requestId: 'fresh', firstSentAt: null });
});

const errorText = { code: fc.constantFrom('c', 'timeout', 'connect', 'cannot-ask'), message: fc.constant('m') };
const sendOutcomes: fc.Arbitrary<SendOutcome> = fc.oneof(
  fc.record({ kind: fc.constant('done' as const), result: fc.constant(1) }),
  fc.record({
    kind: fc.constantFrom('rejected' as const, 'not-sent', 'transient', 'auth', 'skew', 'unknown'),
    ...errorText,
  }),
  fc.record({
    kind: fc.constant('throttled' as const),
    retryAfterMs: fc.option(fc.nat(100_000)),
    ...errorText,
  }),
);
const askOutcomes: fc.Arbitrary<ReconcileOutcome> = fc.oneof(
  fc.record({ kind: fc.constant('found' as const), result: fc.constant(1) }),
  fc.constant({ kind: 'not-found' as const }),
  fc.record({ kind: fc.constantFrom('rejected' as const, 'unsure'), ...errorText }),
);
const events: fc.Arbitrary<JobEvent> = fc.oneof(
  fc.constantFrom<JobEvent>({ kind: 'claim' }, { kind: 'interrupted' }, { kind: 'look' }, { kind: 'redrive' }),
  fc.record({ kind: fc.constant('sent' as const), outcome: sendOutcomes, probe: fc.boolean() }),
  fc.record({ kind: fc.constant('asked' as const), outcome: askOutcomes }),
  fc.record({ kind: fc.constant('unusable' as const), message: fc.constant('m'), result: fc.constant(1) }),
  fc.record({ kind: fc.constant('by-hand' as const), decision: fc.constant('done' as const), result: fc.constant(1) }),
  fc.record({ kind: fc.constant('by-hand' as const), decision: fc.constant('resend' as const) }),
);
const steps = fc.array(fc.tuple(events, fc.nat(4_000_000)), { maxLength: 60 });
const effects = fc.constantFrom<EffectClass>('safe', 'keyed', 'checkable', 'unsafe');

/** Runs legal events one after another and hands every change to `check`. */
function walk(
  effect: EffectClass,
  path: readonly (readonly [JobEvent, number])[],
  check: (before: Job, event: JobEvent, after: Job, now: number) => void,
): void {
  let current = job({ effect });
  let now = 0;
  let ids = 0;
  for (const [event, passed] of path) {
    now += passed;
    const before = structuredClone(current);
    try {
      const after = next(current, event, { ...context, now, freshRequestId: () => `fresh-${++ids}` });
      expect(current).toEqual(before);
      check(before, event, after, now);
      current = after;
    } catch (error) {
      if (!(error instanceof IllegalTransition)) throw error;
    }
  }
}

test('on every path: attempts never go down, done is final, nothing changes who the job is', () => {
  fc.assert(
    fc.property(effects, steps, (effect, path) => {
      walk(effect, path, (before, event, after) => {
        expect(jobStates).toContain(after.state);
        expect(before.state).not.toBe('done');
        expect(after.attempts - before.attempts).toBe(event.kind === 'claim' && after.state === 'sending' ? 1 : 0);
        expect(after.uncounted ?? 0).toBeLessThanOrEqual(after.attempts);
        for (const field of ['id', 'lane', 'laneSeq', 'vendor', 'operation', 'effect', 'facts'] as const) {
          expect(after[field]).toEqual(before[field]);
        }
      });
    }),
    { numRuns: 300 },
  );
});

test('on every path: sending becomes ready only if no byte left or the vendor said that nothing happened', () => {
  const harmless = ['not-sent', 'transient', 'throttled', 'auth', 'skew'];
  fc.assert(
    fc.property(effects, steps, (effect, path) => {
      walk(effect, path, (before, event, after) => {
        if (before.state !== 'sending' || after.state !== 'ready') return;
        expect(event.kind === 'sent' && harmless.includes(event.outcome.kind)).toBe(true);
      });
    }),
    { numRuns: 300 },
  );
});

test('on every path: a job in doubt is sent again only if safe, or keyed under the same id inside the window', () => {
  fc.assert(
    fc.property(effects, steps, (effect, path) => {
      walk(effect, path, (before, _event, after, now) => {
        if (after.state !== 'sending' || !before.doubt) return;
        expect(['safe', 'keyed']).toContain(effect);
        if (effect === 'safe') return;
        expect(after.requestId).toBe(before.requestId);
        expect(now - Number(before.firstSentAt)).toBeLessThanOrEqual(1_500_000);
      });
    }),
    { numRuns: 500 },
  );
});

test('on every path: doubt ends only with a clear answer of the vendor or a person', () => {
  fc.assert(
    fc.property(effects, steps, (effect, path) => {
      walk(effect, path, (before, event, after) => {
        if (!before.doubt || after.doubt) return;
        const clear =
          event.kind === 'by-hand' ||
          (event.kind === 'sent' && event.outcome.kind === 'done') ||
          (event.kind === 'asked' && (event.outcome.kind === 'found' || event.outcome.kind === 'not-found'));
        expect(clear).toBe(true);
      });
    }),
    { numRuns: 300 },
  );
});

test('events that make no sense in a state are refused', () => {
  const legal: Record<JobEvent['kind'], readonly JobState[]> = {
    claim: ['ready'],
    sent: ['sending'],
    interrupted: ['sending', 'reconciling', 'unknown'],
    look: ['unknown'],
    asked: ['reconciling'],
    unusable: ['sending', 'reconciling'],
    redrive: ['rejected', 'dead'],
    'by-hand': ['rejected', 'dead', 'unknown'],
  };
  fc.assert(
    fc.property(fc.constantFrom(...jobStates), events, (state, event) => {
      const attempt = () => next(job({ state, attempts: 1, sentAt: 0, firstSentAt: 0 }), event, context);
      if (legal[event.kind].includes(state)) attempt();
      else expect(attempt).toThrow(IllegalTransition);
    }),
  );
});

test('what had no effect and is not wanted any more is given up; its lane goes on', () => {
  for (const state of ['ready', 'rejected', 'dead'] as const) {
    const given = giveUp(job({ state, heldBy: 'something' }), 'voided');
    expect(given).toMatchObject({ state: 'done', result: { givenUp: 'voided' }, heldBy: null, lastError: null });
  }
});

test.each(jobStates)('a job that is %s and may have had its effect cannot be given up', (state) => {
  expect(() => giveUp(job({ state, doubt: true }), 'voided')).toThrow(IllegalTransition);
  if (!['ready', 'rejected', 'dead'].includes(state)) {
    expect(() => giveUp(job({ state }), 'voided')).toThrow(IllegalTransition);
  }
});
