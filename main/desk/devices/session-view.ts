/** What the screen is shown of the one device that is looked at: frames at a bounded rate, and the steps of a test. */
import type { DeviceKind, DeviceProposal, DeviceSession, Problem } from '../../../preload/contract/index.ts';
import { frameCause } from '../../domain/frame-problems.ts';
import type { Clock, Timer } from '../../ports.ts';
import { Observable } from '../observable.ts';
import { textOf, type DecodedFrame } from './frame-decoder.ts';

/** Told at most so often, however many frames come. */
const tellEveryMs = 200;
const framesShown = 40;
const bytesShown = 256;

export const nothingWatched: DeviceSession = {
  at: 0,
  kind: 'none',
  state: 'done',
  number: 0,
  device: null,
  link: '',
  linkState: 'closed',
  problem: null,
  shared: false,
  startedAt: 0,
  endsAfterMs: 0,
  trying: '',
  done: 0,
  of: 0,
  proposals: [],
  notes: [],
  askMore: null,
  bytes: 0,
  frames: 0,
  refused: 0,
  newest: [],
  steps: [],
};

export interface SessionView {
  readonly shown: Observable<DeviceSession>;
  begin(what: {
    kind: DeviceSession['kind'];
    device: DeviceKind;
    link: string;
    shared: boolean;
    endsAfterMs: number;
    steps: readonly string[];
  }): number;
  /** Changes what is shown; told within `tellEveryMs`. */
  change(part: Partial<DeviceSession>): void;
  frame(frame: Pick<DecodedFrame, 'raw' | 'decoded' | 'error' | 'problem'>): void;
  passed(step: string, what: string): void;
  proposals(found: readonly DeviceProposal[]): void;
  end(state: 'done' | 'failed', problem: string | null, cause?: Problem): void;
  stop(): void;
}

export function createSessionView(clock: Clock): SessionView {
  const shown = new Observable<DeviceSession>(nothingWatched);
  let next: DeviceSession = nothingWatched;
  let timer: Timer | null = null;
  let seq = 0;

  function tell(): void {
    timer?.cancel();
    timer = null;
    shown.set({ ...next, at: clock.now() });
  }

  function change(part: Partial<DeviceSession>): void {
    next = { ...next, ...part };
    timer ??= clock.after(tellEveryMs, tell);
  }

  return {
    shown,
    begin({ kind, device, link, shared, endsAfterMs, steps }) {
      seq = 0;
      next = {
        ...nothingWatched,
        ...{ kind, device, link, shared, endsAfterMs },
        state: 'running',
        number: next.number + 1,
        startedAt: clock.now(),
        steps: steps.map((id) => ({ id, passedAt: null, what: '' })),
      };
      tell();
      return next.number;
    },
    change,
    frame({ raw, decoded, error, problem }) {
      seq += 1;
      const bytes = Uint8Array.from(Buffer.from(raw.slice(0, 2 * bytesShown), 'hex'));
      const entry = {
        seq,
        at: clock.now(),
        hex: raw.slice(0, 2 * bytesShown),
        text: textOf(bytes),
        reading: decoded === null ? null : readingInWords(decoded),
        error: error === null ? null : error.slice(0, 400),
        ...(problem === undefined ? {} : { cause: frameCause(problem) }),
      };
      change({
        newest: [...next.newest.slice(1 - framesShown), entry],
        frames: next.frames + (decoded === null ? 0 : 1),
        refused: next.refused + (error === null ? 0 : 1),
      });
    },
    passed(step, what) {
      if (next.steps.find(({ id }) => id === step)?.passedAt !== null) return;
      const now = clock.now();
      change({
        steps: next.steps.map((each) =>
          each.id === step ? { ...each, passedAt: now, what: what.slice(0, 200) } : each,
        ),
      });
      if (next.steps.every(({ passedAt }) => passedAt !== null)) change({ state: 'done' });
    },
    proposals: (found) => change({ proposals: found.slice(0, 20) }),
    end(state, problem, cause) {
      if (next.state !== 'running') return;
      next = { ...next, state, problem, cause };
      tell();
    },
    stop() {
      timer?.cancel();
      timer = null;
    },
  };
}

/**
 * A decoded frame in signs that read the same in every language: `= 1234 g` stable, `~ 1234 g` moving, `> max`, `< min`,
 * `net` behind a weight without its tare; of a scan the code, with its symbology if the scanner named it; else its fields.
 */
export function readingInWords(decoded: Readonly<Record<string, unknown>>): string {
  const { grams, stable, net, overload, underload } = decoded;
  if (typeof decoded['code'] === 'string') return scanInWords(decoded['code'], decoded);
  if (typeof grams !== 'number') {
    const fields = Object.entries(decoded).filter(([name]) => name !== 'raw' && name !== 'at');
    return fields
      .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' · ')
      .slice(0, 200);
  }
  if (overload === true) return '> max';
  if (underload === true) return '< min';
  return `${stable === true ? '=' : '~'} ${grams} g${net === true ? ' net' : ''}`;
}

function scanInWords(code: string, { aim, symbology }: Readonly<Record<string, unknown>>): string {
  const named = [aim, symbology].filter((part) => typeof part === 'string').join(' ');
  // Control characters by name, everything else as it is: a code may be Chinese.
  const shown = code.replace(/\p{Cc}/gu, (sign) => textOf(Uint8Array.of(sign.charCodeAt(0))));
  return `${named === '' ? '' : `${named} · `}${shown}`.slice(0, 200);
}
