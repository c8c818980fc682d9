/** The station's log: JSON lines in a file of the data folder, without secrets, bounded in size. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import type { Log } from '../../ports.ts';
import { redact, redactText } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogOptions {
  /** Folder of the log file `packbench.log`; null writes no file. */
  readonly dir: string | null;
  /** Also write to standard error. Default false. */
  readonly stderr?: boolean;
  readonly level?: LogLevel;
  /** Texts that must not be written anywhere; asked for at every line. */
  readonly secretValues?: () => readonly string[];
  /** The file is moved to `packbench.1.log` when it has grown past this. Default 16 MiB; at most two files are kept. */
  readonly maxFileBytes?: number;
}

export interface ClosableLog extends Log {
  /** Path of the file, or null. */
  readonly file: string | null;
  flush(): void;
  /** Writes what is left and closes the file; later lines are dropped. */
  close(): void;
}

/** Creates the folder if need be; throws a one-line Error if the file cannot be opened. */
export function createLog(options: LogOptions): ClosableLog {
  const maxFileBytes = options.maxFileBytes ?? 16 * 1024 * 1024;
  const file = options.dir === null ? null : join(options.dir, 'packbench.log');
  const level = options.level ?? 'info';
  const secretValues = options.secretValues ?? (() => []);
  let written = 0;
  let closed = false;

  if (options.dir !== null && file !== null) {
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    try {
      closeSync(openSync(file, 'a', 0o600));
    } catch (error) {
      throw new Error(`log file ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
    written = statSync(file).size;
  }

  // Synchronous writes: the last lines before a crash are the ones that matter, and a desk writes few.
  const destination = file === null ? null : pino.destination({ dest: file, sync: true, mode: 0o600 });
  // A full disk must not stop the desk because of its log.
  destination?.on('error', () => {});
  const stderr = options.stderr === true ? pino.destination({ dest: 2, sync: true }) : null;
  stderr?.on('error', () => {});

  const rotate = (): void => {
    if (file === null || destination === null || options.dir === null) return;
    try {
      destination.flushSync();
      if (existsSync(file)) renameSync(file, join(options.dir, 'packbench.1.log'));
      destination.reopen();
    } catch {
      // The old file stays in use and the next rotation is tried after as many bytes again.
    }
    written = 0;
  };

  const lines = {
    write(line: string): void {
      if (closed) return;
      if (destination !== null) {
        if (written > maxFileBytes) rotate();
        destination.write(line);
        written += Buffer.byteLength(line);
      }
      stderr?.write(line);
    },
  };
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, lines);

  const at =
    (method: LogLevel) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      if (closed || !logger.isLevelEnabled(method)) return;
      const hidden = secretValues();
      logger[method](redact(fields, hidden) as Record<string, unknown>, redactText(message, hidden));
    };

  return {
    file,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    flush() {
      if (!closed) destination?.flushSync();
    },
    close() {
      if (closed) return;
      closed = true;
      destination?.flushSync();
      destination?.end();
    },
  };
}
