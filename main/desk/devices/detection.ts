/**
 * Finds out how a scale talks: listens with each line setting scales are delivered with, asks in each protocol's words, and
 * gives what came to the judgement of `devices/scale`. It ends with the first line setting under which something fits.
 * Nothing but questions for the weight is ever sent.
 */
import type { DeviceProposal, SerialSettings } from '../../../preload/contract/index.ts';
import { scaleProtocols } from '../../devices/scale/index.ts';
import type { ScaleProtocol } from '../../domain/device.ts';
import { notOpen } from '../../domain/link-cause.ts';
import type { Clock, Link, LinkOptions } from '../../ports.ts';
import { judgeHeard, mergeProposals } from './detection-judge.ts';
import { hexOf } from './frame-decoder.ts';
import { createLinkWait, openMs } from './link-wait.ts';
import type { SessionView } from './session-view.ts';

/** Listening without asking: streaming scales send at least once a second. */
const listenMs = 1_200;
/** After each question; a scale at 9600 baud answers within 100 ms. */
const answerMs = 350;
/** Kept of each setting; more tells nothing new. */
const keptBytes = 16 * 1024;
/** A proposal this good ends the search at once; one that explains at least this much ends it with its line setting. */
const sureScore = 0.7;
const likelyScore = 0.5;

export interface Detection {
  readonly longestMs: number;
  /** Resolves when it is through or was stopped. Rejects with one line if the link does not open. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The questions worth asking, each once. */
export function questions(protocols: readonly ScaleProtocol[]): { name: string; bytes: Uint8Array }[] {
  const known = new Map<string, { name: string; bytes: Uint8Array }>();
  for (const protocol of protocols) {
    for (const bytes of protocol.forms.map((form) => form.poll)) {
      if (bytes === null || bytes.length === 0) continue;
      const key = hexOf(bytes);
      if (!known.has(key)) known.set(key, { name: protocol.id, bytes });
    }
  }
  return [...known.values()];
}

/** Line settings in use by the protocols, the commonest first. */
export function lineSettingsOf(protocols: readonly ScaleProtocol[]): SerialSettings[] {
  const counted = new Map<string, { settings: SerialSettings; count: number }>();
  const usual: SerialSettings = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 };
  for (const settings of [usual, ...protocols.flatMap(({ serial }) => (serial === null ? [] : [serial]))]) {
    const key = lineInWords(settings);
    const known = counted.get(key);
    counted.set(key, { settings, count: (known?.count ?? 0) + 1 });
  }
  return [...counted.values()].toSorted((a, b) => b.count - a.count).map(({ settings }) => settings);
}

/** `9600 8N1`. */
export function lineInWords({ baud, dataBits, parity, stopBits }: SerialSettings): string {
  return `${baud} ${dataBits}${parity === 'none' ? 'N' : parity === 'even' ? 'E' : 'O'}${stopBits}`;
}

export function detect(options: {
  readonly uri: string;
  readonly clock: Clock;
  make(uri: string, options: LinkOptions): Link;
  readonly view: SessionView;
}): Detection {
  const { uri, clock, make, view } = options;
  const protocols = Object.values(scaleProtocols);
  const lines: (SerialSettings | null)[] = uri.startsWith('serial://') ? lineSettingsOf(protocols) : [null];
  const asked = questions(protocols);
  const of = lines.length * (asked.length + 1);
  let stopped = false;
  const { wait, opened, wake } = createLinkWait(clock);
  let open: Link | null = null;
  let proposals: readonly DeviceProposal[] = [];

  /** Everything one line setting brings; stops early when the judgement is sure. */
  async function tryLine(line: SerialSettings | null, doneBefore: number): Promise<boolean> {
    const link = make(uri, line ?? {});
    open = link;
    let chunks: Uint8Array[] = [];
    let size = 0;
    const off = link.onBytes((bytes) => {
      size += bytes.length;
      view.change({ bytes: size });
      if (chunks.reduce((sum, chunk) => sum + chunk.length, 0) < keptBytes) chunks.push(bytes.slice());
    });
    try {
      const isOpen = opened(link);
      link.open();
      const setting = line === null ? '' : `${lineInWords(line)} · `;
      view.change({ trying: `${setting}…`, done: doneBefore, of, linkState: 'opening' });
      if (!(await isOpen)) {
        if (stopped) return false;
        throw notOpen(link, `${uri} did not open within ${openMs / 1_000} s`);
      }
      view.change({ linkState: 'open', problem: null });
      let step = doneBefore;
      /** The best score of what came since the last question. */
      const judge = (question: Uint8Array | null): number => {
        const found = judgeHeard({ line, asked: question, chunks });
        proposals = mergeProposals(proposals, found);
        view.proposals(proposals);
        return found[0]?.score ?? 0;
      };
      await wait(listenMs);
      let best = judge(null);
      for (const { name, bytes } of asked) {
        step += 1;
        view.change({ done: step, trying: `${setting}${name}` });
        if (stopped || best >= sureScore) break;
        chunks = [];
        await link.write(bytes, answerMs);
        await wait(answerMs);
        if (judge(bytes) === 0) continue;
        // Again, so that one lucky frame is not all there is.
        for (let again = 0; again < 2; again += 1) {
          await link.write(bytes, answerMs);
          await wait(answerMs);
        }
        best = Math.max(best, judge(bytes));
      }
      return best >= likelyScore;
    } finally {
      off();
      open = null;
      await link.close();
    }
  }

  return {
    longestMs: lines.length * (openMs + listenMs + asked.length * 4 * answerMs),
    async start() {
      for (const [index, line] of lines.entries()) {
        if (stopped) return;
        if (await tryLine(line, index * (asked.length + 1))) break;
      }
      view.change({ done: of, trying: '' });
    },
    async stop() {
      stopped = true;
      wake();
      await open?.close();
    },
  };
}
