/**
 * What the times of a burst's keys say: a scanner or a person, one source or two. Pure. Only for what the programmed
 * prefix does not say: whether keys without it are a scan, and whether other keys got in between.
 *
 * Measured scanner speeds behind the limits: Datalogic 1 ms, Netum 6 ms, Honeywell 10 ms, NSC750 19 ms per key
 * (KeyboardBarcodeScanner, `src/main.js`); Zebra 80 to 100 ms per character as delivered (its README); onScan.js takes
 * 30 ms as the average limit; people stay above it. That people hold a key for 40 ms and longer and are uneven by tens
 * of milliseconds is general knowledge, not measured here.
 */
import type { Burst, WedgeSettings } from './wedge-model.ts';

/** A key that was still down this long after the next one went down belongs to somebody else than that one. */
const overlapMs = 5;
/** From this speed on a clock of 15.6 ms steps cannot make even gaps look uneven. */
const slowGapMs = 40;
/** Less than people hold a key, and more than one step of a coarse clock. */
const oddHoldMs = 18;
/** A scanner may send the first character right after its prefix: within one question of the USB host, 10 ms. */
const atOnceMs = 12;
/** Shift that was down this long before the first key was not pressed for it: slow scanners lead by one gap, 100 ms. */
const shiftLeadMs = 150;

/** The newest run of `fastMinimum` keys is at a scanner's speed. */
export function isFast(times: readonly number[], settings: WedgeSettings, minimum = settings.fastMinimum): boolean {
  const run = times.slice(-minimum);
  const first = run[0];
  const last = run.at(-1);
  if (first === undefined || last === undefined || run.length < minimum) return false;
  return (last - first) / (run.length - 1) <= settings.fastGapMs;
}

/**
 * The newest run of `steadyMinimum` keys is as even as only a machine is: its gaps and its holds differ by less than
 * `steadySpreadMs`, and each key is up before the next goes down.
 *
 * For a person whose gaps and holds spread by 30 and 20 ms around their means, eight keys in a row pass by chance about
 * once in a million keys (range of seven normal values within 18 ms: 4e-4; the same for the holds: 4e-3).
 */
export function isSteady(burst: Burst, settings: WedgeSettings): boolean {
  const keys = settings.steadyMinimum;
  const run = burst.times.slice(-keys);
  const gaps = gapsOf(run);
  // The newest key is still down.
  const holds = burst.holds.flatMap(({ at, ms }) => (at >= (run[0] ?? at) ? [ms] : []));
  if (gaps.length < keys - 1 || holds.length < keys - 1) return false;
  return (
    Math.max(...gaps) <= settings.steadyGapMs &&
    // A scanner lets go of a key at once, or half way to the next one.
    Math.max(...holds) <= 0.6 * Math.min(...gaps) &&
    spread(gaps) <= settings.steadySpreadMs &&
    spread(holds) <= settings.steadySpreadMs
  );
}

/** Short or broken, but at a scanner's speed from its first key to its end. */
export function isQuick(burst: Burst, endAt: number, settings: WedgeSettings): boolean {
  const keys = burst.times.length;
  return keys > 0 && (endAt - burst.startedAt) / keys <= settings.fastGapMs;
}

/**
 * Other keys got into a scanner's burst, by its times alone: a pause before or inside it, or, at a slow scanner, a key
 * that splits one of its even gaps. A burst that the prefix opened may pause: nothing else can have begun it.
 */
export function isMixed(burst: Burst, settings: WedgeSettings): boolean {
  const gaps = gapsOf(burst.times);
  if (gaps.length === 0 || burst.altNumbers) return !burst.framed && Math.max(0, ...gaps) > settings.mixedGapMs;
  if (hasOddHold(burst)) return true;
  const middle = median(gaps);
  if (!burst.framed && Math.max(...gaps) > pauseMs(middle, settings)) return true;
  if (gaps.length < 3 || middle < slowGapMs) return false;
  return Math.min(...gaps) < 0.6 * middle || (burst.framed && isFirstOdd(burst, middle, settings));
}

/** One key was held far longer than the scanner holds its own. */
function hasOddHold({ holds }: Burst): boolean {
  const all = holds.map(({ ms }) => ms);
  return all.length >= 3 && Math.max(...all) > 1.5 * median(all) + oddHoldMs;
}

/** At a slow scanner the key after the prefix came too soon for it: not at its pace, and not held like its keys. */
function isFirstOdd(burst: Burst, middleMs: number, settings: WedgeSettings): boolean {
  const first = burst.times[0] ?? burst.startedAt;
  if (first - burst.startedAt >= 0.6 * middleMs) return false;
  if (first - burst.startedAt > atOnceMs) return true;
  const others = burst.holds.flatMap(({ at, ms }) => (at === first ? [] : [ms]));
  const own = burst.holds.find(({ at }) => at === first)?.ms;
  return own === undefined || Math.abs(own - median(others)) > settings.steadySpreadMs;
}

/**
 * Where a scan begins in a run that began as typing: the index into `times` of the first key after the last clear
 * pause; 0 if there is none.
 */
export function scanStart(times: readonly number[], settings: WedgeSettings): number {
  for (let start = times.length - 2; start > 0; start -= 1) {
    const inside = gapsOf(times.slice(start));
    if ((times[start] ?? 0) - (times[start - 1] ?? 0) > pauseMs(median(inside), settings)) return start;
  }
  return 0;
}

/** A gap longer than this is none of a scanner whose middle gap is `middleMs`. */
function pauseMs(middleMs: number, settings: WedgeSettings): number {
  return Math.min(Math.max(settings.mixedGapMs, 1.5 * middleMs), Math.max(50, 2.5 * middleMs));
}

/** A character key came up at `upAt` after a later one had gone down: two hands, or a hand and a scanner. */
export function overlaps(burst: Burst, downAt: number, upAt: number): boolean {
  const next = burst.times.find((time) => time > downAt);
  return next !== undefined && upAt - next > overlapMs;
}

/** Shift was held before the first key came, longer than a scanner holds it: by a person. */
export function isHeldBefore(shiftDownAt: number | undefined, at: number): boolean {
  return shiftDownAt !== undefined && at - shiftDownAt > shiftLeadMs;
}

/** Between the keys of the burst, in whole milliseconds. */
export function middleGapMs(burst: Burst): number {
  const gaps = gapsOf(burst.times);
  return gaps.length === 0 ? 0 : Math.max(0, Math.round(median(gaps)));
}

function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
