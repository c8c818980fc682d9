/** What the station says of the bags and of the end of the day, and the answer each of the two places shows. */
import type { CallOutput, HandoverDetailsForm, FlightForm, Notice, ScanFeedback, TopicSnapshot } from '#contract';
import { asFeedback, type Feedback } from './desk-slice.ts';

/** The answer a place shows. Each place counts its own. */
export interface Spoken {
  readonly feedback: Feedback | null;
  /** Highest `seq` shown on this connection; null until the first snapshot of the connection. */
  readonly seenSeq: number | null;
}

/** What is typed of a hand-over before it is pushed. The station remembers it from then on. */
export interface HandoverDraft {
  readonly details: HandoverDetailsForm;
  readonly flight: FlightForm;
}

export interface PlaceSlice {
  readonly bags: TopicSnapshot<'bags'> | null;
  readonly day: TopicSnapshot<'day'> | null;
  readonly spokenAtBags: Spoken;
  readonly spokenAtDay: Spoken;
  /** Row of the list beside the bags that its keys are about. */
  readonly bagRow: number;
  /** The list that the arrows move in at the end of the day. */
  readonly dayList: 'choices' | 'documents';
  readonly choiceRow: number;
  readonly documentRow: number;
  /** Routes (`routeKey`) that are not to be pushed now. */
  readonly leftBehind: ReadonlySet<string>;
  /** Parcels in no bag go with a push as well. */
  readonly looseToo: boolean;
  /** By carrier. */
  readonly drafts: Readonly<Record<string, HandoverDraft>>;
  /** Field of the details that a scan fills. */
  readonly draftField: string | null;
  /** The document that is looked into, as it was last read. */
  readonly document: CallOutput<'day.get'> | null;
  readonly documentId: string | null;
  readonly parcelRow: number;
  /** Failed parcels that the next push of this document leaves out. */
  readonly leaveOut: ReadonlySet<string>;
}

const silent: Spoken = { feedback: null, seenSeq: null };

export const initialPlaces: PlaceSlice = {
  bags: null,
  day: null,
  spokenAtBags: silent,
  spokenAtDay: silent,
  bagRow: 0,
  dayList: 'choices',
  choiceRow: 0,
  documentRow: 0,
  leftBehind: new Set(),
  looseToo: true,
  drafts: {},
  draftField: null,
  document: null,
  documentId: null,
  parcelRow: 0,
  leaveOut: new Set(),
};

/** An answer may come twice, as the call's reply and in the snapshot; it is shown once, newest only. */
export function spokenAnswer(before: Spoken, answer: ScanFeedback): Spoken {
  if (before.seenSeq !== null && answer.seq <= before.seenSeq) return before;
  return { seenSeq: answer.seq, feedback: asFeedback(before.feedback, answer, true) };
}

/** The first snapshot of a connection tells what was said before; later ones tell news. */
export function spokenSnapshot(before: Spoken, last: ScanFeedback | null): Spoken {
  if (last === null) return { ...before, seenSeq: before.seenSeq ?? 0 };
  if (before.seenSeq !== null) return spokenAnswer(before, last);
  const kept = before.feedback !== null && !before.feedback.accepted;
  return { seenSeq: last.seq, feedback: kept ? before.feedback : asFeedback(before.feedback, last, false) };
}

/** Something the screen itself has to say. */
export function spokenLocally(before: Spoken, notice: Notice, code: string): Spoken {
  const good = notice.tone === 'ok' || notice.tone === 'info';
  const answer = { code, accepted: good, notice, sound: good ? 'item' : 'wrong' } as const;
  return { ...before, feedback: { ...answer, id: (before.feedback?.id ?? 0) + 1, fresh: true } };
}
