/** One use of a printer's link: opened, asked and written to, closed. */
import type { PrinterStatus } from '../../domain/device.ts';
import type { Clock, Link, WriteOutcome } from '../../ports.ts';
import type { PrinterLanguage } from './languages.ts';
import type { StatusDecoder, StatusQuestion } from './status-answer.ts';

/** `no-answer`: the line is up and nothing came in time. `lost`: the connection broke, now or earlier in the session. */
export type Answer = PrinterStatus | 'no-answer' | 'lost';

export interface Session {
  /** Asks and waits for an answer that arrives after the question. */
  ask(question: StatusQuestion, timeoutMs: number): Promise<Answer>;
  /** Resolves when the printer has sent the process id back, the time is up or the connection is lost. */
  confirmed(id: number, timeoutMs: number): Promise<'confirmed' | 'no-answer' | 'lost'>;
  write(bytes: Uint8Array, timeoutMs: number): Promise<WriteOutcome>;
  /** Resolves after the time, or at once when the connection is lost. */
  pause(delayMs: number): Promise<void>;
  close(): Promise<void>;
}

/** From opening the link until it must be open. The link has its own, shorter limit. */
const openMs = 4_000;

/**
 * Opens the link for one use. Null if it cannot be opened. A connection that is lost stays lost for the session, even
 * if the link re-opens by itself: an answer over a new connection says nothing of bytes sent over the old one.
 */
export async function openSession(link: Link, language: PrinterLanguage, clock: Clock): Promise<Session | null> {
  const idDecoder = language.processId?.decoder();
  const ids = new Set<number>();
  const changed = new Set<() => void>();
  let decoder: StatusDecoder | null = null;
  let answers: PrinterStatus[] = [];
  let opened = false;
  let lost = false;

  const wake = (): void => {
    for (const each of [...changed]) each();
  };
  const offBytes = link.onBytes((bytes) => {
    for (const id of idDecoder?.push(bytes) ?? []) ids.add(id);
    answers.push(...(decoder?.push(bytes) ?? []));
    // Only the newest matter; a device that talks without end must not fill the memory.
    answers = answers.slice(-4);
    wake();
  });
  const offState = link.onState((state) => {
    if (state === 'open' && !opened) opened = true;
    else if (state !== 'opening') lost = true;
    wake();
  });

  /** Resolves when `done` holds, or when the time is up. */
  function until(done: () => boolean, timeoutMs: number): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        timer.cancel();
        changed.delete(check);
        resolve();
      };
      const check = (): void => {
        if (done()) finish();
      };
      const timer = clock.after(timeoutMs, finish);
      changed.add(check);
    });
  }

  async function close(): Promise<void> {
    offBytes();
    offState();
    await link.close();
  }

  opened = link.state === 'open';
  link.open();
  await until(() => opened || lost, openMs);
  if (!opened || lost) {
    await close();
    return null;
  }
  return {
    async ask(question, timeoutMs) {
      if (lost) return 'lost';
      answers = [];
      decoder = question.decoder();
      const outcome = await link.write(question.request, timeoutMs);
      if (outcome.kind === 'failed') return 'lost';
      await until(() => answers.length > 0 || lost, timeoutMs);
      return answers.at(-1) ?? (lost ? 'lost' : 'no-answer');
    },
    async write(bytes, timeoutMs) {
      if (lost) return { kind: 'failed', bytes: 0, message: link.lastError ?? 'the connection was lost' };
      return link.write(bytes, timeoutMs);
    },
    async confirmed(id, timeoutMs) {
      await until(() => ids.has(id) || lost, timeoutMs);
      if (ids.has(id)) return 'confirmed';
      return lost ? 'lost' : 'no-answer';
    },
    pause: (delayMs) => until(() => lost, delayMs),
    close,
  };
}
