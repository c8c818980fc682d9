/**
 * Follows parcels after hand-over: asks each carrier about those not delivered yet, in batches, no faster than it
 * allows, and less often as they age. A vendor that fails is left alone for longer each time (a breaker of its own:
 * questions never take part in what the outbox decides about jobs); a parcel whose question failed is asked about by
 * itself, so that one bad number does not spoil a batch.
 */
import { breakerAnswered, breakerFailed, breakerRetryNow, closedBreaker, type Breaker } from '../domain/breaker.ts';
import type { BreakerPolicy } from '../domain/breaker.ts';
import type { TrackingAnswer, TrackingQuestion } from '../domain/shipping.ts';
import { defaultTrackingPolicy, longestWaitMs, type TrackingPolicy } from '../domain/tracking.ts';
import type { Clock, Failpoint, Ids, Log, RandomSource, Timer } from '../ports.ts';
import type { Store, TrackingRecord } from '../store/store.ts';
import type { PlannedJob } from './sealing.ts';
import { nextAskAt, takeAnswer, type AnswerContext } from './tracking-answers.ts';
import { createProofs, type ProofVendor } from './tracking-proofs.ts';

/** A vendor that can be asked where a parcel is. */
export interface TrackedVendor extends ProofVendor {
  /** Rejects with an error that has a `kind` (see VendorError) if there is no answer. */
  track(questions: readonly TrackingQuestion[]): Promise<readonly TrackingAnswer[]>;
  /** Most parcels in one question. */
  readonly atOnce: number;
  /** Most questions in one minute. */
  readonly perMinute: number;
}

export interface TrackingOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly ids: Ids;
  readonly log: Log;
  readonly vendors: readonly TrackedVendor[];
  /** What vendors want to hear of a delivery, in order. */
  readonly onward: readonly PlannedJob[];
  /** New jobs may run. */
  poke(): void;
  readonly policy?: Partial<TrackingPolicy> | undefined;
  readonly breaker?: BreakerPolicy | undefined;
  readonly failpoint?: Failpoint | undefined;
}

export interface Tracking {
  start(): void;
  /** Asks nothing more and waits for the questions under way, for a bounded time: an answer lost is asked for again. */
  stop(): Promise<void>;
  /** Begins to follow a parcel that was handed over. Inside the caller's transaction; then `poke`. */
  follow(parcelId: string, vendor: string): void;
  /** Parcels may have become due. */
  poke(): void;
  /** The line may be back: vendors that failed are tried now. */
  retryNow(): void;
  /**
   * What a vendor sent by itself, kept as it came and taken in once, in one transaction. Answers about parcels of
   * other desks are passed over. Returns the number of parcels it was about.
   */
  receive(vendor: string, body: string, answers: readonly TrackingAnswer[]): number;
}

const minuteMs = 60_000;
/** Our choice: a vendor that fails three times in a row is left alone for a minute, then longer, up to an hour. */
const defaultBreaker: BreakerPolicy = { threshold: 3, baseMs: minuteMs, capMs: 60 * minuteMs };
/** Longest sleep, so that a clock that was set is noticed: what has become due by it waits no longer than this. */
const longestSleepMs = minuteMs;
const storeRetryMs = 5_000;
/** Wall and monotonic clock may drift this far apart before we call it a jump. */
const jumpMs = 2_000;
const drainMs = 3_000;

interface Line {
  breaker: Breaker;
  /** Monotonic instants of the questions of the last minute. */
  asked: number[];
  /** Monotonic. */
  pausedUntil: number;
  running: Promise<void> | null;
}

