/** The end of the day: choose, push, follow the carrier's answers, print the list, scan at loading. */
import { FlightForm, HandoverDetailsForm } from '../../../preload/contract/index.ts';
import type {
  CallOutput,
  CallRequest,
  DaySnapshot,
  HandoverCarrier,
  HandoverListFile,
  HandoverListPrint,
  Notice,
  ScanFeedback,
  ScanManner,
} from '../../../preload/contract/index.ts';
import { ContractError } from '../../../preload/contract/index.ts';
import { normaliseScan, readScan } from '../../domain/scan.ts';
import { scannerTestNotice } from '../../domain/scanner-test.ts';
import type { Job } from '../../domain/job.ts';
import type { Timer } from '../../ports.ts';
import { StoreError } from '../../store/store.ts';
import { no, notice, yes, type Answer } from '../answer.ts';
import { createChoices } from './choices.ts';
import { kindsOf, usesBags, type DayCarrier, type DayContext } from './day-context.ts';
import { createDocuments } from './documents.ts';
import { recallForm } from './form-memory.ts';
import type { HandoverLists } from './list.ts';
import { createLoading } from './loading.ts';
import { createPushing } from './push.ts';

export interface DayTopic {
  current(): DaySnapshot;
  onChange(listener: () => void): () => void;
}

export interface DayDesk {
  /** Composed when it is asked for: a day holds thousands of parcels, and often nobody looks. */
  readonly snapshot: DayTopic;
  /** All but `scan` and `loading` throw ContractError `not-found` or `refused`, with the words in `detail.notice`. */
  push(input: CallRequest<'day.push'>): Promise<CallOutput<'day.push'>>;
  repeat(input: CallRequest<'day.repeat'>): CallOutput<'day.repeat'>;
  get(input: CallRequest<'day.get'>): CallOutput<'day.get'>;
  decide(input: CallRequest<'day.decide'>): void;
  flight(input: CallRequest<'day.flight'>): void;
  printList(input: CallRequest<'day.printList'>): Promise<HandoverListPrint>;
  listFile(handoverId: string): Promise<HandoverListFile>;
  loading(input: CallRequest<'day.loading'>): ScanFeedback;
  /** `source` is how the text came in: wedge, keyboard, device. */
  scan(text: string, source?: string, manner?: ScanManner): ScanFeedback;
  /** Inside the transaction that makes a job `done`. True if the job is one of a document. */
  jobDone(job: Job): boolean;
  /** Inside the transaction of any other change of a job. */
  jobChanged(job: Job): void;
  /** After commit of any change of a job. */
  jobSettled(job: Job): void;
  /** What a person is asked about a stopped job of a document, for the list of decisions; null if it is none. */
  question(job: Job): { handoverId: string; notice: Notice; actions: ('retry' | 'adopt' | 'resend')[] } | null;
  isSettledJob(job: { readonly lane: string }): boolean;
  /** Something changed that the screen may show. Cheap. */
  touch(): void;
  /** Goes on with what the last stop cut off. */
  restore(): void;
  stop(): void;
}

export interface DayDeskOptions extends DayContext {
  lists(context: DayContext): HandoverLists;
  /** Why nothing new may be begun at this desk, or null. */
  refusal(): Notice | null;
}

const mostDocuments = 50;
/** The screen follows at most so often; a scan's own answer is immediate. */
const quietMs = 150;

const noDetails: HandoverDetailsForm = {
  ...{ handoverNumber: '', contactName: '', company: '', email: '', phone: '', mobile: '', country: '', state: '' },
  ...{ city: '', postcode: '', houseNumber: '', street: '', address: '' },
};

