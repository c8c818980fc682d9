/**
 * One backend for the life of the program, whatever happens to the station behind it. While the records are opened
 * again, topics keep their subscribers and say so, and every call is answered with a refusal in words: never with
 * success, never with silence.
 */
import { ContractError, type CallName, type CallRequest, type Notice } from '../../preload/contract/index.ts';
import type {
  BagsSnapshot,
  DaySnapshot,
  DeviceSession,
  DevicesSnapshot,
  PackSnapshot,
  QueueSnapshot,
  ScanFeedback,
} from '../../preload/contract/index.ts';
import type { ScannersSnapshot, StatusSnapshot, TrainingState, WeightSnapshot } from '../../preload/contract/index.ts';
import type { Backend, CallContext, TopicSource } from '../../preload/rpc/index.ts';
import type { Clock, Log } from '../ports.ts';

/** A topic whose source can be taken away and replaced. */
class StableTopic<S> implements TopicSource<S> {
  readonly #listeners = new Set<() => void>();
  #source: TopicSource<S> | null = null;
  #last: S;
  #stop: (() => void) | null = null;
  readonly #adapt: (snapshot: S) => S;

  constructor(first: S, adapt: (snapshot: S) => S = (snapshot) => snapshot) {
    this.#last = first;
    this.#adapt = adapt;
  }