export function createTracking(options: TrackingOptions): Tracking {
  const { store, clock, log, random } = options;
  const policy: TrackingPolicy = { ...defaultTrackingPolicy, ...options.policy };
  const breakerPolicy = options.breaker ?? defaultBreaker;
  const context: AnswerContext = {
    store,
    ids: options.ids,
    random,
    policy,
    onward: options.onward,
    offersProof: (id) => options.vendors.some((vendor) => vendor.id === id && vendor.proof !== undefined),
  };
  const lines = new Map<string, Line>(
    options.vendors.map(({ id }) => [id, { breaker: closedBreaker, asked: [], pausedUntil: -Infinity, running: null }]),
  );
  let timer: Timer | null = null;
  let stopped = true;
  let wallMinusMonotonic: number | null = null;

  const lineOf = (vendor: string): Line => {
    const line = lines.get(vendor);
    if (line === undefined) throw new Error(`vendor ${vendor} is not asked about parcels`);
    return line;
  };

  const proofs = createProofs({
    context,
    clock,
    log,
    breaker: breakerPolicy,
    questionOf,
    throttled: (vendor) => {
      lineOf(vendor).pausedUntil = clock.monotonic() + minuteMs;
    },
    poke: () => {
      options.poke();
    },
  });

  /** Monotonic instant from which the vendor takes another question of any kind. */
  function allowedFrom(vendor: TrackedVendor): number {
    const { asked, pausedUntil } = lineOf(vendor.id);
    const oldest = asked.length < vendor.perMinute ? undefined : asked.at(-vendor.perMinute);
    return Math.max(pausedUntil, oldest === undefined ? -Infinity : oldest + minuteMs);
  }

  /** What may be asked of a vendor next, with how long it has to wait; what is due first comes first. */
  function turns(vendor: TrackedVendor, line: Line): readonly { readonly inMs: number; readonly begin: () => void }[] {
    const allowed = allowedFrom(vendor);
    return [
      {
        dueAt: store.tracking.nextDueAt(vendor.id),
        from: line.breaker.openUntil ?? -Infinity,
        begin: () => begin(vendor, line),
      },
      { dueAt: proofs.dueAt(vendor), from: proofs.openFrom(vendor), begin: () => beginProof(vendor, line) },
    ]
      .flatMap(({ dueAt, from, begin }) => (dueAt === null ? [] : [{ dueAt, from, begin }]))
      .toSorted((a, b) => a.dueAt - b.dueAt)
      .map(({ dueAt, from, begin }) => ({
        inMs: Math.max(dueAt - clock.now(), Math.max(allowed, from) - clock.monotonic()),
        begin,
      }));
  }

  /** At the start, and when the wall clock was set: no row may wait longer than any rule says. */
  function correctJump(): void {
    const offset = clock.now() - clock.monotonic();
    if (wallMinusMonotonic !== null && Math.abs(offset - wallMinusMonotonic) < jumpMs) return;
    const latest = clock.now() + longestWaitMs(policy) * 2;
    for (const vendor of options.vendors) {
      store.tracking.notLater(vendor.id, latest);
      proofs.correctJump(vendor);
    }
    wallMinusMonotonic = offset;
  }

  function pump(): void {
    if (stopped) return;
    timer?.cancel();
    timer = null;
    let waitMs = longestSleepMs;
    try {
      correctJump();
      for (const vendor of options.vendors) {
        const line = lineOf(vendor.id);
        if (line.running !== null) continue;
        const next = turns(vendor, line);
        const ready = next.find((turn) => turn.inMs <= 0);
        if (ready === undefined) waitMs = Math.min(waitMs, ...next.map((turn) => turn.inMs));
        else ready.begin();
      }
    } catch (error) {
      log.error({ error: String(error) }, 'tracking could not use the database');
      waitMs = storeRetryMs;
    }
    timer ??= clock.after(waitMs, pump);
  }

  /** Claims a batch and asks. The claim is kept first: a question that kills the process is not asked again at once. */
  function begin(vendor: TrackedVendor, line: Line): void {
    const now = clock.now();
    const due = store.tracking.due(vendor.id, now, Math.max(1, vendor.atOnce));
    const [first] = due;
    if (first === undefined) return;
    const batch = first.failures > 0 ? [first] : due.filter((record) => record.failures === 0);
    const questions = store.transaction(() => {
      const made: TrackingQuestion[] = [];
      for (const record of batch) {
        const question = questionOf(record.parcelId);
        if (question === null || nextAskAt(context, record, 0, now) === null) giveUp(record);
        else {
          store.tracking.update({ ...record, lastAskedAt: now, nextAskAt: now + policy.claimMs });
          made.push(question);
        }
      }
      options.failpoint?.('tracking.before-ask-commit');
      return made;
    });
    options.failpoint?.('tracking.after-ask-commit');
    run(vendor, line, questions.length === 0 ? null : () => ask(vendor, line, questions));
  }

  function beginProof(vendor: TrackedVendor, line: Line): void {
    const question = proofs.claim(vendor);
    run(vendor, line, question === null ? null : () => proofs.ask(vendor, question));
  }

  /** One question at a time; `null` if the turn came to nothing. */
  function run(vendor: TrackedVendor, line: Line, work: (() => Promise<void>) | null): void {
    if (work !== null) {
      line.asked = [...line.asked.filter((at) => at > clock.monotonic() - minuteMs), clock.monotonic()];
    }
    line.running = (work === null ? Promise.resolve() : work())
      .catch((error: unknown) => {
        log.error({ vendor: vendor.id, error: String(error) }, 'an answer about parcels could not be taken in');
        line.pausedUntil = clock.monotonic() + storeRetryMs;
      })
      .finally(() => {
        line.running = null;
        pump();
      });
  }

  function questionOf(parcelId: string): TrackingQuestion | null {
    const parcel = store.parcels.get(parcelId);
    if (parcel === null || parcel.waybill === null) return null;
    const placed = store.jobs.earlierResults(parcel.id, Number.MAX_SAFE_INTEGER).placeOrder;
    return {
      parcelId: parcel.id,
      waybill: parcel.waybill,
      reference: parcel.reference,
      orderNumber: parcel.facts.orderNumber,
      vendorOrderNumber: placed?.vendorOrderNumber ?? null,
    };
  }

  function giveUp(record: TrackingRecord): void {
    store.tracking.update({ ...record, nextAskAt: null, closed: 'too-old' });
    store.events.append('tracking-given-up', { parcelId: record.parcelId }, { vendor: record.vendor });
  }

  async function ask(vendor: TrackedVendor, line: Line, questions: readonly TrackingQuestion[]): Promise<void> {
    let answers: readonly TrackingAnswer[];
    try {
      answers = await vendor.track(questions);
    } catch (error) {
      failed(vendor, line, questions, error);
      return;
    }
    line.breaker = breakerAnswered();
    const at = clock.now();
    let delivered = false;
    store.transaction(() => {
      for (const { parcelId } of questions) {
        const parcel = store.parcels.get(parcelId);
        const record = store.tracking.get(parcelId, vendor.id);
        const answer = answers.find((each) => each.parcelId === parcelId);
        // A push may have closed it while the question was on its way; the history is kept all the same.
        if (parcel === null || record === null) continue;
        if (answer !== undefined) delivered = takeAnswer(context, parcel, record, answer, at) || delivered;
        else unanswered(record, 'the vendor said nothing about this parcel', at);
      }
      options.failpoint?.('tracking.before-answer-commit');
    });
    options.failpoint?.('tracking.after-answer-commit');
    if (delivered) options.poke();
  }

  function unanswered(record: TrackingRecord, reason: string, now: number): void {
    if (record.closed !== null) return;
    const failures = record.failures + 1;
    const askAt = nextAskAt(context, record, failures, now);
    const closed = askAt === null ? 'too-old' : null;
    store.tracking.update({ ...record, failures, lastError: reason, nextAskAt: askAt, closed });
  }

  /** No answer at all. What is about the line or our access does not count against the parcels. */
  function failed(vendor: TrackedVendor, line: Line, questions: readonly TrackingQuestion[], error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const kind = typeof error === 'object' && error !== null && 'kind' in error ? error.kind : 'unknown';
    const now = clock.monotonic();
    line.breaker =
      kind === 'rejected' ? breakerAnswered() : breakerFailed(line.breaker, now, random.next(), breakerPolicy);
    if (kind === 'throttled') line.pausedUntil = now + minuteMs;
    const aboutParcels = kind === 'rejected' || kind === 'unknown' || kind === 'transient';
    log.warn({ vendor: vendor.id, kind, parcels: questions.length, reason }, 'asking about parcels failed');
    const wall = clock.now();
    store.transaction(() => {
      for (const { parcelId } of questions) {
        const record = store.tracking.get(parcelId, vendor.id);
        if (record === null || record.closed !== null) continue;
        if (aboutParcels) unanswered(record, reason, wall);
        else store.tracking.update({ ...record, lastError: reason, nextAskAt: wall + minuteMs });
      }
    });
  }

  return {
    start() {
      stopped = false;
      pump();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      timer = null;
      const underWay = [...lines.values()].flatMap((line) => line.running ?? []);
      if (underWay.length === 0) return;
      let limit: Timer | null = null;
      const limited = new Promise<void>((resolve) => (limit = clock.after(drainMs, resolve)));
      await Promise.race([Promise.all(underWay), limited]);
      (limit as Timer | null)?.cancel();
    },
    follow(parcelId, vendor) {
      if (!lines.has(vendor)) return;
      const now = clock.now();
      store.tracking.start(parcelId, vendor, now, now + (policy.steps[0]?.everyMs ?? 0));
    },
    poke: pump,
    retryNow() {
      for (const line of lines.values()) line.breaker = breakerRetryNow(line.breaker, clock.monotonic());
      proofs.retryNow();
      pump();
    },
    receive(vendor, body, answers) {
      const at = clock.now();
      let delivered = false;
      const taken = store.transaction(() => {
        const push = store.tracking.keepPush(vendor, body, at);
        if (!push.open) return 0;
        let count = 0;
        for (const answer of answers) {
          const parcel = store.parcels.get(answer.parcelId);
          if (parcel === null) continue;
          store.tracking.start(parcel.id, vendor, at, null);
          const record = store.tracking.get(parcel.id, vendor);
          if (record === null) continue;
          delivered = takeAnswer(context, parcel, record, answer, at) || delivered;
          count += 1;
        }
        store.tracking.settlePush(push.seq, at, null);
        return count;
      });
      if (delivered) options.poke();
      pump();
      return taken;
    },
  };
}
