/**
 * Answers to hear. Each sound differs in pitch, length and rhythm, so that a packer who looks at the parcel knows what
 * happened: rising = go on, low and long = stop. Made by oscillators; no file to load, nothing to fail.
 */
import type { Sound } from '#contract';

/** One tone: frequency in hertz, start and length in seconds. */
interface Tone {
  readonly hertz: number;
  readonly at: number;
  readonly length: number;
  readonly shape: OscillatorType;
}

function tone(hertz: number, at: number, length: number, shape: OscillatorType = 'sine'): Tone {
  return { hertz, at, length, shape };
}

const tunes: Readonly<Record<Sound, readonly Tone[]>> = {
  item: [tone(1_320, 0, 0.07)],
  'line-done': [tone(1_320, 0, 0.06), tone(1_760, 0.08, 0.1)],
  'order-open': [tone(880, 0, 0.08), tone(1_175, 0.1, 0.12)],
  sealed: [tone(1_047, 0, 0.08), tone(1_319, 0.09, 0.08), tone(1_568, 0.18, 0.14)],
  done: [tone(1_319, 0, 0.09), tone(1_568, 0.1, 0.09), tone(2_093, 0.2, 0.25)],
  wrong: [tone(220, 0, 0.22, 'square'), tone(180, 0.26, 0.32, 'square')],
  stop: [tone(160, 0, 0.28, 'sawtooth'), tone(160, 0.36, 0.28, 'sawtooth'), tone(160, 0.72, 0.42, 'sawtooth')],
  ask: [tone(740, 0, 0.14, 'triangle'), tone(988, 0.2, 0.2, 'triangle')],
  none: [],
  // A parcel that may not go into a bag: low, and each with a rhythm of its own.
  'wrong-route': [tone(392, 0, 0.1, 'square'), tone(262, 0.13, 0.1, 'square'), tone(392, 0.26, 0.1, 'square')],
  twice: [tone(330, 0, 0.09, 'square'), tone(330, 0.14, 0.09, 'square')],
  elsewhere: [tone(330, 0, 0.09, 'square'), tone(330, 0.14, 0.09, 'square'), tone(247, 0.28, 0.22, 'square')],
  'no-bag': [tone(440, 0, 0.1, 'triangle'), tone(587, 0.14, 0.22, 'triangle')],
  full: [tone(294, 0, 0.4, 'square')],
  void: [tone(196, 0, 0.14, 'sawtooth'), tone(147, 0.18, 0.4, 'sawtooth')],
  'not-labelled': [tone(523, 0, 0.07, 'square'), tone(392, 0.1, 0.07, 'square'), tone(294, 0.2, 0.2, 'square')],
  'not-accepted': [tone(294, 0, 0.07, 'square'), tone(392, 0.1, 0.07, 'square'), tone(294, 0.2, 0.2, 'square')],
};

let context: AudioContext | null = null;

/** Browsers let a page sound only after the first key or click: call on each, it is cheap. */
export function unlockSound(): void {
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
  } catch {
    // A desk without audio packs in silence; the screen says everything too.
    context = null;
  }
}

/** Plays now, or not at all if audio is blocked: a late sound would belong to another scan. Never throws. */
export function playSound(sound: Sound, volume: number): void {
  try {
    if (context?.state !== 'running' || volume <= 0) return;
    for (const { hertz, at, length, shape } of tunes[sound]) {
      const start = context.currentTime + at;
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      oscillator.type = shape;
      oscillator.frequency.value = hertz;
      // Square and sawtooth waves are louder than sines of the same height.
      const height = volume * (shape === 'sine' || shape === 'triangle' ? 0.5 : 0.22);
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(height, start + 0.008);
      gain.gain.setValueAtTime(height, start + length - 0.02);
      gain.gain.linearRampToValueAtTime(0, start + length);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(start + length + 0.01);
    }
  } catch {
    // Sound is an addition; it must never cost a scan.
  }
}
