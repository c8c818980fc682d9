/**
 * A printer that is not there: a TCP server that takes labels in one printer language, prints them in its own time,
 * answers that language's questions truthfully and can be given the faults of a real one. Shipped with the product for
 * training mode; also what the crash and fault tests count labels on. Sources: with each language's reader, and
 * `printer-answers.ts`.
 */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';
import type { TrainingState } from '../../preload/contract/index.ts';
import type { Clock, Log, Timer } from '../ports.ts';
import { answerTo } from './printer-answers.ts';
import { createCpclStream } from './printer-cpcl.ts';
import { createEplStream } from './printer-epl.ts';
import { createEscposStream } from './printer-escpos.ts';
import { openLabelRecord } from './printer-record.ts';
import type { RecordedLabel } from './printer-record.ts';
import { createLabelRenderer } from './printer-render.ts';
import type { PrinterStream, StreamEvent } from './printer-stream.ts';
import { createTsplStream } from './printer-tspl.ts';
import { createZplStream } from './printer-zpl.ts';

/** What a virtual printer can be told to speak. */
export type VirtualLanguage = 'zpl' | 'tspl' | 'escpos' | 'cpcl' | 'epl';

export type PrinterFault = TrainingState['printer'];

/** A label that came out. `codes` is empty until it was looked at. */
export interface VirtualLabel {
  /** The print id of its comment, or a digest of its bytes. */
  readonly id: string;
  readonly at: number;
  readonly codes: readonly string[];
}

export interface PrinterCounts {
  readonly connections: number;
  /** Complete formats received, printed or not. */
  readonly formats: number;
  readonly labels: number;
  /** Formats and bytes refused as wrong; never printed. */
  readonly mistakes: number;
}

export interface VirtualPrinter {
  /** `tcp://127.0.0.1:PORT`; the port stays the same while the printer is "off". */
  readonly uri: string;
  readonly fault: PrinterFault;
  readonly counts: PrinterCounts;
  /** The last mistakes, newest last, at most 50. */
  readonly mistakes: readonly string[];
  /**
   * Sets the fault until the next call. `paper-out`, `head-open`, `paused`: takes formats, prints none. `off`: the
   * port is closed and what was queued is lost. `no-answer`: prints, answers nothing. `cut-mid-label`: drops the
   * connection after `afterBytes` of a format (100 if left out).
   */
  setFault(fault: PrinterFault, afterBytes?: number): Promise<void>;
  /** Oldest first, those of earlier runs included. */
  labels(): VirtualLabel[];
  /** The picture of the newest label with that id. Rejects if there is none. */
  png(id: string): Promise<Uint8Array>;
  /** Called once for every label that comes out from now on, after its barcodes were read. */
  onLabel(listener: (label: VirtualLabel) => void): () => void;
  stop(): Promise<void>;
}

interface QueuedFormat {
  readonly id: string;
  readonly zpl: Uint8Array;
  copiesLeft: number;
}