  current(): S {
    if (this.#source === null) return this.#last;
    try {
      this.#last = this.#adapt(this.#source.current());
    } catch {
      // The database failed a moment ago; the picture before it stands until the words about it come.
    }
    return this.#last;
  }

  /** The source is followed only while somebody follows this: some watch more of the world while they are looked at. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#stop ??= this.#source?.onChange(() => this.#tell()) ?? null;
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = null;
    };
  }

  follow(source: TopicSource<S>): void {
    this.#stop?.();
    this.#source = source;
    this.#stop = this.#listeners.size === 0 ? null : source.onChange(() => this.#tell());
    this.#tell();
  }

  /** Shows this instead, until a source is followed again. */
  hold(change: (last: S) => S): void {
    this.#last = change(this.current());
    this.#stop?.();
    this.#stop = null;
    this.#source = null;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

export interface StableBackend {
  readonly backend: Backend;
  /** From now on this one answers. */
  serve(inner: Backend): void;
  /** Nobody answers: `why` is shown and said. May be called again with other words. */
  hold(why: Notice): void;
}

/** Calls that read nothing of the records. */
const alwaysAnswered = new Set<CallName>(['station.info', 'training.get', 'training.set', 'diagnose.run']);

/** Calls whose answer is numbered. */
const answersScan = new Set<CallName>([
  'pack.scan',
  'pack.command',
  'bags.scan',
  'bags.command',
  'day.scan',
  'day.loading',
]);

export function createStableBackend(options: {
  first: Backend;
  clock: Clock;
  log: Log;
  /** True once the database behind the inner station may not be believed. */
  failed(): boolean;
  /** Answers while nobody else does. */
  meanwhile: Pick<Backend['handlers'], 'diagnose.run'>;
}): StableBackend {
  const { clock, log, meanwhile } = options;
  let inner = options.first;
  let held: Notice | null = null;
  /** Answers are numbered from 1 by every inner station; the screen tells two answers apart by their number. */
  let offset = 0;
  let lastSeq = 0;

  const numbered = (given: ScanFeedback): ScanFeedback => {
    const seq = given.seq + offset;
    lastSeq = Math.max(lastSeq, seq);
    return { ...given, seq };
  };

  const { topics } = options.first;
  const pack = new StableTopic<PackSnapshot>(topics.pack.current(), (snapshot) =>
    snapshot.last === null ? snapshot : { ...snapshot, last: numbered(snapshot.last) },
  );
  const bags = new StableTopic<BagsSnapshot>(topics.bags.current(), (snapshot) =>
    snapshot.last === null ? snapshot : { ...snapshot, last: numbered(snapshot.last) },
  );
  const day = new StableTopic<DaySnapshot>(topics.day.current(), (snapshot) =>
    snapshot.last === null ? snapshot : { ...snapshot, last: numbered(snapshot.last) },
  );
  const weight = new StableTopic<WeightSnapshot>(topics.weight.current());
  const status = new StableTopic<StatusSnapshot>(topics.status.current());
  const queue = new StableTopic<QueueSnapshot>(topics.queue.current());
  const training = new StableTopic<TrainingState>(topics.training.current());
  const scanners = new StableTopic<ScannersSnapshot>(topics.scanners.current());
  const devices = new StableTopic<DevicesSnapshot>(topics.devices.current());
  const deviceSession = new StableTopic<DeviceSession>(topics.deviceSession.current());

  function refuse(code: string, topic: 'pack' | 'bags' | 'day'): ScanFeedback {
    const notice: Notice = held ?? { code: 'store.reopening', tone: 'stop', params: {} };
    lastSeq += 1;
    const given: ScanFeedback = { seq: lastSeq, at: clock.now(), code, accepted: false, notice, sound: 'stop' };
    if (held !== null && topic === 'pack') pack.hold((last) => ({ ...last, last: given }));
    if (held !== null && topic === 'bags') bags.hold((last) => ({ ...last, last: given }));
    if (held !== null && topic === 'day') day.hold((last) => ({ ...last, last: given }));
    return given;
  }

  function refusal<N extends CallName>(name: N, input: CallRequest<N>): unknown {
    if (name === 'pack.scan') return refuse((input as CallRequest<'pack.scan'>).code.slice(0, 200), 'pack');
    if (name === 'pack.command') return refuse(`PB:CMD:${(input as CallRequest<'pack.command'>).command}`, 'pack');
    if (name === 'bags.scan') return refuse((input as CallRequest<'bags.scan'>).code.slice(0, 200), 'bags');
    if (name === 'bags.command') return refuse(`PB:BAG:${(input as CallRequest<'bags.command'>).command}`, 'bags');
    if (name === 'day.scan') return refuse((input as CallRequest<'day.scan'>).code.slice(0, 200), 'day');
    if (name === 'day.loading') return refuse(`PB:DAY:${(input as CallRequest<'day.loading'>).action}`, 'day');
    throw new ContractError('unavailable', 'the station is reading its records again; try again in a moment');
  }

  function handler<N extends CallName>(name: N): Backend['handlers'][N] {
    const answer = async (input: CallRequest<N>, context: CallContext): Promise<unknown> => {
      if (held !== null && name === 'diagnose.run') return meanwhile['diagnose.run']({}, context);
      if (held !== null && !alwaysAnswered.has(name)) return refusal(name, input);
      const asked = inner;
      try {
        const handle = asked.handlers[name] as (input: CallRequest<N>, context: CallContext) => unknown;
        const result = await handle(input, context);
        return answersScan.has(name) ? numbered(result as ScanFeedback) : result;
      } catch (error) {
        // Thrown because the database failed under it: nothing of it was kept, or nobody can say yet.
        if (!options.failed() && asked === inner) throw error;
        log.warn({ call: name, error: String(error) }, 'a call ended with the database');
        return refusal(name, input);
      }
    };
    return answer as Backend['handlers'][N];
  }

  const handlers = Object.fromEntries(
    (Object.keys(options.first.handlers) as CallName[]).map((name) => [name, handler(name)]),
  ) as unknown as Backend['handlers'];

  function serve(next: Backend): void {
    inner = next;
    held = null;
    offset = lastSeq;
    pack.follow(next.topics.pack);
    bags.follow(next.topics.bags);
    day.follow(next.topics.day);
    weight.follow(next.topics.weight);
    queue.follow(next.topics.queue);
    training.follow(next.topics.training);
    scanners.follow(next.topics.scanners);
    devices.follow(next.topics.devices);
    deviceSession.follow(next.topics.deviceSession);
    status.follow(next.topics.status);
  }
  serve(options.first);

  return {
    backend: {
      handlers,
      topics: { pack, weight, status, queue, training, bags, day, scanners, devices, deviceSession },
    },
    serve,
    hold(why) {
      held = why;
      // What is on the desk stays in sight; what to do next is to wait.
      pack.hold((last) => ({ ...last, stage: 'stopped', next: why, prompt: null, expects: null }));
      bags.hold((last) => ({ ...last, next: why, options: [], expects: null }));
      day.hold((last) => ({ ...last, next: why }));
      weight.hold((last) => ({ ...last, usable: false, reason: why }));
      status.hold((last) => ({
        ...last,
        at: clock.now(),
        problems: [why, ...last.problems.filter(({ code }) => code !== why.code)],
      }));
      queue.hold((last) => last);
      scanners.hold((last) => ({ ...last, waiting: [] }));
      devices.hold((last) => last);
      deviceSession.hold((last) => ({ ...last, state: 'failed', problem: 'the station starts anew' }));
    },
  };
}
