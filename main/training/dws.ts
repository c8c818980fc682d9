/**
 * A virtual dimension-weigh-scan machine, in both TCP roles: it listens and the desk connects, or it connects to the desk.
 * Written from the manuals, apart from what it is read by. It is strict: an answer that is not the one it was told to expect
 * is counted as wrong, and a record without an answer in time is sent again, as real machines do.
 *
 * Sources of the records: public sorting-rule engine (csv, json); SICK Master Data Analyzer, page 119; Cubiscan 125, pages
 * 70 to 77, and its command `STX M ETX CR LF`.
 */
import { connect, type Socket } from 'node:net';
import type { Clock, Log, Timer } from '../ports.ts';
import { openPluggedPort, type PluggedPort } from './plug.ts';

export type VirtualDwsFormat = 'csv' | 'json' | 'sick' | 'cubiscan';

/** What is measured. Grams and whole millimetres. */
export interface VirtualDwsParcel {
  readonly barcodes: readonly string[];
  readonly grams: number;
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Milliseconds since the epoch, written into the record. */
  readonly stamp?: number;
}

/**
 * `none` · `noread` the barcode was not read · `twice` the record is sent twice · `split` byte by byte · `garbage` bytes of
 * noise in front of it · `cut` the connection is lost in the middle, and the record sent again on the next one.
 */
export type VirtualDwsFault = 'none' | 'noread' | 'twice' | 'split' | 'garbage' | 'cut';

export interface VirtualDws {
  /** Where it listens (`tcp://127.0.0.1:PORT`), or null if it connects itself. */
  readonly uri: string | null;
  connected(): boolean;
  onConnected(listener: (connected: boolean) => void): () => void;
  /**
   * Measures a parcel and sends its record. Resolves when it left, or, where answers are expected, with the answer; null if
   * none came within the time. Rejects if nobody is connected.
   */
  measure(parcel: VirtualDwsParcel, fault?: VirtualDwsFault): Promise<string | null>;
  /** Puts a parcel on it without sending: it answers a measuring command with it (cubiscan). */
  put(parcel: VirtualDwsParcel | null): void;
  /** Any bytes: a heartbeat, noise. */
  sendRaw(text: string): void;
  /** Loses the connection; as a client it comes back by itself. */
  disconnect(): void;
  /**
   * Where it listens: pulls the plug, or puts it back. Rejects with a one-line Error if its port was taken meanwhile. A machine
   * that connects itself has none to pull.
   */
  plug(plugged: boolean): Promise<void>;
  plugged(): boolean;
  readonly counts: { readonly sent: number; readonly answers: number; readonly wrongAnswers: number };
  stop(): Promise<void>;
}

export interface VirtualDwsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly format: VirtualDwsFormat;
  /** `tcp://HOST:PORT` of the desk; left out: the machine listens. */
  readonly connectTo?: string | undefined;
  readonly port?: number | undefined;
  /** What an answer looks like; left out: none is waited for. One answer is one line. */
  readonly answer?: RegExp | undefined;
  readonly answerTimeoutMs?: number | undefined;
}

const reconnectMs = 200;
const usualAnswerTimeoutMs = 5_000;
const maxAnswerBytes = 4_096;

