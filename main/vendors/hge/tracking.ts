/** The answer of 查询轨迹 in our words. Its fields and status words are assumed; see assumed.ts. */
import type { HttpAnswer } from '../../ports.ts';
import type { TrackingEvent, TrackingStatus } from '../../domain/shipping.ts';
import type { Outcome } from '../kit/outcome.ts';
import { cleanText } from '../kit/outside.ts';
import { parseShanghai } from '../kit/time.ts';
import { assumedTrackingWords } from './assumed.ts';
import { objectsIn, valuesNamed } from './find.ts';
import { namesOther, parseEnvelope, saysNotFound } from './map.ts';
import type { Settings } from './settings.ts';

export interface ReadTracking {
  readonly status: TrackingStatus;
  readonly vendorStatus: string;
  /** Oldest first. */
  readonly events: readonly TrackingEvent[];
}

const maxEvents = 1_000;

/** What a word means: the profile's reading, else ours, else `unclear`. */
export function statusOf(word: string, overrides: Settings['assumed']['statuses']): TrackingStatus {
  const key = word.trim().toLowerCase();
  const override = Object.entries(overrides).find(([name]) => name.trim().toLowerCase() === key)?.[1];
  if (override !== undefined) return override;
  const plain = key.replace(/[\s-]+/g, '_');
  for (const candidate of [key, plain]) {
    if (Object.hasOwn(assumedTrackingWords, candidate)) return assumedTrackingWords[candidate] ?? 'unclear';
  }
  return 'unclear';
}

export function readTracking(answer: HttpAnswer, ourNumber: string, settings: Settings): Outcome<ReadTracking> {
  const outcome = parseEnvelope(answer);
  if (outcome.kind !== 'done') {
    return saysNotFound(outcome)
      ? { kind: 'done', result: { status: 'not-found', vendorStatus: outcome.code, events: [] } }
      : outcome;
  }
  const data = outcome.result;
  if (namesOther(data, ourNumber)) {
    return { kind: 'unknown', code: 'other-order', message: 'the answer is about another order' };
  }
  const { fields, statuses } = settings.assumed;
  const listed = Array.isArray(data) ? (data as unknown[]) : valuesNamed(data, fields.events);
  const events = listed
    .slice(0, maxEvents)
    .filter((entry): entry is object => typeof entry === 'object' && entry !== null && !Array.isArray(entry))
    .map((entry): TrackingEvent => {
      const vendorStatus = textIn(entry, fields.eventStatus);
      return {
        at: instantOf(valueIn(entry, fields.eventTime)),
        status: statusOf(vendorStatus, statuses),
        vendorStatus,
        place: textIn(entry, fields.eventPlace),
        text: textIn(entry, fields.eventText),
      };
    })
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const whole = Array.isArray(data) ? '' : textIn(objectsIn(data)[0] ?? {}, fields.status);
  const vendorStatus = whole === '' ? (events.at(-1)?.vendorStatus ?? '') : whole;
  if (vendorStatus === '' && events.length === 0) {
    return { kind: 'unknown', code: 'no-status', message: 'the answer tells no status and no events' };
  }
  return { kind: 'done', result: { status: statusOf(vendorStatus, statuses), vendorStatus, events } };
}

function valueIn(entry: object, names: readonly string[]): unknown {
  const given = entry as Readonly<Record<string, unknown>>;
  const name = names.find((each) => Object.hasOwn(given, each) && given[each] !== null && given[each] !== '');
  return name === undefined ? undefined : given[name];
}

function textIn(entry: object, names: readonly string[]): string {
  const value = valueIn(entry, names);
  return typeof value === 'string' || typeof value === 'number' ? cleanText(String(value)).slice(0, 500) : '';
}

/** ISO text with a zone, China time without one, or seconds or milliseconds since the epoch; null if none of these. */
function instantOf(value: unknown): number | null {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) {
    return value < 100_000_000_000 ? value * 1_000 : value;
  }
  if (typeof value !== 'string') return null;
  const china = parseShanghai(value);
  if (china !== null) return china;
  const at = /(?:Z|[+-]\d{2}:?\d{2})$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
