/**
 * The outbox against a plain model: a vendor that counts effects, answers or stays silent, finishes late, de-duplicates
 * request ids for 30 minutes, and tells the truth when asked; and a desk that crashes at any moment.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelRuns } from '../../test/kit/model-runs.ts';
import { createFakeCourier } from '../../test/kit/courier.ts';
import { seededRandom, silentLog } from '../../test/kit/ports.ts';
import { aJob, openTestStore, someFacts } from '../../test/kit/store.ts';
import { createVirtualClock } from '../../test/kit/virtual-clock.ts';
import { createOutbox } from './outbox.ts';
import type { FakeCourier, PendingCall } from '../../test/kit/courier.ts';
import type { TestStore } from '../../test/kit/store.ts';
import type { VirtualClock } from '../../test/kit/virtual-clock.ts';
import type { EffectClass, Job, JobCall, SendOutcome } from '../domain/job.ts';
import type { Outbox } from './outbox.ts';

const inFlightMs = 30_000;
const keyWindowMs = 1_800_000;
const perVendor = 3;

/** What the vendor did and the desk may not know. */
interface Model {
  readonly effects: Map<string, number>;
  readonly seenIds: Map<string, number>;
  readonly sends: Map<string, number>;
  jobs: number;
}

interface Real {
  readonly clock: VirtualClock;
  readonly opened: TestStore;
  courier: FakeCourier;
  outbox: Outbox;
  /** The vendors' clock minus ours. */
  aheadMs: number;
  /** Calls that were given up on, whose answers may still come. */
  readonly late: PendingCall<SendOutcome>[];
}

type Command = fc.AsyncCommand<Model, Real>;

const effects: readonly EffectClass[] = ['keyed', 'checkable', 'safe', 'unsafe'];

/** The vendor works on a call: once per request id within its window if it de-duplicates, else every time. */
function takeEffect(model: Model, real: Real, vendor: string, call: JobCall): void {
  const now = real.clock.monotonic();
  const seenAt = model.seenIds.get(call.requestId);
  if (vendor === 'keyed' && seenAt !== undefined && now - seenAt < keyWindowMs) return;
  model.seenIds.set(call.requestId, now);
  model.effects.set(call.facts.reference, (model.effects.get(call.facts.reference) ?? 0) + 1);
}

function startDesk(model: Model, real: Real, seed: number): void {
  const courier = Object.assign(createFakeCourier(), { aheadMs: () => real.aheadMs });
  courier.traitsOf = (vendor) => ({ effect: vendor as EffectClass, inFlightMs, keyWindowMs });
  const { store } = real.opened;
  courier.onSend = (vendor, call) => {
    const job = store.jobs.get(call.facts.reference);
    expect(job?.state).toBe('sending');
    expect(job?.requestId).toBe(call.requestId);
    model.sends.set(call.facts.reference, (model.sends.get(call.facts.reference) ?? 0) + 1);
    expect(job?.attempts).toBe(model.sends.get(call.facts.reference));
    for (const before of store.jobs.listByLane(job?.lane ?? '')) {
      if (before.laneSeq < (job?.laneSeq ?? 0)) expect(before.state).toBe('done');
    }
    const underWay = live(real).filter((pending) => pending.vendor === vendor).length;
    expect(underWay).toBeLessThan(perVendor);
    return null;
  };
  real.courier = courier;
  real.outbox = createOutbox({
    store,
    courier,
    clock: real.clock,
    random: seededRandom(seed),
    ids: real.opened.ids,
    log: silentLog,
    policy: { perVendor, maxAttempts: 6, maxAsks: 4 },
  });
  real.outbox.start();
}

function check(model: Model, real: Real): void {
  for (const job of allJobs(real)) {
    const count = model.effects.get(job.id) ?? 0;
    if (job.effect !== 'safe') expect(count, `effects of ${job.id} (${job.effect})`).toBeLessThanOrEqual(1);
    if (job.state === 'done') expect(count, `${job.id} is done`).toBeGreaterThan(0);
    if (job.state === 'rejected' && !job.doubt) expect(count, `${job.id} is rejected`).toBe(0);
  }
}

const allJobs = (real: Real): Job[] =>
  real.opened.store.jobs.list({
    states: ['ready', 'sending', 'done', 'rejected', 'unknown', 'reconciling', 'dead'],
    offset: 0,
    limit: 1_000,
  });

