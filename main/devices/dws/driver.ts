/**
 * Joins a record format to a link, or to whatever else brings messages (HTTP): reads, has each record written down, and only
 * then answers the machine.
 *
 * Back-pressure: what one read of the link brings is decoded, committed in one transaction and answered before the next
 * read is looked at. While the disk works, bytes wait in the operating system's socket buffer and the machine waits with its
 * next one; nothing queues up here, and nothing is dropped.
 */
import type { DwsDecoder, DwsFormat, DwsItem, DwsRecord } from '../../domain/dws-record.ts';
import { hexOf } from '../../domain/dws-record.ts';
import type { DwsDecoding } from '../../domain/dws-settings.ts';
import type { RefusedFrame } from '../../domain/device.ts';
import { frameProblem, frameWords, type FrameProblem } from '../../domain/frame-problems.ts';
import type { Clock, Link, LinkProblem, Log, Timer } from '../../ports.ts';
import { bytesOf } from './frames.ts';
import type { DwsPictures } from './pictures.ts';
import { fillReply, type DwsDecision } from './reply.ts';

/** Writes records down. */
export interface DwsSink {
  /** When it returns, all records are committed; one decision each, in order. If it throws, none is. */
  accept(machine: string, records: readonly DwsRecord[]): readonly DwsDecision[];
  /** The machine was answered; now the desk may act on what came. */
  accepted(machine: string): void;
}

/** `connecting` link not open · `online` · `silent` nothing for longer than the machine is ever silent · `noise` the newest
 *  bytes were no record · `failed` records could not be written down. */
export type DwsMachineState = 'connecting' | 'online' | 'silent' | 'noise' | 'failed';

interface DwsCounts {
  readonly records: number;
  readonly duplicates: number;
  readonly refused: number;
  /** The newest refused bytes, for diagnosis; `at` on the wall clock. */
  readonly lastRefused: RefusedFrame | null;
  readonly lastLinkError: string | null;
  /** The same with its code. */
  readonly lastLinkProblem: LinkProblem | null;
}

export interface DwsMachine {
  readonly id: string;
  state(): DwsMachineState;
  /** Where it listens for the machine (`tcp://host:port`), or null. */
  listening(): string | null;
  /** Wall clock of the newest bytes, or null. */
  lastAt(): number | null;
  counts(): DwsCounts;
  /** One whole message, such as an HTTP body: its records written down, or not, and the text to answer. */
  message(bytes: Uint8Array): { readonly outcome: 'stored' | 'refused' | 'failed'; readonly reply: string };
  onChange(listener: () => void): () => void;
  open(): void;
  close(): Promise<void>;
}

export interface DwsMachineOptions {
  readonly id: string;
  /** Owned by the machine from here on; null if messages come another way. */
  readonly link: Link | null;
  readonly format: DwsFormat;
  readonly settings: DwsDecoding;
  /** Answers to an accepted record, a refused one and a sign of life; empty: none. */
  readonly reply: string;
  readonly replyRefused: string;
  readonly replyIdle: string;
  /** Asks the machine for a measurement this often, if its format can be asked. */
  readonly pollMs?: number | undefined;
  /** Longer silence is shown. */
  readonly silentMs?: number | undefined;
  readonly pictures?: DwsPictures | null | undefined;
  readonly sink: DwsSink;
  readonly clock: Clock;
  readonly log: Log;
}

/** A machine that does not take its answer within this is cut off; it says its records again. */
const writeTimeoutMs = 2_000;
/** Connections read at a time; the link serves fewer. */
const maxStreams = 16;
/** Records in one transaction: a flood is written down in pieces, so that an answer does not wait for all of it. */
const maxBatch = 200;
const logEveryMs = 10_000;
const tickMs = 1_000;