export function createDayDesk(options: DayDeskOptions): DayDesk {
  const { clock, people } = options;
  const listeners = new Set<() => void>();
  const choices = createChoices(options);
  const documents = createDocuments(options, (bagIds) => {
    choices.changed(bagIds, true);
    touch();
  });
  const pushing = createPushing(options, (bagIds, loose) => {
    choices.changed(bagIds, loose);
    touch();
  });
  const loading = createLoading(options, choices, () => {
    choices.changed([], true);
    touch();
  });
  const lists = options.lists(options);
  let last: ScanFeedback | null = null;
  let answers = 0;
  let composed: DaySnapshot | null = null;
  let timer: Timer | null = null;
  let stopped = false;

  function touch(): void {
    composed = null;
    if (timer !== null || stopped) return;
    timer = clock.after(quietMs, () => {
      timer = null;
      tell();
    });
  }

  function tell(): void {
    composed = null;
    for (const listener of [...listeners]) listener();
  }

  function carrierView(carrier: DayCarrier): HandoverCarrier {
    const kept = (recallForm(options, carrier.id) ?? {}) as { details?: unknown; flight?: unknown };
    const details = HandoverDetailsForm.safeParse(kept.details);
    const flight = FlightForm.safeParse(kept.flight);
    const needs = (kind: 'scan-form' | 'manifest') => ({
      details: [...carrier.needs[kind].details],
      flight: [...carrier.needs[kind].flight],
    });
    return {
      ...{ vendor: carrier.id, vendorName: carrier.name, kinds: kindsOf(carrier), bags: usesBags(carrier) },
      flightNodes: carrier.effects.updateFlight !== undefined,
      needs: { scanForm: needs('scan-form'), manifest: needs('manifest') },
      details: details.success ? details.data : noDetails,
      flight: flight.success ? flight.data : null,
    };
  }

  function compose(): DaySnapshot {
    const now = { choices: choices.list(), documents: documents.list(mostDocuments), loading: loading.view() };
    return {
      carriers: options.carriers.map(carrierView),
      ...now,
      next: nextStep(now),
      last,
      packer: people.current(),
      supervisor: people.supervisor(),
    };
  }

  function say(code: string, given: Answer): ScanFeedback {
    answers += 1;
    last = { seq: answers, at: clock.now(), code: code.slice(0, 200), ...given };
    tell();
    return last;
  }

  /** Runs one step; whatever fails is said. */
  function attempt(step: () => Answer): Answer {
    try {
      return step();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      options.log.error({ error: reason }, 'the end of the day could not complete an action');
      if (error instanceof StoreError && error.code === 'full') return no(notice('store.full', 'stop'), 'stop');
      return no(notice('store.problem', 'stop', { reason }), 'stop');
    }
  }

  /** The words of a refusal also stand on the screen. */
  function spoken<T>(name: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      sayRefusal(name, error);
      throw error;
    }
  }

  function sayRefusal(name: string, error: unknown): void {
    if (!(error instanceof ContractError)) return;
    const words = error.detail?.['notice'] as Notice | undefined;
    if (words !== undefined) say(name, no(words, words.tone === 'ask' ? 'ask' : 'wrong'));
  }

  /** Nothing new is begun while it could not be written down. */
  function guard(): void {
    const words = options.refusal();
    if (words !== null) throw new ContractError('unavailable', `not now: ${words.code}`, { notice: words });
  }

  function take(text: string, source: string, manner: ScanManner): Answer {
    const normal = normaliseScan(text);
    if (normal.kind === 'refused') return no(normal.notice);
    const command = /^PB:DAY:([A-Z-]{1,20})$/i.exec(normal.code)?.[1]?.toLowerCase();
    if (command === 'undo') return loading.undo();
    if (command === 'end') return loading.act({ action: 'end', vendor: '', reason: '' });
    const read = readScan(normal.code, manner);
    if (read.kind === 'badge') return people.scanBadge(read.badge);
    if (read.kind === 'refused') return no(read.notice);
    if (read.kind === 'test') {
      return read.fault === null ? yes(scannerTestNotice(read), 'done') : no(scannerTestNotice(read));
    }
    return loading.scan(normal.code, text, manner.scanner === undefined ? source : `${source} ${manner.scanner}`);
  }

  return {
    snapshot: {
      current: () => (composed ??= compose()),
      onChange(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    async push(input) {
      try {
        guard();
        const pushed = await pushing.push(input);
        const { parcels, leftOutCount: left, handoverIds } = pushed;
        const params = { parcels, documents: handoverIds.length, left, kind: input.kind };
        say(
          'day.push',
          yes(notice(left > 0 ? 'day.pushed-some' : 'day.pushed', left > 0 ? 'warn' : 'ok', params), 'sealed'),
        );
        return pushed;
      } catch (error) {
        sayRefusal('day.push', error);
        throw error;
      }
    },
    repeat: (input) =>
      spoken('day.repeat', () => {
        guard();
        const pushed = pushing.repeat(input);
        const { parcels, leftOutCount: left } = pushed;
        const params = { parcels, documents: 1, left, kind: 'repeat' };
        say(
          'day.repeat',
          yes(notice(left > 0 ? 'day.pushed-some' : 'day.pushed', left > 0 ? 'warn' : 'ok', params), 'sealed'),
        );
        return pushed;
      }),
    get: (input) => documents.get(input),
    decide: (input) =>
      spoken('day.decide', () => {
        documents.decide(input);
        say('day.decide', yes(notice(`day.decided-${input.action}`, 'info'), 'item'));
      }),
    flight: (input) =>
      spoken('day.flight', () => {
        documents.flight(input);
        say('day.flight', yes(notice('day.node-taken', 'ok', { node: input.node }), 'item'));
      }),
    async printList(input) {
      const printed = await lists.print(input);
      say('day.printList', printed.outcome === 'printed' ? yes(printed.notice, 'item') : no(printed.notice));
      return printed;
    },
    listFile: (handoverId) => lists.file(handoverId),
    loading: (input) =>
      say(
        `PB:DAY:${input.action}`,
        attempt(() => loading.act(input)),
      ),
    scan(text, source = 'wedge', manner = {}) {
      const refusal = options.refusal();
      return say(
        text,
        attempt(() => (refusal === null ? take(text, source, manner) : no(refusal, 'stop'))),
      );
    },
    jobDone: (job) => documents.jobDone(job),
    jobChanged(job) {
      documents.jobChanged(job);
    },
    jobSettled(job) {
      if (job.facts !== null) return;
      const settled = job.state === 'done' || job.state === 'rejected';
      if (settled && job.lane.startsWith('handover:')) {
        const { bagIds, failed } = documents.touchedBy(job.lane);
        // What is through stays in its document.
        choices.changed(bagIds, failed);
      }
      touch();
    },
    question: (job) => documents.question(job),
    isSettledJob: (job) => documents.isSettledJob(job),
    touch,
    restore() {
      loading.resume();
    },
    stop() {
      stopped = true;
      timer?.cancel();
      loading.stop();
    },
  };
}

/** The one thing to do next. */
function nextStep({ choices, documents, loading }: Pick<DaySnapshot, 'choices' | 'documents' | 'loading'>): Notice {
  if (loading?.state === 'finishing') return notice('day.next-finishing', 'info', { carrier: loading.vendorName });
  if (loading !== null) {
    const left = loading.expected - loading.loaded;
    return notice('day.next-load', 'info', { left, carrier: loading.vendorName });
  }
  const asked = documents.find((each) => each.stage === 'attention');
  if (asked !== undefined) return { ...asked.notice, tone: 'ask' };
  const failed = documents.find((each) => each.repeatable > 0);
  if (failed !== undefined) {
    return notice('day.next-repeat', 'warn', { reference: failed.reference, failed: failed.repeatable });
  }
  const free = choices.some((each) => each.free.scanForm.parcels > 0 || each.free.manifest.parcels > 0);
  if (free) return notice('day.next-choose', 'info');
  const busy = documents.filter((each) => each.stage === 'pushing' || each.stage === 'waiting').length;
  if (busy > 0) return notice('day.next-wait', 'info', { count: busy });
  return choices.length > 0 ? notice('day.next-start-loading', 'info') : notice('day.next-nothing', 'ok');
}
