/**
 * Listens to a measuring machine or a scanner while a person passes a parcel or scans a code, and proposes how it is read. Over a
 * serial line it goes on to the next setting when what came is unreadable. Nothing is written, unless a person asked for the
 * measuring command of a machine that has to be asked.
 */
import type { DeviceProposal, Notice, SerialSettings } from '../../../preload/contract/index.ts';
import { linkCause, notOpen } from '../../domain/link-cause.ts';
import type { Clock, Link, LinkOptions } from '../../ports.ts';
import { lineInWords, type Detection } from './detection.ts';
import { createEar, type Ear } from './ear.ts';
import { createLinkWait, openMs } from './link-wait.ts';
import type { SessionView } from './session-view.ts';

/** Without a byte for this long a burst is over and is judged: longer than any pause inside a scan or record. */
const quietMs = 300;
/** So long after the question a machine may measure. */
const askEveryMs = 3_000;
const writeMs = 1_000;

export interface Heard {
  readonly ear: Pick<Ear, 'streams' | 'bursts'>;
  readonly line: SerialSettings | null;
}

export interface Verdict {
  readonly proposals: readonly DeviceProposal[];
  /** Frames that speak for the best proposal. */
  readonly done: number;
  /** What came cannot be read: another line setting should be tried. */
  readonly unreadable: boolean;
  /** Nothing more has to be heard. */
  readonly enough: boolean;
}

/** What is listened for. */
export interface Listening {
  /** Line settings to try, the likeliest first; only a serial link has any. */
  readonly lines: readonly SerialSettings[];
  judge(heard: Heard): Verdict;
  /** Frames that are enough, for the progress. */
  readonly wanted: number;
  readonly limitMs: number;
  /** What a person has to do, as long as so many frames came; `line` is listened to, `changed` after another was unreadable. */
  note(done: number, line: string, changed: boolean): Notice;
  /** Said when it is over and nothing was proposed. */
  nothing(bytes: number): Notice;
  /** Question to ask while nothing is heard, or null. */
  readonly question: Uint8Array | null;
  /** What could be asked besides, if nothing is proposed. */
  readonly askMore: Notice | null;
}

export function detectByListening(options: {
  readonly uri: string;
  readonly clock: Clock;
  make(uri: string, options: LinkOptions): Link;
  readonly view: Pick<SessionView, 'change' | 'proposals'>;
  readonly listening: Listening;
}): Detection {
  const { uri, clock, make, view, listening } = options;
  const { lines, wanted, limitMs } = listening;
  const settings: readonly (SerialSettings | null)[] = uri.startsWith('serial://') ? lines : [null];
  const { wait, opened, wake } = createLinkWait(clock);
  let stopped = false;
  const goesOn = (): boolean => !stopped;
  let open: Link | null = null;
  let bytesSeen = 0;
  let proposals: readonly DeviceProposal[] = [];

  /** Until it is enough, unreadable, or the time is up. */
  async function listen(line: SerialSettings | null, until: number, changed: boolean): Promise<Verdict | null> {
    // Machines of one line may connect several at a time.
    const link = make(uri, { ...line, ...(uri.startsWith('tcp-listen://') ? { peers: 8 } : {}) });
    const words = line === null ? '' : lineInWords(line);
    const ear = createEar();
    let heardAt: number | null = null;
    let silent = true;
    open = link;
    const off = link.onBytes((bytes, from) => {
      bytesSeen += bytes.length;
      heardAt = clock.monotonic();
      silent = false;
      ear.push(bytes, from);
      view.change({ bytes: bytesSeen });
    });
    try {
      const isOpen = opened(link);
      link.open();
      view.change({ trying: words === '' ? uri.slice(0, 90) : words, linkState: 'opening' });
      // A listening link is open once it listens; a machine that is off may come later.
      if (!(await isOpen)) {
        if (stopped) return null;
        throw notOpen(link, `${uri} did not open within ${openMs / 1_000} s`);
      }
      view.change({ linkState: 'open', problem: null, done: 0, notes: [listening.note(0, words, changed)] });
      let last: Verdict | null = null;
      let shown: Link['state'] = 'open';
      let askedAt = clock.monotonic() - askEveryMs;
      while (goesOn() && clock.monotonic() < until) {
        if (listening.question !== null && heardAt === null && clock.monotonic() - askedAt >= askEveryMs) {
          askedAt = clock.monotonic();
          await link.write(listening.question, writeMs);
        }
        await wait(quietMs);
        if (link.state !== shown) {
          shown = link.state;
          const failure = shown === 'open' ? null : link;
          view.change({
            linkState: shown,
            problem: failure?.lastError ?? null,
            cause: linkCause(failure?.problem),
          });
        }
        if (silent || heardAt === null || clock.monotonic() - heardAt < quietMs) continue;
        silent = true;
        ear.silence();
        last = listening.judge({ ear, line });
        if (last.proposals.length > 0) proposals = last.proposals;
        view.proposals(proposals);
        view.change({
          done: Math.min(wanted, last.done),
          notes: [listening.note(last.done, words, false)],
        });
        if (last.enough || (last.unreadable && settings.length > 1)) return last;
      }
      return last;
    } finally {
      off();
      open = null;
      await link.close();
    }
  }

  return {
    longestMs: limitMs + openMs,
    async start() {
      const until = clock.monotonic() + limitMs;
      view.change({ of: wanted, done: 0 });
      for (let turn = 0; goesOn() && clock.monotonic() < until; turn += 1) {
        const line = settings[turn % settings.length] ?? null;
        const verdict = await listen(line, until, turn > 0);
        if (verdict === null || verdict.enough || !verdict.unreadable) break;
      }
      if (stopped) return;
      const none = proposals.length === 0;
      view.change({
        trying: '',
        notes: none ? [listening.nothing(bytesSeen)] : [],
        askMore: none ? listening.askMore : null,
      });
    },
    async stop() {
      stopped = true;
      wake();
      await open?.close();
    },
  };
}