/** Makes the driver; nothing happens before `open`. Neither it nor its listeners can throw into the station. */
export function createDwsMachine(options: DwsMachineOptions): DwsMachine {
  const { id, link, format, settings, sink, clock, log } = options;
  const listeners = new Set<() => void>();
  const streams = new Map<string, DwsDecoder>();
  let records = 0;
  let duplicates = 0;
  let refused = 0;
  let lastRefused: DwsCounts['lastRefused'] = null;
  let lastAt: number | null = null;
  let heardAt: number | null = null;
  let noise = false;
  let failed = false;
  let loggedAt: number | null = null;
  let askedAt: number | null = null;
  let timer: Timer | null = null;
  let stops: (() => void)[] = [];
  let shown: DwsMachineState = 'connecting';

  function stateNow(): DwsMachineState {
    if (link !== null && link.state !== 'open') return 'connecting';
    if (failed) return 'failed';
    if (noise) return 'noise';
    const { silentMs } = options;
    const quiet = silentMs !== undefined && (heardAt === null || clock.monotonic() - heardAt > silentMs);
    return quiet ? 'silent' : 'online';
  }

  function showState(): void {
    const next = stateNow();
    if (next === shown) return;
    shown = next;
    tell();
  }

  function tell(): void {
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch (error) {
        log.error({ machine: id, error: String(error) }, 'a listener of a DWS machine threw');
      }
    }
  }

  function noteRefused(problem: FrameProblem, raw: string): void {
    const error = frameWords(problem);
    refused += 1;
    noise = true;
    lastRefused = { at: clock.now(), error, problem, raw: raw.slice(0, 2_000) };
    const now = clock.monotonic();
    if (loggedAt !== null && now - loggedAt < logEveryMs) return;
    loggedAt = now;
    log.warn({ machine: id, error, raw: raw.slice(0, 2_000), refused }, 'a DWS machine sent bytes that are no record');
  }

  function withPicture(record: DwsRecord): DwsRecord {
    const { pictureData, ...plain } = record;
    if (pictureData === undefined) return record;
    const kept = options.pictures?.keep(pictureData) ?? { error: 'pictures are not kept' };
    return 'name' in kept ? { ...plain, picture: kept.name } : { ...plain, errors: [...plain.errors, kept.error] };
  }

  /** Writes the records among the items down and gives the answers to all of them, in order. */
  function takeItems(items: readonly DwsItem[]): { reply: string; stored: number; wrong: number; broke: boolean } {
    const replies: string[] = [];
    let stored = 0;
    let wrong = 0;
    let broke = false;
    for (let from = 0; from < items.length; from += maxBatch) {
      const batch = items.slice(from, from + maxBatch);
      const fresh = batch.flatMap((item) => ('barcodes' in item ? [withPicture(item)] : []));
      let decisions: readonly DwsDecision[] = [];
      if (fresh.length > 0) {
        try {
          decisions = sink.accept(id, fresh);
          failed = false;
        } catch (error) {
          failed = true;
          broke = true;
          log.error({ machine: id, error: String(error), records: fresh.length }, 'DWS records could not be kept');
        }
      }
      let index = 0;
      for (const item of batch) {
        if ('idle' in item) {
          replies.push(options.replyIdle);
        } else if ('error' in item) {
          wrong += 1;
          noteRefused(item.problem, item.raw);
          replies.push(fillReply(options.replyRefused, { kind: 'refused', chute: '', reason: item.error }, null));
        } else {
          const record = fresh[index] ?? item;
          const decision = decisions[index];
          index += 1;
          if (decision === undefined) {
            replies.push(fillReply(options.replyRefused, { kind: 'refused', chute: '', reason: 'not stored' }, record));
            continue;
          }
          stored += 1;
          noise = false;
          if (decision.kind === 'duplicate') duplicates += 1;
          else records += 1;
          replies.push(fillReply(options.reply, decision, record));
        }
      }
    }
    return { reply: replies.join(''), stored, wrong, broke };
  }

  function heard(): void {
    lastAt = clock.now();
    heardAt = clock.monotonic();
    askedAt = null;
  }

  function onBytes(bytes: Uint8Array, from = ''): void {
    heard();
    let decoder = streams.get(from);
    if (decoder === undefined) {
      const [oldest] = streams.keys();
      if (streams.size >= maxStreams && oldest !== undefined) cutOff(oldest);
      decoder = format.decoder(settings);
      streams.set(from, decoder);
    }
    const items = decoder.push(bytes, clock.monotonic());
    if (items.length === 0) return;
    const { reply, stored } = takeItems(items);
    if (reply !== '' && link !== null) {
      void link.write(bytesOf(reply), writeTimeoutMs, from === '' ? undefined : from).then((outcome) => {
        if (outcome.kind === 'failed') log.warn({ machine: id, reason: outcome.message }, 'a DWS answer was not taken');
      });
    }
    if (stored > 0) sink.accepted(id);
    showState();
    tell();
  }

  /** Half a record is no record: it is counted and shown, and never joined to another connection's bytes. */
  function cutOff(from: string): void {
    const rest = streams.get(from)?.pending() ?? new Uint8Array();
    streams.delete(from);
    if (rest.some((byte) => byte > 0x20)) noteRefused(frameProblem('record-cut'), hexOf(rest));
  }

  function onLinkState(): void {
    if (link?.state !== 'open') for (const from of [...streams.keys()]) cutOff(from);
    else noise = false;
    askedAt = null;
    shown = stateNow();
    // Also when it is listening and nobody is connected yet: where it listens is known now.
    tell();
  }

  function turn(): void {
    const { pollMs } = options;
    timer = clock.after(pollMs ?? tickMs, turn);
    const now = clock.monotonic();
    // One question at a time: a machine that is measuring answers when it is done.
    const free = askedAt === null || now - askedAt > 5_000;
    if (pollMs !== undefined && format.poll !== null && link?.state === 'open' && free) {
      askedAt = now;
      void link.write(format.poll, writeTimeoutMs);
    }
    showState();
  }

  return {
    id,
    state: stateNow,
    listening: () => link?.listening ?? null,
    lastAt: () => lastAt,
    counts: () => ({
      ...{ records, duplicates, refused, lastRefused },
      lastLinkError: link?.lastError ?? null,
      lastLinkProblem: link?.problem ?? null,
    }),
    message(bytes) {
      heard();
      const decoder = format.decoder(settings);
      const at = clock.monotonic();
      const { reply, stored, wrong, broke } = takeItems([...decoder.push(bytes, at), ...decoder.end(at)]);
      if (stored > 0) sink.accepted(id);
      showState();
      tell();
      return { outcome: broke ? 'failed' : wrong > 0 ? 'refused' : 'stored', reply };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    open() {
      if (timer !== null) return;
      if (link !== null) stops = [link.onBytes(onBytes), link.onState(onLinkState)];
      turn();
      link?.open();
    },
    async close() {
      for (const stop of stops) stop();
      stops = [];
      timer?.cancel();
      timer = null;
      for (const from of [...streams.keys()]) cutOff(from);
      await link?.close();
    },
  };
}
