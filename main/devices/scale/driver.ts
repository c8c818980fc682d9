/** Joins a scale protocol to a link: asks, listens, and says how the scale is doing. */
import type { ScaleState } from '../../../preload/contract/index.ts';
import type { RefusedFrame, ScaleDecoder, ScaleProtocol, ScaleReading } from '../../domain/device.ts';
import { freshMs, pulse, recent, scaleStateOf, startPulse } from '../../domain/weighing-pulse.ts';
import type { ScaleEvent } from '../../domain/weighing-pulse.ts';
import type { ScaleSettings } from '../../domain/scale-settings.ts';
import type { Clock, Link, LinkProblem, Log, Timer } from '../../ports.ts';
import { createFloodGate } from './flood-gate.ts';
import { saysOnce, scalePoll } from './settings.ts';

export interface ScaleOptions {
  readonly id: string;
  /** Owned by the scale from here on: `open` and `close` go through to it. */
  readonly link: Link;
  readonly protocol: ScaleProtocol;
  /** What the profile says of this scale; checked before with `scaleProblem`. */
  readonly settings?: ScaleSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Time from one question to the next, in milliseconds; 125 (8 a second) if left out. */
  readonly pollMs?: number | undefined;
  /** False: the scale is not asked, because it sends by itself. True if left out. */
  readonly ask?: boolean;
}

interface ScaleCounts {
  readonly readings: number;
  readonly refused: number;
  /** The newest refused frame, for diagnosis. */
  readonly lastRefused: Pick<RefusedFrame, 'error' | 'problem' | 'raw'> | null;
  readonly lastLinkError: string | null;
  /** The same with its code. */
  readonly lastLinkProblem: LinkProblem | null;
}

export interface Scale {
  readonly id: string;
  /** The newest reading of this link session if it is at most 2 s old, and how the scale is doing. */
  current(): { readonly reading: ScaleReading | null; readonly state: ScaleState };
  counts(): ScaleCounts;
  onReading(listener: (reading: ScaleReading) => void): () => void;
  onState(listener: (state: ScaleState) => void): () => void;
  /** Everything the weighing rules need, in order: feed it to `weighing(state, event, limits)`. */
  onEvent(listener: (event: ScaleEvent) => void): () => void;
  open(): void;
  close(): Promise<void>;
}

const defaultPollMs = 125;
/** A question without an answer is asked again after this. Until then no other is sent: a slow scale would queue them
 *  and its answers would lag behind what lies on it. */
const answerTimeoutMs = 1_000;
/** Refused frames are logged at most this often. */
const logEveryMs = 10_000;

/** Makes the driver; nothing happens before `open`. Neither it nor its listeners can throw into the station. */
export function createScale(options: ScaleOptions): Scale {
  const { id, link, protocol, clock, log } = options;
  const settings = options.settings ?? {};
  const poll = options.ask === false ? null : scalePoll(protocol, settings);
  const once = saysOnce(protocol, settings);
  const gate = createFloodGate();
  const pollMs = options.pollMs ?? defaultPollMs;
  const readingListeners = new Set<(reading: ScaleReading) => void>();
  const stateListeners = new Set<(state: ScaleState) => void>();
  const eventListeners = new Set<(event: ScaleEvent) => void>();

  let beat = startPulse('closed');
  let shown: ScaleState = scaleStateOf(beat, clock.monotonic());
  let decoder: ScaleDecoder = protocol.decoder(settings);
  let firstIsStale = protocol.firstIsStale;
  let askedAt: number | null = null;
  let timer: Timer | null = null;
  let stopListening: (() => void)[] = [];
  let readings = 0;
  let refused = 0;
  let lastRefused: ScaleCounts['lastRefused'] = null;
  let loggedAt: number | null = null;

  function tell<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
    for (const listener of [...listeners]) {
      try {
        listener(value);
      } catch (error) {
        log.error({ scale: id, error: String(error) }, 'a scale listener threw');
      }
    }
  }

  function showState(): void {
    const next = scaleStateOf(beat, clock.monotonic());
    if (next === shown) return;
    shown = next;
    tell(stateListeners, next);
  }

  function apply(event: ScaleEvent): void {
    beat = pulse(beat, event);
    tell(eventListeners, event);
    if (event.kind === 'reading') tell(readingListeners, event.reading);
  }

  function onBytes(bytes: Uint8Array): void {
    const at = clock.monotonic();
    for (const item of decoder.push(bytes, at)) {
      askedAt = null;
      if ('error' in item) {
        refused += 1;
        lastRefused = { error: item.error, problem: item.problem, raw: item.raw };
        if (loggedAt === null || at - loggedAt >= logEveryMs) {
          loggedAt = at;
          log.warn({ scale: id, error: item.error, raw: item.raw, refused }, 'scale sent bytes that are no frame');
        }
      } else {
        readings += 1;
        if (firstIsStale) {
          firstIsStale = false;
          continue;
        }
      }
      const told = gate.pass(item, at);
      if (told === null) continue;
      apply('error' in told ? { kind: 'refused', frame: told } : { kind: 'reading', reading: told });
    }
    showState();
  }

  function onLinkState(): void {
    // A new session starts with a clean decoder: half a frame from before must not join one from after.
    decoder = protocol.decoder(settings);
    firstIsStale = protocol.firstIsStale;
    askedAt = null;
    apply({ kind: 'link-state', state: link.state, at: clock.monotonic(), once });
    showState();
    if (link.state === 'open') turn();
  }

  /** Asks if it is time to, looks at the state, and comes back one poll later. */
  function turn(): void {
    timer?.cancel();
    timer = clock.after(pollMs, turn);
    const now = clock.monotonic();
    if (poll !== null && link.state === 'open' && (askedAt === null || now - askedAt >= answerTimeoutMs)) {
      askedAt = now;
      // What became of the question does not matter: an answer comes, or the next turn asks again.
      void link.write(poll, answerTimeoutMs);
    }
    showState();
  }

  return {
    id,
    current() {
      const now = clock.monotonic();
      const fresh = beat.link === 'open' && recent(beat.last?.at ?? null, now, freshMs);
      return { reading: fresh ? beat.last : null, state: scaleStateOf(beat, now) };
    },
    counts: () => ({
      ...{ readings, refused, lastRefused },
      lastLinkError: link.lastError,
      lastLinkProblem: link.problem ?? null,
    }),
    onReading: (listener) => listen(readingListeners, listener),
    onState: (listener) => listen(stateListeners, listener),
    onEvent: (listener) => listen(eventListeners, listener),
    open() {
      if (stopListening.length > 0) return;
      stopListening = [link.onBytes(onBytes), link.onState(onLinkState)];
      onLinkState();
      turn();
      link.open();
    },
    async close() {
      for (const stop of stopListening) stop();
      stopListening = [];
      timer?.cancel();
      timer = null;
      await link.close();
      apply({ kind: 'link-state', state: 'closed', at: clock.monotonic() });
      showState();
    },
  };
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
