/** Self-checks in order, each timed and bounded; one report fit to send to support. Nothing in it is a secret. */
import type { DiagnosticReport, DiagnosticStep, Notice } from '../../preload/contract/index.ts';
import type { Clock } from '../ports.ts';

export interface DiagnosticCheck {
  readonly id: string;
  readonly title: string;
  /** Never longer than `timeoutMs`; `detail` is one line that names the thing and the fix. */
  run(): Promise<CheckResult>;
}

/** `notice`: the same as `detail`, for a screen in either language. */
export interface CheckResult {
  readonly outcome: DiagnosticStep['outcome'];
  readonly detail: string;
  readonly notice?: Notice | undefined;
}

const timeoutMs = 10_000;

/** Runs the checks one after another; a check that throws or hangs is a failed step, never an error. */
export async function runDiagnostics(
  checks: readonly DiagnosticCheck[],
  version: string,
  clock: Clock,
): Promise<DiagnosticReport> {
  const steps: DiagnosticStep[] = [];
  for (const check of checks) {
    const startedAt = clock.monotonic();
    const { notice, ...result } = await bounded(check, clock);
    const said = notice === undefined ? result : { ...result, notice };
    steps.push({ id: check.id, title: check.title, ...said, elapsedMs: Math.round(clock.monotonic() - startedAt) });
  }
  const outcome = steps.some((step) => step.outcome === 'fail')
    ? 'fail'
    : steps.some((step) => step.outcome === 'warn')
      ? 'warn'
      : 'ok';
  return { at: clock.now(), version, outcome, steps };
}

async function bounded(check: DiagnosticCheck, clock: Clock): Promise<CheckResult> {
  let cancel = (): void => {};
  const late = new Promise<{ outcome: 'fail'; detail: string }>((resolve) => {
    const timer = clock.after(timeoutMs, () => {
      resolve({ outcome: 'fail', detail: `no answer within ${timeoutMs / 1_000} s` });
    });
    cancel = () => {
      timer.cancel();
    };
  });
  try {
    return await Promise.race([check.run(), late]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { outcome: 'fail', detail: reason.replace(/\s+/g, ' ').slice(0, 300) };
  } finally {
    cancel();
  }
}