/** Calls the desk still waits for. What it gave up on is dropped here too: the vendor has an end to its work as well. */
function live(real: Real): FakeCourier['pending'] {
  const { pending } = real.courier;
  for (const it of [...pending]) {
    const job = real.opened.store.jobs.get(it.call.facts.reference);
    if (job?.state !== 'sending' || job.attempts !== it.call.attempt) {
      pending.splice(pending.indexOf(it), 1);
      real.late.push(it);
    }
  }
  return pending;
}

/** An honest answer about whether the effect happened. */
const tell = (model: Model, pending: FakeCourier['pendingAsks'][number]): void =>
  pending.answer(
    (model.effects.get(pending.call.facts.reference) ?? 0) > 0 ? { kind: 'found', result: 1 } : { kind: 'not-found' },
  );

const command = (name: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  async run(model, real) {
    await run(model, real);
    await real.clock.settle();
    check(model, real);
  },
  toString: () => name,
});

const addLane = (effect: EffectClass, length: number): Command =>
  command(`add ${length} ${effect}`, async (model, real) => {
    const { store } = real.opened;
    const now = real.clock.now();
    store.transaction(() => {
      const lane = `lane-${++model.jobs}`;
      for (let laneSeq = 1; laneSeq <= length; laneSeq += 1) {
        const id = `job-${++model.jobs}`;
        const facts = someFacts({ reference: id });
        store.jobs.insert(aJob({ id, lane, laneSeq, vendor: effect, effect, facts, notBefore: now, createdAt: now }));
      }
    });
    real.outbox.poke();
    await real.clock.settle();
  });

type Answer =
  'done' | 'rejected' | 'not-sent' | 'throttled' | 'transient' | 'unknown-nothing' | 'unknown-done' | 'unknown-late';
const answers: readonly Answer[] = [
  'done',
  'rejected',
  'not-sent',
  'throttled',
  'transient',
  'unknown-nothing',
  'unknown-done',
  'unknown-late',
];

function reply(model: Model, real: Real, pending: PendingCall<SendOutcome>, answer: Answer): void {
  const { vendor, call } = pending;
  const text = { code: answer, message: answer };
  // A vendor that already did it says so, whatever mood it is in, if it recognises the request at all.
  const again = vendor === 'keyed' && (model.effects.get(call.facts.reference) ?? 0) > 0;
  if (answer === 'done' || (again && (answer === 'rejected' || answer === 'transient'))) {
    takeEffect(model, real, vendor, call);
    pending.answer({ kind: 'done', result: 1 });
  } else if (answer === 'throttled') {
    pending.answer({ kind: 'throttled', retryAfterMs: 7_000, ...text });
  } else if (answer === 'rejected' || answer === 'not-sent' || answer === 'transient') {
    pending.answer({ kind: answer, ...text });
  } else {
    if (answer === 'unknown-done') takeEffect(model, real, vendor, call);
    if (answer === 'unknown-late') real.clock.after(inFlightMs - 1, () => takeEffect(model, real, vendor, call));
    pending.answer({ kind: 'unknown', ...text });
  }
}

const answerSend = (pick: number, answer: Answer): Command =>
  command(`answer ${answer}`, async (model, real) => {
    const pending = live(real)[pick % Math.max(1, live(real).length)];
    if (pending) reply(model, real, pending, answer);
  });

const answerAsk = (unsure: boolean): Command =>
  command(unsure ? 'unsure' : 'tell', async (model, real) => {
    const pending = real.courier.pendingAsks[0];
    if (!pending) return;
    if (unsure) pending.answer({ kind: 'unsure', code: 'busy', message: 'busy' });
    else tell(model, pending);
  });

const advance = (ms: number): Command => command(`advance ${ms}`, (_model, real) => real.clock.advance(ms));

/** The process dies; what it had sent may or may not have reached the vendor, now or a little later. */
const crash = (seed: number): Command =>
  command('crash', async (model, real) => {
    const random = seededRandom(seed);
    for (const { vendor, call } of [...live(real)]) {
      const fate = random.next();
      if (fate < 0.3) takeEffect(model, real, vendor, call);
      else if (fate < 0.6) {
        const delay = Math.floor(random.next() * inFlightMs);
        real.clock.after(delay, () => takeEffect(model, real, vendor, call));
      }
    }
    real.opened.reopen();
    startDesk(model, real, seed);
  });

/** A person or a time server sets the desk's clock, while it runs. The vendor's goes on as it was. */
const jump = (ms: number): Command =>
  command(`clock ${ms}`, (_model, real) => {
    real.clock.jumpWall(ms);
    real.aheadMs -= ms;
    real.outbox.poke();
    return Promise.resolve();
  });

