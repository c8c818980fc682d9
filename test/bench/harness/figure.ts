/** One measured figure, as the table shows it and the JSON file keeps it. */
import { summarize, type Better, type Summary } from './statistics.ts';

export type Unit = 'ms' | 'jobs/s' | 'bytes' | 'times' | 'MB';

/** What p95 is compared with. */
export interface Budget {
  readonly limit: number;
  readonly met: boolean;
}

/** Another way to do the same, measured in the same run. */
export interface Comparison {
  readonly to: string;
  /** Its p50, in the figure's unit. */
  readonly p50: number;
  /** Our p50 divided by its p50. */
  readonly ratio: number;
}

export interface Figure extends Summary {
  readonly name: string;
  readonly unit: Unit;
  readonly better: Better;
  readonly budget: Budget | null;
  readonly comparisons: readonly Comparison[];
}

export interface FigureInput {
  readonly name: string;
  readonly unit: Unit;
  readonly samples: readonly number[];
  /** Default `smaller`. */
  readonly better?: Better;
  readonly budget?: number;
  /** Samples of a peer or a baseline, by its name. */
  readonly against?: Readonly<Record<string, readonly number[]>>;
}

/** Throws if nothing was measured. */
export function figure(input: FigureInput): Figure {
  const { name, unit, samples, budget } = input;
  const better = input.better ?? 'smaller';
  const summary = summarize(samples, better);
  return {
    name,
    unit,
    better,
    ...summary,
    budget: budget === undefined ? null : { limit: budget, met: isMet(summary.p95, budget, better) },
    comparisons: Object.entries(input.against ?? {}).map(([to, others]) => {
      const { p50 } = summarize(others, better);
      return { to, p50, ratio: summary.p50 / p50 };
    }),
  };
}

function isMet(value: number, limit: number, better: Better): boolean {
  return better === 'smaller' ? value <= limit : value >= limit;
}
