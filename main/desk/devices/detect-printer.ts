/**
 * Finds out which language a printer speaks: what its USB port says first, then one question after the other, the harmless ones
 * first, each with its answer time. A question that may print a line is asked only after a person was told (`askMore`).
 */
import type { DeviceProposal, Notice } from '../../../preload/contract/index.ts';
import {
  mergeFindings,
  modelOf,
  readAnswer,
  readDeviceId,
  type KnownModel,
  type PrinterFinding,
} from '../../devices/printer/autodetect.ts';
import { identityOf, quietQuestions, textQuestions, type IdentityQuestion } from '../../devices/printer/questions.ts';
import { doubt, reason } from '../../devices/reasons.ts';
import { notOpen } from '../../domain/link-cause.ts';
import type { Clock, Link, LinkOptions } from '../../ports.ts';
import type { Detection } from './detection.ts';
import { textOf } from './frame-decoder.ts';
import { createLinkWait, openMs } from './link-wait.ts';
import type { SessionView } from './session-view.ts';

/** Printers answer within 100 to 300 ms; some send an answer in pieces 300 ms apart. */
const answerMs = 1_000;
/** After the first byte of an answer: its rest. */
const restMs = 400;
/** More of one answer is not kept. */
const keptBytes = 4_096;
/** A finding this good ends the search. */
const sureScore = 0.7;

export interface PrinterDetection {
  readonly uri: string;
  readonly clock: Clock;
  make(uri: string, options: LinkOptions): Link;
  readonly view: Pick<SessionView, 'change' | 'proposals'>;
  /** Asks also what may print a line. */
  readonly askAll: boolean;
  readonly models: readonly KnownModel[];
}

export function detectPrinter({ uri, clock, make, view, askAll, models }: PrinterDetection): Detection {
  const asked = askAll ? [...quietQuestions, ...textQuestions] : quietQuestions;
  const of = asked.length + 1;
  const { wait, opened, wake } = createLinkWait(clock);
  let stopped = false;
  const goesOn = (): boolean => !stopped;
  let open: Link | null = null;
  let bytesSeen = 0;
  let unanswered = 0;

  /** Everything that came after one question. */
  async function answerTo(link: Link, { bytes, after }: IdentityQuestion): Promise<Uint8Array> {
    const came: number[] = [];
    let first: () => void = () => undefined;
    const off = link.onBytes((chunk) => {
      bytesSeen += chunk.length;
      view.change({ bytes: bytesSeen });
      came.push(...chunk.subarray(0, Math.max(0, keptBytes - came.length)));
      first();
    });
    try {
      await link.write(bytes, answerMs);
      // Most answers are whole at once; what comes in pieces has the rest time for each.
      if (came.length === 0) {
        first = wake;
        await wait(answerMs);
        first = () => undefined;
      }
      for (let before = 0; came.length > before && goesOn();) {
        before = came.length;
        await wait(restMs);
      }
      if (came.length === 0 && after !== null && !stopped) await link.write(after, answerMs);
    } finally {
      off();
    }
    return Uint8Array.from(came);
  }

  async function ask(link: Link, question: IdentityQuestion): Promise<PrinterFinding | null> {
    const answer = await answerTo(link, question);
    if (answer.length === 0) unanswered += 1;
    return readAnswer(question, answer);
  }

  async function askAround(): Promise<PrinterFinding[]> {
    // A serial line as the desk prints over it: the profile has no settings for one.
    const link = make(uri, { reopen: false });
    open = link;
    view.change({ trying: uri.slice(0, 90), done: 0, of, linkState: 'opening' });
    try {
      const isOpen = opened(link);
      link.open();
      if (!(await isOpen)) {
        if (stopped) return [];
        throw notOpen(link, `${uri} did not open within ${openMs / 1_000} s`);
      }
      view.change({ linkState: 'open', problem: null });
      let found = readDeviceId((await link.deviceId?.()) ?? {});
      const add = (next: PrinterFinding | null): void => {
        if (next === null) return;
        found = mergeFindings([...found, next]);
        view.proposals(found.map((each) => asProposal(each, models)));
      };
      const [best] = found;
      if (best !== undefined) {
        view.proposals(found.map((each) => asProposal(each, models)));
        // One language alone: then it may be asked in it, for its resolution.
        const question = found.length === 1 ? identityOf[best.language] : null;
        if (question !== null && !stopped) add(await ask(link, question));
        return found;
      }
      for (const [index, question] of asked.entries()) {
        if (stopped) break;
        view.change({ done: index + 1, trying: question.id });
        const answered = await ask(link, question);
        add(answered);
        if (answered === null) continue;
        const identity = identityOf[answered.language];
        if (identity !== null && identity.id !== question.id && !stopped) {
          view.change({ trying: identity.id });
          add(await ask(link, identity));
        }
        if ((found[0]?.score ?? 0) >= sureScore) break;
      }
      return found;
    } finally {
      open = null;
      await link.close();
    }
  }

  async function search(): Promise<void> {
    const notes: Notice[] = [];
    if (uri.startsWith('spooler://')) {
      view.change({ notes: [reason('device.detect-queue')] });
      return;
    }
    if (uri.startsWith('serial://') && !askAll) {
      // At a wrong speed a printer is sent other characters than were meant, so nothing is asked before a person knows.
      view.change({ askMore: doubt('device.detect-ask-serial') });
      return;
    }
    view.change({ notes: [reason('device.detect-asking')] });
    const found = await askAround();
    if (stopped) return;
    const sure = (found[0]?.score ?? 0) >= sureScore;
    if (found.length === 0) notes.push(reason('device.detect-mute'));
    else notes.push(reason('device.detect-compare-label'));
    if (!sure && unanswered > 0) notes.push(doubt('device.detect-switch-off'));
    view.change({
      ...{ done: of, trying: '', notes },
      askMore: sure || askAll ? null : doubt('device.detect-ask-text'),
    });
  }

  return {
    longestMs: openMs + (asked.length + 1) * (answerMs + 3 * restMs),
    start: search,
    async stop() {
      stopped = true;
      wake();
      await open?.close();
    },
  };
}

/** What to write into the profile. A model gives what is left out; what the printer said itself stands beside it. */
function asProposal(found: PrinterFinding, models: readonly KnownModel[]): DeviceProposal {
  const known = modelOf(found, models);
  const dpi = found.dpi ?? known?.dpi ?? null;
  const said = textOf(found.answer.subarray(0, 120));
  return {
    protocol: found.language,
    fields: {
      language: found.language,
      ...(known === null ? {} : { model: known.id }),
      ...(dpi === null ? {} : { dpi }),
    },
    ...{ frames: 1, refused: 0, score: found.score, needs: [] },
    sample: (found.model ?? said).slice(0, 200),
    because: [...found.because, ...(known === null ? [] : [reason('device.because-model', { model: known.id })])].slice(
      0,
      10,
    ),
  };
}
