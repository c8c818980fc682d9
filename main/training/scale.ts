/**
 * A virtual scale that speaks MT-SICS on a loopback TCP port: for training mode, and for tests of the whole way from
 * socket to weight. It is strict, as the real one is: it answers only documented commands, in upper case, ended by
 * CR LF, and everything else with `ES`.
 * Source: Mettler-Toledo, "MT-SICS Interface Commands", levels 0 and 1: S, SI, SIR, Z, ZI, T, TI, I0..I5, @.
 */
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { TrainingState } from '../../preload/contract/index.ts';
import type { Clock, Log, Timer } from '../ports.ts';

export type VirtualScaleMode = TrainingState['scale']['mode'];

export interface VirtualScaleState {
  /** What lies on the scale, in grams; the display may differ (zero, tare, mode). */
  readonly grams: number;
  readonly mode: VirtualScaleMode;
  /** True until the load has settled. */
  readonly moving: boolean;
}

export interface VirtualScale {
  /** `tcp://127.0.0.1:PORT`. */
  readonly uri: string;
  /** Puts a load on the scale; it moves from the old weight to the new one for the settling time. Throws if not finite. */
  put(grams: number): void;
  setMode(mode: VirtualScaleMode): void;
  state(): VirtualScaleState;
  onChange(listener: (state: VirtualScaleState) => void): () => void;
  /** Cuts all connections and stops listening. */
  stop(): Promise<void>;
}

export interface VirtualScaleOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** How long a load moves before it is stable, in milliseconds. Default 400. */
  readonly settleMs?: number;
  /** The port to listen on; 0, the default, takes a free one. A stopped scale comes back on its old port with this. */
  readonly port?: number;
}

/** A bench scale: 60 kg, 1 g. Overload begins 9 divisions above capacity, underload 2 % of capacity below zero. */
const capacityG = 60_000;
const overG = capacityG + 9;
const underG = -capacityG * 0.02;
/** `SIR` repeats this often. */
const repeatMs = 100;
/** `S`, `Z` and `T` wait this long for stability, then answer "not executable". */
const stableTimeoutMs = 3_000;
/** A longer line without CR LF is answered with ES and forgotten. */
const maxCommandBytes = 64;

interface Connection {
  readonly socket: Socket;
  received: string;
  repeat: Timer | null;
  /** A command waiting for a stable load. */
  waiting: { readonly done: (stable: boolean) => void; readonly timer: Timer } | null;
}