/** The same answer comes twice, and another one after it: only the first counts. */
const answerTwice = (pick: number, first: Answer, then: Answer): Command =>
  command(`answer ${first}, then ${then}`, async (model, real) => {
    const pending = live(real)[pick % Math.max(1, live(real).length)];
    if (!pending) return;
    reply(model, real, pending, first);
    await real.clock.settle();
    pending.answer({ kind: 'done', result: 1 });
    pending.answer({ kind: 'rejected', code: then, message: then });
  });

/** An answer to a call that was given up on long ago, whatever it says, changes nothing. */
const answerLate = command('late answer', (_model, real) => {
  real.late.shift()?.answer({ kind: 'rejected', code: 'late', message: 'late' });
  return Promise.resolve();
});

const pause = (vendor: EffectClass): Command =>
  command(`pause ${vendor}`, async (_model, real) => real.outbox.pause(vendor));
const resume = (vendor: EffectClass): Command =>
  command(`resume ${vendor}`, async (_model, real) => real.outbox.resume(vendor));
/** The line goes down under calls that had not left yet, and stays down for longer than a key window. */
const outage = command('outage', async (model, real) => {
  for (const vendor of effects) real.outbox.pause(vendor);
  for (const pending of [...live(real)]) reply(model, real, pending, 'not-sent');
  await real.clock.advance(2_000_000);
  for (const vendor of effects) real.outbox.resume(vendor);
});
const redriveAll = command('redrive', async (_model, real) => {
  for (const job of allJobs(real)) {
    if ((job.state === 'dead' || job.state === 'rejected') && !(job.doubt && job.effect === 'unsafe')) {
      real.outbox.redrive(job.id);
    }
  }
});

const anyEffect = fc.constantFrom(...effects);
const commands = fc.commands(
  [
    fc.tuple(anyEffect, fc.integer({ min: 1, max: 3 })).map(([effect, length]) => addLane(effect, length)),
    fc.tuple(fc.nat(20), fc.constantFrom(...answers)).map(([pick, answer]) => answerSend(pick, answer)),
    fc.tuple(fc.nat(20), fc.constantFrom(...answers)).map(([pick, answer]) => answerSend(pick, answer)),
    fc.boolean().map(answerAsk),
    fc.constantFrom(-1_200_000, -90_000, 90_000, 1_200_000, 172_800_000).map(jump),
    fc.tuple(fc.nat(20), fc.constantFrom(...answers), fc.constantFrom(...answers)).map((it) => answerTwice(...it)),
    fc.constantFrom(1, 700, 29_999, 30_000, 61_000, 1_600_000, 2_000_000).map(advance),
    fc.nat().map(crash),
    fc.constant(answerLate),
    anyEffect.map(pause),
    anyEffect.map(resume),
    fc.constant(redriveAll),
    fc.constant(outage),
  ],
  { maxCommands: 50, size: 'max' },
);

/** Everything works again and a person redrives what is left: every job must end done, once. */
async function drain(model: Model, real: Real): Promise<void> {
  for (const vendor of effects) real.outbox.resume(vendor);
  for (let round = 0; round < 12 && allJobs(real).some(({ state }) => state !== 'done'); round += 1) {
    await redriveAll.run(model, real);
    for (let turn = 0; turn < 12; turn += 1) {
      for (const pending of [...live(real)]) reply(model, real, pending, 'done');
      for (const pending of [...real.courier.pendingAsks]) tell(model, pending);
      await real.clock.settle();
    }
    await real.clock.advance(61_000);
    for (const job of allJobs(real)) {
      // The person looks at the vendor's screen and says what is there.
      if (job.state !== 'dead' || job.effect !== 'unsafe') continue;
      real.outbox.settleByHand(job.id, (model.effects.get(job.id) ?? 0) > 0 ? 'done' : 'resend');
    }
  }
  check(model, real);
  expect(allJobs(real).filter(({ state }) => state !== 'done')).toEqual([]);
}

test(
  'whatever vendors, crashes and people do: no effect twice, none lost, lanes in order',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (run) => {
        const clock = createVirtualClock();
        const opened = openTestStore({ clock });
        const model: Model = { effects: new Map(), seenIds: new Map(), sends: new Map(), jobs: 0 };
        const real = { clock, opened, aheadMs: 0, late: [] as PendingCall<SendOutcome>[] } as unknown as Real;
        try {
          startDesk(model, real, 1);
          await fc.asyncModelRun(() => ({ model, real }), run);
          await drain(model, real);
        } finally {
          opened.remove();
        }
      }),
      modelRuns(15),
    );
  },
);