export async function createVirtualDws(options: VirtualDwsOptions): Promise<VirtualDws> {
  const { clock, log, format } = options;
  const connectedListeners = new Set<(connected: boolean) => void>();
  let port: PluggedPort | null = null;
  let socket: Socket | null = null;
  let retry: Timer | null = null;
  let stopped = false;
  let onIt: VirtualDwsParcel | null = null;
  let objects = 0;
  let received = '';
  const waiting: { readonly resolve: (answer: string | null) => void; readonly timer: Timer }[] = [];
  const counts = { sent: 0, answers: 0, wrongAnswers: 0 };

  function serve(next: Socket): void {
    socket?.destroy();
    socket = next;
    received = '';
    next.setNoDelay(true);
    next.on('data', (bytes) => take(bytes.toString('latin1')));
    next.on('error', (error) => log.debug({ error: String(error) }, 'virtual DWS: connection failed'));
    next.on('close', () => {
      if (socket !== next) return;
      socket = null;
      for (const listener of [...connectedListeners]) listener(false);
      for (const each of waiting.splice(0)) {
        each.timer.cancel();
        each.resolve(null);
      }
      if (options.connectTo !== undefined && !stopped) retry = clock.after(reconnectMs, dial);
    });
    for (const listener of [...connectedListeners]) listener(true);
  }

  function dial(): void {
    const [, host = '', port = ''] = /^tcp:\/\/(.+):(\d+)$/.exec(options.connectTo ?? '') ?? [];
    const next = connect(Number(port), host);
    next.once('connect', () => serve(next));
    next.on('error', () => {
      if (socket !== next && !stopped) retry = clock.after(reconnectMs, dial);
    });
  }

  function take(text: string): void {
    received += text;
    if (received.length > maxAnswerBytes) {
      counts.wrongAnswers += 1;
      received = '';
    }
    if (format === 'cubiscan') {
      for (let end = received.indexOf('\r\n'); end >= 0; end = received.indexOf('\r\n')) {
        const command = received.slice(0, end);
        received = received.slice(end + 2);
        if (command === '\x02M\x03') write(onIt === null ? '\x02MNCM\x03\r\n' : recordOf(onIt));
        else write('\x02?N\x03\r\n');
      }
      return;
    }
    for (let end = received.indexOf('\n'); end >= 0; end = received.indexOf('\n')) {
      const answer = received.slice(0, end).replace(/\r$/, '');
      received = received.slice(end + 1);
      if (options.answer?.test(answer) === true) counts.answers += 1;
      else counts.wrongAnswers += 1;
      const first = waiting.shift();
      first?.timer.cancel();
      first?.resolve(answer);
    }
  }

  function write(text: string): void {
    socket?.write(Buffer.from(text, 'latin1'));
  }

  function recordOf(parcel: VirtualDwsParcel): string {
    const { barcodes, grams, lengthMm, widthMm, heightMm } = parcel;
    const stamp = parcel.stamp ?? clock.now();
    const volumeMm3 = lengthMm * widthMm * heightMm;
    const pad = (value: number, width: number): string => String(Math.round(value)).padStart(width, '0');
    const tenths = (value: number): string => value.toFixed(1).padStart(5, '0');
    switch (format) {
      case 'csv': {
        const code = barcodes.length === 0 ? 'NoRead' : barcodes.join(';');
        return `${code},${grams},${lengthMm},${widthMm},${heightMm},${volumeMm3 / 1_000},${stamp}\r\n`;
      }
      case 'json': {
        const barcode = barcodes.length === 0 ? 'noread' : barcodes.length === 1 ? barcodes[0] : barcodes;
        const record = { barcode, weight: grams, length: lengthMm, width: widthMm, height: heightMm };
        return `${JSON.stringify({ ...record, volume: volumeMm3 / 1_000, timestamp: stamp })}\n`;
      }
      case 'sick': {
        objects = (objects + 1) % 10_000;
        const code = barcodes[0] ?? 'NoRead';
        const size = `${pad(lengthMm, 4)};${pad(widthMm, 4)};${pad(heightMm, 4)};mm;0000;${pad(volumeMm3, 7)}`;
        return `\x02${pad(objects, 4)};${code};${pad(grams, 9)};g;0;${size}\x03`;
      }
      case 'cubiscan': {
        const size = `L${tenths(lengthMm / 10)},W${tenths(widthMm / 10)},H${tenths(heightMm / 10)},M`;
        const kilograms = (grams / 1_000).toFixed(2).padStart(6, '0');
        return `\x02MAC000001,${size},K${kilograms},D${kilograms},M,F0010,I\x03\r\n`;
      }
    }
  }

  function answered(): Promise<string | null> {
    if (options.answer === undefined) return Promise.resolve('');
    return new Promise((resolve) => {
      const entry = {
        resolve,
        timer: clock.after(options.answerTimeoutMs ?? usualAnswerTimeoutMs, () => {
          waiting.splice(waiting.indexOf(entry), 1);
          resolve(null);
        }),
      };
      waiting.push(entry);
    });
  }

  function nextConnection(): Promise<void> {
    return new Promise((resolve) => {
      const listener = (connected: boolean): void => {
        if (!connected) return;
        connectedListeners.delete(listener);
        resolve();
      };
      connectedListeners.add(listener);
    });
  }

  if (options.connectTo === undefined) port = await openPluggedPort(serve, options.port);
  else dial();

  return {
    uri: port?.uri ?? null,
    connected: () => socket !== null,
    onConnected(listener) {
      connectedListeners.add(listener);
      return () => {
        connectedListeners.delete(listener);
      };
    },
    async measure(parcel, fault = 'none') {
      if (socket === null) throw new Error('virtual DWS: nobody is connected');
      const text = recordOf(fault === 'noread' ? { ...parcel, barcodes: [] } : parcel);
      counts.sent += 1;
      if (fault === 'cut') {
        const half = socket;
        const again = nextConnection();
        half.write(Buffer.from(text.slice(0, Math.ceil(text.length / 2)), 'latin1'), () => half.destroy());
        await again;
      }
      const answer = answered();
      if (fault === 'split') for (const one of text) write(one);
      else write(fault === 'garbage' ? `\x00#noise\x7f\r\n${text}` : text);
      if (fault === 'twice') {
        const second = answered();
        write(text);
        await second;
      }
      return answer;
    },
    put(parcel) {
      onIt = parcel;
    },
    sendRaw: write,
    disconnect: () => socket?.destroy(),
    plug: (plugged) => port?.plug(plugged) ?? Promise.resolve(),
    plugged: () => port?.plugged() ?? true,
    counts,
    async stop() {
      stopped = true;
      retry?.cancel();
      socket?.destroy();
      await port?.stop();
    },
  };
}
