/**
 * MT-SICS as a scale speaks it. Strict, as the real one is: it answers only documented commands, in upper case, ended by
 * CR LF, and everything else with `ES`.
 * Source: Mettler-Toledo, "MT-SICS Interface Commands", levels 0 and 1: S, SI, SIR, Z, ZI, T, TI, I0..I5, @.
 */
import type { Clock, Timer } from '../ports.ts';
import { capacityG, type ScaleLoad } from './scale-load.ts';

/** One connection's conversation with a virtual scale. */
export interface ScaleTalk {
  push(bytes: Uint8Array): void;
  /** The load has become stable. */
  settled(): void;
  stop(): void;
}

/** The way back to who is connected. */
export interface ScaleVoiceLine {
  send(bytes: Uint8Array): void;
  /** Bytes that are no frame. */
  sendNoise(): void;
}

/** Zero and tare of the scale, the same for all who are connected. */
export interface SicsMemory {
  zeroG: number;
  tareG: number;
}

/** `SIR` repeats this often, and so do scales that send by themselves. */
export const repeatMs = 100;
/** `S`, `Z` and `T` wait this long for stability, then answer "not executable". */
const stableTimeoutMs = 3_000;
/** A longer line without CR LF is answered with ES and forgotten. */
const maxCommandBytes = 64;

export function createSicsTalk(clock: Clock, load: ScaleLoad, memory: SicsMemory, line: ScaleVoiceLine): ScaleTalk {
  let received = '';
  let repeating: Timer | null = null;
  /** A command waiting for a stable load. */
  let waiting: { readonly done: (stable: boolean) => void; readonly timer: Timer } | null = null;

  function finishWaiting(stable: boolean): void {
    const before = waiting;
    waiting = null;
    before?.timer.cancel();
    before?.done(stable);
  }

  function whenStable(done: (stable: boolean) => void): void {
    if (!load.isMoving()) return done(true);
    waiting = { done, timer: clock.after(stableTimeoutMs, () => finishWaiting(false)) };
  }

  const send = (text: string): void => line.send(Buffer.from(`${text}\r\n`, 'latin1'));

  /** `S S      1.234 kg`: the weight right-aligned in 10 characters, resolution 1 g. */
  function weightLine(): string {
    const netG = Math.round(load.feltG()) - memory.zeroG - memory.tareG;
    const beyond = load.beyond(netG + memory.tareG);
    if (beyond !== null) return beyond === 'overload' ? 'S +' : 'S -';
    return `S ${load.isMoving() ? 'D' : 'S'} ${kilograms(netG)} kg`;
  }

  function stopRepeat(): void {
    repeating?.cancel();
    repeating = null;
  }

  function repeat(): void {
    if (load.mode() === 'noise') line.sendNoise();
    else if (load.mode() !== 'silent') send(weightLine());
    repeating = clock.after(repeatMs, repeat);
  }

  function obey(command: string): void {
    if (load.mode() === 'silent') return;
    if (load.mode() === 'noise') return line.sendNoise();
    // A new command ends what the one before it still had to say.
    stopRepeat();
    waiting?.timer.cancel();
    waiting = null;
    const answer = Object.hasOwn(commands, command) ? commands[command] : undefined;
    if (answer === undefined) send('ES');
    else answer();
  }

  function zero(id: string, status: string): void {
    const grossG = Math.round(load.feltG());
    // Zero setting reaches 2 % of capacity about the switched-on zero; beyond it the scale says which way it is off.
    if (grossG > capacityG * 0.02) return send(`${id} +`);
    if (grossG < -capacityG * 0.02) return send(`${id} -`);
    memory.zeroG = grossG;
    memory.tareG = 0;
    send(`${id} ${status}`);
  }

  function tare(id: string, status: string): void {
    const grossG = Math.round(load.feltG()) - memory.zeroG;
    if (grossG > capacityG) return send(`${id} +`);
    if (grossG < 0) return send(`${id} -`);
    memory.tareG = grossG;
    send(`${id} ${status} ${kilograms(grossG)} kg`);
  }

  const commands: Readonly<Record<string, () => void>> = {
    S: () => whenStable((stable) => send(stable ? weightLine() : 'S I')),
    SI: () => send(weightLine()),
    SIR: repeat,
    Z: () => whenStable((stable) => (stable ? zero('Z', 'A') : send('Z I'))),
    ZI: () => zero('ZI', load.isMoving() ? 'D' : 'S'),
    T: () => whenStable((stable) => (stable ? tare('T', 'S') : send('T I'))),
    TI: () => tare('TI', load.isMoving() ? 'D' : 'S'),
    I0: () => {
      const names = Object.keys(commands);
      names.forEach((name, index) => send(`I0 ${index === names.length - 1 ? 'A' : 'B'} 0 "${name}"`));
    },
    I1: () => send('I1 A "01" "2.30" "2.22" "" ""'),
    I2: () => send('I2 A "Packbench virtual scale 60 kg"'),
    I3: () => send('I3 A "1.00"'),
    I4: () => send('I4 A "0000000"'),
    I5: () => send('I5 A "virtual"'),
    '@': () => {
      memory.zeroG = 0;
      memory.tareG = 0;
      send('I4 A "0000000"');
    },
  };

  return {
    push(bytes) {
      received += Buffer.from(bytes).toString('latin1');
      for (let end = received.indexOf('\r\n'); end >= 0; end = received.indexOf('\r\n')) {
        const command = received.slice(0, end);
        received = received.slice(end + 2);
        obey(command);
      }
      if (received.length > maxCommandBytes) {
        received = '';
        if (load.mode() !== 'silent') send('ES');
      }
    },
    settled: () => finishWaiting(true),
    stop() {
      stopRepeat();
      waiting?.timer.cancel();
      waiting = null;
    },
  };
}

/** Grams as kilograms, right-aligned in the 10 characters of an MT-SICS weight. */
function kilograms(grams: number): string {
  return (grams / 1000).toFixed(3).padStart(10);
}
