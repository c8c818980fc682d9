/** The figures of a run. */
import { failpointNames } from '../../../main/ports.ts';
import type { Violation } from './checker.ts';
import type { TrialResult } from './trial.ts';

export interface CaughtMutant {
  readonly name: string;
  readonly caught: boolean;
  /** Trials until it was caught, or in all. */
  readonly trials: number;
  readonly by: string | null;
}

export interface Tally {
  readonly trials: number;
  readonly violations: number;
  add(result: TrialResult): void;
  /** A trial was thrown away because the harness was held up. */
  voided(): void;
  report(mutants: readonly CaughtMutant[], elapsedMs: number): Record<string, unknown>;
}

export function createTally(seed: number): Tally {
  const killsByState: Record<string, number> = {};
  const killsBySource: Record<string, number> = {};
  const cuts: Record<string, number> = {};
  const questions: Record<string, number> = {};
  const points = new Map<string, number>();
  const wrong: { trial: number; theme: string; violations: readonly Violation[]; dir: string }[] = [];
  const recovery: number[] = [];
  const sums = {
    trials: 0,
    voided: 0,
    kills: 0,
    violations: 0,
    duplicates: 0,
    lost: 0,
    orders: 0,
    person: 0,
    askable: 0,
  };
  const count = (into: Record<string, number>, name: string): void => {
    into[name] = (into[name] ?? 0) + 1;
  };
  return {
    get trials() {
      return sums.trials;
    },
    get violations() {
      return sums.violations;
    },
    voided() {
      sums.voided += 1;
    },
    add({ schedule, verdict, kills, recoveryMs, cuts: happened, dir }) {
      sums.trials += 1;
      sums.violations += verdict.violations.length;
      sums.duplicates += verdict.duplicates;
      sums.lost += verdict.lost;
      sums.orders += verdict.sealedOrders;
      sums.person += verdict.needsPerson;
      sums.askable += verdict.needsPersonAskable;
      for (const { kill, point, states } of kills) {
        if (kill.by === 'point' && point === null) continue;
        sums.kills += 1;
        count(killsBySource, kill.by);
        if (point !== null) points.set(point, (points.get(point) ?? 0) + 1);
        for (const state of Object.keys(states)) count(killsByState, state);
      }
      for (const each of schedule.disturbances.flat()) count(killsBySource, each.kind);
      for (const each of verdict.questions) count(questions, each);
      for (const each of happened) count(cuts, each);
      recovery.push(...recoveryMs);
      if (verdict.violations.length > 0) {
        wrong.push({ trial: schedule.trial, theme: schedule.theme, violations: verdict.violations, dir });
      }
    },
    report(mutants, elapsedMs) {
      const { trials, orders } = sums;
      const missing = failpointNames.filter((name) => !points.has(name));
      return {
        trials,
        seed,
        elapsedMs,
        trialsThrownAway: sums.voided,
        orders,
        kills: sums.kills,
        killsByState,
        killsBySource,
        cuts,
        pointsExisting: failpointNames.length,
        pointsCovered: failpointNames.length - missing.length,
        pointsMissing: missing,
        violations: sums.violations,
        duplicates: sums.duplicates,
        lost: sums.lost,
        needsPerson: sums.person,
        needsPersonWhereAskable: sums.askable,
        questions,
        needsPersonWhereAskablePercent: percent(sums.askable, orders),
        recoveryP95Ms: quantile(recovery, 0.95),
        recoveryMaxMs: quantile(recovery, 1),
        mutants: mutants.length,
        mutantsCaught: mutants.filter((mutant) => mutant.caught).length,
        mutantResults: mutants,
        // With no violation in n trials the rate is below 3 / n at 95 % confidence (the rule of three).
        boundPercent: sums.violations === 0 ? Number((300 / Math.max(1, trials)).toFixed(3)) : null,
        wrong: wrong.slice(0, 50),
      };
    },
  };
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Number(((100 * part) / whole).toFixed(2));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0);
}
