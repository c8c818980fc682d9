/**
 * "Why does my scale not read?": the way of a frame from the profile to a weight, one step after the other. The first step
 * that fails names the next thing to do; what comes after it cannot be judged and is skipped.
 */
import type { DiagnosticStep, Notice, Problem } from '../../preload/contract/index.ts';
import type { DiagnosticCheck } from './report.ts';

type Params = Notice['params'];
type Outcome = DiagnosticStep['outcome'];

/** What a step came to: the tail of its sentence (`diagnose.<tail>`) and what is put into it. */
export interface StepResult {
  readonly outcome: Outcome;
  readonly tail: string;
  readonly params?: Params;
  /** What `why` says, for the screen. */
  readonly cause?: Problem | undefined;
}

export interface DeviceStep {
  /** `link`, `module`, `plugged`, …: the tail of `ui.diagnose.step.<id>`. */
  readonly id: string;
  run(): Promise<StepResult> | StepResult;
}

/** What is known of a device whose way is followed. */
export interface DeviceWay {
  readonly kind: string;
  readonly id: string;
  readonly link: string;
  /** Why its link cannot be made, or null. */
  readonly problem: string | null;
  readonly problemCause?: Problem | undefined;
  /** Whether the thing the link names is plugged in; null if the link names none, or nobody can tell. */
  plugged(): Promise<{ readonly there: boolean; readonly others: readonly string[] } | null>;
  /** State of the link, once it is no longer opening, at most some seconds later; and its last failure. */
  linkState(): Promise<{
    readonly state: 'closed' | 'opening' | 'open' | 'failed';
    readonly lastError: string | null;
    readonly cause?: Problem | undefined;
  }>;
  /** Waits until bytes come, at most some seconds; how many came. */
  bytes(): Promise<number>;
}

/** The steps every device begins with: it can be reached. */
export function wayToOpen(way: DeviceWay): DeviceStep[] {
  const { kind, id, link } = way;
  const named = { kind, device: id, link };
  return [
    { id: 'link', run: () => ({ outcome: 'ok', tail: 'device.link.ok', params: named }) },
    {
      id: 'module',
      run: () =>
        way.problem === null
          ? { outcome: 'ok', tail: 'device.module.ok', params: named }
          : {
              outcome: 'fail',
              tail: 'device.module.absent',
              params: { ...named, why: way.problem },
              cause: way.problemCause,
            },
    },
    {
      id: 'plugged',
      async run() {
        const found = await way.plugged();
        if (found === null) return { outcome: 'skipped', tail: 'device.plugged.unknown', params: named };
        if (found.there) return { outcome: 'ok', tail: 'device.plugged.ok', params: named };
        const others = found.others.join(', ');
        return others === ''
          ? { outcome: 'fail', tail: 'device.plugged.none', params: named }
          : { outcome: 'fail', tail: 'device.plugged.others', params: { ...named, others } };
      },
    },
    {
      id: 'opens',
      async run() {
        const { state, lastError, cause } = await way.linkState();
        if (state === 'open') return { outcome: 'ok', tail: 'device.opens.ok', params: named };
        const why = lastError ?? 'no answer yet';
        return { outcome: 'fail', tail: `device.opens.${whyNotOpen(why)}`, params: { ...named, why }, cause };
      },
    },
  ];
}

/** The fix for a link that does not open, told by what the operating system says. */
export function whyNotOpen(
  lastError: string,
): 'busy' | 'not-allowed' | 'refused' | 'lost' | 'unreachable' | 'no-port' | 'other' {
  if (/another program|in use|already open|busy|locked|claimed/i.test(lastError)) return 'busy';
  if (/not allowed|permission|EACCES|EPERM/i.test(lastError)) return 'not-allowed';
  if (/connection refused|ECONNREFUSED/i.test(lastError)) return 'refused';
  if (/closed the connection|dropped the connection/i.test(lastError)) return 'lost';
  if (/unreachable|no such host|stopped answering|timed? ?out|did not open/i.test(lastError)) return 'unreachable';
  if (/no such port|not plugged|not found|no such file|cannot find/i.test(lastError)) return 'no-port';
  return 'other';
}