/** Starts listening on a free loopback port. Labels are kept in `dir`; `msPerLabel` is the time one takes to come out. */
export async function createVirtualPrinter(setup: {
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** `zpl` if left out. */
  readonly language?: VirtualLanguage;
  readonly dpi: 203 | 300 | 600;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly msPerLabel?: number;
}): Promise<VirtualPrinter> {
  const { clock, log } = setup;
  const msPerLabel = setup.msPerLabel ?? 40;
  const media = {
    widthMm: setup.widthMm,
    heightMm: setup.heightMm,
    dotsPerMm: setup.dpi === 203 ? 8 : Math.round(setup.dpi / 25.4),
  };
  const exactDots = setup.dpi === 203 ? 8 : setup.dpi / 25.4;
  const dots = {
    widthDots: Math.floor(setup.widthMm * exactDots + 1e-6),
    heightDots: Math.floor(setup.heightMm * exactDots + 1e-6),
  };
  const createStream: Readonly<Record<VirtualLanguage, () => PrinterStream>> = {
    zpl: createZplStream,
    tspl: () => createTsplStream(exactDots),
    escpos: () => createEscposStream(dots),
    cpcl: () => createCpclStream(dots),
    epl: () => createEplStream(dots),
  };
  const language = setup.language ?? 'zpl';
  const record = openLabelRecord(setup.dir);
  const renderer = createLabelRenderer(clock);
  const sockets = new Set<Socket>();
  const listeners = new Set<(label: VirtualLabel) => void>();
  const mistakes: string[] = [];
  const counts = { connections: 0, formats: 0, labels: record.labels.length, mistakes: 0 };
  let queue: QueuedFormat[] = [];
  const waitingReplies: { readonly socket: Socket; readonly reply: Uint8Array }[] = [];
  let fault: PrinterFault = 'ready';
  let cutAfterBytes = 100;
  let server: Server | null = null;
  let port = 0;
  let printTimer: Timer | null = null;
  let stopped = false;

  const halted = (): boolean => ['paper-out', 'head-open', 'paused', 'off'].includes(fault);

  /** Starts the next label, if there is one and nothing is in its way. */
  function advance(): void {
    if (printTimer !== null || halted() || stopped || queue.length === 0) return;
    printTimer = clock.after(msPerLabel, () => {
      printTimer = null;
      const [format] = queue;
      if (format !== undefined) {
        // On disk before it leaves the queue: a status answer never calls a label done that could be forgotten.
        const label = record.append(format.id, clock.now(), format.zpl);
        counts.labels += 1;
        format.copiesLeft -= 1;
        if (format.copiesLeft === 0) queue.shift();
        confirmAll();
        if (listeners.size > 0) void announce(label);
      }
      advance();
    });
  }

  function halt(): void {
    printTimer?.cancel();
    printTimer = null;
  }

  async function look(label: RecordedLabel): Promise<Uint8Array> {
    const made = record.png(label.seq);
    if (made !== null) return made;
    const { png, codes } = await renderer.render(record.zpl(label.seq), media);
    if (!stopped) record.setRead(label, codes, png);
    return png;
  }

  async function announce(label: RecordedLabel): Promise<void> {
    try {
      await look(label);
    } catch (error) {
      if (!stopped) log.warn({ label: label.id, error: String(error) }, 'a virtual label cannot be drawn');
    }
    if (stopped) return;
    for (const listener of [...listeners]) listener({ id: label.id, at: label.at, codes: label.codes });
  }

  function answer(question: string, partial: boolean): Uint8Array | null {
    const [current] = queue;
    const said = fault === 'paper-out' || fault === 'head-open' || fault === 'paused' ? fault : 'none';
    return answerTo(question, {
      fault: said,
      queued: queue.length,
      copiesLeft: current?.copiesLeft ?? 0,
      partial,
      lengthDots: dots.heightDots,
      dotsPerMm: media.dotsPerMm,
    });
  }

  /** Sends what was asked back for, when nothing before it is left to print. */
  function confirmAll(): void {
    if (queue.length > 0) return;
    for (const { socket, reply } of waitingReplies.splice(0)) {
      if (!socket.destroyed && fault !== 'no-answer') socket.write(reply);
    }
  }

  function serve(socket: Socket): void {
    counts.connections += 1;
    sockets.add(socket);
    const stream = createStream[language]();
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    // A receipt needs no end mark: what came before an orderly end is a label.
    socket.on('end', () => take(socket, stream, stream.end?.() ?? []));
    socket.on('close', () => {
      sockets.delete(socket);
      if (stream.partial) mistake('the connection ended in the middle of a format');
    });
    socket.on('data', (bytes) => {
      let rest: Uint8Array = bytes;
      while (rest.length > 0 && !socket.destroyed) {
        // While cutting, only up to the cut, so that it falls exactly where it was asked for.
        const room = stream.partial ? Math.max(1, cutAfterBytes - stream.partialBytes) : 1;
        const part = fault === 'cut-mid-label' ? rest.subarray(0, room) : rest;
        rest = rest.subarray(part.length);
        takePart(socket, stream, part);
      }
    });
  }

  function takePart(socket: Socket, stream: PrinterStream, part: Uint8Array): void {
    take(socket, stream, stream.push(part));
    if (fault === 'cut-mid-label' && stream.partialBytes >= Math.max(1, cutAfterBytes)) socket.resetAndDestroy();
  }

  function take(socket: Socket, stream: PrinterStream, events: readonly StreamEvent[]): void {
    for (const event of events) {
      if (event.kind === 'mistake') mistake(event.reason);
      else if (event.kind === 'format') {
        counts.formats += 1;
        queue.push({ id: event.id, zpl: event.zpl, copiesLeft: event.copies });
        advance();
      } else if (event.kind === 'confirm') {
        waitingReplies.push({ socket, reply: event.reply });
        confirmAll();
      } else {
        const said = answer(event.question, stream.partial);
        if (said !== null && fault !== 'no-answer') socket.write(said);
      }
    }
  }

  function mistake(reason: string): void {
    counts.mistakes += 1;
    mistakes.push(reason);
    if (mistakes.length > 50) mistakes.shift();
    log.warn({ reason }, 'the virtual printer refused a format');
  }

  async function listen(): Promise<void> {
    const next = createServer(serve);
    next.listen(port, '127.0.0.1');
    await once(next, 'listening');
    const address = next.address();
    if (address !== null && typeof address === 'object') ({ port } = address);
    server = next;
  }

  async function unlisten(): Promise<void> {
    const last = server;
    server = null;
    for (const socket of sockets) socket.destroy();
    if (last === null) return;
    last.close();
    await once(last, 'close');
  }

  await listen();
  return {
    get uri() {
      return `tcp://127.0.0.1:${port}`;
    },
    get fault() {
      return fault;
    },
    get counts() {
      return { ...counts };
    },
    mistakes,
    async setFault(next, afterBytes) {
      fault = next;
      cutAfterBytes = afterBytes ?? 100;
      if (halted()) halt();
      if (next === 'off') {
        queue = [];
        await unlisten();
      } else {
        if (server === null && !stopped) await listen();
        advance();
      }
    },
    labels: () => record.labels.map(({ id, at, codes }) => ({ id, at, codes })),
    async png(id) {
      const label = record.labels.findLast((each) => each.id === id);
      if (label === undefined) throw new Error(`no label "${id}" has come out`);
      return look(label);
    },
    onLabel(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      halt();
      await unlisten();
      await renderer.stop();
      record.close();
    },
  };
}
