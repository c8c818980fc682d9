/**
 * Every protocol but MT-SICS as a scale speaks it: what its voice (scale-frames/) says, asked for or by itself. Strict: a
 * request is what stands in the manual; anything else gets what the real one says, which for most is nothing.
 *
 * Where a protocol has no sign for "too much" or "below zero", the virtual scale sends nothing then; that real ones of these
 * makes do so is general knowledge, not confirmed. So is that AZExtra answers only when the load is stable; that it never
 * says zero, nor the same weight twice, is in the public driver its voice names.
 */
import type { Clock, Timer } from '../ports.ts';
import type { ScaleVoice, ShownUnit, ShownWeight } from './scale-frames/index.ts';
import type { ScaleLoad } from './scale-load.ts';
import { repeatMs, type ScaleTalk, type ScaleVoiceLine } from './scale-sics.ts';

/** What a scale is set to. */
export interface SpokenSettings {
  readonly unit: ShownUnit;
  readonly decimals: number;
  /** Sends by itself; else only when asked. */
  readonly streams: boolean;
}

/** A longer request without an end is forgotten. */
const maxRequestBytes = 64;

export function createVoiceTalk(
  clock: Clock,
  load: ScaleLoad,
  voice: ScaleVoice,
  settings: SpokenSettings,
  line: ScaleVoiceLine,
): ScaleTalk {
  const { unit, decimals, streams } = settings;
  const isAzExtra = voice.protocol === 'adam' && voice.form === null;
  let received: number[] = [];
  let timer: Timer | null = null;
  /** AZExtra: what it said last, forgotten when the pan is empty. */
  let said = '';

  function shown(): ShownWeight {
    const grams = Math.round(load.feltG());
    const beyond = load.beyond(grams);
    return {
      ...{ grams, unit, decimals, net: false },
      stable: beyond === null && !load.isMoving(),
      overload: beyond === 'overload',
      underload: beyond === 'underload',
    };
  }

  function stream(): void {
    timer = clock.after(repeatMs, stream);
    if (load.mode() === 'noise') return line.sendNoise();
    const now = shown();
    if (load.mode() !== 'silent' && canSay(voice, now)) line.send(voice.frame(now));
  }

  function answer(request: Uint8Array): void {
    if (load.mode() === 'silent') return;
    if (load.mode() === 'noise') return line.sendNoise();
    const now = shown();
    const reply = voice.answer(request, now);
    // What is no request is answered all the same; a display that cannot be said is not.
    if (reply === null || (isFrame(reply, now) && !canSay(voice, now))) return;
    if (isAzExtra && !isNews(reply, now)) return;
    line.send(reply);
  }

  const isFrame = (reply: Uint8Array, now: ShownWeight): boolean =>
    Buffer.from(reply).equals(Buffer.from(voice.frame(now)));

  function isNews(reply: Uint8Array, now: ShownWeight): boolean {
    const text = Buffer.from(reply).toString('latin1');
    if (!now.stable || text === said) return false;
    said = text;
    return true;
  }

  if (streams) timer = clock.after(repeatMs, stream);
  return {
    push(bytes) {
      for (const byte of bytes) {
        received.push(byte);
        if (endsRequest(voice, received)) {
          const request = Uint8Array.from(received);
          received = [];
          if (isAzExtra && load.grams() === 0) said = '';
          answer(request);
        } else if (received.length > maxRequestBytes) received = [];
      }
    },
    settled: () => undefined,
    stop() {
      timer?.cancel();
      timer = null;
    },
  };
}

/** Whether these bytes are a whole request, right or wrong, in the protocol's own manner of ending one. */
function endsRequest({ protocol }: ScaleVoice, bytes: readonly number[]): boolean {
  const last = bytes.at(-1);
  switch (protocol) {
    // One letter, nothing behind it.
    case 'toledo-8217':
    case 'kern':
      return true;
    // ESC and one letter.
    case 'sbi':
      return bytes[0] !== 0x1b || bytes.length === 2;
    case 'xk3190':
      return last === 0x03;
    case 'nci':
      return last === 0x0d;
    default:
      return last === 0x0a;
  }
}

/** Whether the protocol has a way to say what is shown. */
function canSay(voice: ScaleVoice, { grams, overload, underload }: ShownWeight): boolean {
  // Both have a word of their own: `OL`, and `Error`.
  const hasWord = voice.protocol === 'kern' || (voice.protocol === 'cas' && voice.form === null && overload);
  if (overload || underload) return voice.says.beyond || hasWord;
  return grams >= 0 || voice.negative || voice.says.beyond;
}