/** What a scale sent while it was looked at. */
export interface ScaleHeard {
  readonly readings: number;
  readonly refused: number;
  readonly lastError: string | null;
  /** The same for the screen. */
  readonly cause?: Problem | undefined;
  /** What the bytes would be under other settings, as `protocol 9600 8N1`; empty if nothing fits. */
  readonly fits: readonly string[];
  /** True if many bytes have the high bit set: a wrong speed or parity makes such bytes. */
  readonly garbled: boolean;
  /** The newest reading. */
  readonly grams: number | null;
  readonly state: 'stable' | 'moving' | 'overload' | 'underload' | null;
}

/** Bytes, frames, stability and unit of a scale; `polled`: the desk asks, and the scale answers. */
export function scaleSteps(
  way: DeviceWay,
  settings: { readonly protocol: string; readonly polled: boolean; readonly unit: string | null },
  heard: () => ScaleHeard,
): DeviceStep[] {
  const named = { device: way.id, protocol: settings.protocol };
  return [
    ...wayToOpen(way),
    {
      id: 'bytes',
      async run() {
        const count = await way.bytes();
        if (count > 0) return { outcome: 'ok', tail: 'scale.bytes.ok', params: { ...named, count } };
        return {
          outcome: 'fail',
          tail: settings.polled ? 'scale.bytes.no-answer' : 'scale.bytes.silent',
          params: named,
        };
      },
    },
    {
      id: 'frames',
      run() {
        const { readings, refused, lastError, cause, fits, garbled } = heard();
        const counts = { ...named, count: readings, refused, why: lastError ?? '' };
        if (readings > 0 && refused === 0) return { outcome: 'ok', tail: 'scale.frames.ok', params: counts };
        if (readings > refused) return { outcome: 'warn', tail: 'scale.frames.some-refused', params: counts, cause };
        if (fits.length > 0) {
          return { outcome: 'fail', tail: 'scale.frames.other-protocol', params: { ...counts, fits: fits.join(', ') } };
        }
        return {
          outcome: 'fail',
          tail: garbled ? 'scale.frames.garbled' : 'scale.frames.refused',
          params: counts,
          cause,
        };
      },
    },
    {
      id: 'stable',
      run() {
        const { state, grams } = heard();
        const params = { ...named, grams: grams ?? 0 };
        if (state === 'stable') return { outcome: 'ok', tail: 'scale.stable.ok', params };
        return { outcome: 'warn', tail: `scale.stable.${state ?? 'moving'}`, params };
      },
    },
    {
      id: 'unit',
      run: () =>
        settings.unit === null
          ? { outcome: 'ok', tail: 'scale.unit.frame', params: named }
          : { outcome: 'ok', tail: 'scale.unit.profile', params: { ...named, unit: settings.unit } },
    },
  ];
}

/** Bytes of a device that is only listened to: DWS machines, serial scanners. */
export function listenedSteps(way: DeviceWay): DeviceStep[] {
  return [
    ...wayToOpen(way),
    {
      id: 'bytes',
      async run() {
        const count = await way.bytes();
        const params = { device: way.id, kind: way.kind, count };
        // Nothing passed the machine meanwhile: that is no fault.
        return count > 0
          ? { outcome: 'ok', tail: 'listened.bytes.ok', params }
          : { outcome: 'warn', tail: 'listened.bytes.none', params };
      },
    },
  ];
}

/** The steps as checks of a report. `say` puts a sentence into English for reports. */
export function deviceChecks(
  name: { readonly kind: string; readonly id: string },
  steps: readonly DeviceStep[],
  say: (notice: Notice) => string,
): DiagnosticCheck[] {
  let failed = false;
  return steps.map((step) => ({
    id: `${name.kind}.${name.id}.${step.id}`,
    title: `${name.kind} ${name.id}: ${step.id}`,
    async run() {
      const result: StepResult = !failed
        ? await step.run()
        : { outcome: 'skipped', tail: 'device.skipped', params: { device: name.id } };
      if (result.outcome === 'fail') failed = true;
      const tone = result.outcome === 'fail' ? 'stop' : result.outcome === 'warn' ? 'warn' : 'info';
      const notice: Notice = { code: `diagnose.${result.tail}`, tone, params: result.params ?? {} };
      const { cause } = result;
      // The report keeps the exact words of the device or its driver.
      return {
        outcome: result.outcome,
        detail: say(notice),
        notice: cause === undefined ? notice : { ...notice, cause },
      };
    },
  }));
}
