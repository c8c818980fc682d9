/**
 * A virtual scale on a loopback TCP port: for training mode, and for tests of the whole way from socket to weight. It
 * speaks MT-SICS with all its commands (scale-sics.ts) or any other protocol in its voice (scale-talk.ts), and can be
 * unplugged and plugged in again.
 */
import type { Socket } from 'node:net';
import type { Clock, Log } from '../ports.ts';
import { openPluggedPort } from './plug.ts';
import { scaleVoice, type ShownUnit } from './scale-frames/index.ts';
import { createScaleLoad, type ScaleLoad, type VirtualScaleMode } from './scale-load.ts';
import { createSicsTalk, type ScaleTalk, type ScaleVoiceLine, type SicsMemory } from './scale-sics.ts';
import { createVoiceTalk } from './scale-talk.ts';

export type { VirtualScaleMode } from './scale-load.ts';

/** What a virtual scale speaks. */
export interface SpokenProtocol {
  readonly protocol: string;
  /** Null: the usual form. */
  readonly form?: string | null;
  /** What it is set to; where frames always say kilograms, or are grams, that is used. */
  readonly unit?: ShownUnit | undefined;
  readonly decimals?: number | undefined;
  /** Sends by itself although it could be asked. Scales that cannot be asked always do. */
  readonly streams?: boolean | undefined;
}

export interface VirtualScaleState {
  /** What lies on the scale, in grams; the display may differ (zero, tare, mode). */
  readonly grams: number;
  readonly mode: VirtualScaleMode;
  /** True until the load has settled. */
  readonly moving: boolean;
  readonly plugged: boolean;
}

export interface VirtualScale {
  /** `tcp://127.0.0.1:PORT`. */
  readonly uri: string;
  /** Puts a load on the scale; it moves from the old weight to the new one for the settling time. Throws if not finite. */
  put(grams: number): void;
  setMode(mode: VirtualScaleMode): void;
  /** Pulls the plug, or puts it back. Rejects with a one-line Error if its port was taken meanwhile. */
  plug(plugged: boolean): Promise<void>;
  /** From now on another scale stands there: connections are cut. Throws a one-line Error if no virtual scale speaks so. */
  speak(spoken: SpokenProtocol): void;
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
  /** Default: MT-SICS. */
  readonly speaks?: SpokenProtocol;
}

/** Starts the scale, empty and steady, and resolves when it listens. */
export async function createVirtualScale(options: VirtualScaleOptions): Promise<VirtualScale> {
  const { clock, log } = options;
  const listeners = new Set<(state: VirtualScaleState) => void>();
  const talks = new Set<ScaleTalk>();
  const memory: SicsMemory = { zeroG: 0, tareG: 0 };
  const load = createScaleLoad(clock, options.settleMs ?? 400, {
    settled() {
      for (const talk of talks) talk.settled();
    },
    changed,
  });
  let spoken: SpokenProtocol = options.speaks ?? { protocol: 'mt-sics' };
  // What it cannot speak is found out now, not when somebody connects.
  checkSpoken(spoken);
  let noise = 1;

  const state = (): VirtualScaleState => ({
    grams: load.grams(),
    mode: load.mode(),
    moving: load.isMoving(),
    plugged: port.plugged(),
  });

  function changed(): void {
    for (const listener of [...listeners]) listener(state());
  }

  function noiseBytes(): Uint8Array {
    return Uint8Array.from({ length: 24 }, (_, index) => {
      // Linear congruential generator (Numerical Recipes): the same noise every time.
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
      return index === 23 ? 0x0a : noise >>> 24;
    });
  }

  function serve(socket: Socket): void {
    const send = (bytes: Uint8Array): void => {
      if (socket.writable) socket.write(bytes);
    };
    const talk = createScaleTalk(spoken, { clock, load, memory }, { send, sendNoise: () => send(noiseBytes()) });
    talks.add(talk);
    socket.on('data', (bytes) => talk.push(bytes));
    socket.on('close', () => {
      log.debug({}, 'virtual scale: a connection ended');
      talk.stop();
      talks.delete(talk);
    });
  }

  const port = await openPluggedPort(serve, options.port ?? 0);
  return {
    uri: port.uri,
    put: (grams) => load.put(grams),
    setMode: (mode) => load.setMode(mode),
    async plug(plugged) {
      await port.plug(plugged);
      changed();
    },
    speak(next) {
      checkSpoken(next);
      spoken = next;
      memory.zeroG = 0;
      memory.tareG = 0;
      port.cut();
    },
    state,
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    stop() {
      load.stop();
      return port.stop();
    },
  };
}

function checkSpoken({ protocol, form }: SpokenProtocol): void {
  scaleVoice(protocol, form ?? null);
}

/** One connection's conversation with a scale that speaks so. Throws a one-line Error if none does. */
export function createScaleTalk(
  spoken: SpokenProtocol,
  scale: { readonly clock: Clock; readonly load: ScaleLoad; readonly memory: SicsMemory },
  line: ScaleVoiceLine,
): ScaleTalk {
  const { clock, load, memory } = scale;
  if (spoken.protocol === 'mt-sics' && spoken.streams !== true) return createSicsTalk(clock, load, memory, line);
  const voice = scaleVoice(spoken.protocol, spoken.form ?? null);
  const unit = shownUnit(spoken);
  const decimals = spoken.decimals ?? shownDecimals(unit, voice.digits);
  return createVoiceTalk(clock, load, voice, { unit, decimals, streams: spoken.streams ?? voice.streams }, line);
}

/** A12's frames always say kilograms. USB scales are set to grams: 16 bits hold 60 kg so, to the gram. */
function shownUnit({ protocol, form, unit }: SpokenProtocol): ShownUnit {
  if (form === 'a12') return 'kg';
  return unit ?? (protocol === 'hid-pos' ? 'g' : 'kg');
}

/** As many as the display has room for beside 60 kg, and at most to the gram. */
function shownDecimals(unit: ShownUnit, digits: number): number {
  const { before, most } = {
    g: { before: 5, most: 0 },
    kg: { before: 2, most: 3 },
    lb: { before: 3, most: 3 },
    oz: { before: 4, most: 2 },
  }[unit];
  return Math.max(0, Math.min(most, digits - before));
}
