/** Self-checks in order, each timed and bounded; one report fit to send to support. Nothing in it is a secret. */
import type { DiagnosticReport, DiagnosticStep } from '../../preload/contract/index.ts';
import type { Clock } from '../ports.ts';

export interface DiagnosticCheck {
  readonly id: string;
  readonly title: string;
  /** Never longer than `timeoutMs`; `detail` is one line that names the thing and the fix. */
  run(): Promise<{ outcome: DiagnosticStep['outcome']; detail: string }>;
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
    const result = await bounded(check, clock);
    steps.push({ id: check.id, title: check.title, ...result, elapsedMs: Math.round(clock.monotonic() - startedAt) });
  }
  const outcome = steps.some((step) => step.outcome === 'fail')
    ? 'fail'
    : steps.some((step) => step.outcome === 'warn')
      ? 'warn'
      : 'ok';
  return { at: clock.now(), version, outcome, steps };
}

async function bounded(
  check: DiagnosticCheck,
  clock: Clock,
): Promise<{ outcome: DiagnosticStep['outcome']; detail: string }> {
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
