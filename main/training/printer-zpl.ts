/** What a ZPL printer makes of its byte stream: formats, questions, mistakes. */
import { createHash } from 'node:crypto';
import { graphicFault } from './printer-graphic.ts';
import type { PrinterStream, StreamEvent } from './printer-stream.ts';

/** One complete format, or a mistake, or one of the questions ~HI, ~HS and ~HQES. */
export type ZplEvent = StreamEvent;

const maxPending = 16 * 1024 * 1024;

/** Splits strictly: what a real printer would forgive in silence is a mistake here, so that tests see it. */
export function createZplStream(): PrinterStream {
  let pending = '';
  /** Where in `pending` the end of the command may be; what lies before was searched already. */
  let searchFrom = 1;
  /** Commands of the open format, or null outside of one. */
  let open: string[] | null = null;
  let openBytes = 0;

  function endFormat(commands: readonly string[]): ZplEvent {
    const fault = formatFault(commands);
    if (fault !== null) return { kind: 'mistake', reason: fault };
    const zpl = Buffer.from(`^XA${commands.join('')}^XZ`, 'latin1');
    return { kind: 'format', id: formatId(commands, zpl), copies: formatCopies(commands), zpl };
  }

  function take(command: string, events: ZplEvent[]): void {
    if (open !== null) {
      open.push(command);
      openBytes += command.length;
    } else if (command.startsWith('^')) {
      events.push({ kind: 'mistake', reason: `${command.slice(0, 3)} stands outside of a format` });
    }
  }

  /** The commands that act as soon as they are there, whatever follows. */
  function act(head: string, events: ZplEvent[]): boolean {
    if (head === '~HS') events.push({ kind: 'question', question: 'zpl-hs' });
    else if (head === '~HI') events.push({ kind: 'question', question: 'zpl-hi' });
    else if (head === '^XA') {
      if (open !== null) events.push({ kind: 'mistake', reason: 'a format was opened inside a format' });
      open = [];
      openBytes = head.length;
    } else if (head === '^XZ') {
      if (open === null) events.push({ kind: 'mistake', reason: '^XZ without ^XA' });
      else events.push(endFormat(open));
      open = null;
    } else return false;
    return true;
  }

  return {
    get partial() {
      return open !== null;
    },
    get partialBytes() {
      if (open === null) return pending.startsWith('^') ? pending.length : 0;
      return openBytes + pending.length;
    },
    push(bytes) {
      pending += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      const events: ZplEvent[] = [];
      for (;;) {
        const start = /^[\^~]/.test(pending) ? 0 : pending.search(/[\^~]/);
        const stray = start < 0 ? pending : pending.slice(0, start);
        if (stray.trim() !== '') {
          events.push({
            kind: 'mistake',
            reason: `text outside of commands: ${JSON.stringify(stray.trim().slice(0, 20))}`,
          });
        }
        if (start !== 0) {
          pending = start < 0 ? '' : pending.slice(start);
          searchFrom = 1;
        }
        if (pending.length < 3) break;
        const query = pending.slice(0, 5).toUpperCase();
        if (query.startsWith('~HQ') && query.length < 5) break;
        if (query === '~HQES') {
          events.push({ kind: 'question', question: 'zpl-hqes' });
          pending = pending.slice(5);
          searchFrom = 1;
          continue;
        }
        if (act(pending.slice(0, 3).toUpperCase(), events)) {
          pending = pending.slice(3);
          searchFrom = 1;
          continue;
        }
        const caret = pending.indexOf('^', searchFrom);
        const tilde = pending.indexOf('~', searchFrom);
        const next = caret < 0 || tilde < 0 ? Math.max(caret, tilde) : Math.min(caret, tilde);
        if (next < 0) {
          searchFrom = pending.length;
          break;
        }
        take(pending.slice(0, next), events);
        pending = pending.slice(next);
        searchFrom = 1;
      }
      if (pending.length > maxPending) {
        events.push({ kind: 'mistake', reason: 'one command is larger than the printer memory' });
        pending = '';
        open = null;
      }
      return events;
    },
  };
}

function formatFault(commands: readonly string[]): string | null {
  for (const command of commands) {
    if (!/^\^GF/i.test(command)) continue;
    const fault = graphicFault(command.slice(3));
    if (fault !== null) return fault;
  }
  return null;
}

/** The print id from the comment `^FXprint=ID page=N/M`, `#N` added for pages after the first; else a digest. */
function formatId(commands: readonly string[], zpl: Uint8Array): string {
  for (const command of commands) {
    const match = /^\^FX\s*print=([\w.-]+)(?:\s+page=(\d+)\/\d+)?/i.exec(command);
    if (match?.[1] === undefined) continue;
    return match[2] === undefined || match[2] === '1' ? match[1] : `${match[1]}#${match[2]}`;
  }
  return createHash('sha256').update(zpl).digest('hex').slice(0, 16);
}

function formatCopies(commands: readonly string[]): number {
  const last = commands.findLast((command) => /^\^PQ/i.test(command));
  const copies = Number(/^\^PQ\s*(\d+)/i.exec(last ?? '')?.[1] ?? 1);
  return Math.min(Math.max(copies, 1), 1_000);
}