/** Starts the scale, empty and steady, and resolves when it listens. */
export async function createVirtualScale(options: VirtualScaleOptions): Promise<VirtualScale> {
  const { clock, log } = options;
  const settleMs = options.settleMs ?? 400;
  const listeners = new Set<(state: VirtualScaleState) => void>();
  const connections = new Set<Connection>();
  let mode: VirtualScaleMode = 'steady';
  let fromG = 0;
  let loadG = 0;
  let movedAt = clock.monotonic() - settleMs;
  let settled: Timer | null = null;
  let zeroG = 0;
  let tareG = 0;
  let noise = 1;
  let stopped = false;

  const state = (): VirtualScaleState => ({ grams: loadG, mode, moving: isMoving() });

  function isMoving(): boolean {
    return mode === 'moving' || settled !== null;
  }

  function changed(): void {
    for (const listener of [...listeners]) listener(state());
  }

  /** The load as the cell feels it now: on its way to the new weight, or swinging about it. */
  function feltG(): number {
    const now = clock.monotonic();
    if (mode === 'moving') return loadG + 25 * Math.sin(now / 90);
    const part = settled === null || settleMs <= 0 ? 1 : Math.min(1, (now - movedAt) / settleMs);
    return fromG + (loadG - fromG) * part;
  }

  function startMoving(): void {
    settled?.cancel();
    settled = null;
    movedAt = clock.monotonic();
    if (settleMs > 0) {
      settled = clock.after(settleMs, () => {
        settled = null;
        release();
        changed();
      });
    } else release();
  }

  /** Lets the commands go on that waited for a stable load. */
  function release(): void {
    if (isMoving()) return;
    for (const connection of connections) finishWaiting(connection, true);
  }

  function finishWaiting(connection: Connection, stable: boolean): void {
    const { waiting } = connection;
    connection.waiting = null;
    waiting?.timer.cancel();
    waiting?.done(stable);
  }

  function whenStable(connection: Connection, done: (stable: boolean) => void): void {
    if (!isMoving()) return done(true);
    const timer = clock.after(stableTimeoutMs, () => finishWaiting(connection, false));
    connection.waiting = { done, timer };
  }

  function send(connection: Connection, line: string): void {
    if (connection.socket.writable) connection.socket.write(`${line}\r\n`, 'latin1');
  }

  /** `S S      1.234 kg`: the weight right-aligned in 10 characters, resolution 1 g. */
  function weightLine(): string {
    const netG = Math.round(feltG()) - zeroG - tareG;
    const grossG = netG + tareG;
    if (mode === 'overload' || grossG > overG) return 'S +';
    if (mode === 'underload' || grossG < underG) return 'S -';
    return `S ${isMoving() ? 'D' : 'S'} ${kilograms(netG)} kg`;
  }

  function noiseBytes(): Uint8Array {
    return Uint8Array.from({ length: 24 }, (_, index) => {
      // Linear congruential generator (Numerical Recipes): the same noise every time.
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
      return index === 23 ? 0x0a : noise >>> 24;
    });
  }

  function stopRepeat(connection: Connection): void {
    connection.repeat?.cancel();
    connection.repeat = null;
  }

  function repeat(connection: Connection): void {
    if (mode === 'noise') connection.socket.write(noiseBytes());
    else if (mode !== 'silent') send(connection, weightLine());
    connection.repeat = clock.after(repeatMs, () => repeat(connection));
  }

  function obey(connection: Connection, command: string): void {
    if (mode === 'silent') return;
    if (mode === 'noise') return void connection.socket.write(noiseBytes());
    // A new command ends what the one before it still had to say.
    stopRepeat(connection);
    connection.waiting?.timer.cancel();
    connection.waiting = null;
    const answer = Object.hasOwn(commands, command) ? commands[command] : undefined;
    if (answer === undefined) send(connection, 'ES');
    else answer(connection);
  }

  const zero = (id: string, connection: Connection, status: string): void => {
    const grossG = Math.round(feltG());
    // Zero setting reaches 2 % of capacity about the switched-on zero; beyond it the scale says which way it is off.
    if (grossG > capacityG * 0.02) return send(connection, `${id} +`);
    if (grossG < -capacityG * 0.02) return send(connection, `${id} -`);
    zeroG = grossG;
    tareG = 0;
    send(connection, `${id} ${status}`);
  };

  const tare = (id: string, connection: Connection, status: string): void => {
    const grossG = Math.round(feltG()) - zeroG;
    if (grossG > capacityG) return send(connection, `${id} +`);
    if (grossG < 0) return send(connection, `${id} -`);
    tareG = grossG;
    send(connection, `${id} ${status} ${kilograms(grossG)} kg`);
  };

  const commands: Readonly<Record<string, (connection: Connection) => void>> = {
    S: (to) => whenStable(to, (stable) => send(to, stable ? weightLine() : 'S I')),
    SI: (to) => send(to, weightLine()),
    SIR: repeat,
    Z: (to) => whenStable(to, (stable) => (stable ? zero('Z', to, 'A') : send(to, 'Z I'))),
    ZI: (to) => zero('ZI', to, isMoving() ? 'D' : 'S'),
    T: (to) => whenStable(to, (stable) => (stable ? tare('T', to, 'S') : send(to, 'T I'))),
    TI: (to) => tare('TI', to, isMoving() ? 'D' : 'S'),
    I0: (to) => {
      const names = Object.keys(commands);
      names.forEach((name, index) => send(to, `I0 ${index === names.length - 1 ? 'A' : 'B'} 0 "${name}"`));
    },
    I1: (to) => send(to, 'I1 A "01" "2.30" "2.22" "" ""'),
    I2: (to) => send(to, 'I2 A "Packbench virtual scale 60 kg"'),
    I3: (to) => send(to, 'I3 A "1.00"'),
    I4: (to) => send(to, 'I4 A "0000000"'),
    I5: (to) => send(to, 'I5 A "virtual"'),
    '@': (to) => {
      zeroG = 0;
      tareG = 0;
      send(to, 'I4 A "0000000"');
    },
  };

  function onData(connection: Connection, bytes: Buffer): void {
    connection.received += bytes.toString('latin1');
    for (;;) {
      const end = connection.received.indexOf('\r\n');
      if (end < 0) break;
      const command = connection.received.slice(0, end);
      connection.received = connection.received.slice(end + 2);
      obey(connection, command);
    }
    if (connection.received.length > maxCommandBytes) {
      connection.received = '';
      if (mode !== 'silent') send(connection, 'ES');
    }
  }

  const server = createServer((socket) => {
    const connection: Connection = { socket, received: '', repeat: null, waiting: null };
    connections.add(connection);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => onData(connection, bytes));
    socket.on('error', (error) => log.debug({ error: error.message }, 'virtual scale lost a connection'));
    socket.on('close', () => {
      stopRepeat(connection);
      connection.waiting?.timer.cancel();
      connections.delete(connection);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('virtual scale: no TCP port to listen on');
  const uri = `tcp://127.0.0.1:${address.port}`;

  return {
    uri,
    put(grams) {
      if (!Number.isFinite(grams)) throw new Error(`virtual scale: ${grams} is not a weight in grams`);
      if (grams === loadG) return;
      fromG = feltG();
      loadG = grams;
      startMoving();
      changed();
    },
    setMode(next) {
      if (next === mode) return;
      mode = next;
      fromG = loadG;
      startMoving();
      changed();
    },
    state,
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    stop() {
      if (stopped) return Promise.resolve();
      stopped = true;
      settled?.cancel();
      settled = null;
      return new Promise((resolve) => {
        server.close(() => resolve());
        for (const { socket } of connections) socket.destroy();
      });
    },
  };
}

/** Grams as kilograms, right-aligned in the 10 characters of an MT-SICS weight. */
function kilograms(grams: number): string {
  return (grams / 1000).toFixed(3).padStart(10);
}
