/** What the station says: its topics as they last came, and whether it can be reached. */
import type { CallOutput, Notice, ScanFeedback, Sound, TopicSnapshot } from '#contract';

/** `refused`: the host does not know this page. `failed`: the host is there, its station did not start. */
export type Reach =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly since: number; readonly reason: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly reason: string };

/** The answer shown to the packer. `id` grows with each, so that the same words twice flash and sound twice. */
export interface Feedback {
  readonly id: number;
  readonly code: string;
  readonly accepted: boolean;
  readonly notice: Notice;
  readonly sound: Sound;
  /** False for what was already said before this page was there: shown without flash or sound. */
  readonly fresh: boolean;
}

export interface DeskSlice {
  readonly reach: Reach;
  /** Counts connections, so that what was read over an old one can be read again. */
  readonly epoch: number;
  readonly info: CallOutput<'station.info'> | null;
  /** Station clock minus this page's clock, in milliseconds. */
  readonly clockOffsetMs: number;
  readonly pack: TopicSnapshot<'pack'> | null;
  readonly weight: TopicSnapshot<'weight'> | null;
  readonly status: TopicSnapshot<'status'> | null;
  readonly queue: TopicSnapshot<'queue'> | null;
  readonly training: TopicSnapshot<'training'> | null;
  readonly feedback: Feedback | null;
  /** Highest `seq` shown on this connection; null until the first pack snapshot of the connection. */
  readonly seenSeq: number | null;
}

export const initialDesk: DeskSlice = {
  reach: { kind: 'connecting' },
  epoch: 0,
  info: null,
  clockOffsetMs: 0,
  pack: null,
  weight: null,
  status: null,
  queue: null,
  training: null,
  feedback: null,
  seenSeq: null,
};

/** A scan's answer may come twice, as the call's reply and in the snapshot; it is shown once, newest only. */
export function withAnswer(state: DeskSlice, answer: ScanFeedback): Partial<DeskSlice> {
  if (state.seenSeq !== null && answer.seq <= state.seenSeq) return {};
  return { seenSeq: answer.seq, feedback: asFeedback(state.feedback, answer, true) };
}

/** The first snapshot of a connection tells what was said before; later ones tell news. */
export function withPack(state: DeskSlice, pack: TopicSnapshot<'pack'>): Partial<DeskSlice> {
  if (pack.last === null) return { pack, seenSeq: state.seenSeq ?? 0 };
  if (state.seenSeq !== null) return { pack, ...withAnswer(state, pack.last) };
  // A local notice that says why a scan was lost stays until the packer scans again.
  const kept = state.feedback !== null && !state.feedback.accepted;
  return {
    pack,
    seenSeq: pack.last.seq,
    feedback: kept ? state.feedback : asFeedback(state.feedback, pack.last, false),
  };
}

/** Something the screen itself has to say about a scan that never reached the station. */
export function withLocalNotice(state: DeskSlice, notice: Notice, code = ''): Partial<DeskSlice> {
  const id = (state.feedback?.id ?? 0) + 1;
  return { feedback: { id, code, accepted: false, notice, sound: 'wrong', fresh: true } };
}

/** An answer as it is shown; `before` is the one it replaces. */
export function asFeedback(before: Feedback | null, answer: ScanFeedback, fresh: boolean): Feedback {
  const { code, accepted, notice, sound } = answer;
  return { id: (before?.id ?? 0) + 1, code, accepted, notice, sound, fresh };
}
